//! A program that uses every public item of a generated client, each in a function of its own.

use quote::{ToTokens, format_ident, quote};
use std::collections::BTreeMap;
use syn::{Fields, FnArg, ImplItem, Item, ItemEnum, ItemUse, Type, UseTree, Visibility};

/// The files of generated code that callers can see, as name and text.
pub type Files = BTreeMap<String, String>;

/// A module that uses what these files have, at the path of the client's root.
pub fn program(files: &Files, root: &str) -> String {
    let root: syn::Path = syn::parse_str(root).unwrap();
    let mut text = String::new();
    for (name, code) in files {
        let module = name.trim_end_matches(".rs");
        if !["builder", "client", "environment", "types"].contains(&module) {
            continue;
        }
        let file = syn::parse_file(code).unwrap();
        let imports = file.items.iter().filter_map(|item| match item {
            Item::Use(item) if is_of_client_core(item) => Some(item),
            _ => None,
        });
        let own = match module {
            "types" => quote!(use #root::types::*;),
            "builder" => quote!(use #root::builder::*; use #root::types;),
            _ => quote!(use #root::*; use #root::{builder, types};),
        };
        let mut uses = Uses::default();
        file.items.iter().for_each(|item| uses.item(item));
        let (ident, uses) = (format_ident!("{module}"), uses.0);
        let tokens = quote! {
            mod #ident {
                use std::{fmt::Debug, hash::Hash};
                #(#imports)*
                #own
                #(#uses)*
            }
        };
        text.push_str(&tokens.to_string());
        text.push('\n');
    }
    text
}

fn is_of_client_core(item: &ItemUse) -> bool {
    matches!(&item.tree, UseTree::Path(path) if path.ident == "client_core")
}

#[derive(Default)]
struct Uses(Vec<proc_macro2::TokenStream>);

impl Uses {
    /// Adds a function, which the number sets apart.
    fn add(&mut self, function: impl FnOnce(syn::Ident) -> proc_macro2::TokenStream) {
        let name = format_ident!("use_{}", self.0.len());
        self.0.push(function(name));
    }

    fn item(&mut self, item: &Item) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let ty = with_lifetimes(&item.ident, &item.generics);
                for (at, field) in item
                    .fields
                    .iter()
                    .enumerate()
                    .filter(|(_, field)| is_public(&field.vis))
                {
                    let member = match &field.ident {
                        Some(ident) => quote!(#ident),
                        None => syn::Index::from(at).to_token_stream(),
                    };
                    let field = &field.ty;
                    self.add(|name| quote!(pub fn #name(v: #ty) -> #field { v.#member }));
                }
                self.derives(&ty, &item.attrs);
            }
            Item::Enum(item) if is_public(&item.vis) => self.item_enum(item),
            Item::Macro(item) => {
                if let Ok(Item::Enum(item)) = syn::parse2(item.mac.tokens.clone()) {
                    self.string_enum(&item);
                }
            }
            Item::Type(item) if is_public(&item.vis) => {
                let (from, to) = (&item.ident, &item.ty);
                self.add(|name| quote!(pub fn #name(v: #from) -> #to { v }));
            }
            Item::Impl(item) => {
                let owner = &item.self_ty;
                if let Some((of, _)) = &item.trait_ {
                    self.implements(&owner.to_token_stream(), &of.to_token_stream());
                    return;
                }
                for item in &item.items {
                    if let ImplItem::Fn(item) = item
                        && is_public(&item.vis)
                    {
                        self.call(owner, &item.sig);
                    }
                }
            }
            _ => {}
        }
    }

    fn item_enum(&mut self, item: &ItemEnum) {
        let ty = &item.ident;
        for variant in &item.variants {
            let ident = &variant.ident;
            let types: Vec<&Type> = variant.fields.iter().map(|field| &field.ty).collect();
            match &variant.fields {
                Fields::Unit => self.add(|name| quote!(pub fn #name() -> #ty { #ty::#ident })),
                Fields::Unnamed(_) => {
                    let names: Vec<_> = (0..types.len()).map(|at| format_ident!("a{at}")).collect();
                    self.add(|name| quote!(pub fn #name(#(#names: #types),*) -> #ty { #ty::#ident(#(#names),*) }));
                }
                Fields::Named(_) => {
                    let names: Vec<_> = variant.fields.iter().map(|field| &field.ident).collect();
                    self.add(|name| quote!(pub fn #name(#(#names: #types),*) -> #ty { #ty::#ident { #(#names),* } }));
                }
            }
        }
        let is_open = item
            .attrs
            .iter()
            .any(|attribute| attribute.path().is_ident("non_exhaustive"));
        self.matches(item, is_open);
        self.derives(&quote!(#ty), &item.attrs);
    }

    fn string_enum(&mut self, item: &ItemEnum) {
        let ty = &item.ident;
        let rest = item
            .attrs
            .iter()
            .find(|attribute| attribute.path().is_ident("open"));
        for variant in &item.variants {
            let ident = &variant.ident;
            self.add(|name| quote!(pub fn #name() -> #ty { #ty::#ident }));
        }
        self.matches(item, rest.is_some());
        match rest {
            Some(rest) => {
                let rest: syn::Ident = rest.parse_args().unwrap();
                self.add(
                    |name| quote!(pub fn #name(v: #ty) -> bool { matches!(v, #ty::#rest(_)) }),
                );
                self.implements(&quote!(#ty), &quote!(From<&'static str>));
            }
            None => {
                self.implements(&quote!(#ty), &quote!(Copy));
                self.implements(&quote!(#ty), &quote!(TryFrom<&'static str>));
            }
        }
    }

    fn matches(&mut self, item: &ItemEnum, is_open: bool) {
        let ty = &item.ident;
        let arms = item.variants.iter().map(|variant| {
            let ident = &variant.ident;
            let fields = match &variant.fields {
                Fields::Unit => quote!(),
                Fields::Unnamed(_) => quote!((..)),
                Fields::Named(_) => quote!({ .. }),
            };
            quote!(#ty::#ident #fields => 1,)
        });
        let other = is_open.then(|| quote!(_ => 2,));
        self.add(|name| quote!(pub fn #name(v: #ty) -> u8 { match v { #(#arms)* #other } }));
    }

    fn derives(&mut self, ty: &proc_macro2::TokenStream, attributes: &[syn::Attribute]) {
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("derive"))
        {
            let mut traits = Vec::new();
            attribute
                .parse_nested_meta(|derived| {
                    traits.push(derived.path.to_token_stream());
                    Ok(())
                })
                .unwrap();
            traits.iter().for_each(|of| self.implements(ty, of));
        }
    }

    fn implements(&mut self, ty: &proc_macro2::TokenStream, of: &proc_macro2::TokenStream) {
        self.add(|name| quote!(pub fn #name() { fn is<T: #of>() {} is::<#ty>() }));
    }

    fn call(&mut self, owner: &Type, signature: &syn::Signature) {
        let method = &signature.ident;
        let mut parameters = Vec::new();
        let mut given = Vec::new();
        let mut receiver = None;
        for (at, input) in signature.inputs.iter().enumerate() {
            match input {
                FnArg::Receiver(own) => {
                    receiver = Some(());
                    parameters.push(if own.to_token_stream().to_string().starts_with('&') {
                        quote!(own: &#owner)
                    } else {
                        quote!(own: #owner)
                    });
                }
                FnArg::Typed(argument) => {
                    let ty =
                        converted(&argument.ty).unwrap_or_else(|| argument.ty.to_token_stream());
                    // Callers write texts as literals.
                    if ["String", ":: std :: string :: String"].contains(&ty.to_string().as_str()) {
                        given.push(quote!("text"));
                    } else {
                        let name = format_ident!("a{at}");
                        given.push(quote!(#name));
                        parameters.push(quote!(#name: #ty));
                    }
                }
            }
        }
        let output = match &signature.output {
            syn::ReturnType::Default => quote!(),
            syn::ReturnType::Type(_, ty) if ty.to_token_stream().to_string() == "Self" => {
                quote!(-> #owner)
            }
            output => output.to_token_stream(),
        };
        let call = match receiver {
            Some(()) => quote!(own.#method(#(#given),*)),
            None => quote!(<#owner>::#method(#(#given),*)),
        };
        let is_async = signature.asyncness.is_some();
        self.add(|name| match is_async {
            true => quote!(pub async fn #name(#(#parameters),*) #output { #call.await }),
            false => quote!(pub fn #name(#(#parameters),*) #output { #call }),
        });
    }
}

/// `T` of an argument that is `impl Into<T>` or the like.
fn converted(ty: &Type) -> Option<proc_macro2::TokenStream> {
    let Type::ImplTrait(bounds) = ty else {
        return None;
    };
    let syn::TypeParamBound::Trait(bound) = bounds.bounds.first()? else {
        return None;
    };
    let last = bound.path.segments.last()?;
    let is_conversion = ["Into", "IntoArgument", "IntoField", "TryInto"]
        .iter()
        .any(|name| last.ident == name);
    match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) if is_conversion => {
            Some(arguments.args.first()?.to_token_stream())
        }
        _ => None,
    }
}

fn with_lifetimes(ident: &syn::Ident, generics: &syn::Generics) -> proc_macro2::TokenStream {
    match generics.lifetimes().next() {
        Some(_) => quote!(#ident<'_>),
        None => quote!(#ident),
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}
