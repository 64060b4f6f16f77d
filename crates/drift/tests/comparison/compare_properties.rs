//! What holds for any two specs that are compared.

use drift::compare::{Report, compare};
use openapi::{Document, pointer};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::LazyLock;

static SPECS: LazyLock<Vec<Value>> = LazyLock::new(|| {
    let small = Document::parse("small.yaml", include_str!("compare/small.yaml")).unwrap();
    let ours = ["platform", "nexus"].map(|api| {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../specs/{api}/openapi.yaml"));
        Document::read(&path).unwrap()
    });
    [small]
        .into_iter()
        .chain(ours)
        .map(|document| document.value().clone())
        .collect()
});

fn report(old: &Value, new: &Value) -> Report {
    // Without a text: reading it takes longer than comparing, and lines do not count here.
    let document = |name, value: &Value| {
        let mut document = Document::parse(name, "{}").unwrap();
        *document.value_mut() = value.clone();
        document
    };
    compare(&document("old", old), &document("new", new))
}

/// All pointers into a value, the root left out.
fn pointers(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::new(), value)];
    while let Some((at, node)) = waiting.pop() {
        let children: Vec<(String, &Value)> = match node {
            Value::Object(members) => members
                .iter()
                .map(|(key, node)| (pointer::join(&at, key), node))
                .collect(),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, node)| (format!("{at}/{index}"), node))
                .collect(),
            _ => Vec::new(),
        };
        found.extend(children.iter().map(|(at, _)| at.clone()));
        waiting.extend(children);
    }
    found.sort();
    found
}

#[derive(Clone, Copy, Debug)]
enum Mutation {
    /// The node is taken out.
    Remove,
    /// A scalar becomes another of its type.
    Change,
    /// Its key gets another name.
    Rename,
}

/// The spec with one node changed; `None` where the mutation does not apply.
fn mutated(spec: &Value, at: &str, mutation: Mutation) -> Option<Value> {
    let mut spec = spec.clone();
    let (parent, name) = pointer::split_last(at)?;
    match mutation {
        Mutation::Change => {
            let node = spec.pointer_mut(at)?;
            *node = match node {
                Value::Bool(on) => json!(!*on),
                Value::Number(number) => json!(number.as_f64()? as i64 + 1),
                Value::String(text) => json!(format!("{text}x")),
                _ => return None,
            };
        }
        Mutation::Remove => match spec.pointer_mut(parent)? {
            Value::Object(members) => drop(members.shift_remove(&*name)),
            Value::Array(items) => drop(items.remove(name.parse().ok()?)),
            _ => return None,
        },
        Mutation::Rename => {
            let members = spec.pointer_mut(parent)?.as_object_mut()?;
            let node = members.shift_remove(&*name)?;
            members.insert(format!("{name}x"), node);
        }
    }
    Some(spec)
}

/// A mutation that says the same in another way.
fn says_the_same(spec: &Value, at: &str, mutation: Mutation) -> bool {
    let Some((parent, name)) = pointer::split_last(at) else {
        return false;
    };
    let node = spec.pointer(at);
    // Off is what a flag is when it is not there.
    let off =
        node == Some(&json!(false)) && !matches!(mutation, Mutation::Change) && name == "required";
    // A parameter in the path is required, whatever is written.
    let in_path = name == "required"
        && spec
            .pointer(parent)
            .is_some_and(|parameter| parameter["in"] == "path");
    // What one part of an `allOf` says need not be said by another.
    let said_elsewhere =
        matches!(mutation, Mutation::Remove) && name == "type" && parent.contains("/allOf/");
    off || in_path || said_elsewhere
}

/// Every change of one node is reported, since every node of these specs is in use: for the wire,
/// for the generated code, or for its documentation.
#[test]
fn every_mutation_of_one_node_is_reported() {
    reports_mutations(16);
}

#[test]
#[ignore = "takes long; `cargo xtask ci` runs it"]
fn every_mutation_of_one_node_is_reported_thoroughly() {
    reports_mutations(1);
}

/// Changes one in so many nodes.
fn reports_mutations(one_in: usize) {
    let mut missed = Vec::new();
    let mut tried = 0;
    for spec in SPECS.iter() {
        for at in pointers(spec).into_iter().step_by(one_in) {
            for mutation in [Mutation::Remove, Mutation::Change, Mutation::Rename] {
                let Some(mutant) = mutated(spec, &at, mutation) else {
                    continue;
                };
                tried += 1;
                if report(spec, &mutant).changes.is_empty() && !says_the_same(spec, &at, mutation) {
                    missed.push(format!("{mutation:?} {at}"));
                }
            }
        }
    }
    assert!(tried > 1000 / one_in, "only {tried} mutations");
    assert!(
        missed.is_empty(),
        "{} of {tried} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

/// Lists whose order carries nothing.
const UNORDERED: [&str; 8] = [
    "parameters",
    "required",
    "enum",
    "tags",
    "oneOf",
    "allOf",
    "servers",
    "security",
];

fn reordered(value: &Value, seed: u64) -> Value {
    let rank = |key: &str| {
        let mut hasher = DefaultHasher::new();
        (seed, key).hash(&mut hasher);
        hasher.finish()
    };
    match value {
        Value::Object(members) => {
            let mut entries: Vec<(&String, Value)> = members
                .iter()
                .map(|(key, member)| {
                    let mut member = reordered(member, seed);
                    if let Value::Array(items) = &mut member
                        && UNORDERED.contains(&key.as_str())
                    {
                        items.sort_by_cached_key(|item| rank(&item.to_string()));
                    }
                    (key, member)
                })
                .collect();
            entries.sort_by_cached_key(|(key, _)| rank(key));
            Value::Object(
                entries
                    .into_iter()
                    .map(|(key, member)| (key.clone(), member))
                    .collect::<Map<_, _>>(),
            )
        }
        Value::Array(items) => items.iter().map(|item| reordered(item, seed)).collect(),
        other => other.clone(),
    }
}

/// Where changes are, on both sides.
fn places(report: &Report, backwards: bool) -> Vec<[Option<String>; 2]> {
    let mut places: Vec<[Option<String>; 2]> = report
        .changes
        .iter()
        .map(|change| {
            let sides = [&change.old, &change.new]
                .map(|side| side.as_ref().map(|side| side.pointer.clone()));
            let [old, new] = sides;
            if backwards { [new, old] } else { [old, new] }
        })
        .collect();
    places.sort();
    places
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        Just(Mutation::Remove),
        Just(Mutation::Change),
        Just(Mutation::Rename)
    ]
}

/// A chain of references that a walk on the stack would not survive, and a circle at its end.
#[test]
fn references_may_lead_as_deep_as_they_like() {
    const LINKS: usize = 5_000;
    let chain = |last: &str| {
        let mut spec = SPECS[0].clone();
        let schemas = spec["components"]["schemas"].as_object_mut().unwrap();
        for link in 0..LINKS {
            let next = format!("#/components/schemas/Link{}", (link + 1) % LINKS);
            let mut schema = json!({"properties": {"next": {"$ref": next}}});
            if link == LINKS - 1 {
                schema["properties"][last] = json!({"type": "string"});
            }
            schemas.insert(format!("Link{link}"), schema);
        }
        schemas["User"]["properties"]["link"] = json!({"$ref": "#/components/schemas/Link0"});
        spec
    };
    let found = report(&chain("before"), &chain("after"));
    let found_in: Vec<(&str, usize)> = found
        .changes
        .iter()
        .map(|change| (change.message.as_str(), change.operations.len()))
        .collect();
    assert_eq!(
        found_in,
        [
            ("schema `Link4999`, property `before`: removed", 3),
            ("schema `Link4999`, property `after`: added", 3),
        ]
    );
}

fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i16>().prop_map(Value::from),
        "[a-z/#$]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map(
                prop_oneof![
                    Just("$ref".to_owned()),
                    Just("type".to_owned()),
                    Just("allOf".to_owned()),
                    Just("properties".to_owned()),
                    "[a-z]{1,4}"
                ],
                inner,
                0..3,
            )
            .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn nonsense_is_compared_without_a_panic(
        index in 0..3_usize,
        picks in prop::collection::vec((any::<prop::sample::Index>(), anything()), 1..4),
    ) {
        let mut mutant = SPECS[index].clone();
        for (pick, value) in picks {
            let pointers = pointers(&mutant);
            if let Some(node) = mutant.pointer_mut(pick.get::<String>(&pointers)) {
                *node = value;
            }
        }
        let found = report(&SPECS[index], &mutant);
        found.text(true);
        found.markdown();
        report(&mutant, &SPECS[index]);
    }

    #[test]
    fn order_is_no_change(index in 0..3_usize, seed: u64) {
        let spec = &SPECS[index];
        let found = report(spec, &reordered(spec, seed));
        prop_assert!(found.changes.is_empty(), "{}", found.text(false));
    }

    #[test]
    fn backwards_the_same_places_change(
        index in 0..3_usize,
        picks in prop::collection::vec((any::<prop::sample::Index>(), mutation()), 1..4),
    ) {
        let spec = &SPECS[index];
        let mut mutant = spec.clone();
        for (pick, mutation) in picks {
            let pointers = pointers(&mutant);
            if let Some(next) = mutated(&mutant, pick.get::<String>(&pointers), mutation) {
                mutant = next;
            }
        }
        let (there, back) = (report(spec, &mutant), report(&mutant, spec));
        prop_assert_eq!(
            places(&there, false), places(&back, true),
            "there: {}\nback: {}", there.text(false), back.text(false)
        );
    }
}
