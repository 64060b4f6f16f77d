//! Mocks of operations, for tests of code that calls a client.
//!
//! The macro [`mock_operations!`](crate::mock_operations) makes the clients' modules `mock` from this module, which
//! holds what all operations share. It builds on [`httpmock`].

mod host;
mod operations;
mod sequence;
mod then;
mod when;

pub use host::{Host, Under};
pub use httpmock;
pub use then::Then;
pub use when::When;

use crate::operation::Operation;

/// Adds a mock of an operation to a server.
pub fn add<'h, H: Host + ?Sized>(
    host: &'h H,
    operation: &'static Operation,
    configure: impl FnOnce(When, Then),
) -> httpmock::Mock<'h> {
    host.server().mock(|when, then| {
        configure(
            When::new(when, operation, host.path()),
            Then::new(then, operation),
        );
    })
}
