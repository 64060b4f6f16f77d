//! Overlays: what they change, what is stale, what is refused.

use openapi::{Document, overlay, render};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

fn apply(spec: Value, actions: Value) -> (Value, Vec<overlay::Applied>) {
    let mut document = Document::parse("spec.json", spec.to_string()).unwrap();
    let overlay =
        json!({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions});
    let overlay = Document::parse("overlay.json", overlay.to_string()).unwrap();
    let applied = overlay::apply(&mut document, &overlay).unwrap();
    (document.value().clone(), applied)
}

#[test]
fn updates_merge_objects_append_to_arrays_and_replace_the_rest() {
    let (value, applied) = apply(
        json!({"a": {"keep": 1, "replace": "old", "list": [1], "deep": {"x": 1}}, "tags": [{"name": "t"}]}),
        json!([
            {"target": "$.a", "update": {"replace": {"new": true}, "list": [2], "deep": {"y": 2}, "added": null}},
            {"target": "$.tags", "update": {"name": "u"}},
            {"target": "$.tags[*]", "description": "reason", "update": {"x-seen": true}},
        ]),
    );
    assert_eq!(
        value,
        json!({
            "a": {"keep": 1, "replace": {"new": true}, "list": [1, 2], "deep": {"x": 1, "y": 2}, "added": null},
            "tags": [{"name": "t", "x-seen": true}, {"name": "u", "x-seen": true}],
        })
    );
    assert_eq!(applied[2].pointers, ["/tags/0", "/tags/1"]);
    assert_eq!(
        (applied[2].matched, applied[2].description.as_str()),
        (2, "reason")
    );
}

#[test]
fn removal_takes_every_match_from_arrays_and_objects() {
    let items: Vec<Value> = (0..12)
        .map(|n| json!({"n": n, "gone": n % 2 == 0}))
        .collect();
    let (value, applied) = apply(
        json!({"items": items, "a": {"b": {"c": 1}}, "order": {"1": 1, "2": 2, "3": 3}}),
        json!([
            {"target": "$.items[?@.gone==true]", "remove": true, "update": {"ignored": 1}},
            // Nested matches: what contains another goes with it.
            {"target": "$.a..*", "remove": true},
            {"target": "$.order['2']", "remove": true},
        ]),
    );
    let left: Vec<i64> = value["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| i["n"].as_i64().unwrap())
        .collect();
    assert_eq!(left, [1, 3, 5, 7, 9, 11]);
    assert_eq!(value["a"], json!({}));
    let keys: Vec<&String> = value["order"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["1", "3"]);
    assert_eq!(
        applied[0].pointers,
        [
            "/items/0",
            "/items/2",
            "/items/4",
            "/items/6",
            "/items/8",
            "/items/10"
        ]
    );
}

#[test]
fn an_action_that_changes_nothing_is_stale() {
    let (_, applied) = apply(
        json!({"servers": [{"url": "u", "description": "Integration"}]}),
        json!([
            {"target": "$.servers[?@.url=='other']", "update": {"description": "x"}},
            {"target": "$.servers[0]", "update": {"description": "Integration"}},
            {"target": "$.servers[0]", "update": {"description": "Production"}},
        ]),
    );
    let stale: Vec<bool> = applied.iter().map(overlay::Applied::is_stale).collect();
    assert_eq!(stale, [true, true, false]);
    let messages: Vec<String> = overlay::stale(&applied)
        .into_iter()
        .map(|d| format!("{} {}", d.pointer, d.message))
        .collect();
    assert_eq!(
        messages,
        [
            "/actions/0/target this action selects nothing: the spec may have been corrected upstream",
            "/actions/1/target this action changes nothing: the spec may have been corrected upstream",
        ]
    );
}

#[test]
fn x_when_says_for_which_documents_an_action_is() {
    let secret = json!({"format": "password"});
    let (value, applied) = apply(
        json!({"tokens": {"type": "string"}, "done": {"format": "password"}}),
        json!([
            // Not for this document, whatever its target selects.
            {"target": "$.tokens", "x-when": "$.widgets", "update": {"format": "uri"}},
            {"target": "$.nothing", "x-when": "$..[?@.type=='integer']", "remove": true},
            // For this document: applies, selects nothing, changes nothing.
            {"target": "$.tokens", "x-when": "$[?@.type=='string']", "update": secret},
            {"target": "$.gone", "x-when": "$.tokens", "update": secret},
            {"target": "$.done", "x-when": "$.done", "update": secret},
        ]),
    );
    assert_eq!(
        value,
        json!({"tokens": {"type": "string", "format": "password"}, "done": {"format": "password"}})
    );
    let applies: Vec<bool> = applied.iter().map(|action| action.applies).collect();
    assert_eq!(applies, [false, false, true, true, true]);
    let stale: Vec<String> = overlay::stale(&applied)
        .into_iter()
        .map(|finding| format!("{} {}", finding.pointer, finding.message))
        .collect();
    assert_eq!(
        stale,
        [
            "/actions/3/target this action selects nothing: the spec may have been corrected upstream",
            "/actions/4/target this action changes nothing: the spec may have been corrected upstream",
        ]
    );
}

#[test]
fn x_when_sees_what_earlier_actions_did() {
    let (value, applied) = apply(
        json!({"a": {}, "b": {}}),
        json!([
            {"target": "$.a", "x-when": "$.a.late", "update": {"seen": "before"}},
            {"target": "$.a", "update": {"late": true}},
            {"target": "$.a", "x-when": "$.a.late", "update": {"seen": "after"}},
            {"target": "$.b", "remove": true},
            {"target": "$.a", "x-when": "$.b", "remove": true},
        ]),
    );
    assert_eq!(value, json!({"a": {"late": true, "seen": "after"}}));
    assert!(!applied[0].applies && !applied[4].applies);
}

/// Any JSON whose keys are few, so that paths find something.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..9).prop_map(Value::from),
        "[a-c~/]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-c~/]{1,2}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// An object or array, to which updates of any kind can be made.
fn any_document() -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[a-c]", any_json(), 1..4)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
}

fn any_action() -> impl Strategy<Value = Value> {
    let target = prop_oneof![
        Just("$"),
        Just("$..*"),
        Just("$.a"),
        Just("$.none"),
        Just("$..[?@.b]")
    ];
    (target, any_json(), any::<bool>()).prop_map(|(target, update, remove)| match remove {
        true => json!({"target": target, "remove": true}),
        false => json!({"target": target, "update": update}),
    })
}

proptest! {
    #[test]
    fn an_action_whose_x_when_matches_nothing_changes_nothing(
        document in any_document(),
        action in any_action(),
        when in prop::sample::select(vec!["$.none", "$..none", "$[?@.a == 'long text']", "$.a.b.c.d.e.f.g"]),
    ) {
        let mut action = action;
        action["x-when"] = json!(when);
        let (value, applied) = apply(document.clone(), json!([action]));
        prop_assert_eq!(value, document);
        prop_assert!(!applied[0].applies && !applied[0].is_stale());
        prop_assert_eq!((applied[0].matched, &applied[0].pointers), (0, &Vec::new()));
        prop_assert_eq!(overlay::stale(&applied), []);
    }

    #[test]
    fn an_action_whose_x_when_matches_is_as_without_it(document in any_document(), action in any_action()) {
        let try_to = |action: &Value| {
            let mut document = Document::parse("spec.json", document.to_string()).unwrap();
            let overlay = json!({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": [action]});
            let overlay = Document::parse("overlay.json", overlay.to_string()).unwrap();
            let applied = overlay::apply(&mut document, &overlay);
            (applied, document.value().clone())
        };
        let mut conditional = action.clone();
        conditional["x-when"] = json!("$");
        prop_assert_eq!(try_to(&conditional), try_to(&action));
    }
}

#[test]
fn what_is_wrong_with_an_overlay_points_into_the_overlay() {
    let head = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n";
    let cases = [
        "title: no overlay\n".to_owned(),
        "overlay: 1.1.0\ninfo: {title: t}\nactions: []\n".to_owned(),
        format!("{head}  - target: $.paths[?@.x=]\n    update: {{}}\n"),
        format!("{head}  - update: {{}}\n  - target: $.a\n  - target: $.a\n    remove: 'yes'\n"),
        format!("{head}  - target: $.a\n    updates: {{}}\n  - 7\n"),
        format!("{head}  - target: $.info.title\n    update: new\n"),
        format!("{head}  - target: $.info\n    update: new\n"),
        format!("{head}  - target: $\n    remove: true\n"),
        format!("{head}  - target: $.info\n    update: {{}}\n    x-when: $.paths[\n"),
        format!("{head}  - target: $.info\n    update: {{}}\n    x-when: paths\n"),
        format!(
            "{head}  - target: $.info\n    update: {{}}\n    x-when: [$.paths]\n  - target: $\n    x-when:\n    remove: true\n"
        ),
        // Its own fault counts only where it applies.
        format!("{head}  - target: $.info\n    update: new\n    x-when: $.info\n"),
    ];
    let mut report = String::new();
    for text in cases {
        let mut document = Document::parse("spec.yaml", "info: {title: t}\n").unwrap();
        let overlay = Document::parse("overlay.yaml", text).unwrap();
        let problems = overlay::apply(&mut document, &overlay).unwrap_err();
        writeln!(report, "{}", render(&problems, &overlay, false)).unwrap();
        assert_eq!(
            *document.value(),
            json!({"info": {"title": "t"}}),
            "changed in spite of an error"
        );
    }
    insta::assert_snapshot!(report);
}

/// The corrections of this repository, on the specs of this repository.
#[test]
fn our_overlays_apply_and_nothing_in_them_is_stale() {
    let mut report = String::new();
    for api in ["platform", "nexus"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../specs")
            .join(api);
        let mut document = Document::read(&folder.join("openapi.yaml")).unwrap();
        let overlay = Document::read(&folder.join("overlay.yaml")).unwrap();
        openapi::infer::infer_schemas(document.value_mut());
        let applied = overlay::apply(&mut document, &overlay).unwrap();
        assert_eq!(overlay::stale(&applied), []);
        for action in &applied {
            assert!(
                !action.description.is_empty(),
                "a correction without its reason"
            );
            if !action.applies {
                continue;
            }
            writeln!(report, "{api} {}", action.target).unwrap();
            for pointer in &action.pointers {
                writeln!(
                    report,
                    "  {pointer}: {}",
                    document.value().pointer(pointer).unwrap()
                )
                .unwrap();
            }
        }
        let again = overlay::apply(&mut document, &overlay).unwrap();
        assert!(
            again.iter().all(|action| action.pointers.is_empty()),
            "a correction that can be made twice"
        );
    }
    insta::assert_snapshot!(report);
}
