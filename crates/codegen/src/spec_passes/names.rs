//! One name for each thing, good in Rust and its own.
//!
//! Progenitor writes `request_o_auth_window_uri`, lets two parameters or two properties whose names differ in case
//! or punctuation collide, and gives two inline schemas of one derived name the same type, silently. Here every
//! operation, parameter, property and type gets its final name; inline objects and enums move into the components.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase as _, ToSnakeCase as _};
use serde_json::{Map, Value, json};

use super::visit::{self, Root};
use crate::api::{Api, RenamedProperty, StatusBody, Success};
use crate::deviations::{Deviations, Pass};
use crate::json::{self, Object as _};
use crate::spec_passes::responses::BY_STATUS;

/// As `DEVIATIONS.md` presents it.
pub const PASS: Pass = Pass {
    name: "Names",
    why: "Names that Rust spells badly or twice get one of their own; what goes on the wire keeps its name.",
};

/// Methods of the clients and of the builders that no operation or parameter may take the name of.
const CLIENT_METHODS: [&str; 4] = ["builder", "clone", "new", "transport"];
const BUILDER_METHODS: [&str; 5] = ["body", "client", "clone", "new", "send"];

/// Methods that the mocks' `When` has for every operation.
const MOCK_METHODS: [&str; 3] = ["and", "into_inner", "without"];

/// Names that a glob import of the types would take from the prelude.
const PRELUDE: [&str; 24] = [
    "AsMut", "AsRef", "Box", "Clone", "Copy", "Default", "Drop", "Eq", "Err", "Extend", "Fn",
    "From", "Into", "Iterator", "None", "Ok", "Option", "Ord", "Result", "Send", "Some", "String",
    "Sync", "Vec",
];

/// Runs the pass.
pub fn run(api: &mut Api, deviations: &mut Deviations) {
    operations(api, deviations);
    parameters(api, deviations);
    let mut types = components(api, deviations);
    inline_types(api, &mut types);
    properties(api, deviations);
}

fn operations(api: &mut Api, deviations: &mut Deviations) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    api.for_each_operation(|facts, operation| {
        let plain = snake(&facts.id);
        let wanted = snake(&facts.id.replace("OAuth", "Oauth"));
        // The name of the builder is made of the method's, so it must be its own, too.
        let name = unique(&wanted, |name| {
            CLIENT_METHODS.contains(&name)
                || taken.contains(name)
                || taken.contains(&type_name(name))
        });
        if name != plain {
            deviations.note(&PASS, &facts.id, format!("is the method `{name}`"));
        }
        taken.insert(name.clone());
        taken.insert(type_name(&name));
        operation.insert("operationId".into(), json!(name));
        facts.name = name;
    });
}

fn parameters(api: &mut Api, deviations: &mut Deviations) {
    let mut paths: Vec<(String, String, String)> = Vec::new();
    api.for_each_operation(|facts, operation| {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut path = facts.path.clone();
        let objects = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten();
        for (parameter, object) in facts.parameters.iter_mut().zip(objects) {
            let plain = snake(&parameter.name);
            let argument = unique(&plain, |name| {
                BUILDER_METHODS.contains(&name)
                    || MOCK_METHODS.contains(&name)
                    || taken.contains(name)
            });
            if argument != plain {
                let place = format!("{} {}", facts.id, parameter.name);
                deviations.note(&PASS, place, format!("is the argument `{argument}`"));
            }
            taken.insert(argument.clone());
            if parameter.location == "path" {
                path = path.replace(
                    &format!("{{{}}}", parameter.name),
                    &format!("{{{argument}}}"),
                );
            }
            object["name"] = json!(argument);
            parameter.argument = argument;
        }
        paths.push((facts.path.clone(), facts.method.clone(), path));
    });
    // Operations of one path may have renamed its parameters differently: the template of each stands on the
    // operation, and the document for progenitor is assembled from it.
    for (path, method, renamed) in paths {
        api.document["paths"][&path][&method][PATH] = json!(renamed);
    }
}

/// Where an operation keeps its path template with the arguments' names.
pub const PATH: &str = "x-path";

/// Gives the component schemas their Rust names, and returns those.
fn components(api: &mut Api, deviations: &mut Deviations) -> BTreeSet<String> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    for name in api.schemas_mut().keys() {
        let plain = type_name(name);
        let rust = unique(&plain, |name| {
            PRELUDE.contains(&name) || taken.contains(name)
        });
        if rust != plain {
            deviations.note(&PASS, name, format!("is the type `{rust}`"));
        }
        taken.insert(rust.clone());
        names.insert(name.clone(), rust);
    }
    let schemas = std::mem::take(api.schemas_mut());
    *api.schemas_mut() = schemas
        .into_iter()
        .map(|(name, schema)| (names[&name].clone(), schema))
        .collect();
    if let Some(sensitive) = &mut api.sensitive {
        *sensitive = names[sensitive].clone();
    }
    let rename = &mut |schema: &mut Value| {
        // A reference in the document may spell the name as a JSON pointer does.
        let target = json::reference(schema)
            .and_then(visit::component)
            .map(|name| name.replace("~1", "/"));
        if let Some(rust) = target.and_then(|name| names.get(&name)) {
            schema["$ref"] = json!(format!("#/components/schemas/{rust}"));
        }
    };
    for schema in api.schemas_mut().values_mut() {
        visit::walk_mut(schema, rename);
    }
    api.for_each_operation(|_, operation| {
        for (_, schema) in visit::roots_mut(operation) {
            visit::walk_mut(schema, rename);
        }
    });
    taken
}

/// Moves inline objects and enums into the components.
fn inline_types(api: &mut Api, taken: &mut BTreeSet<String>) {
    let mut components = Components {
        schemas: std::mem::take(api.schemas_mut()),
        taken,
    };
    let names: Vec<String> = components.schemas.keys().cloned().collect();
    for name in names {
        let mut schema = components.schemas[&name].clone();
        components.lift_inner(&mut schema, &name);
        components.schemas.insert(name, schema);
    }
    let shared = shared_parameter_enums(api);
    api.for_each_operation(|facts, operation| {
        let operation_type = type_name(&facts.name);
        for (root, schema) in visit::roots_mut(operation) {
            let wanted = match &root {
                Root::Parameter(argument) if shared.contains(argument) => type_name(argument),
                Root::Parameter(argument) => format!("{operation_type}{}", type_name(argument)),
                Root::Body => format!("{operation_type}Body"),
                Root::Response => format!("{operation_type}Response"),
                Root::StatusResponse(status) => format!("{operation_type}Response{status}"),
            };
            components.lift_inner(schema, &wanted);
            let lift = visit::makes_type(schema)
                || (root.has_status() && visit::wrapped_reference(schema).is_none());
            if lift {
                components.lift(schema, &wanted, matches!(root, Root::Parameter(_)));
            }
        }
        if let Some(Value::Array(entries)) = operation.remove(BY_STATUS) {
            let entries = entries.iter().map(|entry| {
                let schema = &entry["schema"];
                let name = visit::wrapped_reference(schema).and_then(visit::component);
                StatusBody {
                    status: entry["status"].as_str().unwrap_or_default().to_owned(),
                    schema: name.map(str::to_owned),
                    nullable: schema["nullable"] == true,
                }
            });
            facts.success = Success::ByStatus(entries.collect());
        }
    });
    *api.schemas_mut() = components.schemas;
}

impl Root {
    /// The type of a response that is one of several by status is named by the enum of them, so it needs a name.
    fn has_status(&self) -> bool {
        matches!(self, Root::StatusResponse(_))
    }
}

struct Components<'a> {
    schemas: Map<String, Value>,
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
                        if visit::makes_type(schema) {
                            self.lift(schema, &name, false);
                        }
                    }
                }
                (key @ ("items" | "additionalProperties"), schema @ Value::Object(_)) => {
                    let name = format!("{name}{}", if key == "items" { "Item" } else { "Value" });
                    self.lift_inner(schema, &name);
                    if visit::makes_type(schema) {
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
        let same = |known: &Value| known.get("enum") == component.get("enum");
        let name = if share && self.schemas.get(wanted).is_some_and(same) {
            wanted.to_owned()
        } else {
            unique(wanted, |name| {
                PRELUDE.contains(&name) || self.taken.contains(name)
            })
        };
        let target = json!({ "$ref": format!("#/components/schemas/{name}") });
        *schema = if nullable {
            json!({ "allOf": [target], "nullable": true })
        } else {
            target
        };
        if self.taken.insert(name.clone()) {
            self.schemas.insert(name, component);
        }
    }
}

/// Parameters whose enum is the same wherever a parameter of that name has one: they share a type.
fn shared_parameter_enums(api: &mut Api) -> BTreeSet<String> {
    let mut enums: BTreeMap<String, Vec<Vec<Value>>> = BTreeMap::new();
    api.for_each_operation(|_, operation| {
        for (root, schema) in visit::roots_mut(operation) {
            let Root::Parameter(argument) = root else {
                continue;
            };
            let values = schema
                .as_object()
                .map(|schema| schema.list("enum").to_vec())
                .unwrap_or_default();
            let known = enums.entry(argument).or_default();
            if !values.is_empty() && !known.contains(&values) {
                known.push(values);
            }
        }
    });
    enums
        .into_iter()
        .filter(|(_, values)| values.len() == 1)
        .map(|(argument, _)| argument)
        .collect()
}

/// Renames the properties of a schema whose Rust names collide.
fn properties(api: &mut Api, deviations: &mut Deviations) {
    let mut renamed = Vec::new();
    for (schema_name, schema) in api.schemas_mut() {
        let Some(Value::Object(properties)) = schema.get_mut("properties") else {
            continue;
        };
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut result = Map::new();
        let mut wires: BTreeMap<String, String> = BTreeMap::new();
        for (wire, property) in std::mem::take(properties) {
            let plain = snake(&wire);
            let field = unique(&plain, |name| taken.contains(name));
            taken.insert(field.clone());
            if field == plain {
                result.insert(wire, property);
            } else {
                let place = format!("{schema_name}.{wire}");
                deviations.note(&PASS, place, format!("is the field `{field}`"));
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

/// The first of `name`, `name_2` (or `Name2`), … that is free.
fn unique(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let pascal = name.starts_with(char::is_uppercase);
    let numbered = |number: u32| {
        if pascal {
            format!("{name}{number}")
        } else {
            snake(&format!("{name}_{number}"))
        }
    };
    std::iter::once(name.to_owned())
        .chain((2..).map(numbered))
        .find(|candidate| !taken(candidate))
        .unwrap_or_else(|| name.to_owned())
}

/// The Rust name of a value: snake case, as progenitor makes it of the same text.
pub fn snake(text: &str) -> String {
    identifier(text, |text| text.to_snake_case(), "_", "x")
}

/// The Rust name of a type: Pascal case, as progenitor makes it of the same text.
pub fn type_name(text: &str) -> String {
    let name = identifier(text, |text| text.to_pascal_case(), "X", "X");
    // Progenitor puts the name through the same mill again: it must come out as it went in.
    let again = identifier(&name, |text| text.to_pascal_case(), "X", "X");
    if again == name {
        name
    } else {
        type_name(&again)
    }
}

fn identifier(text: &str, case: impl Fn(&str) -> String, prefix: &str, empty: &str) -> String {
    let words: String = text
        .replace('\'', "")
        .chars()
        .map(|c| {
            if unicode_ident::is_xid_continue(c) {
                c
            } else {
                '-'
            }
        })
        .collect();
    let name = match text {
        "+1" => case("plus1"),
        "-1" => case("minus1"),
        _ => case(&words),
    };
    let name = match name.chars().next() {
        None => empty.to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => name,
        Some(_) => format!("{prefix}{name}"),
    };
    if typify::accept_as_ident(&name) {
        name
    } else {
        format!("{name}_")
    }
}
