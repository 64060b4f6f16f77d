//! What is right and wrong with requests, responses and the results of calls.

mod case_result;
pub(crate) mod client_request;
pub mod client_result;
mod difference;
mod json;
pub mod known;
pub mod request;
pub mod response;
pub mod unfit;
pub mod warning;

pub use case_result::{CaseResult, Verdict};
pub use warning::{Allowable, Warning, WarningKind};
