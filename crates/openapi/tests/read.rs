//! Reading documents: values, places, and what is refused.

use openapi::Document;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

fn parse(text: &str) -> Document {
    Document::parse("test.yaml", text).unwrap()
}

/// The text that a pointer is located at, with line and column.
fn located(document: &Document, pointer: &str) -> (usize, usize, String) {
    let location = document.locate(pointer);
    (
        location.line,
        location.column,
        document.text()[location.range].to_owned(),
    )
}

#[test]
fn keys_become_strings_and_scalars_follow_yaml_1_2() {
    let document =
        parse("200: ok\ntrue: yes\nnull: ~\n1.5: '7'\nlist: [0x1F, !!str 7, \"\\u00e9\"]\n");
    assert_eq!(
        *document.value(),
        json!({"200": "ok", "true": "yes", "null": null, "1.5": "7", "list": [31, "7", "é"]})
    );
}

#[test]
fn each_node_is_located_where_it_stands() {
    let document = parse("a:\n  - x: 1\n    ünï: [5,  six]\n  - 'two'\nb/c: {d~: 3}\n");
    assert_eq!(located(&document, ""), (1, 1, "a".into()));
    assert_eq!(located(&document, "/a"), (1, 1, "a".into()));
    assert_eq!(located(&document, "/a/0"), (2, 5, "x".into()));
    assert_eq!(located(&document, "/a/0/ünï"), (3, 5, "ünï".into()));
    assert_eq!(located(&document, "/a/0/ünï/1"), (3, 15, "six".into()));
    assert_eq!(located(&document, "/a/1"), (4, 5, "'two'".into()));
    assert_eq!(located(&document, "/b~1c/d~0"), (5, 7, "d~".into()));
    // What the text does not hold stands where its nearest ancestor does.
    assert_eq!(
        located(&document, "/b~1c/added/later"),
        (5, 1, "b/c".into())
    );
}

#[test]
fn json_is_located_like_yaml_tabs_surrogates_and_all() {
    let text = "\u{feff}{\n\t\"a\": [1, {\"b\\/c\": \"\\ud83d\\ude00\"}],\n\t\"n\": 1e3\n}";
    let document = parse(text);
    assert_eq!(
        *document.value(),
        json!({"a": [1, {"b/c": "😀"}], "n": 1000.0})
    );
    assert_eq!(located(&document, "/a/1/b~1c"), (2, 12, "\"b\\/c\"".into()));
    assert_eq!(located(&document, "/n"), (3, 2, "\"n\"".into()));
}

#[test]
fn positions_outlive_changes_of_the_value() {
    let mut document = parse("a: 1\nb: 2\n");
    document
        .value_mut()
        .as_object_mut()
        .unwrap()
        .shift_remove("a");
    document.value_mut()["c"] = json!(3);
    assert_eq!(located(&document, "/b").0, 2);
    assert_eq!(*document.value(), json!({"b": 2, "c": 3}));
}

#[test]
fn aliases_are_expanded_and_located_at_their_anchor() {
    let document = parse("one: &x\n  deep: [1]\ntwo: *x\n");
    assert_eq!(
        *document.value(),
        json!({"one": {"deep": [1]}, "two": {"deep": [1]}})
    );
    assert_eq!(located(&document, "/two"), (3, 1, "two".into()));
    assert_eq!(located(&document, "/two/deep"), (2, 3, "deep".into()));
}

#[test]
fn the_hash_is_that_of_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("spec.yaml");
    std::fs::write(&path, "\u{feff}a: 1\r\n").unwrap();
    let document = Document::read(&path).unwrap();
    assert_eq!(
        document.sha256(),
        "d154b5589a138ef7a6ff502ecf270b04afa5eb5c56fb398f5cfe9a055a33316d"
    );
    assert_eq!(document.name(), path.display().to_string());
}

/// Every kind of text that is refused, and what is said about it.
#[test]
fn what_is_refused_says_where_why_and_what_to_do() {
    let bomb = {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            writeln!(text, "a{level}: &a{level} [{aliases}]").unwrap();
        }
        text
    };
    let cases = [
        ("empty", String::new()),
        ("only comments", "# nothing\n\n".to_owned()),
        ("two documents", "a: 1\n---\nb: 2\n".to_owned()),
        (
            "duplicate key",
            "paths:\n  /a: 1\n  /b: 2\n  /a: 3\n".to_owned(),
        ),
        ("duplicate key by meaning", "200: a\n'200': b\n".to_owned()),
        (
            "duplicate key in JSON",
            "{\"a\": 1,\n \"\\u0061\": 2}".to_owned(),
        ),
        ("composite key", "? [a, b]\n: c\n".to_owned()),
        ("merge key", "x: &x {a: 1}\ny:\n  <<: *x\n".to_owned()),
        ("unknown tag", "a: !secret b\n".to_owned()),
        ("tag that does not fit", "a: !!int seven\n".to_owned()),
        ("unknown alias", "a: *nowhere\n".to_owned()),
        ("alias of itself", "a: &a [*a]\n".to_owned()),
        ("alias bomb", bomb),
        ("too deep", "[".repeat(200) + &"]".repeat(200)),
        ("unclosed quote", "a: \"never closed\nb: 1\n".to_owned()),
        ("wrong indentation", "a:\n    b: 1\n  c: 2\n".to_owned()),
        ("tab as indentation", "a:\n\tb: 1\n".to_owned()),
        ("lone surrogate in JSON", "{\"a\": \"\\ud800\"}".to_owned()),
        ("truncated JSON", "{\"a\": [1, 2".to_owned()),
    ];
    let mut report = String::new();
    for (what, text) in cases {
        let error = Document::parse("spec.yaml", text).expect_err(what);
        writeln!(report, "## {what}\n{error}\n").unwrap();
    }
    insta::assert_snapshot!(report);
}

#[test]
fn unreadable_files_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing.yaml");
    let error = Document::read(&missing).unwrap_err().to_string();
    assert!(error.contains("missing.yaml: cannot be read: "), "{error}");
    let binary = dir.path().join("latin1.yaml");
    std::fs::write(&binary, b"a: b\nc: \xe9\n").unwrap();
    let error = Document::read(&binary).unwrap_err().to_string();
    assert!(
        error.contains("latin1.yaml: not UTF-8 text (line 2, byte 8)"),
        "{error}"
    );
    let error = Document::read(dir.path()).unwrap_err().to_string();
    assert!(error.contains("cannot be read"), "{error}");
}

#[test]
fn the_specs_of_the_repository_are_read() {
    for api in ["platform", "nexus"] {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../specs/{api}/openapi.yaml"));
        let document = Document::read(&path).unwrap();
        let facts = std::fs::read_to_string(path.with_file_name("api.toml")).unwrap();
        assert!(
            facts.contains(&document.sha256()),
            "specs/{api}/api.toml has another hash"
        );
        assert_eq!(document.value()["openapi"], json!("3.0.0"));
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map("\\PC{0,8}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn json_read_is_json_written(value in value()) {
        let document = Document::parse("x", serde_json::to_string_pretty(&value).unwrap()).unwrap();
        prop_assert_eq!(document.value(), &value);
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,200}", yaml in "[a-c:\\-\\[\\]{}&*!?|>'\"#%\t\n \\\\]{0,80}") {
        for text in [text, yaml] {
            if let Ok(document) = Document::parse("x", text) {
                document.locate("/a/0/b");
            }
        }
    }
}

#[test]
fn a_fault_in_a_json_file_is_one_of_json() {
    for (text, line, what) in [
        ("{\n  \"a\": 1,\n  \"b\": }\n", 3, "expected value"),
        ("{\n  \"a\": 1\n  \"b\": 2\n}", 3, "expected `,` or `}`"),
        ("{\"a\": [1, 2}", 1, "expected `,` or `]`"),
        ("{\n\"ü\": 'x'}", 2, "expected value"),
        ("{\"a\": 1", 1, "EOF"),
    ] {
        let error = Document::parse("spec.json", text).unwrap_err();
        assert_eq!(error.location().map(|at| at.line), Some(line), "{error}");
        assert!(error.message().starts_with("not valid JSON: "), "{error}");
        assert!(error.message().contains(what), "{error}");
        assert!(!error.to_string().contains("YAML"), "{error}");
    }
    // Without that name it may be YAML.
    assert!(Document::parse("spec.yaml", "{a: b}").is_ok());
}
