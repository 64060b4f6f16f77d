//! Faults that a mock server injects into its responses.

use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A fault in a share of the calls.
#[derive(Debug)]
pub struct Fault {
    kind: FaultKind,
    /// The share of the calls, from 0 to 1.
    share: f64,
    calls: AtomicU64,
}

/// The kind of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Responds late.
    Delay(Duration),
    /// Resets the connection instead of a response.
    Reset,
    /// Responds with 429 and `Retry-After`.
    Throttle,
    /// Responds with 503.
    Fail,
    /// Responds with 401 and MX's code 4011: the session has expired.
    Expire,
    /// Responds with the right status and media type, and a body that is not JSON.
    Garbage,
}

impl Fault {
    /// A fault in a share of the calls, from 0 (none) to 1 (all).
    pub fn new(kind: FaultKind, share: f64) -> Self {
        Self {
            kind,
            share: share.clamp(0.0, 1.0),
            calls: AtomicU64::new(0),
        }
    }

    /// The fault of the next call, if it has one: a share of 0.25 is every fourth call.
    pub(super) fn next(&self) -> Option<FaultKind> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let due = |calls: u64| (calls as f64 * self.share).floor();
        (due(call + 1) > due(call)).then_some(self.kind)
    }
}

impl Clone for Fault {
    /// The copy counts its calls from the start.
    fn clone(&self) -> Self {
        Self::new(self.kind, self.share)
    }
}

impl FromStr for Fault {
    type Err = String;

    /// Reads `KIND[:MILLISECONDS][=SHARE]`, such as `throttle=0.25` or `delay:500`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (name, share) = match text.split_once('=') {
            Some((name, share)) => (name, share.parse().ok()),
            None => (text, Some(1.0)),
        };
        let share = share.filter(|share| (0.0..=1.0).contains(share));
        let share = share.ok_or("the share must be a number from 0 to 1, such as `=0.25`")?;
        let kind = match name.split_once(':') {
            Some(("delay", milliseconds)) => {
                let milliseconds = milliseconds.parse().map_err(
                    |_| "the delay must be a number of milliseconds, such as `delay:500`",
                )?;
                FaultKind::Delay(Duration::from_millis(milliseconds))
            }
            Some(_) => return Err("only `delay` takes a time".to_owned()),
            None => match name {
                "delay" => FaultKind::Delay(Duration::from_secs(1)),
                "reset" => FaultKind::Reset,
                "throttle" => FaultKind::Throttle,
                "fail" => FaultKind::Fail,
                "expire" => FaultKind::Expire,
                "garbage" => FaultKind::Garbage,
                _ => {
                    let known = "the faults are delay, reset, throttle, fail, expire and garbage";
                    return Err(known.to_owned());
                }
            },
        };
        Ok(Self::new(kind, share))
    }
}
