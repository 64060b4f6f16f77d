//! Who may call: security schemes, and the requirements that name them.

use super::Operation;
use crate::Node;
use serde_json::Value;

/// A security scheme of a document.
#[derive(Clone, Debug)]
pub struct Scheme<'a> {
    /// Its name under `components/securitySchemes`.
    pub name: &'a str,
    /// The scheme object, its `$ref` followed.
    pub node: Node<'a>,
    /// How credentials for it are sent.
    pub kind: SchemeKind<'a>,
}

/// How the credentials for a security scheme are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemeKind<'a> {
    /// `Authorization: Basic …`
    Basic,
    /// `Authorization: Bearer …`; `oauth2` and `openIdConnect` are ways to get such a token.
    Bearer,
    /// A header of this name.
    Header(&'a str),
    /// A query parameter of this name.
    Query(&'a str),
    /// A cookie of this name.
    Cookie(&'a str),
    /// Any other way, such as `mutualTLS`, HTTP Digest, or a scheme that is not complete.
    Other,
}

/// One way to be let in: credentials for all of these schemes at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement<'a> {
    /// The names of the schemes, each with its scopes. None: no credentials are needed.
    pub schemes: Vec<(&'a str, Vec<&'a str>)>,
}

/// The security scheme of a name.
pub fn scheme<'a>(document: &'a Value, name: &str) -> Option<Scheme<'a>> {
    let schemes = Node::root(document)
        .get("components")?
        .get("securitySchemes")?;
    let (name, _) = schemes.value.as_object()?.get_key_value(name)?;
    let node = schemes.get(name)?.resolved(document);
    let kind = kind(&node);
    Some(Scheme { name, node, kind })
}

/// All security schemes of a document, in its order.
pub fn schemes(document: &Value) -> Vec<Scheme<'_>> {
    let schemes = document.pointer("/components/securitySchemes");
    let names = schemes.and_then(Value::as_object).into_iter().flatten();
    names
        .filter_map(|(name, _)| scheme(document, name))
        .collect()
}

fn kind<'a>(scheme: &Node<'a>) -> SchemeKind<'a> {
    let http = |name: &str| {
        let scheme = scheme.str("scheme");
        scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(name))
    };
    match (scheme.str("type"), scheme.str("in"), scheme.str("name")) {
        (Some("http"), ..) if http("basic") => SchemeKind::Basic,
        (Some("http"), ..) if http("bearer") => SchemeKind::Bearer,
        (Some("oauth2" | "openIdConnect"), ..) => SchemeKind::Bearer,
        (Some("apiKey"), Some("header"), Some(name)) => SchemeKind::Header(name),
        (Some("apiKey"), Some("query"), Some(name)) => SchemeKind::Query(name),
        (Some("apiKey"), Some("cookie"), Some(name)) => SchemeKind::Cookie(name),
        _ => SchemeKind::Other,
    }
}

/// The list of requirements in effect for an operation: its own, even if that is empty, else that
/// of the document.
pub fn security<'a>(document: &'a Value, operation: &Operation<'a>) -> Option<Node<'a>> {
    let own = operation.node.get("security");
    own.or_else(|| Node::root(document).get("security"))
}

/// The requirements in effect for an operation, any one of which lets a caller in. None at all:
/// no credentials are needed.
pub fn requirements<'a>(document: &'a Value, operation: &Operation<'a>) -> Vec<Requirement<'a>> {
    let list = security(document, operation);
    list.iter()
        .flat_map(Node::items)
        .filter(|item| item.value.is_object())
        .map(|item| Requirement {
            schemes: item
                .members()
                .map(|(name, scopes)| {
                    let scopes = scopes.items().filter_map(|scope| scope.value.as_str());
                    (name, scopes.collect())
                })
                .collect(),
        })
        .collect()
}

/// Whether calls need credentials; an empty requirement (`{}`) among others makes them optional.
pub fn needs_credentials(requirements: &[Requirement<'_>]) -> bool {
    !requirements.is_empty()
        && requirements
            .iter()
            .all(|requirement| !requirement.schemes.is_empty())
}
