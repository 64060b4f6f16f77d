//! Lists that come in pages are streams.
//!
//! Progenitor knows pages only where they have tokens. Here an operation that takes `page` and `records_per_page`, and
//! answers with one list and a `pagination` object, has `pages` and `items`; its response is a `client_core::Page`.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Field, Fields, GenericArgument, Ident, Item, ItemStruct, PathArguments, Type, parse_quote,
};

use crate::api::{Api, Operation, Success};
use crate::code::{Call, Code};

/// Runs the pass.
pub(crate) fn run(code: &mut Code<'_>, _: &Api) -> Result<(), String> {
    let mut pages: BTreeSet<Ident> = BTreeSet::new();
    for call in &mut code.calls {
        let Some((response, item)) = paged(call, &code.types) else {
            continue;
        };
        let own = call.items.iter_mut().find_map(|item| match item {
            Item::Impl(item) if item.trait_.is_none() => Some(item),
            _ => None,
        });
        let own = own.ok_or_else(|| format!("the builder `{}` has no impl", call.builder))?;
        own.items.extend(methods(&response));
        if pages.insert(response) {
            code.types.push(item);
        }
    }
    Ok(())
}

/// The type of a page and its `Page`, if the operation answers with pages.
fn paged(call: &Call<'_>, types: &[Item]) -> Option<(Ident, Item)> {
    let takes = |operation: &Operation, name: &str| {
        let mut parameters = operation.parameters.iter();
        parameters.any(|known| known.name == name && known.location == "query")
    };
    let operation = call.operation;
    if !takes(operation, "page") || !takes(operation, "records_per_page") {
        return None;
    }
    if !matches!(operation.success, Success::Json(_)) {
        return None;
    }
    let response = name(&call.success)?;
    let fields = fields(types, response)?;
    let mut lists = fields.iter().filter_map(List::of);
    let list = lists.next().filter(|_| lists.next().is_none())?;
    let pagination = fields.iter().find(|field| {
        field
            .ident
            .as_ref()
            .is_some_and(|ident| ident == "pagination")
    })?;
    let total = total_pages(pagination, types)?;
    Some((response.clone(), page(response, &list, &total)))
}

/// A field that holds a list.
struct List<'a> {
    field: &'a Ident,
    item: &'a Type,
    is_optional: bool,
}

impl<'a> List<'a> {
    fn of(field: &'a Field) -> Option<Self> {
        let optional = argument_of(&field.ty, "Option");
        Some(Self {
            field: field.ident.as_ref()?,
            item: argument_of(optional.unwrap_or(&field.ty), "Vec")?,
            is_optional: optional.is_some(),
        })
    }
}

/// How many pages there are, as an expression of the `pagination` in `self`; `None` if that is not an object.
fn total_pages(pagination: &Field, types: &[Item]) -> Option<TokenStream> {
    let optional = argument_of(&pagination.ty, "Option");
    let ty = optional.unwrap_or(&pagination.ty);
    let holder = match optional {
        Some(_) => quote!(self.pagination.as_ref()),
        None => quote!(Some(&self.pagination)),
    };
    if name(ty).is_some_and(|name| name == "Map" || name == "HashMap") {
        return Some(
            quote!(#holder.and_then(|pagination| pagination.get("total_pages")?.as_u64())),
        );
    }
    let ty = argument_of(ty, "Box").unwrap_or(ty);
    let fields = fields(types, name(ty)?)?;
    let total = fields.iter().find(|field| {
        field
            .ident
            .as_ref()
            .is_some_and(|ident| ident == "total_pages")
    });
    let Some(total) = total else {
        return Some(quote!(None));
    };
    let optional = argument_of(&total.ty, "Option");
    let number = name(optional.unwrap_or(&total.ty))?.to_string();
    if !number.starts_with(['i', 'u']) {
        return Some(quote!(None));
    }
    let value = match optional {
        Some(_) => quote!(pagination.total_pages?),
        None => quote!(pagination.total_pages),
    };
    Some(quote!(#holder.and_then(|pagination| u64::try_from(#value).ok())))
}

fn page(response: &Ident, list: &List<'_>, total: &TokenStream) -> Item {
    let List { field, item, .. } = list;
    let (count, items) = match list.is_optional {
        true => (
            quote!(self.#field.as_ref().map_or(0, Vec::len)),
            quote!(self.#field.unwrap_or_default()),
        ),
        false => (quote!(self.#field.len()), quote!(self.#field)),
    };
    parse_quote! {
        impl ::client_core::Page for #response {
            type Item = #item;

            fn count(&self) -> usize {
                #count
            }

            fn total_pages(&self) -> Option<u64> {
                #total
            }

            fn into_items(self) -> Vec<#item> {
                #items
            }
        }
    }
}

fn methods(response: &Ident) -> [syn::ImplItem; 2] {
    [
        parse_quote! {
            /// The pages of the list, a stream that requests each page when it is polled for: from the `page` that
            /// was set, or else the first. Data may shift between pages: what is added or removed in the meantime
            /// can come twice, or not at all.
            pub fn pages(self) -> ::client_core::Pages<types::#response> {
                ::client_core::Pages::new(self.0)
            }
        },
        parse_quote! {
            /// The items of the list, a stream that requests each page when it is needed; see [`pages`](Self::pages).
            pub fn items(self) -> ::client_core::Items<types::#response> {
                self.pages().items()
            }
        },
    ]
}

fn fields<'a>(
    types: &'a [Item],
    name: &Ident,
) -> Option<&'a syn::punctuated::Punctuated<Field, syn::Token![,]>> {
    types.iter().find_map(|item| match item {
        Item::Struct(ItemStruct {
            ident,
            fields: Fields::Named(fields),
            ..
        }) if ident == name => Some(&fields.named),
        _ => None,
    })
}

/// The last name of a type's path.
fn name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| &last.ident),
        _ => None,
    }
}

/// The `T` of a `wrapper<T>`.
fn argument_of<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(ty) if last.ident == wrapper => Some(ty),
        _ => None,
    }
}
