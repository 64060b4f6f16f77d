//! Passes over the Rust code, after progenitor. Each file is one row of the table, and says which defect it answers.

pub(crate) mod attributes;
pub(crate) mod constructors;
pub(crate) mod documentation;
pub(crate) mod double_options;
pub(crate) mod enums_of_types;
pub(crate) mod exact_fields;
pub(crate) mod names_on_the_wire;
pub(crate) mod objects;
pub(crate) mod pages;
pub(crate) mod recursive_types;
pub(crate) mod required_arguments;
pub(crate) mod safe_debug;
pub(crate) mod sending;
pub(crate) mod short_paths;
pub(crate) mod string_enums;
pub(crate) mod wrapper_bodies;
