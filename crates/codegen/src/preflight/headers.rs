//! Header parameters: whether a caller can send them, and whether a caller must.

use openapi::Severity;
use openapi::model::{self, HeaderSender, Operation, fixed_header, header_sender};

use super::findings::{Findings, remove_parameter, update};

/// Whether a header says how a message or a connection is read: another value breaks it, or lets a caller smuggle a
/// request (RFC 9110, sections 7.2, 7.6.1 and 11.7; RFC 9113, section 8.2.2).
pub(super) fn belongs_to_http(name: &str) -> bool {
    const OWNED: [&str; 11] = [
        "connection",
        "content-length",
        "host",
        "http2-settings",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    OWNED.contains(&name.to_ascii_lowercase().as_str())
}

/// Checks a header parameter.
pub(super) fn check(
    findings: &mut Findings<'_>,
    operation: &Operation<'_>,
    parameter: &model::Parameter<'_>,
) {
    let (at, name) = (&parameter.node.pointer, parameter.name);
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        findings.error_in(
            operation,
            &openapi::pointer::join(at, "name"),
            format!("`{name}` is not a name for a header"),
            "a header's name is made of letters, digits and dashes",
        );
        return;
    }
    if belongs_to_http(name) {
        let remove = remove_parameter(findings, at);
        findings.error_in(
            operation,
            at,
            format!("`{name}` is a header of HTTP itself, and cannot be a parameter"),
            format!("the HTTP library sets it for each connection: remove the parameter, in the overlay if need be:\n{remove}"),
        );
        return;
    }
    let sender = header_sender(findings.document, operation, parameter);
    if parameter.is_required() && sender == HeaderSender::Caller {
        let target = format!("$..[?@.name=='{name}' && @.in=='header']");
        let help = format!(
            "callers give it with every call; if it is always the same, give its schema a default,\n{}",
            update(&target, "schema: { default: … }")
        );
        findings.warn_in(
            operation,
            at,
            format!("the required header `{name}` has no fixed value"),
            help,
        );
    }
}

/// Warns of operations that lack a client-level header which most others have, such as `Accept-Version`.
pub(super) fn check_all(findings: &mut Findings<'_>) {
    let is_error = |finding: &openapi::Diagnostic| finding.severity == Severity::Error;
    if findings.all.iter().any(is_error) {
        return; // The operations cannot be read.
    }
    let document = findings.document;
    let operations = model::operations(document);
    let headers: Vec<Vec<&str>> = operations
        .iter()
        .map(|operation| {
            let parameters = model::parameters(document, operation).into_iter();
            let fixed = parameters.filter(|parameter| fixed_header(document, parameter).is_some());
            fixed.map(|parameter| parameter.name).collect()
        })
        .collect();
    let mut names: Vec<&str> = headers.iter().flatten().copied().collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let having = headers.iter().filter(|headers| headers.contains(&name));
        let having = having.count();
        if having * 2 <= headers.len() {
            continue;
        }
        for (operation, headers) in operations.iter().zip(&headers) {
            if !headers.contains(&name) {
                findings.warn_in(
                    operation,
                    &operation.node.pointer,
                    format!("`{name}` is missing here, though {having} other operations have it"),
                    "add the parameter if the server wants it here too",
                );
            }
        }
    }
}
