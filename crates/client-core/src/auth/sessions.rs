//! The session that calls share: obtained once for all who wait, renewed before it ends, and when it is refused.

use std::{
    fmt,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use futures_util::future::FutureExt as _;
use secrecy::SecretString;
use tokio::time::{Instant, timeout_at};

use super::{
    credentials::check_token,
    outage::{Failure, Outage},
    renewal::{Reentered, Renewal},
    session::{AnyProvider, BoxError, SessionProvider},
};
use crate::error::{Error, ErrorKind};

/// How long a call with a valid session waits for the next one, at most.
const LONGEST_EARLY_RENEWAL: Duration = Duration::from_secs(5);

/// A session in use; its number is that of the renewal that obtained it.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) token: SecretString,
    pub(crate) number: u64,
    lifetime: Duration,
    /// `None`: later than the clock can hold.
    expires: Option<Instant>,
    /// How long before its end it is renewed: a tenth to a fifth of its lifetime, at random, so that sessions obtained
    /// together are not renewed together.
    lead: Duration,
}

impl Session {
    fn is_valid(&self, now: Instant) -> bool {
        self.expires.is_none_or(|end| now < end)
    }

    /// Whether it is not yet time to renew it.
    fn is_fresh(&self, now: Instant) -> bool {
        let due = now.checked_add(self.lead);
        self.expires
            .is_none_or(|end| due.is_some_and(|due| due < end))
    }
}

#[derive(Default)]
struct State {
    current: Option<Session>,
    running: Running,
    /// The number of the last renewal that was begun.
    last_begun: u64,
    /// The number of the last session that was taken into use.
    last_taken: u64,
    outage: Outage,
    /// When a valid session is renewed again, after it took too long.
    next_early: Option<Instant>,
}

/// The renewal that is under way, if there is one.
#[derive(Default)]
struct Running {
    /// Held weakly: the waiters keep it alive, and when the last of them is dropped, so is the renewal.
    renewal: Weak<Obtaining>,
    number: u64,
    /// When it has taken too long; `None`: never.
    end: Option<Instant>,
}

type Obtaining = Renewal<Result<Session, Failure>>;

/// The session that all clones of a client share.
#[derive(Clone)]
pub(crate) struct Sessions {
    provider: Arc<dyn AnyProvider>,
    state: Arc<Mutex<State>>,
    /// How long a renewal may take: a provider that hangs must not hold up every later call.
    limit: Duration,
}

/// What a call that needs a session does.
enum Way {
    Use(Session),
    /// Waits for the next session, and uses this one if there is none.
    Renew(Arc<Obtaining>, Session),
    Obtain(Arc<Obtaining>, Option<Instant>),
    Fail(Failure, Duration),
}

impl Sessions {
    pub(crate) fn new(provider: impl SessionProvider, limit: Duration) -> Self {
        Self {
            provider: Arc::new(provider),
            state: Arc::default(),
            limit,
        }
    }

    /// A session that is not known to have ended; waits for one if there is none.
    pub(crate) async fn get(&self, deadline: Instant) -> Result<Session, Error> {
        match self.way(Instant::now()) {
            Way::Use(session) => Ok(session),
            Way::Renew(renewal, session) => Ok(self.renewed(renewal, session, deadline).await),
            Way::Obtain(renewal, end) => self.obtained(renewal, end, deadline).await,
            Way::Fail(failure, wait) => Err(failure.error(Some(wait))),
        }
    }

    fn way(&self, now: Instant) -> Way {
        let mut state = self.state();
        let is_running = state.running.renewal.strong_count() > 0;
        let outage = state.outage.remembered(now);
        let waits = is_running || outage.is_some() || state.next_early.is_some_and(|at| now < at);
        match &state.current {
            Some(session) if session.is_fresh(now) => Way::Use(session.clone()),
            // One call renews it; the others use it as it is, and so do all after a failure.
            Some(session) if session.is_valid(now) && waits => Way::Use(session.clone()),
            Some(session) if session.is_valid(now) => {
                let session = session.clone();
                Way::Renew(self.join_renewal(&mut state), session)
            }
            _ => match outage {
                Some((failure, wait)) if !is_running => Way::Fail(failure, wait),
                _ => {
                    let renewal = self.join_renewal(&mut state);
                    Way::Obtain(renewal, state.running.end)
                }
            },
        }
    }

    /// The next session, or the valid one if there is none in time.
    async fn renewed(
        &self,
        renewal: Arc<Obtaining>,
        session: Session,
        deadline: Instant,
    ) -> Session {
        let now = Instant::now();
        let half = deadline.saturating_duration_since(now) / 2;
        let mut end = now + half.min(LONGEST_EARLY_RENEWAL);
        end = session.expires.map_or(end, |expires| end.min(expires));
        match timeout_at(end, renewal.clone().wait()).await {
            Ok(Ok(Ok(next))) => next,
            Ok(Ok(Err(_)) | Err(Reentered)) => session,
            Err(_) => {
                self.give_up(&renewal);
                self.state().next_early = Instant::now().checked_add(LONGEST_EARLY_RENEWAL);
                session
            }
        }
    }

    async fn obtained(
        &self,
        renewal: Arc<Obtaining>,
        end: Option<Instant>,
        deadline: Instant,
    ) -> Result<Session, Error> {
        // The time is kept by each waiter: a timer of the renewal would end with the runtime that began it.
        let end = end.filter(|end| *end < deadline);
        let failure = match timeout_at(end.unwrap_or(deadline), renewal.clone().wait()).await {
            Ok(Ok(Ok(session))) => return Ok(session),
            Ok(Ok(Err(failure))) => {
                let remembered = self.state().outage.remembered(Instant::now());
                return Err(failure.error(remembered.map(|(_, wait)| wait)));
            }
            Ok(Err(Reentered)) => {
                let cause = "the session provider makes a call through the client that it serves";
                Failure::lasting(cause)
            }
            Err(_) if end.is_some() => {
                self.give_up(&renewal);
                Failure::passing("obtaining a session took too long")
            }
            Err(_) => {
                let detail = "the call's time ran out while a session was obtained";
                // It was not sent.
                return Err(Error::new(ErrorKind::Timeout, detail).with_retryable(true));
            }
        };
        Err(failure.error(None))
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

    /// The renewal that is under way, or a new one.
    fn join_renewal(&self, state: &mut State) -> Arc<Obtaining> {
        if let Some(renewal) = state.running.renewal.upgrade() {
            return renewal;
        }
        state.last_begun += 1;
        let renewal = Renewal::new(self.clone().renew(state.last_begun));
        state.running = Running {
            renewal: Arc::downgrade(&renewal),
            number: state.last_begun,
            end: Instant::now().checked_add(self.limit),
        };
        renewal
    }

    /// Lets a later call begin another renewal, since this one takes too long.
    fn give_up(&self, renewal: &Arc<Obtaining>) {
        let mut state = self.state();
        if state.running.renewal.as_ptr() == Arc::as_ptr(renewal) {
            state.running = Running::default();
        }
    }

    async fn renew(self, number: u64) -> Result<Session, Failure> {
        let asked = Instant::now();
        // A panic that reached the renewal would leave its waiters asleep.
        let obtaining = async { self.provider.obtain_boxed().await };
        let outcome = AssertUnwindSafe(obtaining).catch_unwind().await;
        // A panic is not remembered: it says nothing about the next call.
        let is_remembered = outcome.is_ok();
        let outcome = outcome
            .unwrap_or_else(|_| Err("the session provider panicked".into()))
            .and_then(|obtained| match check_token(&obtained.token) {
                Ok(()) => Ok(obtained),
                Err(problem) => Err(BoxError::from(format!(
                    "the token that the session provider gave {problem}"
                ))),
            });
        let mut state = self.state();
        // One that was given up finishes after another has begun.
        let is_current = state.running.number == number;
        if is_current {
            state.running = Running::default();
        }
        let obtained = match outcome {
            Ok(obtained) => obtained,
            Err(error) => {
                let failure = Failure::from(error);
                if is_current && is_remembered {
                    state.outage.note(&failure, Instant::now());
                }
                return Err(failure);
            }
        };
        let session = Session {
            token: obtained.token,
            number,
            lifetime: obtained.lifetime,
            expires: asked.checked_add(obtained.lifetime),
            lead: obtained.lifetime.mul_f64(0.1 + 0.1 * fastrand::f64()),
        };
        if state.last_taken < number {
            state.last_taken = number;
            state.outage = Outage::default();
            state.current = Some(session.clone());
        }
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

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use secrecy::ExposeSecret as _;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::SessionToken;

    #[tokio::test(start_paused = true)]
    async fn a_renewal_that_was_given_up_does_not_end_the_next_one() {
        let gates = Arc::new([Semaphore::new(0), Semaphore::new(0), Semaphore::new(0)]);
        let (begun, open) = (Arc::<AtomicUsize>::default(), gates.clone());
        let count = begun.clone();
        let provider = move || {
            let (number, gates) = (count.fetch_add(1, Ordering::SeqCst), open.clone());
            async move {
                gates[number].acquire().await.unwrap().forget();
                Ok(SessionToken::new(format!("token-{number}")))
            }
        };
        let sessions = Sessions::new(provider, Duration::from_secs(10));
        let get = || {
            let sessions = sessions.clone();
            let deadline = Instant::now() + Duration::from_secs(60);
            tokio::spawn(async move { sessions.get(deadline).await })
        };
        let slow = get();
        tokio::task::yield_now().await;
        // Something keeps on waiting for the first one.
        let first = sessions.state().running.renewal.upgrade().unwrap();
        let waiting = tokio::spawn(first.wait());
        let error = slow.await.unwrap().err().unwrap();
        assert!(error.is_retryable() && error.kind() == ErrorKind::Session);
        let second = get();
        tokio::task::yield_now().await;
        gates[0].add_permits(1);
        assert!(waiting.await.unwrap().unwrap().is_ok());
        sessions.expire(1);
        let third = get();
        tokio::task::yield_now().await;
        assert_eq!(
            begun.load(Ordering::SeqCst),
            2,
            "the third joins the second"
        );
        gates[1].add_permits(1);
        for call in [second, third] {
            let session = call
                .await
                .unwrap()
                .unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(session.token.expose_secret(), "token-1");
        }
    }
}
