//! Waiting while a server limits the rate of calls.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::run::exchange::{Exchange, NoReply, retry_after};
use crate::wire::{Reply, Request};

/// How often a request is sent again.
const MOST_RETRIES: usize = 4;

/// The waits before a request is sent again, where the server does not say how long.
const WAITS: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(500)];

/// Sends requests again that are refused with 429, after the time that the server asks for.
#[derive(Debug)]
pub struct Patience {
    /// The longest wait that is accepted.
    longest: Duration,
    /// Set once a request was refused to the end, until another one is not.
    is_lost: AtomicBool,
}

impl Patience {
    /// Accepts waits of at most this length.
    pub fn new(longest: Duration) -> Self {
        Self {
            longest,
            is_lost: AtomicBool::new(false),
        }
    }

    /// Sends a request, and again if the server asks to wait.
    ///
    /// # Errors
    ///
    /// There is no response.
    pub async fn send(&self, exchange: &Exchange, request: &Request) -> Result<Reply, NoReply> {
        let mut retry = 0;
        loop {
            let reply = exchange.send(request).await?;
            if reply.status != 429 {
                self.is_lost.store(false, Ordering::Relaxed);
                return Ok(reply);
            }
            let wait = retry_after(&reply).or(WAITS.get(retry).copied());
            let wait = wait.filter(|wait| retry < MOST_RETRIES && *wait <= self.longest);
            match wait {
                Some(wait) if !self.is_lost.load(Ordering::Relaxed) => {
                    tokio::time::sleep(wait).await;
                }
                _ => {
                    self.is_lost.store(true, Ordering::Relaxed);
                    return Ok(reply);
                }
            }
            retry += 1;
        }
    }
}
