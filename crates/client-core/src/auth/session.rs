//! The session of one Nexus user: obtained once for all who wait, renewed when it expires.

use std::{
    error::Error as StdError,
    fmt,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use futures_util::future::FutureExt as _;
use secrecy::SecretString;
use tokio::time::{Instant, timeout_at};

use super::{
    credentials::{secret_header, variable},
    renewal::{Reentered, Renewal},
};
use crate::error::{Error, ErrorKind, Source};

/// The environment variable of a session token.
const SESSION_TOKEN: &str = "MX_SESSION_TOKEN";

/// How long MX keeps a session that is not used.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// Any error a [`SessionProvider`] may fail with.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// A session token and how long it stays valid when it is not used.
#[derive(Clone, Debug)]
pub struct SessionToken {
    token: SecretString,
    lifetime: Duration,
}

impl SessionToken {
    /// A token that lives as MX's do: 30 minutes from the last call.
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self {
            token: token.into(),
            lifetime: LIFETIME,
        }
    }

    /// Sets how long the token stays valid after the last call.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// The token in `MX_SESSION_TOKEN`.
    ///
    /// # Errors
    /// As of [`from_variables`](Self::from_variables).
    pub fn from_env() -> Result<Self, Error> {
        Self::from_variables(&[SESSION_TOKEN])
    }

    /// The token in an environment variable of this name.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`], naming the variable, if it is not set, is empty, or cannot be sent; or other than
    /// one name.
    pub fn from_variables(names: &[&str]) -> Result<Self, Error> {
        match names {
            [token] => variable(token).map(Self::new),
            [] => Err(Error::configuration(
                "no environment variable is named for the session token",
            )),
            _ => Err(Error::configuration(
                "a session token is read from one environment variable",
            )),
        }
    }
}

impl From<SessionToken> for SecretString {
    fn from(token: SessionToken) -> Self {
        token.token
    }
}

/// Where sessions come from, for one user. A closure that returns a future is one.
///
/// It is called when there is no session yet, when the last one is known to have expired, and when the server
/// says so; never twice at the same time. Its error is returned to every call that waits, as the source of an
/// error of kind [`ErrorKind::Session`], so it must not print secrets.
///
/// It must not make calls that need a session through the client it serves: such a call fails with an error of kind
/// [`ErrorKind::Session`]. If it is made in another task, it waits for its own session until its total timeout ends it.
pub trait SessionProvider: Send + Sync + 'static {
    /// Obtains a new session.
    fn obtain(&self) -> impl Future<Output = Result<SessionToken, BoxError>> + Send;
}

impl<F, R> SessionProvider for F
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<SessionToken, BoxError>> + Send,
{
    fn obtain(&self) -> impl Future<Output = Result<SessionToken, BoxError>> + Send {
        self()
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// [`SessionProvider`] as an object.
trait AnyProvider: Send + Sync {
    fn obtain_boxed(&self) -> Boxed<'_, Result<SessionToken, BoxError>>;
}

impl<P: SessionProvider> AnyProvider for P {
    fn obtain_boxed(&self) -> Boxed<'_, Result<SessionToken, BoxError>> {
        Box::pin(self.obtain())
    }
}

/// A session in use; its number shows whether a later one has replaced it.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) token: SecretString,
    pub(crate) number: u64,
    lifetime: Duration,
    /// `None`: later than the clock can hold.
    expires: Option<Instant>,
}

#[derive(Default)]
struct State {
    current: Option<Session>,
    running: Running,
    last_number: u64,
}

/// The renewal that is under way, if there is one.
#[derive(Default)]
struct Running {
    /// Held weakly: the waiters keep it alive, and when the last of them is dropped, so is the renewal.
    renewal: Weak<Renewal<Result<Session, Source>>>,
    /// When it has taken too long; `None`: never.
    end: Option<Instant>,
}

/// The session that all clones of a client share.
#[derive(Clone)]
pub(crate) struct Sessions {
    provider: Arc<dyn AnyProvider>,
    state: Arc<Mutex<State>>,
    /// How long a renewal may take: a provider that hangs must not hold up every later call.
    limit: Duration,
}

impl Sessions {
    pub(crate) fn new(provider: impl SessionProvider, limit: Duration) -> Self {
        Self {
            provider: Arc::new(provider),
            state: Arc::default(),
            limit,
        }
    }

    /// A session that is not known to have expired; waits for a renewal if there is none.
    pub(crate) async fn get(&self, deadline: Instant) -> Result<Session, Error> {
        let (renewal, end) = {
            let mut state = self.state();
            match &state.current {
                Some(session) if session.expires.is_none_or(|end| Instant::now() < end) => {
                    return Ok(session.clone());
                }
                _ => self.join_renewal(&mut state),
            }
        };
        // The time is kept by each waiter: a timer of the renewal would end with the runtime that began it.
        let end = end.filter(|end| *end < deadline);
        let waited = timeout_at(end.unwrap_or(deadline), renewal.clone().wait()).await;
        let source = match waited {
            Ok(Ok(Ok(session))) => return Ok(session),
            Ok(Ok(Err(source))) => source,
            Ok(Err(Reentered)) => {
                let cause = "the session provider makes a call through the client that it serves";
                BoxError::from(cause).into()
            }
            Err(_) if end.is_some() => {
                self.give_up(&renewal);
                BoxError::from("obtaining a session took too long").into()
            }
            Err(_) => {
                return Err(Error::new(
                    ErrorKind::Timeout,
                    "the call's time ran out while a session was obtained",
                ));
            }
        };
        Err(Error::new(ErrorKind::Session, "no session could be obtained").with_source(source))
    }

    /// The server does not accept this session any more.
    pub(crate) fn expire(&self, number: u64) {
        self.state()
            .current
            .take_if(|session| session.number == number);
    }

    /// The server accepted this session in a call that was sent at `sent`: its lifetime starts again there.
    pub(crate) fn extend(&self, number: u64, sent: Instant) {
        if let Some(session) = &mut self.state().current
            && session.number == number
        {
            session.expires = session.expires.max(sent.checked_add(session.lifetime));
        }
    }

    /// The renewal that is under way, or a new one, and when it has taken too long.
    fn join_renewal(
        &self,
        state: &mut State,
    ) -> (Arc<Renewal<Result<Session, Source>>>, Option<Instant>) {
        if let Some(renewal) = state.running.renewal.upgrade() {
            return (renewal, state.running.end);
        }
        let renewal = Renewal::new(self.clone().renew());
        state.running = Running {
            renewal: Arc::downgrade(&renewal),
            end: Instant::now().checked_add(self.limit),
        };
        (renewal, state.running.end)
    }

    /// Lets the next call begin another renewal.
    fn give_up(&self, renewal: &Arc<Renewal<Result<Session, Source>>>) {
        let mut state = self.state();
        if state.running.renewal.as_ptr() == Arc::as_ptr(renewal) {
            state.running = Running::default();
        }
    }

    async fn renew(self) -> Result<Session, Source> {
        let asked = Instant::now();
        // A panic that reached the renewal would leave its waiters asleep.
        let obtaining = async { self.provider.obtain_boxed().await };
        let outcome = AssertUnwindSafe(obtaining).catch_unwind().await;
        let outcome = outcome
            .unwrap_or_else(|_| Err("the session provider panicked".into()))
            .and_then(|obtained| match secret_header(&obtained.token) {
                Some(_) => Ok(obtained),
                None => Err("the session token cannot be sent in a header".into()),
            });
        let mut state = self.state();
        state.running = Running::default();
        let obtained = outcome.map_err(Source::from)?;
        state.last_number += 1;
        let session = Session {
            token: obtained.token,
            number: state.last_number,
            lifetime: obtained.lifetime,
            expires: asked.checked_add(obtained.lifetime),
        };
        state.current = Some(session.clone());
        Ok(session)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in here can panic half-way, so a poisoned state is a whole one.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions").finish_non_exhaustive()
    }
}
