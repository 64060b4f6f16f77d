//! What is right and wrong with requests, responses and the results of calls.

pub mod client_request;
pub mod difference;
pub mod expected_failures;
pub mod request;
pub mod response;
