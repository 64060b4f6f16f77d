//! No module of a crate uses one that uses it in turn, and no folder one that uses it.

mod circles;
mod modules;

use std::path::PathBuf;

use circles::circles;
use modules::Crate;

fn source_folders() -> Vec<PathBuf> {
    let mut manifests = Vec::new();
    let mut waiting = vec![
        xtask::workspace().join("crates"),
        xtask::workspace().join("xtask"),
    ];
    while let Some(folder) = waiting.pop() {
        if folder.join("Cargo.toml").is_file() {
            manifests.push(folder.join("src"));
        }
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir()
                && !["src", "tests", "target"]
                    .iter()
                    .any(|name| path.ends_with(name))
            {
                waiting.push(path);
            }
        }
    }
    manifests.retain(|src| src.is_dir());
    manifests.sort();
    manifests
}

#[test]
fn no_crate_has_a_circle() {
    let folders = source_folders();
    assert!(folders.len() >= 5, "{folders:?}");
    let mut found = Vec::new();
    for src in folders {
        let name = src
            .strip_prefix(xtask::workspace())
            .unwrap()
            .display()
            .to_string();
        for circle in circles(&Crate::read(&src)) {
            found.push(format!("{name}: {circle}"));
        }
    }
    assert!(found.is_empty(), "circles:\n{}", found.join("\n"));
}

fn circles_in(files: &[(&str, &str)]) -> Vec<String> {
    let mut krate = Crate::default();
    krate.add(vec![], "");
    for (module, source) in files {
        krate.add(module.split("::").map(str::to_owned).collect(), source);
    }
    circles(&krate)
}

#[test]
fn what_goes_one_way_is_no_circle() {
    let files = [
        ("a", "use crate::b::B; fn f() { crate::c::g(); }"),
        ("b", "use super::c; pub struct B; fn f() { c::g() }"),
        (
            "c",
            "pub fn g() {} #[cfg(test)] mod tests { use crate::a; }",
        ),
        // A facade: its children may not use it, but may use what it re-exports.
        ("d", "mod e; mod f; pub use e::E;"),
        ("d::e", "pub struct E;"),
        ("d::f", "use super::E; use crate::d::E as Same;"),
        // Code for another crate.
        ("i", "use crate::j::k; fn f() { quote!(super::a::A) }"),
        ("j", "pub fn k() { vec![parse_quote! { crate::i::f }] }"),
        // Two files of one type, of which one calls the other.
        ("g", "pub struct G; impl G { pub fn low(&self) {} }"),
        (
            "h",
            "use crate::g::G; impl G { fn high(&self) { self.low() } }",
        ),
    ];
    assert_eq!(circles_in(&files), Vec::<String>::new());
}

#[test]
fn circles_are_found_with_what_shows_them() {
    for (files, wanted) in [
        (
            vec![
                ("a", "use crate::b::B;"),
                ("b", "pub struct B; fn f(_: super::a::A) {}"),
            ],
            "a -> b (crate::b::B) -> a (super::a::A)",
        ),
        (
            vec![
                ("a", "use super::{b as other, b::{X, Y}};"),
                ("b", "fn f() { println!(\"{}\", crate::a::N) }"),
            ],
            "a -> b (super::b::Y) -> a (crate::a::N)",
        ),
        (
            vec![
                ("d", "mod e; use e::E; pub struct D;"),
                ("d::e", "use super::D; pub struct E;"),
            ],
            "d -> d::e (e::E) -> d (super::D)",
        ),
        (
            vec![
                (
                    "g",
                    "pub struct G; impl G { pub fn low(&self) { self.high() } }",
                ),
                (
                    "h",
                    "use crate::g::G; impl G { pub fn high(&self) { Self::low(self) } }",
                ),
            ],
            "g -> h (self.high()) -> g (crate::g::G)",
        ),
        // Between folders only: each file goes one way.
        (
            vec![
                ("p", ""),
                ("p::one", "use crate::q::two;"),
                ("p::three", ""),
                ("q", ""),
                ("q::two", "use crate::p::three;"),
            ],
            "p -> q (crate::q::two) -> p (crate::p::three)",
        ),
    ] {
        assert_eq!(circles_in(&files), [wanted]);
    }
}
