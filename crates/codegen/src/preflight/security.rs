//! Security: credentials that the clients can send.

use openapi::model::{self, Operation, SchemeKind};
use openapi::{Node, pointer};

use super::findings::{Findings, update, yaml};
use super::headers::belongs_to_http;

/// Checks what the operations ask for.
pub(super) fn check(findings: &mut Findings<'_>) {
    let document = findings.document;
    for operation in model::operations(document) {
        if let Some(list) = model::security(document, &operation) {
            requirements(findings, &list, &operation);
        }
    }
}

/// One of the alternatives must be one that the clients can send.
fn requirements(findings: &mut Findings<'_>, list: &Node<'_>, operation: &Operation<'_>) {
    let document = findings.document;
    let mut usable = list.items().next().is_none();
    let mut several = None;
    let mut unusable = None;
    for alternative in list.items() {
        let names: Vec<&str> = alternative.members().map(|(name, _)| name).collect();
        usable |= names.is_empty();
        let mut all = true;
        for name in &names {
            let at = pointer::join(&alternative.pointer, name);
            let Some(scheme) = model::scheme(document, name) else {
                let message = format!("nothing describes the security scheme `{name}`");
                findings.error_in(
                    operation,
                    &at,
                    message,
                    "describe it under `components/securitySchemes`",
                );
                usable = true; // Said once.
                continue;
            };
            match scheme.kind {
                SchemeKind::Basic | SchemeKind::Bearer => {}
                SchemeKind::Header(header) => {
                    if belongs_to_http(header) {
                        let at = pointer::join("/components/securitySchemes", name);
                        let message = format!(
                            "`{header}` is a header of HTTP itself, and cannot carry a key"
                        );
                        let help = "the HTTP library sets it for each connection: the key needs a header of its own";
                        findings.error_in(operation, &at, message, help);
                    }
                }
                SchemeKind::Query(_) | SchemeKind::Cookie(_) | SchemeKind::Other => {
                    all = false;
                    unusable = Some(at);
                }
            }
        }
        match names.as_slice() {
            [first, _, ..] => several = Some((alternative.pointer.clone(), *first)),
            _ => usable |= all,
        }
    }
    if usable {
        return;
    }
    if let Some((at, first)) = several {
        let change = update(
            &findings.path_to(&operation.node.pointer),
            &format!("security: [{{ {}: [] }}]", yaml(first)),
        );
        let help = format!(
            "the client sends the credentials of one security scheme; if one alone is enough,\n{change}"
        );
        findings.error_in(operation, &at, "several security schemes at once", help);
    } else if let Some(at) = unusable {
        let help = "the clients send HTTP Basic, bearer tokens, and keys in a header";
        findings.error_in(
            operation,
            &at,
            "credentials of a kind that the clients cannot send",
            help,
        );
    }
}
