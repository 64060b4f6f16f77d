//! Findings about a document, printed like those of a compiler.

use crate::Document;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::ops::Range;

/// How severe a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Work continues.
    Warning,
    /// Work cannot continue.
    Error,
}

/// One finding about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How severe it is.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// JSON pointer to the node it is about.
    pub pointer: String,
    /// The operation it belongs to, if it belongs to one.
    pub operation: Option<String>,
    /// What to do about it; may have several lines.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A finding that stops the work.
    pub fn error(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            message: message.into(),
            pointer: pointer.into(),
            operation: None,
            help: None,
        }
    }

    /// A finding that does not stop the work.
    pub fn warning(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(pointer, message)
        }
    }

    /// Names the operation it belongs to.
    #[must_use]
    pub fn with_operation(self, operation: impl Into<String>) -> Self {
        Diagnostic {
            operation: Some(operation.into()),
            ..self
        }
    }

    /// Says what to do about it.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Diagnostic {
            help: Some(help.into()),
            ..self
        }
    }
}

/// The width of a printed source line, in columns; longer ones are cut.
const WIDTH: usize = 120;

/// Prints findings with file, line and column, the source line, the operation and the help.
pub fn render(diagnostics: &[Diagnostic], document: &Document, colour: bool) -> String {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
    .term_width(WIDTH);
    let mut drawn = String::new();
    for diagnostic in diagnostics {
        if !drawn.is_empty() {
            drawn.push('\n');
        }
        drawn.push_str(&renderer.render(&[group(diagnostic, document)]));
        drawn.push('\n');
    }
    drawn
}

fn group<'a>(diagnostic: &'a Diagnostic, document: &'a Document) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let location = document.locate(&diagnostic.pointer);
    let text = document.text();
    let Range { start, end } = location.range;
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[end..]
        .find(['\n', '\r'])
        .map_or(text.len(), |at| end + at);
    let snippet = Snippet::source(&text[line_start..line_end])
        .path(document.name())
        .line_start(location.line)
        .annotation(AnnotationKind::Primary.span(start - line_start..end - line_start));
    let mut group = level.primary_title(&diagnostic.message).element(snippet);
    if let Some(operation) = &diagnostic.operation {
        group = group.element(Level::NOTE.message(format!("in {operation}")));
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}
