//! Code that calls every operation of a generated client.

use std::fmt::Write as _;

use quote::ToTokens as _;
use syn::{
    FnArg, GenericArgument, ImplItem, ImplItemFn, Item, PathArguments, ReturnType, Type,
    TypeParamBound,
};

/// The module `calls` of the program, from the files of the generated code.
pub fn code(read: &impl Fn(&str) -> String) -> String {
    let items = |name: &str| syn::parse_file(&read(name)).expect("Rust").items;
    let builders = methods(&items("builder.rs"));
    let table = read("operations.rs");
    let mut code = String::from("use crate::Run;\nuse platform_client::types;\n\n");
    let mut all = String::new();
    for (_, method) in methods(&items("client.rs"))
        .iter()
        .filter(|(of, _)| of == "Client")
    {
        let Some(builder) = returned(method).filter(|_| method.sig.receiver().is_some()) else {
            continue;
        };
        let setters = builders.iter().filter(|(of, _)| *of == builder);
        let name = &method.sig.ident;
        let id = id(&table, &name.to_string());
        let _ = writeln!(
            code,
            "#[allow(deprecated)]\npub async fn {name}(run: &Run) {{"
        );
        let _ = writeln!(
            code,
            "    for number in 0..run.answers({id:?}) {{\n        run.next({id:?}, number);"
        );
        let required: Vec<String> = arguments(method)
            .iter()
            .map(|it| argument(&id, it))
            .collect();
        let _ = writeln!(
            code,
            "        let call = run.client().{name}({});",
            required.join(", ")
        );
        let mut shows_value = false;
        for (_, setter) in setters {
            match arguments(setter).as_slice() {
                [only] if !only.1.is_empty() && setter.sig.ident == only.0 => {
                    let _ = writeln!(
                        code,
                        "        let call = call.{}({});",
                        setter.sig.ident,
                        argument(&id, only)
                    );
                }
                _ if setter.sig.ident == "send" => {
                    shows_value = setter
                        .sig
                        .output
                        .to_token_stream()
                        .to_string()
                        .contains("Response < types ::");
                }
                _ => {}
            }
        }
        let show = if shows_value {
            "if let Ok(it) = &answer { run.show(&**it); }"
        } else {
            ""
        };
        let _ = writeln!(
            code,
            "        run.show(&call);\n        let answer = call.send().await;\n        run.outcome(&answer);\n        {show}\n    }}\n}}\n"
        );
        let _ = writeln!(all, "    {name}(run).await;");
    }
    code + &format!("pub async fn all(run: &Run) {{\n{all}}}\n")
}

/// The id of the operation of a method, from the table of operations.
fn id(table: &str, method: &str) -> String {
    let (before, _) = table
        .split_once(&format!("name: {method:?},"))
        .expect("an operation");
    let id = before.rsplit("id: \"").next().expect("an id");
    id.split('"').next().expect("its end").to_owned()
}

/// The methods of the types of a module, with the type's name.
fn methods(items: &[Item]) -> Vec<(String, ImplItemFn)> {
    let mut methods = Vec::new();
    for item in items {
        let Item::Impl(item) = item else { continue };
        let Some(name) = last_name(&item.self_ty).filter(|_| item.trait_.is_none()) else {
            continue;
        };
        methods.extend(item.items.iter().filter_map(|item| match item {
            ImplItem::Fn(method) => Some((name.clone(), method.clone())),
            _ => None,
        }));
    }
    methods
}

/// The builder that a method of the client returns.
fn returned(method: &ImplItemFn) -> Option<String> {
    let ReturnType::Type(_, ty) = &method.sig.output else {
        return None;
    };
    let text = ty.to_token_stream().to_string();
    text.starts_with("builder ::")
        .then(|| last_name(ty))
        .flatten()
}

fn last_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
        _ => None,
    }
}

/// The arguments of a method that are given as `impl TryInto<T>`, with `T`.
fn arguments(method: &ImplItemFn) -> Vec<(String, String)> {
    let inputs = method.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(input) => Some(input),
        FnArg::Receiver(_) => None,
    });
    inputs
        .map(|input| {
            (
                input.pat.to_token_stream().to_string(),
                converted(&input.ty).unwrap_or_default(),
            )
        })
        .collect()
}

fn converted(ty: &Type) -> Option<String> {
    let Type::ImplTrait(ty) = ty else { return None };
    ty.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound.path.segments.last()?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return None;
        };
        let named = ["TryInto", "Into", "IntoArgument", "IntoField"]
            .iter()
            .any(|name| last.ident == name);
        match arguments.args.first()? {
            GenericArgument::Type(ty) if named => Some(ty.to_token_stream().to_string()),
            _ => None,
        }
    })
}

fn argument(id: &str, (name, ty): &(String, String)) -> String {
    match ty.as_str() {
        ty if ty.ends_with("reqwest :: Body") => "run.bytes()".to_owned(),
        // Other types have the `Debug` of the library that they are from.
        ty if ty.starts_with("types ::") => format!("run.shown::<{ty}>({id:?}, {name:?}, number)"),
        ty => format!("run.argument::<{ty}>({id:?}, {name:?}, number)"),
    }
}
