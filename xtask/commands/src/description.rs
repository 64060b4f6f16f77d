//! What a document says about its API: the facts of `api.toml`.

use std::path::Path;

use codegen::Authentication;
use openapi::{Document, Version, model};
use toml_edit::{DocumentMut, value};

/// An API, as far as the user describes it.
pub struct Description<'a> {
    /// The OpenAPI document.
    pub spec: &'a Path,
    /// The API's name.
    pub name: &'a str,
    /// Its name for people; by default the title of the document.
    pub title: Option<&'a str>,
    /// How callers authenticate; by default what the document says.
    pub authentication: Option<Kind>,
    /// The environment variables of the credentials; by default the usual ones.
    pub variables: &'a [String],
}

/// [`Authentication`], as an argument.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Kind {
    /// Not at all
    None,
    /// With a client id and an API key; single operations may take a bearer token instead
    Basic,
    /// With a bearer token
    Bearer,
    /// With the token of a user's session, in a header
    Session,
}

/// The text of `api.toml`.
///
/// # Errors
///
/// The document cannot be read, or does not say how callers authenticate.
pub fn api_toml(args: &Description<'_>) -> Result<String, String> {
    let document = Document::read(args.spec).map_err(|error| error.to_string())?;
    Version::of(document.value())
        .map_err(|finding| openapi::render(&[finding], &document, false))?;
    let title = args
        .title
        .or_else(|| document.value()["info"]["title"].as_str());
    let words: Vec<&str> = title.unwrap_or(args.name).split_whitespace().collect();
    let authentication = match args.authentication {
        Some(Kind::None) => Authentication::None,
        Some(Kind::Basic) => Authentication::Basic,
        Some(Kind::Bearer) => Authentication::Bearer,
        Some(Kind::Session) => Authentication::Session,
        None => authentication(&document)?,
    };
    let mut variables: Vec<&str> = args.variables.iter().map(String::as_str).collect();
    if variables.is_empty() {
        variables = match authentication {
            Authentication::None => Vec::new(),
            Authentication::Basic => vec!["MX_CLIENT_ID", "MX_API_KEY"],
            Authentication::Bearer => vec!["MX_TOKEN"],
            Authentication::Session => vec!["MX_SESSION_TOKEN"],
        };
    }
    let mut text = DocumentMut::new();
    text["title"] = value(words.join(" "));
    text["authentication"] = value(authentication.name());
    text["variables"] = value(variables.into_iter().collect::<toml_edit::Array>());
    Ok(text.to_string())
}

/// The text of `api.toml` with operations that the client shall not have.
///
/// # Errors
///
/// The text is not TOML.
pub fn with_skip(text: &str, operations: &[String]) -> Result<String, String> {
    let mut text: DocumentMut = text.parse().map_err(|error| format!("api.toml: {error}"))?;
    text["skip"] = value(operations.iter().collect::<toml_edit::Array>());
    Ok(text.to_string())
}

/// How callers authenticate, as the operations' security requirements say; if they say nothing, as the document's
/// security schemes do.
fn authentication(document: &Document) -> Result<Authentication, String> {
    let root = document.value();
    let operations = model::operations(root);
    let requirements = operations
        .iter()
        .flat_map(|operation| model::requirements(root, operation));
    let mut schemes: Vec<_> = requirements
        .flat_map(|requirement| requirement.schemes)
        .filter_map(|(name, _)| model::scheme(root, name))
        .collect();
    if schemes.is_empty() {
        schemes = model::schemes(root);
    }
    let has = |is_one: fn(&model::SchemeKind<'_>) -> bool| {
        schemes.iter().any(|scheme| is_one(&scheme.kind))
    };
    let (basic, bearer, header) = (
        has(|kind| matches!(kind, model::SchemeKind::Basic)),
        has(|kind| matches!(kind, model::SchemeKind::Bearer)),
        has(|kind| matches!(kind, model::SchemeKind::Header(_))),
    );
    match (basic, bearer, header) {
        (false, false, false) => Ok(Authentication::None),
        (true, _, false) => Ok(Authentication::Basic),
        (false, true, false) => Ok(Authentication::Bearer),
        (false, false, true) => Ok(Authentication::Session),
        (_, _, true) => Err(format!(
            "{}: its operations take credentials in the header `Authorization` and in others: choose one way with \
             --authentication",
            document.name()
        )),
    }
}
