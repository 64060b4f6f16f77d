//! How much of a contract the cases covered.

use std::collections::BTreeSet;

use client_core::Location;
use openapi::pointer;
use serde::Serialize;
use serde_json::Value;

use crate::check::CaseResult;
use crate::check::request::typed;
use crate::contract::media_type::essence;
use crate::contract::path::path_values;
use crate::contract::resolved_schema::{Kind, ResolvedSchema};
use crate::contract::{Contract, Operation};
use crate::wire::Request;

/// What was covered on the wire, of what the contract has.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// Operations that were called.
    pub operations: Count,
    /// Parameters that were sent.
    pub parameters: Count,
    /// Values of enums and booleans that were sent as parameters.
    pub enum_values: Count,
    /// Documented responses that were received.
    pub responses: Count,
    /// Media types of documented responses that were received.
    pub media_types: Count,
    /// Examples of documented responses that were received.
    pub examples: Count,
    /// Properties of bodies that were sent or received.
    pub properties: Count,
}

/// A count of what was covered.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Count {
    /// How many were covered.
    pub reached: usize,
    /// How many there are.
    pub total: usize,
    /// Those that were not covered.
    pub missed: Vec<String>,
}

impl Count {
    fn of(all: &BTreeSet<String>, reached: &BTreeSet<String>) -> Self {
        let missed: Vec<String> = all.difference(reached).cloned().collect();
        Self {
            reached: all.len() - missed.len(),
            total: all.len(),
            missed,
        }
    }
}

impl Coverage {
    /// The counts with their names, for people.
    pub fn named(&self) -> [(&'static str, &Count); 7] {
        [
            ("operations", &self.operations),
            ("parameters", &self.parameters),
            ("enum values", &self.enum_values),
            ("responses", &self.responses),
            ("media types", &self.media_types),
            ("examples", &self.examples),
            ("properties", &self.properties),
        ]
    }

    /// What the cases with these results covered of a contract.
    pub fn of(contract: &Contract, results: &[CaseResult]) -> Self {
        let (mut all, mut reached) = (Sets::default(), Sets::default());
        for operation in &contract.operations {
            all.everything(operation);
        }
        for result in results {
            let Some(operation) = contract.operation(&result.operation) else {
                continue;
            };
            if let Some(request) = &result.request {
                reached.sent(operation, request);
                reached.received(operation, result);
            }
        }
        Self {
            operations: Count::of(&all.operations, &reached.operations),
            parameters: Count::of(&all.parameters, &reached.parameters),
            enum_values: Count::of(&all.enum_values, &reached.enum_values),
            responses: Count::of(&all.responses, &reached.responses),
            media_types: Count::of(&all.media_types, &reached.media_types),
            examples: Count::of(&all.examples, &reached.examples),
            properties: Count::of(&all.properties, &reached.properties),
        }
    }
}

#[derive(Default)]
struct Sets {
    operations: BTreeSet<String>,
    parameters: BTreeSet<String>,
    enum_values: BTreeSet<String>,
    responses: BTreeSet<String>,
    media_types: BTreeSet<String>,
    examples: BTreeSet<String>,
    properties: BTreeSet<String>,
}

impl Sets {
    fn everything(&mut self, operation: &Operation) {
        let id = &operation.id;
        self.operations.insert(id.clone());
        for parameter in &operation.parameters {
            let name = &parameter.name;
            self.parameters.insert(format!("{id} {name}"));
            for value in values(parameter.schema.resolved()) {
                self.enum_values.insert(format!("{id} {name}={value}"));
            }
        }
        if let Some(body) = &operation.body {
            properties(
                body.content.schema.resolved(),
                format!("{id} request "),
                &mut self.properties,
            );
        }
        for response in &operation.responses {
            let status = &response.status;
            self.responses.insert(format!("{id} {status}"));
            for content in &response.contents {
                let media_type = format!("{id} {status} {}", content.media_type);
                for (name, _) in &content.examples {
                    self.examples.insert(format!("{media_type} {name}"));
                }
                self.media_types.insert(media_type);
                properties(
                    content.schema.resolved(),
                    format!("{id} {status} "),
                    &mut self.properties,
                );
            }
        }
    }

    fn sent(&mut self, operation: &Operation, request: &Request) {
        let id = &operation.id;
        self.operations.insert(id.clone());
        let path = path_values(&operation.path, request.path()).unwrap_or_default();
        let query = request.query();
        for parameter in &operation.parameters {
            let name = &parameter.name;
            let texts: Vec<&str> = match parameter.location {
                Location::Path => path
                    .iter()
                    .filter(|(known, _)| known == name)
                    .map(|(_, text)| *text)
                    .collect(),
                Location::Query => query
                    .iter()
                    .filter(|(sent, _)| sent == name)
                    .map(|(_, text)| text.as_str())
                    .collect(),
                Location::Header => request.header(name).collect(),
            };
            for text in texts {
                self.parameters.insert(format!("{id} {name}"));
                let value = typed(parameter.schema.resolved(), text);
                self.enum_values.insert(format!("{id} {name}={value}"));
            }
        }
        if let (Some(body), Ok(value)) = (
            &operation.body,
            serde_json::from_slice::<Value>(&request.body),
        ) {
            present(
                body.content.schema.resolved(),
                &value,
                format!("{id} request "),
                &mut self.properties,
            );
        }
    }

    fn received(&mut self, operation: &Operation, result: &CaseResult) {
        let (id, reply) = (&operation.id, &result.reply);
        let Some(response) = operation.response(reply.status) else {
            return;
        };
        let status = &response.status;
        self.responses.insert(format!("{id} {status}"));
        let sent = essence(reply.header("content-type").next().unwrap_or_default());
        let Some(content) = response
            .contents
            .iter()
            .find(|content| essence(&content.media_type) == sent)
        else {
            return;
        };
        let media_type = format!("{id} {status} {}", content.media_type);
        if let Ok(value) = serde_json::from_slice::<Value>(&reply.body) {
            for (name, example) in &content.examples {
                if *example == value {
                    self.examples.insert(format!("{media_type} {name}"));
                }
            }
            present(
                content.schema.resolved(),
                &value,
                format!("{id} {status} "),
                &mut self.properties,
            );
        }
        self.media_types.insert(media_type);
    }
}

/// The values that a parameter is tried with, one after the other.
fn values(schema: &ResolvedSchema) -> Vec<Value> {
    match (&schema.kind, schema.choices.is_empty()) {
        (Kind::Boolean, true) => vec![true.into(), false.into()],
        _ => schema.choices.clone(),
    }
}

/// The properties of a schema.
fn properties(schema: &ResolvedSchema, at: String, found: &mut BTreeSet<String>) {
    for property in schema.properties() {
        let at = pointer::join(&at, &property.name);
        properties(&property.schema, at.clone(), found);
        found.insert(at);
    }
    if let Kind::Array(items) = &schema.kind {
        properties(items, format!("{at}/*"), found);
    }
}

/// The properties of a schema that a value has.
fn present(schema: &ResolvedSchema, value: &Value, at: String, found: &mut BTreeSet<String>) {
    for property in schema.properties() {
        if let Some(value) = value.get(&property.name) {
            let at = pointer::join(&at, &property.name);
            present(&property.schema, value, at.clone(), found);
            found.insert(at);
        }
    }
    if let (Kind::Array(items), Value::Array(values)) = (&schema.kind, value) {
        for value in values {
            present(items, value, format!("{at}/*"), found);
        }
    }
}
