//! Names of the prelude are written short.
//!
//! Progenitor spells `::std::option::Option<::std::string::String>` so that no type of the spec can be taken for
//! another. The names pass gives no type a name of the prelude, so here the short names are safe, and the code reads
//! like hand-written Rust.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, LitStr, Path};

use crate::api::Api;
use crate::code::Code;

const SHORT: [(&str, &str); 4] = [
    ("::std::option::Option", "Option"),
    ("::std::string::String", "String"),
    ("::std::vec::Vec", "Vec"),
    ("::std::boxed::Box", "Box"),
];

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, _: &Api) -> Result<(), String> {
    for item in &mut code.types {
        Short.visit_item_mut(item);
    }
    for call in &mut code.calls {
        Short.visit_type_mut(&mut call.success);
        for argument in &mut call.arguments {
            Short.visit_type_mut(&mut argument.ty);
        }
    }
    Ok(())
}

struct Short;

impl VisitMut for Short {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let spelled = format!("::{}", names.join("::"));
        if path.leading_colon.is_some() && SHORT.iter().any(|(long, _)| *long == spelled) {
            path.leading_colon = None;
            path.segments = path.segments.iter().skip(2).cloned().collect();
        }
    }

    /// Serde names functions in strings: `skip_serializing_if = "::std::option::Option::is_none"`.
    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if !attribute.path().is_ident("serde") {
            return;
        }
        let syn::Meta::List(list) = &mut attribute.meta else {
            return;
        };
        let tokens = std::mem::take(&mut list.tokens);
        list.tokens = tokens
            .into_iter()
            .map(|tree| match &tree {
                proc_macro2::TokenTree::Literal(literal) => {
                    let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string()) else {
                        return tree;
                    };
                    let short = SHORT.iter().find_map(|(long, short)| {
                        let rest = text.value().strip_prefix(long)?.to_owned();
                        Some(format!("{short}{rest}"))
                    });
                    short.map_or(tree, |short| proc_macro2::Literal::string(&short).into())
                }
                _ => tree,
            })
            .collect();
    }
}
