//! How responses are read.

pub(crate) mod byte_stream;
pub(crate) mod decode;
pub(crate) mod error_body;
pub(crate) mod failure;
pub(crate) mod media_type;
pub(crate) mod object;
pub(crate) mod raw;
mod session_expiry;
pub(crate) mod validate;
