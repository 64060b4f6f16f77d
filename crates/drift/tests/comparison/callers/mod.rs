//! What a report says about Rust callers is what the compiler says: a program that uses every public item of the old
//! client is compiled against the new one.

mod program;

use codegen::{Authentication, Facts, Input};
use drift::compare::{RustEffect, compare};
use drift::rust;
use openapi::Document;
use program::{Files, program};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// A change of the table, one way or back.
struct Pair {
    name: String,
    old: usize,
    new: usize,
    /// Whether the report says that it breaks callers in Rust.
    breaks: bool,
    /// Whether it does so without an error of the compiler: arguments in another order.
    silently: bool,
    shown: String,
}

fn document(value: &Value) -> Document {
    Document::parse("spec", value.to_string()).unwrap()
}

fn changed(spec: &Document, actions: &Value) -> Document {
    let mut changed = spec.clone();
    let overlay =
        json!({"overlay": "1.0.0", "info": {"title": "t", "version": "1"}, "actions": actions});
    openapi::overlay::apply(&mut changed, &document(&overlay)).unwrap();
    document(changed.value())
}

/// The files that callers without features see.
const SEEN: [&str; 6] = [
    "builder.rs",
    "client.rs",
    "environment.rs",
    "mod.rs",
    "operations.rs",
    "types.rs",
];

/// The code of a client, without what explains it.
fn generated(spec: &Document) -> Option<Files> {
    let facts = Facts::new("API", Authentication::Basic);
    let input = Input::new(&facts, spec);
    let generated = codegen::generate(&input).ok()?;
    let code = |text: String| -> String {
        let lines = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        lines.map(|line| format!("{line}\n")).collect()
    };
    let files = generated
        .files
        .into_iter()
        .filter(|(name, _)| SEEN.contains(&name.as_str()));
    Some(files.map(|(name, text)| (name, code(text))).collect())
}

/// Clients, each with its own code.
#[derive(Default)]
struct Clients {
    /// By what they are generated from.
    known: BTreeMap<String, Option<usize>>,
    files: Vec<Files>,
}

impl Clients {
    fn of(&mut self, spec: &Document) -> Option<usize> {
        if let Some(known) = self.known.get(spec.text()) {
            return *known;
        }
        let client = generated(spec).map(|files| {
            let same = self.files.iter().position(|known| *known == files);
            same.unwrap_or_else(|| {
                self.files.push(files);
                self.files.len() - 1
            })
        });
        self.known.insert(spec.text().to_owned(), client);
        client
    }
}

/// The pairs of every `step`-th row of the tables.
fn pairs(clients: &mut Clients, step: usize) -> Vec<Pair> {
    let table = Document::parse("changes", include_str!("../compare/changes.yaml")).unwrap();
    let more = Document::parse("mutations", include_str!("mutations.yaml")).unwrap();
    let small = Document::parse("small", include_str!("../compare/small.yaml")).unwrap();
    let mutations = more.value().as_array().unwrap();
    let mut pairs = Vec::new();
    let rows = table.value().as_array().unwrap().iter().chain(mutations);
    for row in rows.step_by(step) {
        if row.get("spec").is_some() {
            continue;
        }
        let name = row["change"].as_str().unwrap();
        let base = match row.get("before") {
            Some(before) => changed(&small, before),
            None => small.clone(),
        };
        let next = changed(&base, &row["actions"]);
        let mut ways = vec![("", &base, &next)];
        // Back in the table of all changes is mostly what another row does.
        if mutations.contains(row) {
            ways.push((", back", &next, &base));
        }
        for (way, old, new) in ways {
            let (Some(before), Some(after)) = (clients.of(old), clients.of(new)) else {
                continue;
            };
            let mut report = compare(old, new);
            rust::compute(&mut report, old, new, None);
            assert_eq!(report.rust, RustEffect::Computed, "{name}");
            for change in &report.changes {
                let items_break = change.rust_items.iter().any(|item| item.breaks);
                assert_eq!(change.rust, items_break, "{name}{way}: {}", change.message);
            }
            pairs.push(Pair {
                name: format!("{name}{way}"),
                old: before,
                new: after,
                breaks: report.changes.iter().any(|change| change.rust),
                silently: row["silently"] == true,
                shown: report.text(false),
            });
        }
    }
    pairs
}

/// One crate with all clients, and one with all callers; cargo checks the first once.
fn crates(
    folder: &Path,
    [lib, callers @ ..]: &[String; 3],
    clients: &Clients,
    pairs: &[Pair],
) -> tests::Crates {
    let crates = tests::Crates::new(folder, &[lib, &callers[0], &callers[1]]);
    let common = "client-core = { package = \"mx-client-core\", path = \"$ROOT/crates/client-core\", \
                  default-features = false, features = [\"rustls\"] }\nserde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n";
    let mut root = "#![allow(warnings)]\n".to_owned();
    let mut sources = Vec::new();
    for (number, files) in clients.files.iter().enumerate() {
        writeln!(root, "pub mod m{number};").unwrap();
        let folder = folder.join(lib).join("src");
        std::fs::create_dir_all(folder.join(format!("m{number}"))).unwrap();
        for (name, text) in files {
            let path = match name.as_str() {
                "mod.rs" => format!("m{number}.rs"),
                name => format!("m{number}/{name}"),
            };
            sources.push((
                path,
                text.replace("crate::", &format!("crate::m{number}::")),
            ));
        }
    }
    sources.push(("lib.rs".to_owned(), root));
    let sources: Vec<(&str, &str)> = sources
        .iter()
        .map(|(path, text)| (&**path, &**text))
        .collect();
    crates.add(lib, common, &sources);

    for name in callers {
        let mut root = "#![allow(warnings)]\n".to_owned();
        let mut programs = Vec::new();
        let of_crate = |pair: &Pair| (pair.breaks && !pair.silently) == (*name == callers[1]);
        let pairs = pairs
            .iter()
            .enumerate()
            .filter(|(_, pair)| pair.old != pair.new);
        for (number, pair) in pairs.filter(|(_, pair)| of_crate(pair)) {
            writeln!(root, "mod c{number};").unwrap();
            let text = program(&clients.files[pair.old], &format!("clients::m{}", pair.new));
            programs.push((format!("c{number}.rs"), text));
        }
        programs.push(("lib.rs".to_owned(), root));
        let programs: Vec<(&str, &str)> = programs
            .iter()
            .map(|(path, text)| (&**path, &**text))
            .collect();
        let clients = format!("clients = {{ package = {lib:?}, path = \"../{lib}\" }}\n");
        crates.add(name, &format!("{common}{clients}"), &programs);
    }
    crates
}

#[test]
fn the_compiler_agrees_with_the_report() {
    agreement("callers-few", 12);
}

#[test]
#[ignore = "takes long; `cargo xtask ci` runs it"]
fn the_compiler_agrees_with_the_report_thoroughly() {
    agreement("callers", 1);
}

fn agreement(name: &str, step: usize) {
    let mut clients = Clients::default();
    let pairs = pairs(&mut clients, step);
    // Where both clients are the same code there is nothing to compile.
    let changes: BTreeSet<&str> = pairs
        .iter()
        .filter(|pair| pair.old != pair.new)
        .map(|pair| pair.name.trim_end_matches(", back"))
        .collect();
    assert!(changes.len() >= 60 / step, "only {} changes", changes.len());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    // The clients; the callers that shall compile, of which cargo knows when they do; and the others. Their names are
    // their own: cargo takes crates of one name in two workspaces for the same.
    let names = ["clients", "compiling", "broken"].map(|crate_| format!("{name}-{crate_}"));
    let crates = crates(&folder, &names, &clients, &pairs);
    let callers = &names[1..];
    let errors: Vec<(String, String)> =
        callers.iter().flat_map(|name| crates.check(name)).collect();
    let outside: Vec<&(String, String)> = errors
        .iter()
        .filter(|(file, _)| file.contains("-clients/src/"))
        .collect();
    assert!(
        outside.is_empty(),
        "the clients do not compile: {:?}",
        outside.first()
    );
    let mut wrong = String::new();
    for (number, pair) in pairs.iter().enumerate() {
        let file = format!("/src/c{number}.rs");
        let found = errors.iter().find(|(at, _)| at.ends_with(&file));
        let agrees = match (pair.silently, found) {
            (true, found) => pair.breaks && found.is_none(),
            (false, found) => pair.breaks == found.is_some(),
        };
        if !agrees {
            let found = found.map_or("no error", |(_, text)| text);
            writeln!(
                wrong,
                "{}: the compiler says: {found}\nthe report says: {}",
                pair.name, pair.shown
            )
            .unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
