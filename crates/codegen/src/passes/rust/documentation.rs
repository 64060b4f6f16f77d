//! Documentation that rustdoc takes without a warning, and that never runs.
//!
//! The specs' texts are written for a web site: links relative to it, HTML, code blocks that rustdoc would compile and
//! run as Rust, bare URLs, and brackets that look like links to items.

use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, Item, ItemEnum, ItemStruct, Lit, Meta, MetaNameValue};

use crate::api::Api;
use crate::code::Code;
use crate::markdown::{doc_comment, markdown};

/// Runs the pass over the types, whose documentation progenitor took from the spec as it stands.
pub(crate) fn run(code: &mut Code<'_>, _: &Api) -> Result<(), String> {
    for item in &mut code.types {
        if let Item::Struct(ItemStruct { attrs, ident, .. })
        | Item::Enum(ItemEnum { attrs, ident, .. }) = item
        {
            // Where the spec says nothing, progenitor repeats the name.
            let name = format!("`{ident}`");
            attrs.retain(|attribute| text(attribute).is_none_or(|text| text != name));
        }
        Docs.visit_item_mut(item);
    }
    Ok(())
}

struct Docs;

impl VisitMut for Docs {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let spec = std::mem::take(attributes);
        for attribute in spec {
            match text(&attribute) {
                Some(text) => attributes.extend(doc_comment(&markdown(&text))),
                None => attributes.push(attribute),
            }
        }
    }
}

/// The text of a doc attribute.
fn text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(MetaNameValue {
            path,
            value:
                Expr::Lit(ExprLit {
                    lit: Lit::Str(text),
                    ..
                }),
            ..
        }) if path.is_ident("doc") => Some(text.value()),
        _ => None,
    }
}
