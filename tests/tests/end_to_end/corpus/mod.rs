//! Small specs, each with constructs that break generators: what is accepted compiles without a warning, with all
//! features, and sends and reads everything on the wire.

mod hostile;
mod overlay;

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::{env, fs};

use codegen::{Authentication, Facts, Failure, Generated, Input, generate};
use openapi::Document;
use tests::Crates;
use xtask::workspace;

const MANIFEST: &str = "
conformance = { path = \"$ROOT/crates/conformance\" }
client-core = { package = \"mx-client-core\", path = \"$ROOT/crates/client-core\", features = [\"rustls\"] }
schemars = { version = \"1\" }
serde = { version = \"1\", features = [\"derive\"] }
serde_json = \"1\"
tokio = { version = \"1\", features = [\"rt\", \"macros\"] }

[features]
default = [\"schemars\", \"dispatch\", \"mock\", \"openapi\"]
schemars = [\"client-core/schemars\"]
dispatch = [\"client-core/dispatch\"]
mock = [\"client-core/mock\"]
openapi = []
build-time = []
";

/// What `new-client` makes the root of a crate.
const LIB: &str = include_str!("../../../../crates/codegen/template/lib.rs");

/// The specs in a folder, by the names of their modules.
fn specs(folder: &Path) -> Vec<(String, Document)> {
    let mut specs: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|kind| kind == "yaml" || kind == "json")
        })
        .map(|path| {
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, Document::read(&path).expect("a document"))
        })
        .collect();
    specs.sort_by(|(a, _), (b, _)| a.cmp(b));
    specs
}

/// The facts of a client, and its code.
fn client(name: &str, document: &Document) -> (Facts, Generated) {
    let authentication = match document.value().get("security") {
        Some(_) => Authentication::Basic,
        None => Authentication::None,
    };
    let facts = Facts::new("Corpus", authentication);
    let input = Input::new(&facts, document);
    let generated = generate(&input).unwrap_or_else(|failure| match failure {
        Failure::Spec(findings) | Failure::Overlay(findings) | Failure::UserOverlay(findings) => {
            panic!("{name}: {}", openapi::render(&findings, document, false))
        }
    });
    (facts, generated)
}

fn hostile(texts: &[&str]) -> Document {
    let text = synthetic::hostile(texts).to_string();
    Document::parse("hostile.json", text).expect("a document")
}

#[test]
fn no_text_comes_alive_in_what_is_generated() {
    for text in synthetic::TEXTS {
        let document = hostile(&[text]);
        hostile::judge(&client(text, &document).1);
    }
}

#[test]
fn what_is_accepted_compiles_without_a_warning() {
    run(&[]);
}

#[test]
#[ignore = "takes long; `cargo xtask ci` runs it"]
fn what_is_accepted_keeps_to_its_spec_thoroughly() {
    run(&["thoroughly"]);
}

/// Builds the program of the corpus, of which each client is a module, and runs it.
fn run(arguments: &[&str]) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    // The largest comes first: the suite of each runs beside the others.
    let mut all = vec![("hostile".to_owned(), hostile(&synthetic::TEXTS))];
    all.extend(specs(&workspace().join("tests/fixtures/corpus")));
    // What the property test of the generator accepted is compiled only.
    let called = all.len();
    if let Some(folder) = env::var_os("ACCEPTED_SPECS") {
        all.extend(specs(Path::new(&folder)));
    }
    let crates = Crates::new(
        &Path::new(env!("CARGO_TARGET_TMPDIR")).join("corpus"),
        &["corpus"],
    );
    let mut main = format!(
        "#![deny(warnings)]\n{}",
        include_str!("../../../fixtures/corpus/main.rs")
    );
    let mut sources: Vec<(String, String)> = Vec::new();
    let mut apis = String::new();
    for (index, (name, document)) in all.iter().enumerate() {
        let (facts, generated) = client(name, document);
        main.push_str(&format!("\n#[rustfmt::skip]\npub mod {name};\n"));
        let kind = facts.authentication.name();
        if index < called {
            apis.push_str(&format!(
                "conformance::api!({name:?}, {name}, {kind}, {name}::OPENAPI),\n"
            ));
        }
        let root = LIB.replace("{{authentication}}\n", "");
        let root = root
            .split_once('\n')
            .expect("its documentation")
            .1
            .to_owned();
        sources.push((format!("{name}.rs"), root));
        for (file, text) in generated.files {
            // The client is in a module of its own.
            let text = text.replace("crate::", &format!("crate::{name}::"));
            sources.push((format!("{name}/generated/{file}"), text));
        }
    }
    main.push_str(&format!(
        "\nfn apis() -> Vec<Result<conformance::api::Api, String>> {{\n    vec![{apis}]\n}}\n"
    ));
    sources.push(("main.rs".to_owned(), main));
    let sources: Vec<(&str, &str)> = sources
        .iter()
        .map(|(file, text)| (file.as_str(), text.as_str()))
        .collect();
    crates.add("corpus", MANIFEST, &sources);
    let build = crates.build("corpus", &[]);
    assert_eq!(build.warnings, Vec::<String>::new());
    let output = build.command().args(arguments).output();
    let output = output.expect("the program starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
