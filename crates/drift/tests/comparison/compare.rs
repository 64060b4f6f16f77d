//! What a change is called, where it is, and what it does to callers.

use drift::compare::{Class, Report, RustEffect, compare};
use drift::rust;
use openapi::Document;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// A small spec with something of everything.
const SMALL: &str = include_str!("compare/small.yaml");

fn document(name: &str, text: &str) -> Document {
    Document::parse(name, text).unwrap()
}

fn of(value: &Value) -> Document {
    document("new", &value.to_string())
}

fn ours(api: &str) -> Document {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../specs/{api}/openapi.yaml"));
    Document::read_as(&path, api).unwrap()
}

/// A change to a spec: by an overlay, which is how one writes such a thing down.
fn changed(spec: &Document, actions: Value) -> Document {
    let mut document = spec.clone();
    let overlay =
        json!({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions});
    let overlay = document_of_overlay(&overlay);
    let applied = openapi::overlay::apply(&mut document, &overlay).unwrap();
    assert_eq!(
        openapi::overlay::stale(&applied),
        [],
        "a change that changes nothing: {actions}"
    );
    of(document.value())
}

fn document_of_overlay(overlay: &Value) -> Document {
    document("overlay", &overlay.to_string())
}

/// A report in lines: class, what breaks, message, number of operations.
fn lines(report: &Report) -> String {
    let mut lines = String::new();
    for change in &report.changes {
        let breaks = match (change.wire, change.rust) {
            (true, true) => " (wire, Rust)",
            (true, false) => " (wire)",
            (false, true) => " (Rust)",
            (false, false) => "",
        };
        writeln!(
            lines,
            "{}{breaks}: {}\n    {} [{}]",
            change.class,
            change.message,
            change.pointer,
            change.operations.join(", ")
        )
        .unwrap();
    }
    lines
}

/// Each row of `compare/changes.yaml` forwards and backwards. A row names a change, the class that
/// it must have, and its class backwards.
#[test]
fn the_table_of_changes() {
    let table = document("changes.yaml", include_str!("compare/changes.yaml"));
    let rows = table.value().as_array().unwrap();
    let small = document("small.yaml", SMALL);
    let (platform, nexus) = (ours("platform"), ours("nexus"));
    let mut shown = String::new();
    let mut wrong = String::new();
    for row in rows {
        let name = row["change"].as_str().unwrap();
        let base = match row["spec"].as_str() {
            Some("platform") => &platform,
            Some("nexus") => &nexus,
            _ => &small,
        };
        let base = match row.get("before") {
            Some(before) => changed(base, before.clone()),
            None => base.clone(),
        };
        let new = changed(&base, row["actions"].clone());
        writeln!(shown, "## {name}").unwrap();
        for (way, report) in [("is", compare(&base, &new)), ("back", compare(&new, &base))] {
            let verdict = report
                .verdict()
                .map_or("none".to_owned(), |class| class.to_string());
            let expected = row[way].as_str().unwrap();
            let breaks = match &report.changes.first() {
                Some(change) if change.class == Class::Breaking => {
                    format!(
                        "{}{}",
                        if change.wire { " wire" } else { "" },
                        if change.rust { " rust" } else { "" }
                    )
                }
                _ => String::new(),
            };
            let found = format!("{verdict}{breaks}");
            if found != expected {
                writeln!(
                    wrong,
                    "{name}, {way}: expected {expected}, found {found}\n{}",
                    lines(&report)
                )
                .unwrap();
            }
            write!(shown, "{}", lines(&report)).unwrap();
        }
        writeln!(shown).unwrap();
    }
    assert!(rows.len() >= 60, "{} rows", rows.len());
    assert!(wrong.is_empty(), "{wrong}");
    insta::assert_snapshot!(shown);
}

/// One edit of something shared is one change, however many operations it reaches.
#[test]
fn a_shared_part_is_one_change_that_counts_its_operations() {
    let mut spec = document("small.yaml", SMALL);
    let paths = spec.value_mut()["paths"].as_object_mut().unwrap();
    let template = paths["/users/{user_guid}"].clone();
    for number in 0..100 {
        let mut item = template.clone();
        item["get"]["operationId"] = json!(format!("readUser{number}"));
        item.as_object_mut()
            .unwrap()
            .retain(|key, _| key == "get" || key == "parameters");
        paths.insert(format!("/copies/{number}/{{user_guid}}"), item);
    }
    let old = of(spec.value());
    let new = changed(
        &old,
        json!([
            {"target": "$.components.parameters.userGuid.schema", "update": {"pattern": "^USR-"}},
            {"target": "$.components.schemas.User.properties.email", "update": {"nullable": true}},
        ]),
    );
    let report = compare(&old, &new);
    let counted: Vec<(&str, usize)> = report
        .changes
        .iter()
        .map(|change| (change.message.as_str(), change.operations.len()))
        .collect();
    assert_eq!(
        counted,
        [
            ("path parameter `user_guid`: pattern `^USR-` added", 102),
            ("schema `User`, property `email`: may now be `null`", 103),
        ]
    );
}

#[test]
fn lines_are_those_of_each_document() {
    let old = document("old.yaml", SMALL);
    let new = document(
        "new.yaml",
        &format!(
            "# moved down\n\n{}",
            SMALL.replace("maxLength: 40", "maxLength: 30")
        ),
    );
    let report = compare(&old, &new);
    let line =
        |text: &str, what: &str| text.lines().position(|line| line.contains(what)).unwrap() + 1;
    let [change] = &report.changes[..] else {
        panic!("{}", lines(&report))
    };
    assert_eq!(
        change.old.as_ref().unwrap().line,
        line(SMALL, "maxLength: 40")
    );
    assert_eq!(
        change.new.as_ref().unwrap().line,
        line(SMALL, "maxLength: 40") + 2
    );
    assert_eq!(change.old.as_ref().unwrap().value, json!(40));
    assert_eq!(change.new.as_ref().unwrap().value, json!(30));
}

#[test]
fn what_an_inferred_schema_says_is_shown_in_the_example() {
    let old = ours("nexus");
    let new = changed(
        &old,
        json!([{"target": "$..example.member.guid", "remove": true}]),
    );
    let report = compare(&old, &new);
    let [change] = &report.changes[..] else {
        panic!("{}", lines(&report))
    };
    assert!(
        change.pointer.ends_with("/example/member/guid"),
        "{}",
        change.pointer
    );
    let at = change.old.as_ref().unwrap().line;
    assert!(
        old.text()
            .lines()
            .nth(at - 1)
            .unwrap()
            .contains("guid: MBR-"),
        "line {at}"
    );
}

/// Everything that a spec can be written differently in without a change of meaning.
#[test]
fn another_way_to_write_the_same_is_no_change() {
    let small = document("small.yaml", SMALL);
    let same = document("same.yaml", include_str!("compare/small-rewritten.yaml"));
    assert_eq!(lines(&compare(&small, &same)), "");
    assert_eq!(lines(&compare(&same, &small)), "");
    let crlf = document("crlf.yaml", &SMALL.replace('\n', "\r\n"));
    assert_eq!(lines(&compare(&small, &crlf)), "");
    let json = of(small.value());
    assert_eq!(lines(&compare(&small, &json)), "");
}

/// The generated code may differ where the specs do not: here a correction is for one of them only.
#[test]
fn a_difference_without_a_cause_is_a_change_of_its_own() {
    let old = document("old", SMALL);
    let new = changed(
        &old,
        json!([{"target": "$.info", "update": {"version": "2"}}]),
    );
    let overlay = document_of_overlay(&json!({
        "overlay": "1.0.0", "info": {"title": "t", "version": "1"},
        "actions": [{
            "target": "$.paths['/users/{user_guid}'].get", "x-when": "$.info[?@ == '2']",
            "update": {"x-rust-name": "fetch_user"},
        }],
    }));
    let mut report = compare(&old, &new);
    drift::rust::compute(&mut report, &old, &new, Some(&overlay));
    let own: Vec<_> = report
        .changes
        .iter()
        .filter(|change| {
            change
                .message
                .contains("the generator gives another signature")
        })
        .collect();
    assert!(!own.is_empty(), "{}", lines(&report));
    for change in &own {
        assert!(change.class == Class::Breaking && change.rust && !change.wire);
    }
    let items = own.iter().flat_map(|change| &change.rust_items);
    let items: Vec<&str> = items.map(|item| item.item.as_str()).collect();
    assert!(items.contains(&"Client::read_user"), "{items:?}");
    assert_eq!(report.semver(), drift::compare::Semver::Major);
}

#[test]
fn reports_in_their_three_forms() {
    let old = ours("platform");
    let new = changed(
        &old,
        json!([
            {"target": "$.components.parameters.referralSource", "update": {"required": true}},
            {"target": "$.components.parameters.skipAggregation.schema", "update": {"type": "string"}},
            {"target": "$.components.schemas.OAuthWindowResponse.properties", "update": {"status": {"type": "string"}}},
            {"target": "$.paths.*.get", "update": {"deprecated": true, "summary": "New | <words> for @all"}},
            {"target": "$.info", "update": {"description": "Other words"}},
        ]),
    );
    let mut report = compare(&old, &new);
    insta::assert_snapshot!("text", report.text(false));
    insta::assert_snapshot!("markdown", report.markdown());
    insta::assert_snapshot!("json", format!("{:#}", report.json()));
    assert!(report.text(true).contains("\u{1b}["));

    let first = &report.changes[0];
    let known = drift::compare::Acceptance {
        pointer: first.pointer.clone(),
        message: first.message.clone(),
        reason: "our callers all give it".to_owned(),
    };
    let gone = drift::compare::Acceptance {
        message: "something else".to_owned(),
        ..known.clone()
    };
    let before = report.changes.len();
    assert_eq!(report.accept(vec![known, gone.clone()]), [gone]);
    assert_eq!(report.changes.len(), before - 1);
    insta::assert_snapshot!("accepted", report.text(false));
    assert_eq!(
        report.json()["accepted"][0]["reason"],
        "our callers all give it"
    );

    let none = compare(&old, &old);
    assert_eq!(none.text(false), "no changes from platform to platform\n");
    assert_eq!(
        none.json(),
        json!({"version": 1, "verdict": "none", "semver": "none", "changes": []})
    );
}

/// Two schemas with an enum of these values each, to which the overlay gives one name.
fn shared(first: &Value, second: &Value) -> Document {
    let of_enum = |values: &Value| json!({ "type": "object", "properties": { "way": { "type": "string", "enum": values } } });
    let answer = |name: &str| {
        let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
        json!({ "get": {
            "operationId": format!("read{name}"),
            "responses": { "200": { "description": "OK", "content": { "application/json": { "schema": schema } } } },
        } })
    };
    of(&json!({
        "openapi": "3.0.0",
        "info": { "title": "Shared", "version": "1" },
        "paths": { "/first": answer("First"), "/second": answer("Second") },
        "components": { "schemas": { "First": of_enum(first), "Second": of_enum(second) } },
    }))
}

#[test]
fn a_shared_enum_that_has_to_be_split_breaks_callers() {
    let both = json!(["IN", "OUT"]);
    let more = json!(["IN", "OUT", "NONE"]);
    let overlay = |target: &str| {
        document_of_overlay(&json!({
            "overlay": "1.0.0",
            "info": { "title": "t", "version": "1" },
            "actions": [{ "target": target, "update": { "x-rust-name": "Direction" } }],
        }))
    };
    let by_value = overlay("$..[?length(@.enum)==2 && @.enum[0]=='IN' && @.enum[1]=='OUT']");
    let computed = |old: &Document, new: &Document, overlay: &Document| {
        let mut report = compare(old, new);
        rust::compute(&mut report, old, new, Some(overlay));
        report
    };
    let old = shared(&both, &both);
    // One of the two gets another value, and so a type of its own.
    let report = computed(&old, &shared(&both, &more), &by_value);
    assert_eq!(report.rust, RustEffect::Computed);
    let broken: Vec<_> = report.changes.iter().filter(|change| change.rust).collect();
    assert_eq!(broken.len(), 1, "{}", lines(&report));
    assert!(broken[0].class >= Class::Breaking, "{}", lines(&report));
    let items = &broken[0].rust_items;
    assert!(
        items
            .iter()
            .any(|item| item.breaks && item.item.contains("Second")),
        "{items:?}"
    );
    // Without the overlay the same change adds a value to an enum that is open.
    let mut alone = compare(&old, &shared(&both, &more));
    rust::compute(&mut alone, &old, &shared(&both, &more), None);
    assert!(
        alone.changes.iter().all(|change| !change.rust),
        "{}",
        lines(&alone)
    );
    // An overlay that names the places keeps one name for both, which the generator refuses: the two are told apart.
    let by_place = overlay("$..way");
    let report = computed(&old, &shared(&both, &more), &by_place);
    assert_eq!(report.rust, RustEffect::Computed);
    let broken: Vec<_> = report.changes.iter().filter(|change| change.rust).collect();
    let [change] = &broken[..] else {
        panic!("{}", lines(&report))
    };
    let mut items = change.rust_items.iter();
    assert!(
        items.any(|item| item.breaks && item.item.contains("Second")),
        "{}",
        lines(&report)
    );
    // Where both change alike they stay one type.
    let report = computed(&old, &shared(&more, &more), &by_place);
    assert_eq!(report.rust, RustEffect::Computed);
    assert!(
        report.changes.iter().all(|change| !change.rust),
        "{}",
        lines(&report)
    );
}
