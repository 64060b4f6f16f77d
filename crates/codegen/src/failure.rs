//! Why generation stops.

use openapi::Diagnostic;

/// Why nothing was generated.
#[derive(Clone, Debug)]
pub enum Failure {
    /// Findings about the document.
    Spec(Vec<Diagnostic>),
    /// Findings about the overlay.
    Overlay(Vec<Diagnostic>),
    /// Findings about the user's own overlay.
    UserOverlay(Vec<Diagnostic>),
}
