//! Failures to obtain a session: which of them pass, and how long they are remembered.

use std::{error::Error as StdError, io, time::Duration};

use tokio::time::{Instant, error::Elapsed};

use super::session::BoxError;
use crate::{
    error::{Error, ErrorKind, Source},
    response::failure,
};

/// How long the first failure is remembered, at most.
const FIRST: Duration = Duration::from_millis(100);

/// How long any failure is remembered, at most.
const LONGEST: Duration = Duration::from_secs(5);

/// Why there is no session; shared by the calls that waited for it.
#[derive(Clone)]
pub(super) struct Failure {
    source: Source,
    is_passing: bool,
    retry_after: Option<Duration>,
}

impl Failure {
    pub(super) fn passing(cause: &str) -> Self {
        Self {
            is_passing: true,
            ..Self::lasting(cause)
        }
    }

    pub(super) fn lasting(cause: &str) -> Self {
        Self {
            source: BoxError::from(cause).into(),
            is_passing: false,
            retry_after: None,
        }
    }

    /// The error of a call; `wait`: when the provider is asked again.
    pub(super) fn error(self, wait: Option<Duration>) -> Error {
        Error::new(ErrorKind::Session, "no session could be obtained")
            .with_retryable(self.is_passing)
            .with_retry_after(self.retry_after.max(wait))
            .with_source(self.source)
    }
}

impl From<BoxError> for Failure {
    fn from(error: BoxError) -> Self {
        let own = causes(&*error).find_map(|cause| cause.downcast_ref::<Error>());
        Self {
            is_passing: is_passing(&*error),
            retry_after: own.and_then(Error::retry_after),
            source: error.into(),
        }
    }
}

fn causes<'e>(
    error: &'e (dyn StdError + 'static),
) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |cause| StdError::source(*cause))
}

/// Whether asking again may help: the first cause that is known decides.
fn is_passing(error: &(dyn StdError + 'static)) -> bool {
    let known = causes(error).find_map(|cause| {
        if let Some(error) = cause.downcast_ref::<Error>() {
            // To obtain a session twice does no harm, whatever the method of the request.
            Some(error.is_retryable() || failure::is_passing(error.kind(), error.status()))
        } else if let Some(error) = cause.downcast_ref::<reqwest::Error>() {
            Some(failure::is_passing(failure::kind(error), error.status()))
        } else if let Some(error) = cause.downcast_ref::<io::Error>() {
            // An `io::Error` is transparent: its source is that of the error in it.
            match error.get_ref() {
                Some(inner) if error.kind() == io::ErrorKind::Other => Some(is_passing(inner)),
                _ => Some(is_about_connection(error.kind())),
            }
        } else {
            cause.is::<Elapsed>().then_some(true)
        }
    });
    known.unwrap_or(false)
}

fn is_about_connection(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::*;
    matches!(
        kind,
        ConnectionRefused
            | ConnectionReset
            | ConnectionAborted
            | NotConnected
            | BrokenPipe
            | TimedOut
            | UnexpectedEof
            | HostUnreachable
            | NetworkUnreachable
            | NetworkDown
            | Interrupted
    )
}

/// The failure that is remembered for a moment, so that the provider is not asked by every call. The moments grow while
/// the failures last, and are of random length, so that many clients do not ask together.
#[derive(Default)]
pub(super) struct Outage {
    last: Option<(Failure, Instant)>,
    failures: u32,
}

impl Outage {
    pub(super) fn note(&mut self, failure: &Failure, now: Instant) {
        let moment = FIRST
            .saturating_mul(2_u32.saturating_pow(self.failures))
            .min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let moment = moment.mul_f64(0.5 + 0.5 * fastrand::f64());
        self.last = Some((failure.clone(), now + moment));
    }

    /// The failure, and for how long it is remembered.
    pub(super) fn remembered(&self, now: Instant) -> Option<(Failure, Duration)> {
        let (failure, end) = self.last.as_ref()?;
        let rest = end
            .checked_duration_since(now)
            .filter(|rest| !rest.is_zero())?;
        Some((failure.clone(), rest))
    }
}
