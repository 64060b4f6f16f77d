//! A correct request for each operation of a contract, as bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use conformance::cases;
use conformance::contract::{Contract, Operation, Security};
use conformance::report::curl;

/// The requests, one per operation.
pub fn all(contract: &Contract) -> Vec<Vec<u8>> {
    contract.operations.iter().map(of).collect()
}

fn of(operation: &Operation) -> Vec<u8> {
    let mut request = curl::request(operation, &cases::minimal(operation));
    if let Some(scheme) = operation.security.first() {
        let (name, value) = match scheme {
            Security::Basic => {
                let pair = STANDARD.encode("client:not-a-secret");
                ("authorization", format!("Basic {pair}"))
            }
            Security::Bearer => ("authorization", "Bearer not-a-secret".to_owned()),
            Security::Header(name) => (name.as_str(), "not-a-secret".to_owned()),
        };
        request.headers.push((name.to_owned(), value));
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
