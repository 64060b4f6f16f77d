//! The suite reads specs on its own, so that a mistake of the generator cannot hide. Here its reading and that of
//! `openapi::model`, by which clients are generated, are compared on the same documents: where they differ, one of them
//! is wrong.

mod documents;
mod readings;

use std::path::Path;

use client_core::SecurityKind;
use conformance::contract::Scheme;
use conformance::contract::media_type::{essence, in_range, is_json};
use conformance::{api::Api, apis};
use openapi::model;
use proptest::prelude::*;

use documents::{documents, table};
use readings::{read_by_the_model, read_by_the_suite};

#[test]
fn the_suite_and_the_model_read_the_same() {
    for (wanted, document) in table() {
        let (suite, model) = (read_by_the_suite(&document), read_by_the_model(&document));
        assert_eq!(suite, model, "{document:#}");
        let has = |fact: &str| suite.iter().any(|known| known.contains(fact));
        match wanted.strip_prefix('!') {
            Some(unwanted) => assert!(!has(unwanted), "{unwanted}: {suite:#?}"),
            None => assert!(has(wanted), "{wanted}: {suite:#?}"),
        }
    }
}

#[test]
fn published_specs_are_read_in_the_same_way() {
    for api in apis::all().unwrap() {
        let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
        let spec = openapi::Document::read(&specs.join(api.name).join("openapi.yaml")).unwrap();
        let (suite, model) = (
            read_by_the_suite(spec.value()),
            read_by_the_model(spec.value()),
        );
        assert_eq!(suite, model, "{}", api.name);
        assert!(suite.len() > 10, "{suite:#?}");
    }
}

#[test]
fn media_types_are_the_same() {
    let media_types = [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/vnd.mx.nexus.v1+json",
        "text/json",
        "application/jsonp",
        "a/b+JSON ;v=1",
        "text/html",
        " text/plain ",
        "",
        "json",
        "*/*",
        "text/*",
        "application/*",
    ];
    for media_type in media_types {
        assert_eq!(
            is_json(media_type),
            model::is_json(media_type),
            "{media_type}"
        );
        assert_eq!(
            essence(media_type),
            model::essence(media_type),
            "{media_type}"
        );
        for range in media_types {
            let ours = in_range(media_type, range);
            assert_eq!(
                ours,
                model::matches_range(media_type, range),
                "{media_type} in {range}"
            );
        }
    }
    assert!(
        is_json("a/b+JSON ;v=1")
            && in_range("text/html", "text/*")
            && !in_range("text/html", "a/*")
    );
}

/// The operations tables are what the clients go by at run time.
#[test]
fn the_operations_tables_say_the_same() {
    for Api {
        name,
        contract,
        table,
        ..
    } in apis::all().unwrap()
    {
        assert_eq!(contract.operations.len(), table.len(), "{name}");
        for known in table {
            let operation = contract.operation(known.id).expect("the operation");
            assert_eq!(
                (known.method.as_str(), known.path),
                (&*operation.method, &*operation.path)
            );
            let of_table: Vec<_> = known
                .parameters
                .iter()
                .map(|known| (known.location, known.name, known.required, known.explode))
                .collect();
            let of_suite = operation
                .parameters
                .iter()
                .filter(|known| known.fixed.is_none());
            let mut of_suite: Vec<_> = of_suite
                .map(|known| (known.location, &*known.name, known.required, known.explode))
                .collect();
            // The table has the order of the arguments.
            of_suite.sort_by_key(|known| of_table.iter().position(|other| other == known));
            assert_eq!(of_suite, of_table, "{}", known.id);
            let fixed = operation.parameters.iter();
            let fixed: Vec<_> = fixed
                .filter_map(|known| Some((&*known.name, known.fixed.as_deref()?)))
                .collect();
            assert_eq!(fixed, known.headers, "{}", known.id);
            assert_eq!(
                operation.accepts().join(", "),
                known.accept.unwrap_or_default()
            );
            let schemes = operation.security.iter().flat_map(|known| &known.schemes);
            let schemes: Vec<_> = schemes
                .map(|scheme| match scheme {
                    Scheme::Basic => "basic",
                    Scheme::Bearer => "bearer",
                    Scheme::Header(name) => name,
                    other => panic!("{other}"),
                })
                .collect();
            let of_table: Vec<_> = known
                .security
                .iter()
                .map(|scheme| match scheme.kind {
                    SecurityKind::Basic => "basic",
                    SecurityKind::Bearer => "bearer",
                    SecurityKind::Header(name) => name,
                })
                .collect();
            assert_eq!(schemes, of_table, "{}", known.id);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_document_is_read_in_the_same_way(document in documents()) {
        prop_assert_eq!(read_by_the_suite(&document), read_by_the_model(&document), "{:#}", document);
    }
}
