//! What the clients keep of progenitor's output: the types, and the types of what calls take and answer.

use quote::format_ident;
use syn::{
    Fields, GenericArgument, Ident, ImplItem, Item, ItemMod, ItemStruct, PathArguments, ReturnType,
    Type, parse_quote,
};

use super::lower::{operation_name, parameter_name};
use crate::api::Operation;
use crate::code::{Argument, Call, Code, RequestPart};
use crate::names::type_name;

/// Reads the code for operations out of a file that progenitor made of them.
///
/// # Errors
///
/// A message where the output lacks a part, which means that progenitor changed.
pub(super) fn read<'a>(file: syn::File, operations: &[&'a Operation]) -> Result<Code<'a>, String> {
    let (mut types, mut builders) = (None, None);
    for item in file.items {
        if let Item::Mod(ItemMod {
            ident,
            content: Some((_, items)),
            ..
        }) = item
        {
            match ident.to_string().as_str() {
                "types" => types = Some(items),
                "builder" => builders = Some(items),
                _ => {}
            }
        }
    }
    let (Some(types), Some(builders)) = (types, builders) else {
        return Err("progenitor's output has no modules `types` and `builder`".into());
    };
    let calls = operations.iter().enumerate().map(|(index, operation)| {
        call(&builders, index, operation).map_err(|part| {
            let id = &operation.id;
            format!("progenitor's builder for the operation `{id}` has no {part}")
        })
    });
    Ok(Code {
        calls: calls.collect::<Result<_, _>>()?,
        types,
    })
}

/// The call of an operation, or what its builder lacks.
fn call<'a>(builders: &[Item], index: usize, operation: &'a Operation) -> Result<Call<'a>, String> {
    let name = type_name(&operation_name(index));
    let structure = builders.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == name => Some(item),
        _ => None,
    });
    let structure = structure.ok_or("struct")?;
    let parameters = operation.parameters.iter().enumerate();
    let mut arguments = parameters
        .map(|(place, parameter)| {
            Ok(Argument {
                ident: format_ident!("{}", parameter.argument),
                ty: field_type(structure, &parameter_name(index, place))?,
                part: RequestPart::Parameter(parameter),
            })
        })
        .collect::<Result<Vec<_>, String>>()?;
    if let Some(body) = &operation.body {
        arguments.push(Argument {
            ident: format_ident!("body"),
            ty: field_type(structure, "body")?,
            part: RequestPart::Body(body),
        });
    }
    let send = builders.iter().find_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() && names(&item.self_ty, &name) => {
            item.items.iter().find_map(|item| match item {
                ImplItem::Fn(method) if method.sig.ident == "send" => Some(method),
                _ => None,
            })
        }
        _ => None,
    });
    // Result<ResponseValue<T>, Error<E>>
    let success = match &send.ok_or("method `send`")?.sig.output {
        ReturnType::Type(_, ty) => first_argument(ty).and_then(first_argument),
        ReturnType::Default => None,
    };
    Ok(Call {
        operation,
        builder: format_ident!("{}", type_name(&operation.name)),
        arguments,
        success: success.ok_or("success type")?.clone(),
        items: Vec::new(),
        method: None,
    })
}

fn names(ty: &Type, name: &str) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// The `T` of a field `Result<T, String>`, `Result<Option<T>, String>` or, for a body, of its type builder.
fn field_type(structure: &ItemStruct, name: &str) -> Result<Type, String> {
    let Fields::Named(fields) = &structure.fields else {
        return Err("fields".to_owned());
    };
    let field = fields
        .named
        .iter()
        .find(|field| field.ident.as_ref().is_some_and(|ident| ident == name));
    let value = field.and_then(|field| first_argument(&field.ty));
    let value = value.ok_or_else(|| format!("field `{name}`"))?;
    let Type::Path(path) = value else {
        return Ok(value.clone());
    };
    let segments = &path.path.segments;
    // What is optional, or may be null, is sent or left out.
    if segments.last().is_some_and(|last| last.ident == "Option") {
        return first_argument(value)
            .cloned()
            .ok_or_else(|| format!("type of the field `{name}`"));
    }
    // `types::builder::User` builds a `types::User`.
    let names: Vec<&Ident> = segments.iter().map(|segment| &segment.ident).collect();
    match names.as_slice() {
        [types, builder, name] if *types == "types" && *builder == "builder" => {
            Ok(parse_quote!(types::#name))
        }
        _ => Ok(value.clone()),
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
