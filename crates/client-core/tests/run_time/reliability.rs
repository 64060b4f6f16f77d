//! The tests that `docs/reliability.md` names are there.

use std::{fs, path::Path};

#[test]
fn the_tests_that_the_documentation_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Ok(page) = fs::read_to_string(root.join("../../docs/reliability.md")) else {
        // The packaged crate has no `docs`.
        return;
    };
    let names: Vec<_> = page
        .split('`')
        .filter_map(|text| text.split_once("::"))
        .collect();
    assert!(names.len() > 40, "{} tests are named", names.len());
    for (module, test) in names {
        let file = root.join(format!("tests/run_time/{module}.rs"));
        let code = fs::read_to_string(&file).unwrap_or_default();
        assert!(code.contains(&format!("fn {test}(")), "{module}::{test}");
    }
}
