//! Required parameters become arguments, optional ones stay builder methods.
//!
//! Progenitor's builders find out at run time that a required parameter was never given, and their `Debug` prints
//! whatever was. Here a required parameter is an argument of the client's method, in the order of the path, so that
//! forgetting one does not compile; and a builder keeps its values in `Argument`, which never shows them.

use quote::{format_ident, quote};
use serde_json::{Map, Value};
use syn::{
    Field, Fields, GenericArgument, Ident, ImplItem, Item, PathArguments, ReturnType, Type,
    parse_quote,
};

use super::{Code, docs};
use crate::api::{Api, Operation};
use crate::json::Object as _;
use crate::markdown;
use crate::spec_passes::names;

/// What progenitor worked out about an operation's builder.
#[derive(Debug)]
pub struct Builder {
    /// The builder's type.
    pub ident: Ident,
    /// The arguments, the parameters in the order of the operation's facts and the body last.
    pub arguments: Vec<Argument>,
    /// What a success decodes to.
    pub success: Type,
}

/// An argument of an operation.
#[derive(Debug)]
pub struct Argument {
    /// Its name.
    pub ident: Ident,
    /// Its type.
    pub ty: Type,
    /// Whether it is an argument of the client's method.
    pub required: bool,
    docs: String,
}

/// Runs the pass; returns the builders in the order of the operations.
pub(crate) fn run(code: &mut Code, api: &Api) -> Result<Vec<Builder>, String> {
    let mut builders = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut methods: Vec<ImplItem> = Vec::new();
    for operation in &api.operations {
        let object = &api.document["paths"][&operation.path][&operation.method];
        let empty = Map::new();
        let object = object.as_object().unwrap_or(&empty);
        let builder = read(code, operation, object)?;
        items.extend(builder_items(operation, &builder));
        methods.push(client_method(operation, object, &builder));
        builders.push(builder);
    }
    code.builders = items;
    code.methods = methods;
    Ok(builders)
}

/// The builder's struct, and an impl with the methods for what is optional.
fn builder_items(operation: &Operation, builder: &Builder) -> [Item; 2] {
    let Builder {
        ident, arguments, ..
    } = builder;
    let method = format_ident!("{}", operation.name);
    let link =
        format!(" A call of [`Client::{method}`](crate::Client::{method}), ready to be sent.");
    // A body of bytes is used up by sending it.
    let clone = (!arguments.iter().any(Argument::is_raw)).then(|| quote!(Clone,));
    let fields = arguments
        .iter()
        .map(|Argument { ident, ty, .. }| quote!(pub(super) #ident: Argument<#ty>));
    let optional = arguments.iter().filter(|argument| !argument.required);
    let setters = optional.map(
        |Argument {
             ident, ty, docs, ..
         }| {
            let docs = match docs.as_str() {
                "" => docs::attributes(&format!("Sets `{ident}`.")),
                docs => docs::attributes(docs),
            };
            quote! {
                #(#docs)*
                pub fn #ident(mut self, #ident: impl TryInto<#ty>) -> Self {
                    self.#ident = Argument::new(#ident);
                    self
                }
            }
        },
    );
    [
        parse_quote! {
            #[doc = #link]
            #[derive(#clone Debug)]
            #[must_use = "a call does nothing until it is sent"]
            pub struct #ident<'a> {
                pub(super) client: &'a crate::Client,
                #(#fields,)*
            }
        },
        parse_quote! {
            impl #ident<'_> {
                #(#setters)*
            }
        },
    ]
}

impl Argument {
    /// Whether it is a body of bytes.
    pub fn is_raw(&self) -> bool {
        let ty = &self.ty;
        quote!(#ty).to_string() == quote!(reqwest::Body).to_string()
    }
}

fn client_method(
    operation: &Operation,
    object: &Map<String, Value>,
    builder: &Builder,
) -> ImplItem {
    let Builder {
        ident, arguments, ..
    } = builder;
    let method = format_ident!("{}", operation.name);
    let required: Vec<&Argument> = arguments
        .iter()
        .filter(|argument| argument.required)
        .collect();
    let given = required
        .iter()
        .map(|Argument { ident, ty, .. }| quote!(#ident: impl TryInto<#ty>));
    let values = arguments.iter().map(
        |Argument {
             ident, required, ..
         }| match required {
            true => quote!(#ident: Argument::new(#ident)),
            false => quote!(#ident: Argument::absent()),
        },
    );
    let docs = docs::attributes(&method_docs(operation, object, &required));
    let deprecated = object
        .flag("deprecated")
        .then(|| quote!(#[deprecated = "the spec calls it deprecated"]));
    let many = (required.len() > 6).then(|| quote!(#[allow(clippy::too_many_arguments)]));
    parse_quote! {
        #(#docs)*
        #deprecated
        #many
        pub fn #method(&self, #(#given),*) -> builder::#ident<'_> {
            builder::#ident { client: self, #(#values),* }
        }
    }
}

fn method_docs(
    operation: &Operation,
    object: &Map<String, Value>,
    required: &[&Argument],
) -> String {
    let mut paragraphs: Vec<String> = Vec::new();
    if let Some(summary) = object.str("summary") {
        let summary = markdown::markdown(summary.trim_end_matches(['.', ',']));
        let dot = if markdown::is_prose(&summary) {
            "."
        } else {
            ""
        };
        paragraphs.push(summary + dot);
    }
    paragraphs.extend(object.str("description").map(markdown::markdown));
    let (route, id) = (operation.route(), &operation.id);
    paragraphs.push(format!(
        "{}, operation {}.",
        markdown::code(&route),
        markdown::code(id)
    ));
    let arguments: Vec<String> = required
        .iter()
        .filter(|argument| !argument.docs.is_empty())
        .map(|argument| {
            let (ident, docs) = (&argument.ident, &argument.docs);
            if markdown::is_prose(docs) {
                format!("- `{ident}`: {}", docs.replace('\n', " "))
            } else {
                format!("- `{ident}`:\n\n{docs}").replace('\n', "\n  ")
            }
        })
        .collect();
    if !arguments.is_empty() {
        paragraphs.push(arguments.join("\n"));
    }
    paragraphs.join("\n\n")
}

/// Reads the types of an operation's arguments and success off its builder.
fn read(
    code: &Code,
    operation: &Operation,
    object: &Map<String, Value>,
) -> Result<Builder, String> {
    let name = names::type_name(&operation.name);
    let missing = |what: &str| {
        format!(
            "progenitor's builder `{name}` for `{}` has no {what}",
            operation.id
        )
    };
    let structure = code.builders.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == name => Some(item),
        _ => None,
    });
    let structure = structure.ok_or_else(|| missing("struct"))?;
    let Fields::Named(fields) = &structure.fields else {
        return Err(missing("fields"));
    };
    let field = |name: &str| {
        let field = fields
            .named
            .iter()
            .find(|field| field.ident.as_ref().is_some_and(|ident| ident == name));
        field
            .and_then(value_type)
            .ok_or_else(|| missing(&format!("field `{name}`")))
    };
    let mut arguments = Vec::new();
    for parameter in &operation.parameters {
        arguments.push(Argument {
            ident: format_ident!("{}", parameter.argument),
            ty: field(&parameter.argument)?,
            required: parameter.required,
            docs: parameter
                .description
                .as_deref()
                .map(markdown::markdown)
                .unwrap_or_default(),
        });
    }
    if let Some(body) = &operation.body {
        let docs = object
            .map("requestBody")
            .and_then(|body| body.str("description"))
            .map(markdown::markdown);
        arguments.push(Argument {
            ident: format_ident!("body"),
            ty: field("body")?,
            required: body.required,
            docs: docs.unwrap_or_else(|| "The request's body.".into()),
        });
    }
    let send = code
        .builders
        .iter()
        .filter(|item| is_impl_of(item, &name))
        .find_map(|item| match item {
            Item::Impl(item) => item.items.iter().find_map(|item| match item {
                ImplItem::Fn(method) if method.sig.ident == "send" => Some(method),
                _ => None,
            }),
            _ => None,
        });
    let output = match &send.ok_or_else(|| missing("`send`"))?.sig.output {
        ReturnType::Type(_, ty) => ty,
        ReturnType::Default => return Err(missing("result")),
    };
    // Result<ResponseValue<T>, Error<E>>
    let success = first_argument(output)
        .and_then(first_argument)
        .ok_or_else(|| missing("result"))?
        .clone();
    Ok(Builder {
        ident: format_ident!("{name}"),
        arguments,
        success,
    })
}

fn is_impl_of(item: &Item, name: &str) -> bool {
    let Item::Impl(item) = item else { return false };
    let Type::Path(path) = &*item.self_ty else {
        return false;
    };
    item.trait_.is_none()
        && path
            .path
            .segments
            .last()
            .is_some_and(|segment| segment.ident == name)
}

/// The `T` of a field `Result<T, String>`, `Result<Option<T>, String>` or, for a body, of its type builder.
fn value_type(field: &Field) -> Option<Type> {
    let value = first_argument(&field.ty)?;
    let Type::Path(path) = value else {
        return Some(value.clone());
    };
    let segments = &path.path.segments;
    // Fields for optional parameters are spelled `Option<T>`; types of the spec are spelled in full.
    if segments.len() == 1 && segments[0].ident == "Option" {
        return first_argument(value).cloned();
    }
    // `types::builder::User` builds a `types::User`.
    let names: Vec<&Ident> = segments.iter().map(|segment| &segment.ident).collect();
    match names.as_slice() {
        [types, builder, name] if *types == "types" && *builder == "builder" => {
            Some(parse_quote!(types::#name))
        }
        _ => Some(value.clone()),
    }
}

fn first_argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}
