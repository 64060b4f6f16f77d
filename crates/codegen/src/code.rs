//! The Rust code of a client, on its way from progenitor's output to the files.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit::{self, Visit};
use syn::{GenericArgument, Ident, ImplItem, Item, PathArguments, Type, parse_quote};

use crate::api::{Body, Format, Operation, Parameter, StatusBody};
use crate::schemas::wrapped_reference;

/// The parts of the clients that come from progenitor or take their place.
#[derive(Debug)]
pub struct Code<'a> {
    /// The types that requests and responses carry.
    pub types: Vec<Item>,
    /// The calls of the operations, in the order of the operations.
    pub calls: Vec<Call<'a>>,
}

/// The code to call an operation.
#[derive(Debug)]
pub struct Call<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The type that builds a call.
    pub builder: Ident,
    /// The parameters in their order, and the body last.
    pub arguments: Vec<Argument<'a>>,
    /// What a success decodes to.
    pub success: Type,
    /// The builder's items; written by the pass Required arguments.
    pub items: Vec<Item>,
    /// The client's method; written by the pass Required arguments.
    pub method: Option<ImplItem>,
}

/// An argument of an operation.
#[derive(Debug)]
pub struct Argument<'a> {
    /// Its name.
    pub ident: Ident,
    /// Its type.
    pub ty: Type,
    /// What of the request it is.
    pub part: RequestPart<'a>,
}

/// A part of a request that an argument becomes.
#[derive(Clone, Copy, Debug)]
pub enum RequestPart<'a> {
    /// A parameter.
    Parameter(&'a Parameter),
    /// The body.
    Body(&'a Body),
}

impl Argument<'_> {
    /// Whether it is an argument of the client's method, or else a method of the builder.
    pub fn is_required(&self) -> bool {
        match self.part {
            RequestPart::Parameter(parameter) => parameter.required,
            RequestPart::Body(body) => body.required,
        }
    }

    /// Its type as serde reads and writes it.
    pub fn serde_type(&self) -> Type {
        serde_type(&self.ty)
    }

    /// Whether it is the body.
    pub fn is_body(&self) -> bool {
        matches!(self.part, RequestPart::Body(_))
    }

    /// Whether it is a body of bytes.
    pub fn is_raw(&self) -> bool {
        matches!(self.part, RequestPart::Body(body) if body.content.format() == Format::Bytes)
    }

    /// What the spec says of it.
    pub fn description(&self) -> Option<&str> {
        match self.part {
            RequestPart::Parameter(parameter) => parameter.description.as_deref(),
            RequestPart::Body(body) => body.description.as_deref(),
        }
    }
}

/// The Rust type of a body that is one of several by status, its name after `module`.
pub fn status_type(body: &StatusBody, module: &TokenStream) -> Option<TokenStream> {
    let schema = body.schema.as_ref()?;
    let name = format_ident!("{}", wrapped_reference(schema)?);
    Some(if schema["nullable"] == true {
        quote!(Option<#module #name>)
    } else {
        quote!(#module #name)
    })
}

/// The `T` of a `name<T>`.
pub fn argument<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    match (&last.arguments, last.ident == name) {
        (PathArguments::AngleBracketed(arguments), true) => match arguments.args.first()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

/// The `T` of an `Option<T>`.
pub fn option(ty: &Type) -> Option<&Type> {
    argument(ty, "Option")
}

/// A type as serde reads and writes it: numbers have no serde traits of their own.
pub fn serde_type(ty: &Type) -> Type {
    if is_exact(ty) {
        parse_quote!(::client_core::Exactly<#ty>)
    } else {
        ty.clone()
    }
}

/// Whether a type is a `Decimal`, or holds them in options, boxes, lists and maps.
pub fn is_exact(ty: &Type) -> bool {
    struct Found(bool);

    impl Visit<'_> for Found {
        fn visit_path(&mut self, path: &syn::Path) {
            let names: Vec<&Ident> = path.segments.iter().map(|segment| &segment.ident).collect();
            self.0 |= matches!(names.as_slice(), [core, name] if *core == "client_core" && *name == "Decimal");
            visit::visit_path(self, path);
        }
    }

    let mut found = Found(false);
    found.visit_type(ty);
    found.0
}
