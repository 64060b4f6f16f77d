//! A correct request for each operation of a contract, as bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use conformance::cases;
use conformance::contract::{Contract, Operation, Scheme};
use conformance::report::curl;

/// The requests, one per operation.
pub fn all(contract: &Contract) -> Vec<Vec<u8>> {
    contract.operations.iter().map(of).collect()
}

fn of(operation: &Operation) -> Vec<u8> {
    let mut request = curl::request(operation, &cases::minimal(operation));
    let schemes = operation.security.first();
    for scheme in schemes.into_iter().flat_map(|known| &known.schemes) {
        let value = match scheme {
            Scheme::Basic => format!("Basic {}", STANDARD.encode("client:not-a-secret")),
            Scheme::Bearer => "Bearer not-a-secret".to_owned(),
            Scheme::Header(_) => "not-a-secret".to_owned(),
            Scheme::Cookie(name) => format!("{name}=not-a-secret"),
            Scheme::Query(_) | Scheme::Other(_) => continue,
        };
        request
            .headers
            .extend(scheme.header().map(|name| (name, value)));
    }
    if !request.body.is_empty() {
        let length = request.body.len().to_string();
        request.headers.push(("content-length".to_owned(), length));
    }
    let mut text = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
    text.push_str("host: 127.0.0.1\r\nuser-agent: bench\r\n");
    for (name, value) in &request.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend(request.body);
    bytes
}
