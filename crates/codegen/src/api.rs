//! What the passes work on: an API as a document plus the facts about each operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value};

use crate::json::{self, Object as _};

/// An API on its way from a spec to Rust.
///
/// The document is lowered pass by pass to what progenitor takes; the operations keep what goes on the wire.
#[derive(Clone, Debug)]
pub struct Api {
    /// The OpenAPI document.
    pub document: Value,
    /// Facts about each operation, in the order of the document's paths.
    pub operations: Vec<Operation>,
    /// The security schemes that operations refer to, by name.
    pub schemes: Vec<Scheme>,
    /// The servers, as Rust variant and URL.
    pub servers: Vec<Server>,
    /// The component schema that stands for `Sensitive`, if any value is.
    pub sensitive: Option<String>,
    /// Properties whose Rust name could not be made of their name on the wire; given by the names pass.
    pub renamed: Vec<RenamedProperty>,
}

/// A property that got another name in the document, so that no two fields of a struct share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenamedProperty {
    /// The component schema, which is also the Rust type.
    pub schema: String,
    /// The name in the document, which is also the Rust field.
    pub property: String,
    /// The name on the wire.
    pub wire: String,
}

/// Facts about an operation; becomes an entry of the generated operations table.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The `operationId` as the spec spells it.
    pub id: String,
    /// The generated method's name; given by the names pass.
    pub name: String,
    /// The HTTP method, in lower case as in the document.
    pub method: String,
    /// The path template as the spec spells it.
    pub path: String,
    /// The spec's tags.
    pub tags: Vec<String>,
    /// The parameters that the caller gives.
    pub parameters: Vec<Parameter>,
    /// The headers that the client fixes.
    pub headers: Vec<(String, String)>,
    /// What is sent as `Accept`.
    pub accept: Option<String>,
    /// The request body.
    pub body: Option<Body>,
    /// All documented responses.
    pub responses: Vec<Response>,
    /// What a success looks like.
    pub success: Success,
    /// Names of the security schemes that satisfy the operation, any of them.
    pub security: Vec<String>,
}

impl Operation {
    /// The method and the path, as `GET /users/{user_guid}`.
    pub fn route(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

/// A parameter that the caller gives.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Its Rust name; given by the names pass.
    pub argument: String,
    /// `path`, `query` or `header`.
    pub location: String,
    /// Whether the operation needs it.
    pub required: bool,
    /// Whether an array repeats the name for each item.
    pub explode: bool,
    /// The spec's description.
    pub description: Option<String>,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// What is sent as `Content-Type`.
    pub media_type: String,
    /// Whether the operation needs it.
    pub required: bool,
}

/// The media type of a form.
pub const FORM: &str = "application/x-www-form-urlencoded";

impl Body {
    /// Whether it is sent as a form.
    pub fn is_form(&self) -> bool {
        self.media_type.starts_with(FORM)
    }
}

/// A documented response.
#[derive(Clone, Debug)]
pub struct Response {
    /// `200`, `4XX` or `default`.
    pub status: String,
    /// The media types of its body.
    pub media_types: Vec<String>,
}

/// What the success responses of an operation come to; given by the responses pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Success {
    /// No success response has a body.
    #[default]
    Empty,
    /// One JSON type for every success.
    Json,
    /// One JSON type for some statuses, no body for others.
    OptionalJson,
    /// Bytes, passed on as a stream.
    Stream,
    /// A JSON type, or no body, for each of several statuses.
    ByStatus(Vec<StatusBody>),
}

/// The body that a success has with a status, where bodies differ by status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusBody {
    /// `200` or `2XX`.
    pub status: String,
    /// The component schema of the body, which is also the Rust type; `None` where there is no body.
    pub schema: Option<String>,
    /// Whether the body may be `null`.
    pub nullable: bool,
}

impl StatusBody {
    /// The Rust type of the body, in the module that `types` names.
    pub fn ty(&self, types: &TokenStream) -> Option<TokenStream> {
        let schema = format_ident!("{}", self.schema.as_ref()?);
        Some(if self.nullable {
            quote!(Option<#types #schema>)
        } else {
            quote!(#types #schema)
        })
    }
}

/// A security scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its name in the spec.
    pub name: String,
    /// How it is sent.
    pub kind: SchemeKind,
}

/// How a security scheme is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// HTTP Basic.
    Basic,
    /// HTTP Bearer.
    Bearer,
    /// A header of this name.
    Header(String),
}

/// A server of the spec.
#[derive(Clone, Debug)]
pub struct Server {
    /// The variant of the generated `Environment`.
    pub variant: String,
    /// Its URL.
    pub url: String,
}

/// The HTTP methods an OpenAPI path item can have.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl Api {
    /// The JSON object of an operation in the document.
    pub fn operation_mut(&mut self, index: usize) -> Option<&mut Map<String, Value>> {
        let operation = &self.operations[index];
        operation_object(&mut self.document, &operation.path, &operation.method)
    }

    /// Calls `change` with each operation's facts and JSON object.
    pub fn for_each_operation(
        &mut self,
        mut change: impl FnMut(&mut Operation, &mut Map<String, Value>),
    ) {
        for facts in &mut self.operations {
            if let Some(object) = operation_object(&mut self.document, &facts.path, &facts.method) {
                change(facts, object);
            }
        }
    }

    /// The component schemas.
    pub fn schemas_mut(&mut self) -> &mut Map<String, Value> {
        json::entry_object(
            json::entry_object(json::object(&mut self.document), "components"),
            "schemas",
        )
    }
}

fn operation_object<'a>(
    document: &'a mut Value,
    path: &str,
    method: &str,
) -> Option<&'a mut Map<String, Value>> {
    document
        .get_mut("paths")?
        .get_mut(path)?
        .get_mut(method)?
        .as_object_mut()
}

/// The operations of a document as (path, method, operation object), in its order.
pub fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Map<String, Value>)> {
    document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| {
                let operation = item.get(*method)?.as_object()?;
                Some((path.as_str(), *method, operation))
            })
        })
}

/// The media type that stands for a body: the first JSON one, or else the first of all.
pub fn preferred_media_type(content: &Map<String, Value>) -> Option<&str> {
    let names = || content.keys().map(String::as_str);
    names()
        .find(|name| openapi::infer::is_json(name))
        .or_else(|| names().next())
}

/// Whether a response key is a success: `2XX`, a code from 200 to 299.
pub fn is_success(status: &str) -> bool {
    status.len() == 3 && status.starts_with('2')
}

pub(crate) fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.str(key).map(str::to_owned)
}
