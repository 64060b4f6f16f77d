//! Code as text.
//!
//! prettyplease writes no blank lines and leaves the arguments of macros as they are: here items and methods are set
//! apart, and macros laid out.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, ItemMacro, Macro, Type};

/// Tokens as items.
///
/// # Errors
///
/// A message where they are not items, which is a fault of this crate.
pub(super) fn parse(tokens: TokenStream) -> Result<Vec<Item>, String> {
    let file: syn::File = syn::parse2(tokens)
        .map_err(|error| format!("the generated code does not parse: {error}"))?;
    Ok(file.items)
}

/// Items as text, a blank line between them; `use` and `mod` stand together.
pub(super) fn print(items: Vec<Item>) -> String {
    let mut text = String::new();
    let mut previous_is_line = None;
    for item in items {
        let is_line = match &item {
            Item::Use(_) => true,
            Item::Mod(item) => item.content.is_none(),
            _ => false,
        };
        if previous_is_line.is_some_and(|previous| !(previous && is_line)) {
            text.push('\n');
        }
        previous_is_line = Some(is_line);
        text.push_str(&print_item(item));
    }
    text
}

/// A type as text, on one line.
pub(super) fn print_type(ty: &Type) -> String {
    let text = unparse(syn::parse_quote!(type T = #ty;));
    let text = text.trim_start_matches("type T =").trim();
    let words = text.trim_end_matches(';').split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}

fn unparse(item: Item) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    })
}

fn print_item(item: Item) -> String {
    match item {
        Item::Macro(item) => print_macro(item),
        Item::Impl(_) => {
            let mut text = String::new();
            let mut ends_method = false;
            for line in unparse(item).lines() {
                if ends_method && line != "}" {
                    text.push('\n');
                }
                ends_method = line == "    }";
                text.push_str(line);
                text.push('\n');
            }
            text
        }
        item => unparse(item),
    }
}

/// A call of a macro: what is an item is printed as one, and other arguments break after commas.
fn print_macro(item: ItemMacro) -> String {
    let Macro { path, tokens, .. } = &item.mac;
    if let Ok(inner) = syn::parse2::<Item>(tokens.clone()) {
        let path = quote!(#path).to_string().replace(' ', "");
        let lines = unparse(inner);
        let lines = lines.lines().map(|line| format!("    {line}\n"));
        return format!("{path}! {{\n{}}}\n", lines.collect::<String>());
    }
    wrap(&unparse(Item::Macro(item)))
}

/// Breaks long lines after commas. Lines with literals stay whole, because they may hold a comma.
fn wrap(code: &str) -> String {
    const WIDTH: usize = 100;
    let mut text = String::new();
    for line in code.lines() {
        let mut width = 0;
        for part in line.split_inclusive(", ") {
            if width > 0 && !line.contains('"') && width + part.trim_end().len() > WIDTH {
                text.truncate(text.trim_end().len());
                text.push_str("\n        ");
                width = 8;
            }
            text.push_str(part);
            width += part.len();
        }
        text.push('\n');
    }
    text
}
