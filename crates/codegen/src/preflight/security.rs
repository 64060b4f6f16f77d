//! Security: credentials that the clients can send.

use openapi::model::{self, Operation, SchemeKind};
use openapi::{Diagnostic, Node, pointer};
use serde_json::{Map, Value};

use super::findings::Findings;
use super::headers::belongs_to_http;

/// Checks what the document and its operations ask for.
pub(super) fn check<'a>(findings: &mut Findings<'a>, root: &'a Map<String, Value>) {
    if let Some(value) = root.get("security") {
        let list = Node {
            pointer: "/security".to_owned(),
            value,
        };
        requirements(findings, &list, None);
    }
    for operation in model::operations(findings.document) {
        if let Some(list) = operation.node.get("security") {
            requirements(findings, &list, Some(&operation));
        }
    }
}

fn requirements(findings: &mut Findings<'_>, list: &Node<'_>, operation: Option<&Operation<'_>>) {
    let document = findings.document;
    let mut usable = list.items().next().is_none();
    let mut unusable = None;
    for alternative in list.items() {
        let names: Vec<&str> = alternative.members().map(|(name, _)| name).collect();
        usable |= names.is_empty();
        for name in &names {
            let at = pointer::join(&alternative.pointer, name);
            let Some(scheme) = model::scheme(document, name) else {
                let message = format!("nothing describes the security scheme `{name}`");
                let help = "describe it under `components/securitySchemes`";
                findings.add(Diagnostic::error(at, message).with_help(help), operation);
                usable = true; // Said once.
                continue;
            };
            match scheme.kind {
                SchemeKind::Basic | SchemeKind::Bearer => usable = true,
                SchemeKind::Header(header) => {
                    usable = true;
                    if belongs_to_http(header) {
                        let at = pointer::join("/components/securitySchemes", name);
                        let message = format!(
                            "`{header}` is a header of HTTP itself, and cannot carry a key"
                        );
                        let help = "the HTTP library sets it for each connection: the key needs a header of its own";
                        findings.add(Diagnostic::error(at, message).with_help(help), operation);
                    }
                }
                SchemeKind::Query(_) | SchemeKind::Cookie(_) | SchemeKind::Other => {
                    unusable = Some(at);
                }
            }
        }
        if names.len() > 1 {
            let finding =
                Diagnostic::warning(&alternative.pointer, "several security schemes at once")
                    .with_help("the client sends the first only");
            findings.add(finding, operation);
        }
    }
    if let (false, Some(at)) = (usable, unusable) {
        let help = "the clients send HTTP Basic, bearer tokens, and keys in a header";
        let finding = Diagnostic::error(at, "credentials of a kind that the clients cannot send");
        findings.add(finding.with_help(help), operation);
    }
}
