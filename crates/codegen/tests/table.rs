//! The table of passes: what it promises of its rows.

use std::path::Path;

use codegen::passes::{PASSES, table};
use codegen::secrets;

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    let path = folder().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn what_a_pass_needs_stands_before_it() {
    let mut before = Vec::new();
    for pass in PASSES {
        for need in pass.needs {
            assert!(before.contains(need), "`{}` needs `{need}`", pass.name);
        }
        assert!(!before.contains(&pass.name), "two rows `{}`", pass.name);
        before.push(pass.name);
    }
    let changes = PASSES.iter().map(|pass| pass.changes());
    assert!(
        changes.is_sorted_by_key(|changes| changes != "document"),
        "progenitor runs once: passes over the document first"
    );
}

#[test]
fn each_pass_has_a_module_and_a_test_of_its_name() {
    let mut tests = Vec::new();
    for file in std::fs::read_dir(folder().join("tests/passes")).unwrap() {
        let path = file.unwrap().path();
        if path.extension() != Some("rs".as_ref()) {
            continue;
        }
        let source = std::fs::read_to_string(path).unwrap();
        let code = syn::parse_file(&source).unwrap();
        tests.extend(code.items.into_iter().filter_map(|item| match item {
            syn::Item::Fn(item) if item.attrs.iter().any(|it| it.path().is_ident("test")) => {
                Some(item.sig.ident.to_string())
            }
            _ => None,
        }));
    }
    let slugs: Vec<String> = PASSES.iter().map(|pass| pass.slug()).collect();
    for (pass, slug) in PASSES.iter().zip(&slugs) {
        let module = format!("src/passes/{}/{slug}.rs", pass.changes().to_lowercase());
        assert!(folder().join(&module).exists(), "no {module}");
        // `names_…` is not the test of Names if it is that of Names on the wire.
        let own = |test: &&String| {
            let longest = slugs
                .iter()
                .filter(|slug| test.starts_with(&format!("{slug}_")));
            longest.max_by_key(|slug| slug.len()) == Some(slug)
        };
        assert!(tests.iter().any(|test| own(&test)), "no test `{slug}_…`");
    }
}

#[test]
fn the_documents_have_what_the_code_has() {
    for (name, text) in [
        ("docs/add-a-pass.md", table()),
        ("docs/add-an-api.md", secrets()),
    ] {
        let document = read(&format!("../../{name}"));
        assert!(
            document.contains(&text),
            "{name} does not have what the code has:\n\n{text}"
        );
    }
}

/// What a feature adds is marked in the documentation on docs.rs, for the run time and for every client.
#[test]
fn what_a_feature_adds_is_marked() {
    for (file, count) in [("template/lib.rs", 3), ("../client-core/src/lib.rs", 2)] {
        let code = read(file);
        assert!(
            code.contains("#![cfg_attr(docsrs, feature(doc_cfg))]"),
            "{file}"
        );
        let lines: Vec<&str> = code.lines().collect();
        let gated = lines.windows(3).filter(|lines| {
            lines[0].starts_with("#[cfg(feature = ") && !lines[1].starts_with("mod ")
        });
        let mut found = 0;
        for lines in gated {
            let feature = lines[0].split('"').nth(1).unwrap();
            let mark = format!("#[cfg_attr(docsrs, doc(cfg(feature = \"{feature}\")))]");
            assert_eq!(lines[1], mark, "{file}");
            found += 1;
        }
        assert_eq!(found, count, "{file}");
    }
}
