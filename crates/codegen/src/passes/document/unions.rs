//! `oneOf` and `anyOf` as types.
//!
//! Progenitor panics on many choices between schemas, and fails a response whose tag it does not know. Here a choice of
//! strings is a string enum, one of numbers a number, one of objects that a property tells apart an enum of types by
//! that property, and one of types that JSON tells apart an enum of those. Such an enum is on its way an object with a
//! property for each variant, marked as a union; the pass Enums of types writes it. Any other choice is left to the
//! pass Shapes of schemas.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::shapes_of_schemas::{merge, type_of};
use crate::api::Api;
use crate::deviations::Notes;
use crate::json::Object as _;
use crate::markdown::code;
use crate::names::{snake, unique};
use crate::schemas::{Schemas, UNION, follow, reference, walk_mut};

/// How deep choices inside choices are followed.
const DEPTH: usize = 8;

/// Runs the pass.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let published = api.schemas.clone();
    for (name, schema) in &published {
        let more = extensions(name, schema, &published);
        if !more.is_empty() {
            let more: Vec<String> = more.iter().map(|name| code(name)).collect();
            notes.add(
                name,
                format!(
                    "has a `discriminator` and no `oneOf`: it is read and sent without the properties of {}; a `oneOf` of \
                     them, in an overlay, makes an enum of types",
                    more.join(", ")
                ),
            );
        }
    }
    api.for_each_schema(|place, _, schema| {
        walk_mut(schema, &mut |schema| {
            if let Some((shape, what)) = union(schema, &published) {
                *schema = shape;
                notes.add(place, what);
            }
        });
    });
}

/// The schemas that a value of this schema can be, as its `discriminator` says without a `oneOf`: those that its mapping
/// names, and those that extend it by `allOf`.
fn extensions<'a>(name: &str, schema: &Value, published: &'a Schemas) -> Vec<&'a str> {
    let Some(object) = schema.as_object() else {
        return Vec::new();
    };
    let Some(discriminator) = object.get("discriminator") else {
        return Vec::new();
    };
    if object.contains_key("oneOf") || object.contains_key("anyOf") {
        return Vec::new();
    }
    let mapped: BTreeSet<String> = discriminator["mapping"]
        .as_object()
        .into_iter()
        .flat_map(Map::values)
        .filter_map(|target| target.as_str().map(component))
        .collect();
    let extends = |schema: &Value| extends(schema, name, published, DEPTH);
    published
        .iter()
        .filter(|(other, schema)| *other != name && (mapped.contains(*other) || extends(schema)))
        .map(|(other, _)| other.as_str())
        .collect()
}

/// Whether a schema consists of the component of a name, through any number of `allOf`.
fn extends(schema: &Value, name: &str, published: &Schemas, depth: usize) -> bool {
    let parts = schema
        .as_object()
        .map_or(&[][..], |schema| schema.list("allOf"));
    parts.iter().any(|part| match reference(part) {
        Some(target) if target == name => true,
        Some(target) => published
            .get(&target)
            .is_some_and(|schema| depth > 0 && extends(schema, name, published, depth - 1)),
        None => depth > 0 && extends(part, name, published, depth - 1),
    })
}

/// The component that a mapping names, by a reference or by its name alone.
fn component(target: &str) -> String {
    reference(&json!({ "$ref": target })).unwrap_or_else(|| target.to_owned())
}

/// A choice, taken apart.
struct Choice {
    /// What is said of the value beside the choice.
    base: Option<Map<String, Value>>,
    alternatives: Vec<Value>,
    discriminator: Option<Value>,
    /// `description` and whether null is allowed.
    outside: Map<String, Value>,
}

/// What a choice becomes, and the note that says so; `None` if the schema is not a choice, or remains one.
fn union(schema: &Value, published: &Schemas) -> Option<(Value, &'static str)> {
    let mut choice = take_apart(schema.as_object()?, published)?;
    let count = choice.alternatives.len();
    choice
        .alternatives
        .retain(|alternative| !is_null(alternative, published));
    if choice.alternatives.len() < count {
        choice.outside.insert("nullable".into(), json!(true));
    }
    let only_constrain = |alternative: &Value| {
        let words = ["required", "not", "description", "title"];
        let keys = alternative.as_object();
        keys.is_some_and(|keys| keys.keys().all(|key| words.contains(&key.as_str())))
    };
    if let Some(base) = &choice.base
        && choice.alternatives.iter().all(only_constrain)
    {
        let shape = with(Value::Object(base.clone()), &choice.outside);
        return Some((shape, "which properties go together is left to the server"));
    }
    let base = choice.base.take();
    if let ([only], None) = (choice.alternatives.as_slice(), &base) {
        let shape = with(json!({ "allOf": [only] }), &choice.outside);
        let what = "a choice of null and one schema is an `Option`";
        return (count > 1).then_some((shape, what));
    }
    let mut alternatives = Vec::new();
    for alternative in &choice.alternatives {
        expand(alternative, published, DEPTH, &mut alternatives);
    }
    if let Some(base) = &base {
        for alternative in &mut alternatives {
            *alternative = json!({ "allOf": [base, alternative] });
        }
    }
    let shape = of_kinds(&alternatives, choice.discriminator.as_ref(), published)?;
    let what = match (shape.get(UNION), shape.get("enum")) {
        (Some(union), _) if union["tag"].is_string() => {
            "a choice that a property tells apart is an enum of types"
        }
        (Some(_), _) => "a choice that JSON's types tell apart is an enum of types",
        (None, Some(_)) => "a choice of enums is one enum",
        (None, None) => "a choice of formats is their common type",
    };
    Some((with(shape, &choice.outside), what))
}

fn with(mut shape: Value, outside: &Map<String, Value>) -> Value {
    for (key, value) in outside {
        shape[key] = value.clone();
    }
    shape
}

/// The choice of a schema: its own, or that of one part of its `allOf`.
fn take_apart(schema: &Map<String, Value>, published: &Schemas) -> Option<Choice> {
    let list = |schema: &Map<String, Value>| match (schema.list("oneOf"), schema.list("anyOf")) {
        (list, []) | ([], list) if !list.is_empty() => Some(list.to_vec()),
        _ => None,
    };
    let mut outside = schema.clone();
    outside.retain(|key, _| {
        ["description", "nullable", "readOnly", "writeOnly"].contains(&key.as_str())
    });
    let mut base = schema.clone();
    let about_the_value =
        |key: &str| ["properties", "required", "additionalProperties", "allOf"].contains(&key);
    base.retain(|key, _| about_the_value(key));
    let mut discriminator = schema.get("discriminator").cloned();
    let alternatives = match list(schema) {
        Some(alternatives) => alternatives,
        None => {
            // The only reference of an `allOf` stays one.
            let parts = schema.list("allOf");
            if schema.contains_key("oneOf")
                || (parts.len() < 2 && !schema.contains_key("properties"))
            {
                return None;
            }
            let choice = |part: &Value| {
                let part = follow(published, part)?.as_object()?;
                let plain = !part.keys().any(|key| about_the_value(key));
                let alternatives = list(part)?;
                (plain && alternatives.len() > 1)
                    .then(|| (alternatives, part.get("discriminator").cloned()))
            };
            let mut choices = parts
                .iter()
                .enumerate()
                .filter_map(|(place, part)| Some((place, choice(part)?)));
            let (place, (alternatives, of_part)) = choices.next()?;
            if choices.next().is_some() {
                return None;
            }
            let mut rest = parts.to_vec();
            rest.remove(place);
            base.insert("allOf".into(), Value::Array(rest));
            discriminator = discriminator.or(of_part);
            alternatives
        }
    };
    let says_something = base.contains_key("properties") || !base.list("allOf").is_empty();
    Some(Choice {
        base: says_something.then_some(base),
        alternatives,
        discriminator,
        outside,
    })
}

fn is_null(schema: &Value, published: &Schemas) -> bool {
    let target = follow(published, schema);
    target.is_some_and(|schema| schema.get("enum") == Some(&json!([null])))
}

/// The alternatives of a choice, those of choices among them in their place.
fn expand(alternative: &Value, published: &Schemas, depth: usize, list: &mut Vec<Value>) {
    let inner = follow(published, alternative).and_then(Value::as_object);
    let choice = inner
        .filter(|inner| !inner.contains_key("discriminator") && !inner.flag("nullable"))
        .and_then(|inner| take_apart(inner, published))
        .filter(|choice| choice.base.is_none() && depth > 0);
    match choice {
        Some(choice) => {
            for inner in &choice.alternatives {
                expand(inner, published, depth - 1, list);
            }
        }
        None if !list.contains(alternative) => list.push(alternative.clone()),
        None => {}
    }
}

/// A schema with everything that it consists of.
fn resolved(schema: &Value, published: &Schemas) -> Option<Map<String, Value>> {
    let schema = follow(published, schema)?.as_object()?;
    match schema.contains_key("allOf") {
        true => Some(merge(schema, published, 0, &mut Vec::new())),
        false => Some(schema.clone()),
    }
}

/// The alternatives of one kind of JSON value.
struct Kind {
    name: &'static str,
    /// Each as it stands, and with all that it consists of.
    members: Vec<(Value, Map<String, Value>)>,
}

fn of_kinds(
    alternatives: &[Value],
    discriminator: Option<&Value>,
    published: &Schemas,
) -> Option<Value> {
    let mut kinds: Vec<Kind> = Vec::new();
    for alternative in alternatives {
        let resolved = resolved(alternative, published)?;
        if resolved.contains_key("oneOf") || resolved.contains_key("anyOf") {
            return None;
        }
        let name = match type_of(&resolved)? {
            "string" => "string",
            "integer" => "integer",
            "number" => "number",
            "boolean" => "boolean",
            "array" => "list",
            _ => "object",
        };
        let member = (alternative.clone(), resolved);
        match kinds.iter_mut().find(|kind| kind.name == name) {
            Some(kind) => kind.members.push(member),
            None => kinds.push(Kind {
                name,
                members: vec![member],
            }),
        }
    }
    // Every integer is a number.
    if let Some(integers) = kinds.iter().position(|kind| kind.name == "integer")
        && kinds.iter().any(|kind| kind.name == "number")
    {
        let integers = kinds.remove(integers);
        let numbers = kinds.iter_mut().find(|kind| kind.name == "number")?;
        numbers.members.extend(integers.members);
    }
    if let [only] = kinds.as_slice() {
        return match only.name {
            "object" => tagged(&only.members, discriminator, published),
            _ => Some(common(only)),
        };
    }
    let mut variants = Map::new();
    let mut list = Vec::new();
    for kind in &kinds {
        let (plain, schema) = match kind.members.as_slice() {
            [(alternative, _)] => (reference(alternative), alternative.clone()),
            members if kind.name == "object" => {
                let tagged = tagged(members, discriminator, published);
                (None, tagged.unwrap_or_else(|| json!({ "type": "object" })))
            }
            _ => (None, common(kind)),
        };
        let plain = plain.map_or_else(|| kind.name.to_owned(), |name| snake(&name));
        let name = unique(&plain, |name| {
            name == "unknown_value" || variants.contains_key(name)
        });
        list.push(json!({ "property": name, "values": [kind.name] }));
        variants.insert(name, schema);
    }
    Some(marked(variants, Value::Null, list))
}

/// What values of one kind have in common; not for objects.
fn common(kind: &Kind) -> Value {
    let all = || kind.members.iter().map(|(_, resolved)| resolved);
    match kind.name {
        "string" if all().all(|member| !member.list("enum").is_empty()) => {
            let mut values: Vec<Value> = Vec::new();
            for value in all().flat_map(|member| member.list("enum")) {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
            json!({ "type": "string", "enum": values })
        }
        "string" if all().any(|member| member.str("format") == Some("password")) => {
            json!({ "type": "string", "format": "password" })
        }
        "integer" if all().all(|member| member.str("format") == Some("uint64")) => {
            json!({ "type": "integer", "format": "uint64" })
        }
        "list" => {
            let mut items: Vec<Value> = Vec::new();
            for member in all() {
                let item = member.get("items").cloned().unwrap_or_else(|| json!({}));
                if !items.contains(&item) {
                    items.push(item);
                }
            }
            match items.as_slice() {
                [only] => json!({ "type": "array", "items": only }),
                _ => json!({ "type": "array", "items": { "anyOf": items } }),
            }
        }
        name => json!({ "type": name }),
    }
}

/// An enum of objects that a property tells apart.
fn tagged(
    members: &[(Value, Map<String, Value>)],
    discriminator: Option<&Value>,
    published: &Schemas,
) -> Option<Value> {
    let named = discriminator.and_then(|discriminator| discriminator["propertyName"].as_str());
    let (tag, tags) = match named {
        Some(name) => (
            name.to_owned(),
            tags(members, name, discriminator, published)?,
        ),
        None => {
            let (_, first) = members.first()?;
            let names = first.map("properties")?.keys();
            names
                .filter_map(|name| Some((name.clone(), tags(members, name, None, published)?)))
                .next()?
        }
    };
    let mut variants = Map::new();
    let mut list = Vec::new();
    for ((alternative, _), values) in members.iter().zip(tags) {
        let plain = snake(values.first()?);
        let name = unique(&plain, |name| {
            name == "unknown_value" || variants.contains_key(name)
        });
        list.push(json!({ "property": name, "values": values }));
        variants.insert(name, alternative.clone());
    }
    Some(marked(variants, json!(tag), list))
}

/// The values of a property that stand for each alternative; `None` if it does not tell them apart.
fn tags(
    members: &[(Value, Map<String, Value>)],
    property: &str,
    discriminator: Option<&Value>,
    published: &Schemas,
) -> Option<Vec<Vec<String>>> {
    let mapping = discriminator.and_then(|discriminator| discriminator["mapping"].as_object());
    let mut taken = BTreeSet::new();
    let mut all = Vec::new();
    for (alternative, resolved) in members {
        let schema = resolved.map("properties")?.get(property)?;
        let component = reference(alternative);
        let mut values: Vec<String> = Vec::new();
        if let Some(component) = &component {
            let leads_here = |target: &Value| {
                let named = target.as_str().map(self::component);
                named.as_ref() == Some(component)
            };
            let mapping = mapping.into_iter().flatten();
            let mapped = mapping.filter(|(_, target)| leads_here(target));
            values.extend(mapped.map(|(value, _)| value.clone()));
        }
        if values.is_empty() {
            let schema = self::resolved(schema, published)?;
            let texts = schema.list("enum").iter().filter_map(Value::as_str);
            values.extend(texts.map(str::to_owned));
        }
        if values.is_empty() && discriminator.is_some() {
            values.extend(component);
        }
        if values.is_empty() || !values.iter().all(|value| taken.insert(value.clone())) {
            return None;
        }
        all.push(values);
    }
    Some(all)
}

/// The object that carries a union through progenitor.
fn marked(variants: Map<String, Value>, tag: Value, list: Vec<Value>) -> Value {
    let names: Vec<&String> = variants.keys().collect();
    json!({
        "type": "object",
        "required": names,
        "properties": variants,
        UNION: { "tag": tag, "variants": list },
    })
}
