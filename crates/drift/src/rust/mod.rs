//! The effect of a changed spec on Rust callers: both documents are generated, and their public items compared.

mod attach;
mod conversion;
mod difference;
mod shared_names;
mod surface;

use crate::report::{Report, RustEffect};
use codegen::{Authentication, Facts, Failure, Input};
use difference::differences;
use openapi::{Diagnostic, Document};
use shared_names::without_names;
use surface::Surface;

/// Replaces the guesses about Rust in the report of two documents by what their clients differ in.
///
/// `overlay` has the corrections that clients are generated with; one that matches nothing in a document is left out.
/// Where a client cannot be generated the guesses stay, as a lower bound, and the report says why.
pub fn compute(report: &mut Report, old: &Document, new: &Document, overlay: Option<&Document>) {
    // Syntax trees stay on the thread that makes them; what is compared are texts.
    let (before, after) = std::thread::scope(|scope| {
        let before = scope.spawn(|| surface_of(old, overlay));
        let after = surface_of(new, overlay);
        let before = before.join();
        (before.unwrap_or_else(|_| Err(fault(old))), after)
    });
    report.changes.append(&mut report.latent);
    match (before, after) {
        (Ok(before), Ok(after)) => {
            attach::attach(report, differences(&before, &after));
            report.rust = RustEffect::Computed;
        }
        (before, after) => {
            let reasons: Vec<String> = [before.err(), after.err()].into_iter().flatten().collect();
            report.rust = RustEffect::Unknown(reasons.join("; "));
        }
    }
    report.sort();
}

fn surface_of(document: &Document, overlay: Option<&Document>) -> Result<Surface, String> {
    let surface = generated(document, overlay, None).or_else(|failure| {
        let names = overlay.and_then(|overlay| without_names(document, overlay, &failure));
        match names {
            Some(names) => generated(document, overlay, Some(&names)),
            None => Err(failure),
        }
    });
    surface.map_err(|failure| refused(document, failure))
}

fn generated(
    document: &Document,
    overlay: Option<&Document>,
    user_overlay: Option<&Document>,
) -> Result<Surface, Failure> {
    // What the facts decide is the same on both sides.
    let facts = Facts::new("API", Authentication::Basic);
    let input = Input {
        overlay,
        user_overlay,
        strict: false,
        ..Input::new(&facts, document)
    };
    codegen::surface(&input).map(|generated| Surface::new(&generated))
}

fn fault(document: &Document) -> String {
    format!("{}: the generator panicked", document.name())
}

/// Why no client can be generated, in one line: the first finding, and how many more there are.
fn refused(document: &Document, failure: Failure) -> String {
    let (what, findings) = match failure {
        Failure::Spec(findings) => ("the generator refuses it", findings),
        Failure::Overlay(findings) | Failure::UserOverlay(findings) => {
            ("its overlay does not apply", findings)
        }
    };
    let is_error = |finding: &&Diagnostic| finding.severity == openapi::Severity::Error;
    let mut errors = findings.iter().filter(is_error);
    let first = errors.next().map_or(String::new(), |finding| {
        let message = finding.message.split_whitespace().collect::<Vec<_>>();
        format!(": {}", message.join(" "))
    });
    let more = match errors.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    format!("{}: {what}{first}{more}", document.name())
}
