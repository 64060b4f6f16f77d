//! The rules of OpenAPI that more than one crate needs, each in one place.
//!
//! The functions read a document as it is, a [`serde_json::Value`] that need not be valid: what
//! makes no sense as OpenAPI is left out. They follow OpenAPI 3.0, and 3.1 where it says more.
//!
//! ```
//! use openapi::model;
//! use serde_json::json;
//!
//! let document = json!({
//!     "openapi": "3.0.3",
//!     "paths": { "/users/{guid}": {
//!         "parameters": [{ "name": "guid", "in": "path", "required": true }],
//!         "get": { "operationId": "readUser", "responses": { "200": {}, "default": {} } },
//!     } },
//! });
//! let [operation] = &model::operations(&document)[..] else { panic!() };
//! assert_eq!(operation.label(), "GET /users/{guid}");
//! assert_eq!(model::parameters(&document, operation)[0].name, "guid");
//! let responses = model::responses(&document, operation);
//! assert_eq!(model::successes(&responses).len(), 1);
//! ```

mod header;
mod media_type;
mod operation;
mod parameter;
mod response;
mod schema;
mod security;

pub use header::{HeaderSender, fixed_header, header_sender};
pub use media_type::{
    essence, is_form, is_json, is_multipart, matches_range, preferred_media_type, same_media_type,
};
pub use operation::{METHODS, Operation, operations};
pub use parameter::{Parameter, parameters};
pub use response::{
    Response, carries_body, counts_as_success, is_success, response_for, responses, successes,
};
pub(crate) use schema::child_schemas_mut_at;
pub use schema::{ResolvedSchema, SchemaPart, child_schemas, child_schemas_mut};
pub use security::{
    Requirement, Scheme, SchemeKind, needs_credentials, requirements, scheme, schemes, security,
};
