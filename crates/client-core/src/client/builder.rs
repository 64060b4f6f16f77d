//! Building a client.

use std::{fmt, marker::PhantomData, sync::Arc, time::Duration};

use reqwest::header::{HeaderMap, HeaderValue};
use secrecy::SecretString;

use super::{
    connections::Connections,
    http,
    retry::{Attempt, AttemptHook, Budget, RetryPolicy},
    settings::{RequestHook, Settings},
    transport::Transport,
    untyped,
};
use crate::{
    auth::{
        authorize::{self, Auth},
        credentials::Credentials,
        session::{SessionProvider, SessionToken},
        sessions::Sessions,
    },
    error::Error,
    operation::Operation,
    request::base_url::BaseUrl,
    response::decode,
};

/// What a generated client declares about itself.
pub trait Api: Sized {
    /// The client's crate, for the `User-Agent`.
    const NAME: &'static str;
    /// The client's version, for the `User-Agent`.
    const VERSION: &'static str;
    /// The servers that the spec names; as a string, the server's URL.
    type Environment: Copy + AsRef<str>;
    /// How callers authenticate: [`Basic`](authorize::Basic), [`Session`](authorize::Session), or `()`: not at all.
    type Authentication;
    /// The environment variables that hold the credentials: two, of the client id and the API key, or one, of the token.
    const VARIABLES: &'static [&'static str] = &[];
    /// What requests have in common that the spec does not know: fixed headers, media types, security schemes.
    const REQUEST: &'static Operation = &untyped::ANY;

    /// The client that sends its calls through this transport.
    fn from_transport(transport: Transport) -> Self;
}

/// Builds a client.
///
/// Neither redirects are followed nor responses decompressed, so that credentials and sizes stay what was
/// configured. A custom [`reqwest::Client`] keeps its own settings: see
/// [`http_client`](Self::http_client).
///
/// It has the methods that apply to its API: those about credentials only if callers authenticate with them, those about
/// sessions only if callers have one.
///
/// ```compile_fail,E0599
/// // An API without credentials.
/// client_core::Transport::builder().credentials(client_core::Credentials::new("id", "key"));
/// ```
///
/// ```compile_fail,E0599
/// # struct Client;
/// # impl client_core::Api for Client {
/// #     const NAME: &'static str = "client";
/// #     const VERSION: &'static str = "1";
/// #     type Environment = &'static str;
/// #     type Authentication = client_core::auth::Basic;
/// #     fn from_transport(_: client_core::Transport) -> Self { Self }
/// # }
/// // An API without sessions.
/// client_core::ClientBuilder::<Client>::new().session_token("token");
/// ```
///
/// ```compile_fail,E0599
/// # struct Client;
/// # impl client_core::Api for Client {
/// #     const NAME: &'static str = "client";
/// #     const VERSION: &'static str = "1";
/// #     type Environment = &'static str;
/// #     type Authentication = client_core::auth::Session;
/// #     fn from_transport(_: client_core::Transport) -> Self { Self }
/// # }
/// // An API with sessions.
/// client_core::ClientBuilder::<Client>::new().credentials(client_core::Credentials::new("id", "key"));
/// ```
#[must_use = "a builder builds nothing until `build` is called"]
pub struct ClientBuilder<A: Api> {
    base_url: Option<String>,
    http: Option<reqwest::Client>,
    auth: AuthSource,
    retry: RetryPolicy,
    attempt_timeout: Duration,
    total_timeout: Duration,
    stream_timeout: Option<Duration>,
    max_connections: usize,
    max_response_bytes: usize,
    max_decoding_bytes: usize,
    on_attempt: Option<Arc<AttemptHook>>,
    on_request: Option<Box<RequestHook>>,
    setup: http::Setup,
    application: Option<String>,
    allows_plain_http: bool,
    api: PhantomData<fn() -> A>,
}

/// The credentials as given; a provider waits for the timeouts to be known.
enum AuthSource {
    None,
    Credentials(Credentials),
    Token(SecretString),
    Provider(Box<dyn FnOnce(Duration) -> Sessions + Send + Sync>),
}

/// For calls outside the generated clients, which need no credentials or bring their own.
impl Api for Transport {
    const NAME: &'static str = env!("CARGO_PKG_NAME");
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    type Environment = &'static str;
    type Authentication = ();

    fn from_transport(transport: Transport) -> Self {
        transport
    }
}

impl Transport {
    /// Builds a transport without credentials.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new()
    }
}

impl<A: Api> Default for ClientBuilder<A> {
    fn default() -> Self {
        Self::new()
    }
}

impl<A: Api> ClientBuilder<A> {
    /// A builder with the defaults: connect within 10 seconds, an attempt within 30, a call within 90, at most 512
    /// connections, responses of at most 16 MiB that need 64 MiB to decode, [`RetryPolicy::default`].
    pub fn new() -> Self {
        Self {
            base_url: None,
            http: None,
            auth: AuthSource::None,
            retry: RetryPolicy::default(),
            attempt_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(90),
            stream_timeout: None,
            max_connections: 512,
            max_response_bytes: 16 * 1024 * 1024,
            max_decoding_bytes: decode::MEMORY,
            on_attempt: None,
            on_request: None,
            setup: http::Setup::default(),
            application: None,
            allows_plain_http: false,
            api: PhantomData,
        }
    }

    /// Sets the server, as the API's spec names it.
    pub fn environment(self, environment: A::Environment) -> Self {
        self.base_url(environment.as_ref())
    }

    /// Sets the server by its URL: https, or http on this machine; a path prefix is kept. Credentials in the URL, a
    /// query and a fragment are refused.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Sets the timeout for a new connection. A custom HTTP client keeps its own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.setup.connect_timeout = timeout;
        self
    }

    /// Sets how long one attempt may take, from sending the request to the end of the response. Of a response
    /// that is streamed, the head and each piece may take that long.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how long a call may take as a whole, with all its attempts, waits and session renewals. Of a response
    /// that is streamed, it covers all up to the head.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = timeout;
        self
    }

    /// Sets how long a response that is streamed may take as a whole, from its head to its end. Without it, only each
    /// piece has a timeout, that of an attempt.
    pub fn stream_timeout(mut self, timeout: Duration) -> Self {
        self.stream_timeout = Some(timeout);
        self
    }

    /// Sets how often a call is sent.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how many connections there may be at a time, in each runtime: 512 by default. Half of them are for calls, the
    /// others are idle ones. So 256 attempts run side by side by default, where a stream counts until it is read to its
    /// end; further calls wait, until their total timeout ends them. A custom HTTP client has rules of its own for idle
    /// connections.
    pub fn max_connections(mut self, limit: usize) -> Self {
        self.max_connections = limit;
        self
    }

    /// Sets how large a response may be, in bytes; streamed ones have no bound.
    pub fn max_response_bytes(mut self, limit: usize) -> Self {
        self.max_response_bytes = limit;
        self
    }

    /// Sets how much memory decoding a response may need, in bytes: 64 MiB by default. A response may need 30 times its
    /// own size in any case. One that would need more fails with
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge): a few bytes such as `{},` can become a large value.
    pub fn max_decoding_bytes(mut self, limit: usize) -> Self {
        self.max_decoding_bytes = limit;
        self
    }

    /// Calls `hook` after every attempt.
    pub fn on_attempt(mut self, hook: impl Fn(&Attempt) + Send + Sync + 'static) -> Self {
        self.on_attempt = Some(Arc::new(hook));
        self
    }

    /// Calls `hook` before every attempt with the headers of its request, to add such as a `traceparent`. It sees no
    /// credentials: they are added afterwards.
    pub fn on_request(mut self, hook: impl Fn(&mut HeaderMap) + Send + Sync + 'static) -> Self {
        self.on_request = Some(Box::new(hook));
        self
    }

    /// Trusts the certificates in this PEM text as roots, beside those of the system.
    pub fn root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        let pem = pem.as_ref().to_vec();
        self.setup.root_certificates.push(pem);
        self
    }

    /// Shows this certificate to servers that ask for one: its chain and its private key, as PEM.
    pub fn identity(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.setup.identity = Some(pem.as_ref().to_vec().into());
        self
    }

    /// Sends all calls through this proxy, in place of those of the environment. The URL may hold credentials.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.setup.proxy = Some(url.into());
        self
    }

    /// Names the application in the `User-Agent`, such as `shop/1.0`, before the client's own name.
    pub fn application(mut self, name: impl Into<String>) -> Self {
        self.application = Some(name.into());
        self
    }

    /// Allows a base URL of plain http to another machine. Credentials and data then cross the network unencrypted, and
    /// whoever is on the way can read and change them.
    pub fn allow_plain_http(mut self) -> Self {
        self.allows_plain_http = true;
        self
    }

    /// Sends the calls through a custom HTTP client, for proxies, certificates or a shared pool.
    ///
    /// Start from [`http_client_builder`](crate::http_client_builder) to keep this library's promises. Any other client
    /// has rules of its own: if it follows redirects, it sends the credentials along (the call then fails with
    /// [`ErrorKind::Redirect`](crate::ErrorKind::Redirect), but only afterwards, and not if the last redirect leads back
    /// to the first URL or fails to connect); if it retries, calls are sent more often than [`RetryPolicy`] says; and
    /// its proxies and connection timeout apply. As it may have been redirected, a call that is not idempotent is never
    /// sent again, not even if no connection was made. The rules for the base URL, the other timeouts and the size
    /// limit apply to every client.
    ///
    /// A client with an HTTP client of this library can be used from any number of runtimes, each of which has connections
    /// of its own. With a custom one it belongs to the first runtime that uses it if that has a single thread
    /// (`current_thread`): while it lives, calls from others fail with
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration).
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration): no server was set, its URL is refused, the
    /// credentials cannot be sent in a header, or TLS is not available.
    pub fn build(self) -> Result<A, Error> {
        let base = self.base_url.as_deref();
        let base = BaseUrl::parse(
            base.ok_or_else(|| Error::configuration("no environment or base URL was set"))?,
            self.allows_plain_http,
        )?;
        let auth = match self.auth {
            AuthSource::None => Auth::None,
            AuthSource::Credentials(credentials) => {
                credentials.check()?;
                Auth::Credentials(credentials)
            }
            AuthSource::Token(token) => Auth::session(token)?,
            AuthSource::Provider(start) => Auth::Sessions(start(self.total_timeout)),
        };
        let setup = http::Setup {
            is_plain: base.is_plain,
            ..self.setup
        };
        let connections = Connections::new(setup, self.http, self.max_connections)?;
        let user_agent = match &self.application {
            Some(application) => format!("{application} {}/{}", A::NAME, A::VERSION),
            None => format!("{}/{}", A::NAME, A::VERSION),
        };
        let user_agent = HeaderValue::try_from(user_agent).map_err(|_| {
            Error::configuration("the application's name is not a valid User-Agent")
        })?;
        let settings = Settings {
            connections,
            base,
            user_agent,
            budget: Budget::default(),
            retry: self.retry,
            attempt_timeout: self.attempt_timeout,
            total_timeout: self.total_timeout,
            stream_timeout: self.stream_timeout,
            max_response_bytes: self.max_response_bytes,
            max_decoding_bytes: self.max_decoding_bytes,
            on_attempt: self.on_attempt,
            on_request: self.on_request,
        };
        Ok(A::from_transport(Transport::new(settings, auth)))
    }
}

impl<A: Api<Authentication = authorize::Basic>> ClientBuilder<A> {
    /// Sets the credentials.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.auth = AuthSource::Credentials(credentials);
        self
    }

    /// Sets the credentials to those in the environment variables that the API names: [`Api::VARIABLES`].
    ///
    /// # Errors
    /// As of [`Credentials::from_variables`].
    pub fn credentials_from_env(self) -> Result<Self, Error> {
        Credentials::from_variables(A::VARIABLES).map(|credentials| self.credentials(credentials))
    }
}

impl<A: Api<Authentication = authorize::Session>> ClientBuilder<A> {
    /// Sets a session token, or a [`SessionToken`]. When it expires, calls fail with code
    /// `4011`.
    pub fn session_token(mut self, token: impl Into<SecretString>) -> Self {
        self.auth = AuthSource::Token(token.into());
        self
    }

    /// Sets the session token to the one in the environment variable that the API names: [`Api::VARIABLES`].
    ///
    /// # Errors
    /// As of [`SessionToken::from_variables`](crate::SessionToken::from_variables).
    pub fn session_token_from_env(self) -> Result<Self, Error> {
        SessionToken::from_variables(A::VARIABLES).map(|token| self.session_token(token))
    }

    /// Sets where sessions come from: they are obtained when needed, and renewed when they expire.
    pub fn session_provider(mut self, provider: impl SessionProvider) -> Self {
        self.auth = AuthSource::Provider(Box::new(|limit| Sessions::new(provider, limit)));
        self
    }
}

impl<A: Api> fmt::Debug for ClientBuilder<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("api", &A::NAME)
            .finish_non_exhaustive()
    }
}
