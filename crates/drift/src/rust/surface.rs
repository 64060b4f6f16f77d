//! The public items of a generated client, as texts that can be compared.

use codegen::SurfaceOperation;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use syn::{
    Attribute, Fields, FnArg, ImplItem, Item, ItemEnum, ItemImpl, ItemStruct, Pat, Signature,
    Visibility,
};

/// The public items of a client by their paths.
#[derive(Debug, Default)]
pub(super) struct Surface {
    pub items: BTreeMap<String, Entry>,
}

/// A public item.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub shape: Shape,
    /// As people read it.
    pub signature: String,
    /// The type that the item belongs to, or is.
    pub owner: Option<String>,
    /// The name of a field, variant or setter.
    pub member: Option<String>,
    /// The names that it mentions.
    pub mentions: BTreeSet<String>,
    /// The operations that lead to it.
    pub operations: BTreeSet<String>,
}

/// What counts when two items are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A function: its arguments as name and type, and the rest of it.
    Function {
        arguments: Vec<(String, String)>,
        rest: String,
    },
    /// A variant of an enum; `open` if more variants can be added without breaking callers.
    Variant { text: String, open: bool },
    /// Anything else, by its text.
    Other(String),
}

impl Surface {
    /// The items of a generated client.
    pub fn new(generated: &codegen::Surface) -> Self {
        let mut surface = Surface::default();
        for (module, items) in &generated.modules {
            for item in items {
                surface.item(module, item);
            }
        }
        surface.reach(&generated.operations);
        surface
    }

    fn add(
        &mut self,
        path: String,
        shape: Shape,
        signature: String,
        owner: Option<&str>,
        member: Option<&str>,
    ) {
        let words = signature.split(|c: char| !(c.is_alphanumeric() || c == '_'));
        let entry = Entry {
            shape,
            owner: owner.map(str::to_owned),
            member: member.map(str::to_owned),
            mentions: words
                .filter(|word| !word.is_empty())
                .map(str::to_owned)
                .collect(),
            signature: without_roots(&signature),
            operations: BTreeSet::new(),
        };
        self.items.insert(path, entry);
    }

    fn item(&mut self, module: &str, item: &Item) {
        match item {
            Item::Struct(item) if is_public(&item.vis) => self.item_struct(module, item),
            Item::Enum(item) if is_public(&item.vis) => self.item_enum(module, item, ""),
            Item::Type(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                let ty = compact(&item.ty);
                let text = format!("pub type {name}{} = {ty}", compact(&item.generics));
                self.add(
                    path(module, &name),
                    Shape::Other(text.clone()),
                    text,
                    Some(&name),
                    None,
                );
            }
            Item::Fn(item) if is_public(&item.vis) => self.function(module, None, &item.sig),
            Item::Const(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                let text = format!("pub const {name}: {}", compact(&item.ty));
                self.add(
                    path(module, &name),
                    Shape::Other(text.clone()),
                    text,
                    None,
                    None,
                );
            }
            Item::Static(item) if is_public(&item.vis) => {
                let name = item.ident.to_string();
                let text = format!("pub static {name}: {}", compact(&item.ty));
                self.add(
                    path(module, &name),
                    Shape::Other(text.clone()),
                    text,
                    None,
                    None,
                );
            }
            Item::Impl(item) => self.item_impl(module, item),
            Item::Macro(item) => {
                // A macro that gets an item writes that item, and more that follows from it.
                let tokens = item.mac.tokens.clone();
                let by = item
                    .mac
                    .path
                    .segments
                    .last()
                    .map(|last| last.ident.to_string());
                match syn::parse2::<Item>(tokens) {
                    Ok(Item::Enum(item)) => self.item_enum(module, &item, &by.unwrap_or_default()),
                    Ok(item) => self.item(module, &item),
                    Err(_) => {}
                }
            }
            _ => {}
        }
    }

    fn item_struct(&mut self, module: &str, item: &ItemStruct) {
        let name = item.ident.to_string();
        let open = has_attribute(&item.attrs, "non_exhaustive");
        let generics = compact(&item.generics);
        let non_exhaustive = if open { "#[non_exhaustive] " } else { "" };
        let mut text = format!("{non_exhaustive}pub struct {name}{generics}");
        if let Fields::Unnamed(fields) = &item.fields {
            let public = fields.unnamed.iter().filter(|field| is_public(&field.vis));
            let types: Vec<String> = public.map(|field| compact(&field.ty)).collect();
            if !types.is_empty() {
                text = format!("{text}({})", types.join(", "));
            }
        }
        self.add(
            path(module, &name),
            Shape::Other(text.clone()),
            text,
            Some(&name),
            None,
        );
        if let Fields::Named(fields) = &item.fields {
            for field in fields.named.iter().filter(|field| is_public(&field.vis)) {
                let Some(ident) = &field.ident else { continue };
                let member = ident.to_string();
                let text = format!("pub {member}: {}", compact(&field.ty));
                let shape = Shape::Other(text.clone());
                // A method may be called as the field is.
                let path = format!("{}.{member}", path(module, &name));
                self.add(path, shape, text, Some(&name), Some(&member));
            }
        }
        self.derives(module, &name, &item.attrs);
    }

    /// An enum, as written or as a macro of the name `by` gets it.
    fn item_enum(&mut self, module: &str, item: &ItemEnum, by: &str) {
        let name = item.ident.to_string();
        let rest = item
            .attrs
            .iter()
            .find(|attribute| attribute.path().is_ident("open"));
        let open = rest.is_some() || has_attribute(&item.attrs, "non_exhaustive");
        let non_exhaustive = if open { "#[non_exhaustive] " } else { "" };
        let text = format!("{non_exhaustive}pub enum {name}{}", compact(&item.generics));
        // What the macro implements depends on the macro, and on whether the enum is open.
        let shape = Shape::Other(format!("{by} {text}"));
        self.add(path(module, &name), shape, text, Some(&name), None);
        let mut variants: Vec<(String, String)> = Vec::new();
        for variant in &item.variants {
            let fields = compact(&variant.fields);
            variants.push((
                variant.ident.to_string(),
                format!("{}{fields}", variant.ident),
            ));
        }
        if let Some(rest) = rest.and_then(|rest| rest.parse_args::<syn::Ident>().ok()) {
            variants.push((rest.to_string(), format!("{rest}(..)")));
        }
        for (member, text) in variants {
            let shape = Shape::Variant {
                text: text.clone(),
                open,
            };
            let path = format!("{}::{member}", path(module, &name));
            self.add(path, shape, text, Some(&name), Some(&member));
        }
        self.derives(module, &name, &item.attrs);
    }

    fn derives(&mut self, module: &str, name: &str, attributes: &[Attribute]) {
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("derive"))
        {
            // What is no list of traits does not compile, so there is none here.
            let _ = attribute.parse_nested_meta(|derived| {
                if let Some(last) = derived.path.segments.last() {
                    self.implementation(module, &last.ident.to_string(), name, name, "");
                }
                Ok(())
            });
        }
    }

    fn implementation(&mut self, module: &str, of: &str, ty: &str, owner: &str, more: &str) {
        let text = format!("impl {of} for {}", path(module, ty));
        let signature = format!("{text}{more}");
        self.add(
            text,
            Shape::Other(signature.clone()),
            signature,
            Some(owner),
            None,
        );
    }

    fn item_impl(&mut self, module: &str, item: &ItemImpl) {
        let syn::Type::Path(ty) = &*item.self_ty else {
            return;
        };
        let Some(last) = ty.path.segments.last() else {
            return;
        };
        let owner = last.ident.to_string();
        if let Some((of, _)) = &item.trait_ {
            let associated = item.items.iter().filter_map(|item| match item {
                ImplItem::Type(item) => Some(format!(
                    " {{ type {} = {} }}",
                    item.ident,
                    compact(&item.ty)
                )),
                _ => None,
            });
            let more: String = associated.collect();
            // Derived traits have no path, those that are written out may have one.
            let of = compact(of);
            let of = of.trim_start_matches("::");
            let generic = of.find('<').unwrap_or(of.len());
            let start = of[..generic].rfind("::").map_or(0, |at| at + 2);
            self.implementation(module, &of[start..], &compact(&item.self_ty), &owner, &more);
            return;
        }
        for item in &item.items {
            match item {
                ImplItem::Fn(item) if is_public(&item.vis) => {
                    self.function(module, Some(&owner), &item.sig)
                }
                ImplItem::Const(item) if is_public(&item.vis) => {
                    let name = item.ident.to_string();
                    let text = format!("pub const {name}: {}", compact(&item.ty));
                    let path = format!("{}::{name}", path(module, &owner));
                    self.add(
                        path,
                        Shape::Other(text.clone()),
                        text,
                        Some(&owner),
                        Some(&name),
                    );
                }
                _ => {}
            }
        }
    }

    fn function(&mut self, module: &str, owner: Option<&str>, signature: &Signature) {
        let name = signature.ident.to_string();
        let mut receiver = String::new();
        let mut arguments = Vec::new();
        for input in &signature.inputs {
            match input {
                FnArg::Receiver(own) => {
                    let own = own.clone();
                    receiver = compact(&own).trim_start_matches("mut ").to_owned();
                }
                FnArg::Typed(argument) => {
                    let name = match &*argument.pat {
                        Pat::Ident(pattern) => pattern.ident.to_string(),
                        other => compact(other),
                    };
                    arguments.push((name, compact(&argument.ty)));
                }
            }
        }
        let output = match &signature.output {
            syn::ReturnType::Default => String::new(),
            syn::ReturnType::Type(_, ty) => compact(ty),
        };
        // What returns a future is called like an `async fn`.
        let future = output.strip_prefix("impl Future<Output = ");
        let future = future.and_then(|rest| rest.strip_suffix('>'));
        let asynchronous = match signature.asyncness.is_some() || future.is_some() {
            true => "async ",
            false => "",
        };
        let output = match future.unwrap_or(&output) {
            "" => String::new(),
            ty => format!(" -> {ty}"),
        };
        let generics = compact(&signature.generics);
        let written = arguments.iter().map(|(name, ty)| format!("{name}: {ty}"));
        let inputs: Vec<String> = Some(receiver.clone())
            .filter(|own| !own.is_empty())
            .into_iter()
            .chain(written)
            .collect();
        let text = format!(
            "pub {asynchronous}fn {name}{generics}({}){output}",
            inputs.join(", ")
        );
        let shape = Shape::Function {
            arguments,
            rest: format!("{asynchronous}{generics}({receiver}){output}"),
        };
        let path = match owner {
            Some(owner) => format!("{}::{name}", path(module, owner)),
            None => path(module, &name),
        };
        self.add(path, shape, text, owner, Some(&name));
    }

    /// Finds out which operations lead to each item.
    fn reach(&mut self, operations: &[SurfaceOperation]) {
        let mut mentions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for entry in self.items.values() {
            if let Some(owner) = &entry.owner {
                mentions
                    .entry(owner)
                    .or_default()
                    .extend(entry.mentions.iter().map(String::as_str));
            }
        }
        let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for operation in operations {
            // Required arguments are those of the method.
            let method = self.items.get(&format!("Client::{}", operation.method));
            let taken = method.into_iter().flat_map(|method| &method.mentions);
            let mut seen: BTreeSet<&str> = taken.map(String::as_str).collect();
            seen.insert(&operation.builder);
            let mut waiting: Vec<&str> = seen.iter().copied().collect();
            while let Some(name) = waiting.pop() {
                reached
                    .entry(name.to_owned())
                    .or_default()
                    .insert(operation.label.clone());
                let next = mentions.get(name).into_iter().flatten();
                waiting.extend(next.filter(|next| {
                    **next != "Client" && mentions.contains_key(*next) && seen.insert(next)
                }));
            }
        }
        let by_method: BTreeMap<&str, &str> = operations
            .iter()
            .map(|operation| (operation.method.as_str(), operation.label.as_str()))
            .collect();
        for entry in self.items.values_mut() {
            entry.operations = match (&entry.owner, &entry.member) {
                (Some(owner), Some(member)) if owner == "Client" => by_method
                    .get(&**member)
                    .map(|label| (*label).to_owned())
                    .into_iter()
                    .collect(),
                (Some(owner), _) => reached.get(owner).cloned().unwrap_or_default(),
                _ => BTreeSet::new(),
            };
        }
    }
}

/// The path of an item, as callers write it behind the name of the crate.
fn path(module: &str, name: &str) -> String {
    match module {
        "client" | "environment" => name.to_owned(),
        _ => format!("{module}::{name}"),
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn has_attribute(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident(name))
}

/// Tokens as people write them, on one line.
fn compact(tokens: &impl ToTokens) -> String {
    let spaced = tokens.to_token_stream().to_string();
    let mut text = String::with_capacity(spaced.len());
    for token in spaced.split(' ') {
        let glued = text.is_empty()
            || text.ends_with(['<', '(', '&', '[', ':']) && !text.ends_with(": ")
            || matches!(
                token,
                ">" | "," | ")" | "]" | ":" | ";" | "::" | "<" | ">>" | "?" | "!"
            )
            || token.starts_with("::")
            || token.starts_with('<')
            || token.starts_with('>')
            || token.starts_with(',')
            || token.starts_with(')')
            || token.starts_with('(') && text.ends_with(|c: char| c.is_alphanumeric());
        if !glued {
            text.push(' ');
        }
        text.push_str(token);
        if token == ":" {
            text.push(' ');
        }
    }
    text.replace("impl::", "impl ::")
        .replace(":  ", ": ")
        .replace("::std::string::String", "String")
        .replace("::std::vec::Vec", "Vec")
        .replace("::std::option::Option", "Option")
}

/// For people: `client_core::Sensitive` for `::client_core::Sensitive`.
fn without_roots(text: &str) -> String {
    let mut parts = text.split("::client_core::");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let is_root = !shown.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '>');
        shown.push_str(if is_root {
            "client_core::"
        } else {
            "::client_core::"
        });
        shown.push_str(part);
    }
    shown
}

#[cfg(test)]
mod tests {
    use syn::{ImplItemFn, parse_str};

    use super::*;

    #[test]
    fn a_future_is_shown_as_what_an_async_fn_gives() {
        let shown = |code: &str| {
            let method: ImplItemFn = parse_str(code).expect("a method");
            let mut surface = Surface::default();
            surface.function("builder", Some("ReadUser"), &method.sig);
            let entry = surface.items.into_values().next().expect("an item");
            (entry.signature, entry.shape)
        };
        let wanted = shown("pub async fn send(self) -> Result<Response<()>, Error> {}");
        let future = "pub fn send(self) -> impl Future<Output = Result<Response<()>, Error>> {}";
        assert_eq!(shown(future), wanted);
        assert_eq!(
            wanted.0,
            "pub async fn send(self) -> Result<Response<()>, Error>"
        );
    }
}
