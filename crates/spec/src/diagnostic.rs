//! Findings about a document, drawn the way good compilers do.

use crate::Document;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; work goes on.
    Warning,
    /// Work cannot go on.
    Error,
}

/// One finding about a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
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

/// Columns of a terminal that a drawn source line may take; longer ones are cut.
const WIDTH: usize = 120;
/// Characters of a source line kept on each side of what is marked.
const KEPT: usize = 60;

/// Draws findings with file, line and column, the source line, the operation and the help.
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
    let mut group = level
        .primary_title(&diagnostic.message)
        .elements([] as [Origin<'_>; 0]);
    let location = document.locate(&diagnostic.pointer);
    let excerpt = Excerpt::new(document.text(), location.range.start, location.range.end);
    if excerpt.cut {
        // The excerpt starts elsewhere than the line, so the true column is told separately.
        let origin = Origin::path(document.name())
            .line(location.line)
            .char_column(location.column);
        group = group.element(origin);
    }
    let snippet = Snippet::source(excerpt.text)
        .line_start(location.line)
        .annotation(AnnotationKind::Primary.span(excerpt.start..excerpt.end));
    group = group.element(if excerpt.cut {
        snippet
    } else {
        snippet.path(document.name())
    });
    if let Some(operation) = &diagnostic.operation {
        group = group.element(Level::NOTE.message(format!("in {operation}")));
    }
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}

/// The line that a range starts on, cut around it if it is long.
struct Excerpt {
    text: String,
    start: usize,
    end: usize,
    cut: bool,
}

impl Excerpt {
    fn new(text: &str, start: usize, end: usize) -> Self {
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = text[end..]
            .find(['\n', '\r'])
            .map_or(text.len(), |at| end + at);
        let marked_end = text[start..end]
            .char_indices()
            .nth(KEPT)
            .map_or(end, |(at, _)| start + at);
        let before = text[line_start..start].char_indices().rev().nth(KEPT);
        let after = text[marked_end..line_end].char_indices().nth(KEPT);
        let from = before.map_or(line_start, |(at, _)| line_start + at);
        let to = after.map_or(line_end, |(at, _)| marked_end + at);
        let lead = if before.is_some() { "…" } else { "" };
        let tail = if after.is_some() { "…" } else { "" };
        Excerpt {
            text: format!("{lead}{}{tail}", &text[from..to]),
            start: start - from + lead.len(),
            end: marked_end - from + lead.len(),
            cut: before.is_some(),
        }
    }
}
