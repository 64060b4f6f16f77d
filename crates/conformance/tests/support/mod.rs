//! What the tests share.

use conformance::api::Api;

/// The API of a name, with its client as generated.
pub fn api(name: &str) -> Api {
    let apis = Api::all().expect("the clients' specs are JSON");
    let found = apis.into_iter().find(|api| api.name == name);
    found.expect("there is an API of that name")
}
