//! The APIs whose clients are proven, and how their clients get credentials.

use std::sync::Arc;
use std::time::Duration;

use client_core::dispatch::{Arguments, Pending};
use client_core::{
    Api as ClientApi, Credentials, Error, RetryPolicy, SecretString, SessionToken, auth,
};

use crate::api::{Api, Caller, ClientKind, Connected};
use crate::contract::Scheme;

/// The API of a client: its name, the library of its client, how that authenticates, and the spec as published.
#[macro_export]
macro_rules! api {
    ($name:literal, $client:ident, $kind:ident, $published:expr) => {
        $crate::api::Api::new(
            $name,
            $published,
            $client::OPENAPI,
            $client::operations::ALL,
            $crate::api!(@$kind $client),
            <$client::Client as $crate::client_core::Api>::VARIABLES,
        )
    };
    (@none $client:ident) => {
        $crate::api::ClientKind::None(|url| $crate::apis::open(url, $client::dispatch::call))
    };
    (@bearer $client:ident) => {
        $crate::api!(@basic $client)
    };
    (@basic $client:ident) => {
        $crate::api::ClientKind::Basic(|url, credentials| {
            $crate::apis::basic(url, credentials, $client::dispatch::call)
        })
    };
    (@session $client:ident) => {
        $crate::api::ClientKind::Session(|url, token| {
            $crate::apis::session(url, token, $client::dispatch::call)
        })
    };
}

/// The list of the APIs: for each its name, the library of its client, and how that authenticates.
macro_rules! clients {
    ($($name:literal => $client:ident, $kind:ident;)*) => {
        pub(super) fn all() -> Result<Vec<crate::api::Api>, String> {
            Ok(vec![$(
                $crate::api!(
                    $name,
                    $client,
                    $kind,
                    include_str!(concat!(
                        env!("CARGO_MANIFEST_DIR"), "/../../specs/", $name, "/openapi.yaml"
                    ))
                )?,
            )*])
        }
    };
}

mod list;

/// How long the clients wait for a response. The suite's servers are on the same machine.
const TIMEOUT: Duration = Duration::from_secs(20);

/// All APIs, with the clients as they are generated and made-up credentials.
///
/// # Errors
///
/// A client's spec is not JSON.
pub fn all() -> Result<Vec<Api>, String> {
    Ok(list::all()?.into_iter().map(with_made_up).collect())
}

/// An API with made-up credentials.
#[must_use]
pub fn with_made_up(api: Api) -> Api {
    match api.client {
        ClientKind::Basic(_) => {
            let key = Credentials::new("not-a-client", "not-a-secret");
            with_keys(api, key.with_bearer("not-a-secret"))
        }
        ClientKind::Session(_) => with_session(api, "not-a-secret".into()),
        ClientKind::None(_) => api,
    }
}

/// An API with the credentials in the environment variables that it names; and in `MX_TOKEN`, if it is set, the bearer
/// token for the operations that take one instead.
///
/// # Errors
///
/// A variable is not set, or has a value that cannot be sent.
pub fn with_environment(api: Api) -> Result<Api, Error> {
    match api.client {
        ClientKind::None(_) => Ok(api),
        ClientKind::Session(_) => {
            let token = SessionToken::from_variables(api.variables)?;
            Ok(with_session(api, token.into()))
        }
        ClientKind::Basic(_) => {
            let credentials = Credentials::from_variables(api.variables)?;
            let token = std::env::var("MX_TOKEN").ok();
            let token = token.filter(|token| !token.is_empty() && !credentials.has_bearer());
            let credentials = match token {
                Some(token) => credentials.with_bearer(token),
                None => credentials,
            };
            Ok(with_keys(api, credentials))
        }
    }
}

/// An API with a session's token; one whose client takes none stays as it is.
#[must_use]
pub fn with_session(mut api: Api, token: SecretString) -> Api {
    if let ClientKind::Session(connect) = api.client {
        api.holds = |scheme| matches!(scheme, Scheme::Header(_));
        api.connect = Arc::new(move |url| connect(url, token.clone()));
    }
    api
}

/// An API with an API key, a bearer token for the operations that take one, or both; one whose client takes none stays
/// as it is.
#[must_use]
pub fn with_keys(mut api: Api, credentials: Credentials) -> Api {
    if let ClientKind::Basic(connect) = api.client {
        api.holds = match (credentials.has_key(), credentials.has_bearer()) {
            (true, true) => |scheme| matches!(scheme, Scheme::Basic | Scheme::Bearer),
            (true, false) => |scheme| matches!(scheme, Scheme::Basic),
            (false, _) => |scheme| matches!(scheme, Scheme::Bearer),
        };
        api.connect = Arc::new(move |url| connect(url, credentials.clone()));
    }
    api
}

/// Calls an operation of a client by its id.
pub type Call<A> = for<'a> fn(&'a A, &str, &'a Arguments) -> Option<Pending<'a>>;

/// A client that calls every operation with the same credentials, or with none.
struct Single<A> {
    client: A,
    call: Call<A>,
}

impl<A: Send + Sync> Caller for Single<A> {
    fn call<'a>(&'a self, operation: &str, arguments: &'a Arguments) -> Option<Pending<'a>> {
        (self.call)(&self.client, operation, arguments)
    }
}

/// A client that calls without credentials.
///
/// # Errors
///
/// The client cannot be built.
pub fn open<A: ClientApi + Send + Sync + 'static>(base_url: &str, call: Call<A>) -> Connected {
    let client = builder::<A>(base_url).build()?;
    Ok(Box::new(Single { client, call }))
}

/// A client with an API key, a bearer token for the operations that take one, or both.
///
/// # Errors
///
/// The client cannot be built.
pub fn basic<A: ClientApi<Authentication = auth::Basic> + Send + Sync + 'static>(
    base_url: &str,
    credentials: Credentials,
    call: Call<A>,
) -> Connected {
    let client = builder::<A>(base_url).credentials(credentials).build()?;
    Ok(Box::new(Single { client, call }))
}

/// A client with the token of a session.
///
/// # Errors
///
/// The client cannot be built.
pub fn session<A: ClientApi<Authentication = auth::Session> + Send + Sync + 'static>(
    base_url: &str,
    token: SecretString,
    call: Call<A>,
) -> Connected {
    let client = builder::<A>(base_url).session_token(token).build()?;
    Ok(Box::new(Single { client, call }))
}

fn builder<A: ClientApi>(base_url: &str) -> client_core::ClientBuilder<A> {
    client_core::ClientBuilder::new()
        .base_url(base_url)
        .retry(RetryPolicy::never())
        .attempt_timeout(TIMEOUT)
}
