//! Names of the spec as names in Rust.

use heck::{ToPascalCase as _, ToSnakeCase as _};

/// The Rust name of a method or an argument: snake case, as progenitor makes it of the same text.
pub fn snake(text: &str) -> String {
    identifier(text, |text| text.to_snake_case(), "_", "x")
}

/// The Rust name of a field: snake case, as progenitor makes it of the property's name.
pub fn field_name(text: &str) -> String {
    identifier(text, |text| text.to_snake_case(), "x", "x")
}

/// The Rust name of a type: Pascal case, as progenitor makes it of the same text.
pub fn type_name(text: &str) -> String {
    let name = identifier(text, |text| text.to_pascal_case(), "X", "X");
    // Progenitor does the same to the name again: it must come out as it went in.
    let again = identifier(&name, |text| text.to_pascal_case(), "X", "X");
    if again == name {
        name
    } else {
        type_name(&again)
    }
}

/// The first of `name`, `name_2` (or `Name2`), … that is not taken.
pub fn unique(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let pascal = name.starts_with(char::is_uppercase);
    let numbered = |number: u32| {
        if pascal {
            format!("{name}{number}")
        } else {
            snake(&format!("{name}_{number}"))
        }
    };
    std::iter::once(name.to_owned())
        .chain((2..).map(numbered))
        .find(|candidate| !taken(candidate))
        .unwrap_or_else(|| name.to_owned())
}

fn identifier(text: &str, case: impl Fn(&str) -> String, prefix: &str, empty: &str) -> String {
    let words: String = text
        .replace('\'', "")
        .chars()
        .map(|c| {
            if unicode_ident::is_xid_continue(c) {
                c
            } else {
                '-'
            }
        })
        .collect();
    let name = match text {
        "+1" => case("plus1"),
        "-1" => case("minus1"),
        _ => case(&words),
    };
    let name = match name.chars().next() {
        None => empty.to_owned(),
        Some(first) if unicode_ident::is_xid_start(first) => name,
        Some(_) => format!("{prefix}{name}"),
    };
    if typify::accept_as_ident(&name) {
        name
    } else {
        format!("{name}_")
    }
}
