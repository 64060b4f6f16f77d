//! Points in time that calls end at.

use std::time::Duration;

use tokio::time::Instant;

/// A point in time from now on; one that the clock cannot hold becomes one in a hundred years.
pub(crate) fn after(wait: Duration) -> Instant {
    later(Instant::now(), wait)
}

/// A point in time from another one on, as [`after`].
pub(crate) fn later(start: Instant, wait: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    start.checked_add(wait).unwrap_or_else(|| start + CENTURY)
}
