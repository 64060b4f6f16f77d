//! How much of a contract the cases reached.

use std::collections::BTreeSet;

use openapi::pointer;
use serde::Serialize;
use serde_json::Value;

use crate::check::request::{path_values, typed};
use crate::contract::resolved_schema::{Kind, Shape};
use crate::contract::{Contract, Operation, Place};
use crate::run::clients::Verdict;
use crate::wire::{Request, essence};

/// What was reached, of what there is.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// Operations that were called.
    pub operations: Count,
    /// Parameters that were sent.
    pub parameters: Count,
    /// Values of enums and booleans that were sent as parameters.
    pub enum_values: Count,
    /// Documented responses that were answered.
    pub responses: Count,
    /// Media types of documented responses that were answered.
    pub media_types: Count,
    /// Examples of documented responses that were answered.
    pub examples: Count,
    /// Properties of bodies that were sent or answered.
    pub properties: Count,
}

/// A count of what was reached.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Count {
    /// How many were reached.
    pub reached: usize,
    /// How many there are.
    pub total: usize,
    /// Those that were not reached.
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

    /// What the verdicts reached of a contract.
    pub fn of(contract: &Contract, verdicts: &[Verdict]) -> Self {
        let (mut all, mut reached) = (Sets::default(), Sets::default());
        for operation in &contract.operations {
            all.everything(operation);
        }
        for verdict in verdicts {
            let Some(operation) = contract.operation(&verdict.operation) else {
                continue;
            };
            if let Some(request) = &verdict.request {
                reached.sent(operation, request);
                reached.answered(operation, verdict);
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
            for value in values(parameter.schema.shape()) {
                self.enum_values.insert(format!("{id} {name}={value}"));
            }
        }
        if let Some(body) = &operation.body {
            properties(
                body.content.schema.shape(),
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
                    content.schema.shape(),
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
            let texts: Vec<&str> = match parameter.place {
                Place::Path => path
                    .iter()
                    .filter(|(known, _)| known == name)
                    .map(|(_, text)| *text)
                    .collect(),
                Place::Query => query
                    .iter()
                    .filter(|(sent, _)| sent == name)
                    .map(|(_, text)| text.as_str())
                    .collect(),
                Place::Header => request.header(name).collect(),
            };
            for text in texts {
                self.parameters.insert(format!("{id} {name}"));
                let value = typed(parameter.schema.shape(), text);
                self.enum_values.insert(format!("{id} {name}={value}"));
            }
        }
        if let (Some(body), Ok(value)) = (
            &operation.body,
            serde_json::from_slice::<Value>(&request.body),
        ) {
            present(
                body.content.schema.shape(),
                &value,
                format!("{id} request "),
                &mut self.properties,
            );
        }
    }

    fn answered(&mut self, operation: &Operation, verdict: &Verdict) {
        let (id, reply) = (&operation.id, &verdict.reply);
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
                content.schema.shape(),
                &value,
                format!("{id} {status} "),
                &mut self.properties,
            );
        }
        self.media_types.insert(media_type);
    }
}

/// The values that a parameter is tried with, one by one.
fn values(shape: &Shape) -> Vec<Value> {
    match (&shape.kind, shape.choices.is_empty()) {
        (Kind::Boolean, true) => vec![true.into(), false.into()],
        _ => shape.choices.clone(),
    }
}

/// The properties of a shape.
fn properties(shape: &Shape, at: String, found: &mut BTreeSet<String>) {
    for property in shape.properties() {
        let at = pointer::join(&at, &property.name);
        properties(&property.shape, at.clone(), found);
        found.insert(at);
    }
    if let Kind::Array(items) = &shape.kind {
        properties(items, format!("{at}/*"), found);
    }
}

/// The properties of a shape that a value has.
fn present(shape: &Shape, value: &Value, at: String, found: &mut BTreeSet<String>) {
    for property in shape.properties() {
        if let Some(value) = value.get(&property.name) {
            let at = pointer::join(&at, &property.name);
            present(&property.shape, value, at.clone(), found);
            found.insert(at);
        }
    }
    if let (Kind::Array(items), Value::Array(values)) = (&shape.kind, value) {
        for value in values {
            present(items, value, format!("{at}/*"), found);
        }
    }
}
