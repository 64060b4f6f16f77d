//! Passes over the API before progenitor. Each file is one row of the table, and says which defect it answers.

pub(crate) mod aliases;
pub(crate) mod client_level_headers;
pub(crate) mod empty_lists;
pub(crate) mod exact_numbers;
pub(crate) mod lenient_responses;
pub(crate) mod media_types;
pub(crate) mod names;
pub(crate) mod null_in_requests;
pub(crate) mod nullable_types;
pub(crate) mod one_response_type;
pub(crate) mod parameters;
pub(crate) mod read_only_and_write_only;
pub(crate) mod responses_without_body;
pub(crate) mod sensitive_values;
pub(crate) mod shapes_of_schemas;
pub(crate) mod shared_enums;
pub(crate) mod unions;
pub(crate) mod unused_schemas;
