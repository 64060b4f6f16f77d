//! Which version of OpenAPI a document is written in.

use crate::Diagnostic;
use serde_json::Value;

/// A version of OpenAPI that this project reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// OpenAPI 3.0, with schemas of its own.
    V3_0,
    /// OpenAPI 3.1, with schemas of JSON Schema 2020-12.
    V3_1,
}

impl Version {
    /// The version of a document.
    ///
    /// # Errors
    /// The document is Swagger 2.0, OpenAPI of another version, or no OpenAPI document.
    pub fn of(document: &Value) -> Result<Version, Diagnostic> {
        let not_openapi = || {
            Diagnostic::error("", "this is not an OpenAPI document").with_help(
                "a spec is a mapping that starts with `openapi: 3.0.3` or `openapi: 3.1.0`",
            )
        };
        let root = document.as_object().ok_or_else(not_openapi)?;
        match root.get("openapi") {
            Some(Value::String(version)) => match version.split('.').collect::<Vec<_>>()[..] {
                ["3", "0", ..] => Ok(Version::V3_0),
                ["3", "1", ..] => Ok(Version::V3_1),
                _ => {
                    let message = format!("OpenAPI {version} is not supported");
                    let help = "OpenAPI 3.0 and 3.1 are supported: convert the spec to one of them";
                    Err(Diagnostic::error("/openapi", message).with_help(help))
                }
            },
            Some(_) => Err(
                Diagnostic::error("/openapi", "the OpenAPI version is not a text")
                    .with_help("write it in quotes: `openapi: '3.0.3'`"),
            ),
            None if root.contains_key("swagger") => {
                let message = "this is Swagger 2.0, which is not supported";
                let help = "convert it to OpenAPI 3.0 or 3.1 first";
                Err(Diagnostic::error("/swagger", message).with_help(help))
            }
            None => Err(not_openapi()),
        }
    }
}
