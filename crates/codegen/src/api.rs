//! What the passes work on: an API as facts about each operation, and the schemas that the operations share.

use std::collections::BTreeSet;

use openapi::model::{HeaderSender, is_form, is_json};
use quote::format_ident;
use serde_json::Value;
use syn::Ident;

use crate::schemas::{self, Schemas};

/// An API on its way from a spec to Rust.
///
/// Its schemas are changed pass by pass into what progenitor takes; its facts stay what goes on the wire.
#[derive(Clone, Debug)]
pub struct Api {
    /// The operations, in the order of the document.
    pub operations: Vec<Operation>,
    /// The component schemas.
    pub schemas: Schemas,
    /// The security schemes that clients can send.
    pub schemes: Vec<Scheme>,
    /// The servers.
    pub servers: Vec<Server>,
    /// The component schema that becomes `Sensitive`, if any value does.
    pub sensitive: Option<String>,
    /// The component schema that becomes `Decimal`, if any value does.
    pub decimal: Option<String>,
    /// Properties whose Rust name cannot be made of their name on the wire; given by the pass Names.
    pub renamed: Vec<RenamedProperty>,
    /// Fields that can be absent, null or a value, by type and field; given by the pass Null in requests.
    pub nulls: BTreeSet<(String, String)>,
}

/// A property that has another name in the schema, so that no two fields of a struct share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenamedProperty {
    /// The component schema, which is also the Rust type.
    pub schema: String,
    /// The name in the schema, which is also the Rust field.
    pub property: String,
    /// The name on the wire.
    pub wire: String,
}

/// An operation: what goes on the wire, and the schemas of what it takes and answers.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The `operationId` as the spec spells it.
    pub id: String,
    /// The generated method's name; given by the pass Names.
    pub name: String,
    /// The name that the method shall have instead of one made of the `operationId`: `x-rust-name`, of an overlay.
    pub rust_name: Option<String>,
    /// The HTTP method, in lower case as in the document.
    pub method: &'static str,
    /// The path template as the spec spells it.
    pub path: String,
    /// The spec's tags.
    pub tags: Vec<String>,
    /// The spec's summary.
    pub summary: Option<String>,
    /// The spec's description.
    pub description: Option<String>,
    /// Whether the spec calls it deprecated.
    pub deprecated: bool,
    /// The parameters that the caller gives, those of the path first and in its order.
    pub parameters: Vec<Parameter>,
    /// The headers that the client fixes.
    pub headers: Vec<(String, String)>,
    /// What is sent as `Accept`.
    pub accept: Option<String>,
    /// The request body.
    pub body: Option<Body>,
    /// All documented responses.
    pub responses: Vec<Response>,
    /// What a success looks like; given by the pass One response type.
    pub success: Success,
    /// Names of the security schemes that satisfy the operation, any of them.
    pub security: Vec<String>,
    /// Whether sending it twice does no more than sending it once.
    pub idempotent: bool,
}

/// A parameter that the caller gives.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: String,
    /// Its Rust name; given by the pass Names.
    pub argument: String,
    /// `path`, `query` or `header`.
    pub location: String,
    /// Whether the operation needs it.
    pub required: bool,
    /// Whether an array repeats the name for each item.
    pub explode: bool,
    /// The spec's description.
    pub description: Option<String>,
    /// Its schema.
    pub schema: Value,
    /// Who decides its value; parameters that the client sends are left out by the pass Client-level headers.
    pub sender: HeaderSender,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// The media type and schema that are used of those that the spec offers.
    pub content: Content,
    /// Whether the operation needs it.
    pub required: bool,
    /// The spec's description.
    pub description: Option<String>,
}

/// A documented response.
#[derive(Clone, Debug)]
pub struct Response {
    /// `200`, `4XX` or `default`.
    pub status: String,
    /// The media types of its body.
    pub media_types: Vec<String>,
    /// The media type and schema that are used of those.
    pub content: Option<Content>,
}

/// A body of one media type.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// The media type as the spec spells it.
    pub media_type: String,
    /// Its schema; null where the spec has none.
    pub schema: Value,
}

/// How a body is written and read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As JSON, of any media type that is JSON.
    Json,
    /// As a form, its fields in a row.
    Form,
    /// As bytes.
    Bytes,
}

impl Content {
    /// How it is written and read.
    pub fn format(&self) -> Format {
        if is_json(&self.media_type) {
            Format::Json
        } else if is_form(&self.media_type) {
            Format::Form
        } else {
            Format::Bytes
        }
    }
}

/// What the success responses of an operation have in common.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Success {
    /// No success response has a body.
    #[default]
    Empty,
    /// JSON of this schema for every success.
    Json(Value),
    /// JSON of this schema for some statuses, no body for others.
    OptionalJson(Value),
    /// Bytes, passed on as a stream.
    Stream,
    /// JSON of several schemas, or no body, by status.
    ByStatus(Vec<StatusBody>),
}

/// The body that successes with a status have.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusBody {
    /// `200` or `2XX`.
    pub status: String,
    /// Its schema, which the pass Names makes a reference; `None` where there is no body.
    pub schema: Option<Value>,
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

/// Where an operation uses a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Usage {
    /// As that of the parameter with this argument.
    Parameter(String),
    /// As that of the request body.
    RequestBody,
    /// As that of every success with a body.
    Response,
    /// As that of successes with this status.
    StatusResponse(String),
}

/// Which way a schema travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
}

impl Usage {
    /// Which way what is used so travels.
    pub fn direction(&self) -> Direction {
        match self {
            Self::Parameter(_) | Self::RequestBody => Direction::Request,
            Self::Response | Self::StatusResponse(_) => Direction::Response,
        }
    }
}

impl Operation {
    /// What people call it: `GET /users/{user_guid}`.
    pub fn label(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }

    /// The name of its entry in the generated table of operations.
    pub fn constant(&self) -> Ident {
        format_ident!("{}", self.name.to_uppercase())
    }

    /// The schemas of what it takes, or of its successes.
    pub fn schemas(&self, direction: Direction) -> Vec<&Value> {
        let parameters = self.parameters.iter().map(|parameter| &parameter.schema);
        let body = self.body.iter().map(|body| &body.content.schema);
        match (direction, &self.success) {
            (Direction::Request, _) => parameters.chain(body).collect(),
            (Direction::Response, Success::Json(schema) | Success::OptionalJson(schema)) => {
                vec![schema]
            }
            (Direction::Response, Success::ByStatus(bodies)) => {
                let schemas = bodies.iter().filter_map(|body| body.schema.as_ref());
                schemas.collect()
            }
            (Direction::Response, Success::Empty | Success::Stream) => Vec::new(),
        }
    }

    /// All schemas that it uses, to be changed.
    pub fn schemas_mut(&mut self) -> Vec<(Usage, &mut Value)> {
        let mut schemas: Vec<_> = self
            .parameters
            .iter_mut()
            .map(|parameter| {
                (
                    Usage::Parameter(parameter.argument.clone()),
                    &mut parameter.schema,
                )
            })
            .collect();
        schemas.extend(
            self.body
                .iter_mut()
                .map(|body| (Usage::RequestBody, &mut body.content.schema)),
        );
        match &mut self.success {
            Success::Json(schema) | Success::OptionalJson(schema) => {
                schemas.push((Usage::Response, schema));
            }
            Success::ByStatus(bodies) => schemas.extend(bodies.iter_mut().filter_map(|body| {
                let usage = Usage::StatusResponse(body.status.clone());
                Some((usage, body.schema.as_mut()?))
            })),
            Success::Empty | Success::Stream => {}
        }
        schemas
    }
}

impl Api {
    /// The names of the component schemas that operations carry in a direction, through any number of references.
    pub fn carried(&self, direction: Direction) -> BTreeSet<String> {
        let operations = self.operations.iter();
        let used = operations.flat_map(|operation| operation.schemas(direction));
        schemas::reachable(&self.schemas, used)
    }

    /// Calls `change` with the schemas of the components and the operations, each with the component's name or the
    /// operation's id.
    pub fn for_each_schema(&mut self, mut change: impl FnMut(&str, Option<&Usage>, &mut Value)) {
        for (name, schema) in &mut self.schemas {
            change(name, None, schema);
        }
        for operation in &mut self.operations {
            let id = operation.id.clone();
            for (usage, schema) in operation.schemas_mut() {
                change(&id, Some(&usage), schema);
            }
        }
    }
}
