//! One name for each thing, good in Rust and its own.
//!
//! Progenitor writes `request_o_auth_window_uri`, lets two parameters or two properties whose names differ in case
//! or punctuation collide, and gives two inline schemas of one derived name the same type, silently. Here every
//! operation, parameter, property and type gets its final name; inline objects and enums move into the components.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::api::{Api, RenamedProperty, Usage};
use crate::deviations::Notes;
use crate::json::{self, Object as _};
use crate::names::{field_name, snake, type_name, unique};
use crate::schemas::{
    REQUIRED_IN_REQUESTS, Schemas, makes_type, reference, reference_to, walk_mut, wrapped_reference,
};

/// Methods of the clients and of the builders that no operation or parameter may take the name of.
const CLIENT_METHODS: [&str; 7] = [
    "builder",
    "clone",
    "for_session",
    "for_session_provider",
    "new",
    "request",
    "transport",
];
const BUILDER_METHODS: [&str; 13] = [
    "body",
    "client",
    "clone",
    "header",
    "idempotent",
    "items",
    "new",
    "pages",
    "retry",
    "send",
    "send_as",
    "send_raw",
    "timeout",
];

/// What the module of the builders imports.
const IMPORTED: [&str; 7] = [
    "Argument",
    "ByteStream",
    "Call",
    "Error",
    "Future",
    "IntoArgument",
    "Response",
];

/// Methods that the mocks' `When` has for every operation.
const MOCK_METHODS: [&str; 3] = ["and", "into_inner", "without"];

/// Names that a glob import of the types would take from the prelude.
const PRELUDE: [&str; 24] = [
    "AsMut", "AsRef", "Box", "Clone", "Copy", "Default", "Drop", "Eq", "Err", "Extend", "Fn",
    "From", "Into", "Iterator", "None", "Ok", "Option", "Ord", "Result", "Send", "Some", "String",
    "Sync", "Vec",
];

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    operations(api, notes);
    parameters(api, notes);
    let mut types = components(api, notes);
    inline_types(api, &mut types);
    properties(api, notes);
}

fn operations(api: &mut Api, notes: &mut Notes<'_>) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for operation in &mut api.operations {
        let plain = snake(&operation.id);
        let wanted = match &operation.rust_name {
            Some(name) => snake(name),
            None => snake(&operation.id.replace("OAuth", "Oauth")),
        };
        // The name of the builder is made of the method's, so it must be its own, too.
        let name = unique(&wanted, |name| {
            let builder = type_name(name);
            CLIENT_METHODS.contains(&name)
                || IMPORTED.contains(&&*builder)
                || PRELUDE.contains(&&*builder)
                || taken.contains(name)
                || taken.contains(&builder)
        });
        if name != plain {
            notes.add(&operation.id, format!("is the method `{name}`"));
        }
        taken.insert(name.clone());
        taken.insert(type_name(&name));
        operation.name = name;
    }
}

fn parameters(api: &mut Api, notes: &mut Notes<'_>) {
    for operation in &mut api.operations {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for parameter in &mut operation.parameters {
            let plain = snake(&parameter.name);
            let argument = unique(&plain, |name| {
                BUILDER_METHODS.contains(&name)
                    || MOCK_METHODS.contains(&name)
                    || taken.contains(name)
            });
            if argument != plain {
                let place = format!("{} {}", operation.id, parameter.name);
                notes.add(place, format!("is the argument `{argument}`"));
            }
            taken.insert(argument.clone());
            parameter.argument = argument;
        }
    }
}

/// Gives the component schemas their Rust names, and returns those.
fn components(api: &mut Api, notes: &mut Notes<'_>) -> BTreeSet<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for name in api.schemas.keys() {
        let plain = type_name(name);
        let rust = unique(&plain, |name| {
            PRELUDE.contains(&name) || taken.contains(name)
        });
        if rust != plain {
            notes.add(name, format!("is the type `{rust}`"));
        }
        taken.insert(rust.clone());
        names.insert(name.clone(), rust);
    }
    let schemas = std::mem::take(&mut api.schemas).into_iter();
    api.schemas = schemas
        .map(|(name, schema)| (names[&name].clone(), schema))
        .collect();
    for replaced in [&mut api.sensitive, &mut api.decimal].into_iter().flatten() {
        *replaced = names[replaced].clone();
    }
    api.for_each_schema(|_, _, schema| {
        walk_mut(schema, &mut |schema| {
            if let Some(rust) = reference(schema).and_then(|name| names.get(&name)) {
                *schema = reference_to(rust);
            }
        });
    });
    taken
}

/// Moves inline objects and enums into the components.
fn inline_types(api: &mut Api, taken: &mut BTreeSet<String>) {
    let shared = shared_parameter_enums(api);
    // Types of `client_core`, which are no types of the client's.
    let foreign: Vec<String> = [&api.sensitive, &api.decimal]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let mut components = Components {
        schemas: std::mem::take(&mut api.schemas),
        taken,
    };
    let names: Vec<String> = components.schemas.keys().cloned().collect();
    for name in names {
        let mut schema = components.schemas[&name].clone();
        components.lift_inner(&mut schema, &name);
        components.schemas.insert(name, schema);
    }
    for operation in &mut api.operations {
        let operation_type = type_name(&operation.name);
        for (usage, schema) in operation.schemas_mut() {
            let wanted = match &usage {
                Usage::Parameter(argument) if shared.contains(argument) => type_name(argument),
                Usage::Parameter(argument) => format!("{operation_type}{}", type_name(argument)),
                Usage::RequestBody => format!("{operation_type}Body"),
                Usage::Response => format!("{operation_type}Response"),
                Usage::StatusResponse(status) => format!("{operation_type}Response{status}"),
            };
            components.lift_inner(schema, &wanted);
            // The enum of bodies by status holds types by name.
            let named = matches!(usage, Usage::StatusResponse(_));
            if makes_type(schema)
                || (named && wrapped_reference(schema).is_none_or(|name| foreign.contains(&name)))
            {
                components.lift(schema, &wanted, matches!(usage, Usage::Parameter(_)));
            }
        }
    }
    api.schemas = components.schemas;
}

struct Components<'a> {
    schemas: Schemas,
    taken: &'a mut BTreeSet<String>,
}

impl Components<'_> {
    /// Lifts the types inside a schema, named after it and the property.
    fn lift_inner(&mut self, schema: &mut Value, name: &str) {
        let Value::Object(object) = schema else {
            return;
        };
        for (key, value) in object {
            match (key.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    for (property, schema) in properties {
                        let name = format!("{name}{}", type_name(property));
                        self.lift_inner(schema, &name);
                        if makes_type(schema) {
                            self.lift(schema, &name, false);
                        }
                    }
                }
                (key @ ("items" | "additionalProperties"), schema @ Value::Object(_)) => {
                    let name = format!("{name}{}", if key == "items" { "Item" } else { "Value" });
                    self.lift_inner(schema, &name);
                    if makes_type(schema) {
                        self.lift(schema, &name, false);
                    }
                }
                _ => {}
            }
        }
    }

    /// Makes a schema a component and leaves a reference; `share` takes an equal component of that name.
    fn lift(&mut self, schema: &mut Value, wanted: &str, share: bool) {
        let nullable = schema["nullable"] == true;
        let mut component = schema.clone();
        json::object(&mut component).remove("nullable");
        let mark = json::object(&mut component).remove(REQUIRED_IN_REQUESTS);
        let same = |known: &Value| known.get("enum") == component.get("enum");
        let name = if share && self.schemas.get(wanted).is_some_and(same) {
            wanted.to_owned()
        } else {
            // Names that are put together, such as `O` and `K`, may have words of their own.
            unique(&type_name(wanted), |name| {
                PRELUDE.contains(&name) || self.taken.contains(name)
            })
        };
        let target = reference_to(&name);
        *schema = match (nullable, &mark) {
            (false, None) => target,
            _ => json!({ "allOf": [target] }),
        };
        if nullable {
            schema["nullable"] = json!(true);
        }
        if let Some(mark) = mark {
            schema[REQUIRED_IN_REQUESTS] = mark;
        }
        if self.taken.insert(name.clone()) {
            self.schemas.insert(name, component);
        }
    }
}

/// Parameters whose enum is the same wherever a parameter of that name has one: they share a type.
fn shared_parameter_enums(api: &Api) -> BTreeSet<String> {
    let mut enums: BTreeMap<&str, Vec<&[Value]>> = BTreeMap::new();
    let parameters = api
        .operations
        .iter()
        .flat_map(|operation| &operation.parameters);
    for parameter in parameters {
        let values = parameter
            .schema
            .as_object()
            .map(|schema| schema.list("enum"));
        let known = enums.entry(&parameter.argument).or_default();
        if let Some(values) = values.filter(|values| !values.is_empty())
            && !known.contains(&values)
        {
            known.push(values);
        }
    }
    enums
        .into_iter()
        .filter(|(_, values)| values.len() == 1)
        .map(|(argument, _)| argument.to_owned())
        .collect()
}

/// Renames the properties of a schema whose Rust names collide.
fn properties(api: &mut Api, notes: &mut Notes<'_>) {
    let mut renamed = Vec::new();
    for (schema_name, schema) in &mut api.schemas {
        let has_others = schema["additionalProperties"].is_object();
        let Some(Value::Object(properties)) = schema.get_mut("properties") else {
            continue;
        };
        let mut taken: BTreeSet<String> = BTreeSet::new();
        if has_others {
            // Progenitor's name for the map of the other properties.
            taken.insert("extra".to_owned());
        }
        let mut result = Map::new();
        let mut wires: BTreeMap<String, String> = BTreeMap::new();
        for (wire, property) in std::mem::take(properties) {
            let plain = field_name(&wire);
            let field = unique(&plain, |name| taken.contains(name));
            taken.insert(field.clone());
            if field == plain {
                result.insert(wire, property);
            } else {
                let place = format!("{schema_name}.{wire}");
                notes.add(place, format!("is the field `{field}`"));
                renamed.push(RenamedProperty {
                    schema: schema_name.clone(),
                    property: field.clone(),
                    wire: wire.clone(),
                });
                wires.insert(wire, field.clone());
                result.insert(field, property);
            }
        }
        *properties = result;
        for name in schema
            .get_mut("required")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            if let Some(field) = name.as_str().and_then(|wire| wires.get(wire)) {
                *name = json!(field);
            }
        }
    }
    api.renamed = renamed;
}
