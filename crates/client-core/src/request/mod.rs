//! What a request is made of.

pub(crate) mod argument;
pub(crate) mod base_url;
pub(crate) mod headers;
pub(crate) mod prepared;
pub(crate) mod url;
