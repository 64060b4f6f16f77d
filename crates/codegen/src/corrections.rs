//! The spec with its corrections: what happens to a document before it is checked.

use openapi::{Diagnostic, Document};

use crate::deviations::Deviations;
use crate::failure::Failure;
use crate::input::Input;
use crate::markdown::markdown;
use crate::{common_headers, secret_names};

/// The document with its overlay applied, and with schemas for JSON content that has only examples, and with its secrets
/// marked.
///
/// # Errors
///
/// What is wrong with an overlay.
pub(crate) fn apply(input: &Input<'_>, deviations: &mut Deviations) -> Result<Document, Failure> {
    let mut document = input.document.clone();
    // Before the overlay, so that a correction can name a part of an inferred schema; and after it, for the examples
    // that the overlay brings.
    infer(&mut document, deviations);
    if let Some(overlay) = input.overlay {
        correct(&mut document, overlay, input.strict, deviations).map_err(Failure::Overlay)?;
        infer(&mut document, deviations);
    }
    if let Some(overlay) = input.user_overlay {
        correct(&mut document, overlay, true, deviations).map_err(Failure::UserOverlay)?;
        infer(&mut document, deviations);
    }
    let mut notes = deviations.section(
        "Common headers",
        "A header on whose value the operations agree is sent by those as well that do not declare it.",
    );
    common_headers::complete(document.value_mut(), &mut |place, what| {
        notes.add(place, what)
    });
    let mut notes = deviations.section(
        "Secret names",
        "Few specs say which texts are secrets: they are found by their names, and `x-sensitive: false` says otherwise.",
    );
    secret_names::mark(document.value_mut(), &mut |place| {
        notes.add(place, "is a secret by its name")
    });
    Ok(document)
}

fn infer(document: &mut Document, deviations: &mut Deviations) {
    let mut notes = deviations.section(
        "Schema from example",
        "JSON content with examples and no schema gets one inferred: every property optional and nullable.",
    );
    for inferred in openapi::infer::infer_schemas(document.value_mut()) {
        notes.add(inferred.pointer, "has the schema of its examples");
    }
}

fn correct(
    document: &mut Document,
    overlay: &Document,
    strict: bool,
    deviations: &mut Deviations,
) -> Result<(), Vec<Diagnostic>> {
    let applied = openapi::overlay::apply(document, overlay)?;
    let stale = openapi::overlay::stale(&applied);
    if strict && !stale.is_empty() {
        return Err(stale);
    }
    let mut notes = deviations.section(
        "Overlay",
        "Corrections to the spec, each with its reason, from `overlay.yaml` or the user's overlay.",
    );
    for action in applied {
        for pointer in action.pointers {
            notes.add(pointer, markdown(&action.description).replace('\n', " "));
        }
    }
    Ok(())
}
