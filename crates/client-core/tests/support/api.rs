//! Two small APIs, one of each way to authenticate, and their operations.

use std::{sync::LazyLock, time::Duration};

use client_core::{
    Api, Body, ClientBuilder, Credentials, DocumentedResponse, Operation, Parameter, RetryPolicy,
    SecurityKind, SecurityScheme, Transport, auth, reqwest::Method,
};
use serde::Deserialize;

use super::Server;

/// A client in the manner of the Platform API.
#[derive(Clone, Debug)]
pub struct Platform(pub Transport);

impl Api for Platform {
    const NAME: &'static str = "platform-test";
    const VERSION: &'static str = "1.2.3";
    type Environment = &'static str;
    type Authentication = auth::Basic;

    fn from_transport(transport: Transport) -> Self {
        Self(transport)
    }
}

/// A client in the manner of the Nexus API.
#[derive(Clone, Debug)]
pub struct Nexus(pub Transport);

impl Api for Nexus {
    const NAME: &'static str = "nexus-test";
    const VERSION: &'static str = "1.2.3";
    type Environment = &'static str;
    type Authentication = auth::Session;

    fn from_transport(transport: Transport) -> Self {
        Self(transport)
    }
}

/// A builder that points at the server and retries without waiting long.
pub fn platform_builder(server: &Server) -> ClientBuilder<Platform> {
    ClientBuilder::new()
        .base_url(server.url())
        .credentials(Credentials::new("id", "key"))
        .retry(quick(3))
}

/// See [`platform_builder`].
pub fn nexus_builder(server: &Server) -> ClientBuilder<Nexus> {
    ClientBuilder::new().base_url(server.url()).retry(quick(3))
}

/// A policy of so many attempts, a millisecond apart.
pub fn quick(attempts: u32) -> RetryPolicy {
    RetryPolicy::default()
        .attempts(attempts)
        .waits(Duration::from_millis(1), Duration::from_millis(4))
}

/// What the operations answer.
#[derive(Deserialize, PartialEq)]
pub struct Thing {
    pub name: String,
    #[serde(default)]
    pub sizes: Vec<u32>,
}

client_core::safe_debug! { Thing { name, sizes } }

pub const BASIC: SecurityScheme = SecurityScheme {
    name: "basicAuth",
    kind: SecurityKind::Basic,
};
pub const BEARER: SecurityScheme = SecurityScheme {
    name: "bearerAuth",
    kind: SecurityKind::Bearer,
};
pub const SESSION: SecurityScheme = SecurityScheme {
    name: "sessionToken",
    kind: SecurityKind::Header("MD-SESSION-TOKEN"),
};

const OK_JSON: &[DocumentedResponse] = &[
    DocumentedResponse::new("200", &["application/json"]),
    DocumentedResponse::new("204", &[]),
];

fn operation(id: &'static str, method: Method, path: &'static str) -> Operation {
    Operation {
        id,
        name: id,
        method,
        path,
        tags: &[],
        parameters: &[],
        headers: &[("Accept-Version", "v1")],
        accept: Some("application/json"),
        body: None,
        responses: OK_JSON,
        security: &[&BASIC],
        idempotent: true,
    }
}

const ID: Parameter = Parameter::path("id", "id");

/// Defines operations by what sets them apart from a `GET` that answers JSON.
macro_rules! operations {
    ($($name:ident($($arguments:tt)*) { $($fields:tt)* })*) => {
        $(pub static $name: LazyLock<Operation> = LazyLock::new(|| Operation {
            $($fields)*
            ..operation($($arguments)*)
        });)*
    };
}

operations! {
    GET_THING("getThing", Method::GET, "/things/{id}") {
        parameters: const { &[
            ID,
            Parameter::query("filter", "filter"),
            Parameter::query("fields[]", "fields[]").joined(),
            Parameter::header("X-Note", "X-Note"),
        ] },
    }

    CREATE_THING("createThing", Method::POST, "/things") {
        body: Some(Body {
            media_type: "application/json",
            required: true,
        }),
        idempotent: false,
    }

    SEARCH_THINGS("searchThings", Method::PUT, "/things") {
        body: Some(Body {
            media_type: "application/x-www-form-urlencoded",
            required: true,
        }),
    }

    DELETE_THING("deleteThing", Method::DELETE, "/things/{id}") {
        parameters: &[ID],
        accept: None,
    }

    DOWNLOAD("download", Method::GET, "/things/{id}/file.{kind}") {
        parameters: const { &[ID, Parameter::path("kind", "kind")] },
        accept: Some("application/pdf"),
        responses: const { &[DocumentedResponse::new("2XX", &["application/pdf"])] },
    }

    PUBLIC("public", Method::GET, "/public") {
        security: &[],
    }

    PROCESSOR("processor", Method::GET, "/account") {
        security: &[&BEARER],
    }

    GET_MEMBER("getMember", Method::GET, "/members/{id}") {
        parameters: &[ID],
        accept: Some("application/vnd.mx.nexus.v1+json"),
        responses: const { &[DocumentedResponse::new("200", &["application/vnd.mx.nexus.v1+json"])] },
        security: &[&SESSION],
        headers: &[],
    }

    CREATE_MEMBER("createMember", Method::POST, "/members") {
        responses: const { &[DocumentedResponse::new("200", &["application/vnd.mx.nexus.v1+json"])] },
        security: &[&SESSION],
        body: Some(Body {
            media_type: "application/vnd.mx.nexus.v1+json",
            required: false,
        }),
        idempotent: false,
    }
}
