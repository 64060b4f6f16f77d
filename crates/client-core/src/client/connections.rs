//! The connections of a client: how many there may be, and to which runtime they belong.
//!
//! A connection is driven by a task of the runtime that opened it. A call in another runtime that took it would wait
//! until that runtime goes on, perhaps for ever. So each runtime has an HTTP client, and with it connections, of its own.

use std::{
    future::pending,
    sync::{Arc, Mutex, PoisonError, RwLock, Weak},
};

use tokio::{
    runtime::{Handle, Id, RuntimeFlavor},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::AbortHandle,
    time::{Instant, timeout_at},
};

use super::http;
use crate::error::{Error, ErrorKind};

/// For how many runtimes connections are kept; beyond that, those of the first are closed.
const RUNTIMES: usize = 8;

/// The connections that the clones of a client share.
pub(crate) struct Connections {
    http: Http,
    slots: Arc<Semaphore>,
}

enum Http {
    Own(Own),
    Custom(reqwest::Client, Mutex<Option<Home>>),
}

/// How this library's own HTTP clients are made, and those that were.
struct Own {
    setup: http::Setup,
    most_idle: usize,
    /// Each with its runtime; the first has none until it is used.
    clients: RwLock<Vec<(Option<Id>, reqwest::Client)>>,
}

/// The runtime that drives the connections of a custom HTTP client, if it has one thread.
struct Home {
    id: Id,
    is_alive: Weak<()>,
    task: AbortHandle,
}

/// The right to a connection, for as long as it is used.
pub(crate) type Slot = OwnedSemaphorePermit;

impl Connections {
    /// Connections by this library's own HTTP client, or a custom one; at most so many.
    pub(crate) fn new(
        setup: http::Setup,
        custom: Option<reqwest::Client>,
        most: usize,
    ) -> Result<Self, Error> {
        // Half of them for calls. The next call may begin before the last one's connection is idle again, and open
        // another; so the other half is for idle ones.
        let in_use = (most / 2).clamp(1, Semaphore::MAX_PERMITS);
        let most_idle = most.saturating_sub(in_use).max(1);
        let http = match custom {
            Some(_) if !setup.is_default() => {
                return Err(Error::configuration(
                    "certificates and the proxy of a custom HTTP client are set on that client",
                ));
            }
            Some(client) => Http::Custom(client, Mutex::default()),
            None => {
                let first = http::client(&setup, most_idle)?;
                Http::Own(Own {
                    setup,
                    most_idle,
                    clients: RwLock::new(vec![(None, first)]),
                })
            }
        };
        Ok(Self {
            http,
            slots: Arc::new(Semaphore::new(in_use)),
        })
    }

    /// Whether the HTTP client is the caller's, with a redirect policy of its own.
    pub(crate) fn are_custom(&self) -> bool {
        matches!(self.http, Http::Custom(..))
    }

    /// Waits until a connection is free.
    pub(crate) async fn slot(&self, deadline: Instant) -> Result<Slot, Error> {
        if let Ok(slot) = self.slots.clone().try_acquire_owned() {
            return Ok(slot);
        }
        let waiting = timeout_at(deadline, self.slots.clone().acquire_owned());
        match Box::pin(waiting).await {
            Ok(Ok(slot)) if Instant::now() < deadline => Ok(slot),
            // Nothing closes the semaphore.
            Ok(_) | Err(_) => {
                let detail = "the call's time ran out while it waited for a free connection";
                Err(Error::new(ErrorKind::Timeout, detail).with_retryable(true))
            }
        }
    }

    /// The HTTP client whose connections the current runtime drives.
    pub(crate) fn client(&self) -> Result<reqwest::Client, Error> {
        let runtime = Handle::try_current().map_err(|_| {
            Error::configuration("a call needs a Tokio runtime, and it was made outside of one")
        })?;
        match &self.http {
            Http::Own(own) => own.client(runtime.id()),
            Http::Custom(client, home) => {
                let mut home = home.lock().unwrap_or_else(PoisonError::into_inner);
                Home::check(&mut home, &runtime)?;
                Ok(client.clone())
            }
        }
    }
}

impl Own {
    fn client(&self, runtime: Id) -> Result<reqwest::Client, Error> {
        let is_its_own = |(id, _): &&(Option<Id>, reqwest::Client)| *id == Some(runtime);
        {
            let clients = self.clients.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, client)) = clients.iter().find(is_its_own) {
                return Ok(client.clone());
            }
        }
        let mut clients = self.clients.write().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = clients.iter().find(is_its_own) {
            return Ok(client.clone());
        }
        if let Some((id @ None, client)) = clients.first_mut() {
            *id = Some(runtime);
            return Ok(client.clone());
        }
        let client = http::client(&self.setup, self.most_idle)?;
        if clients.len() == RUNTIMES {
            clients.remove(0);
        }
        clients.push((Some(runtime), client.clone()));
        Ok(client)
    }
}

impl Home {
    /// Refuses a second runtime while the first one lives, if one of them has a single thread: a call could take a
    /// connection that nothing drives.
    fn check(home: &mut Option<Self>, runtime: &Handle) -> Result<(), Error> {
        if let Some(home) = home
            && home.id != runtime.id()
            && home.is_alive.strong_count() > 0
        {
            return Err(Error::configuration(
                "a client with a custom HTTP client is used in a second runtime, while the first one, of the flavor \
                 `current_thread`, drives its connections: build a client for each runtime",
            ));
        }
        let is_known = home.as_ref().is_some_and(|home| home.id == runtime.id());
        if !is_known && runtime.runtime_flavor() == RuntimeFlavor::CurrentThread {
            let alive = Arc::new(());
            let is_alive = Arc::downgrade(&alive);
            // The task ends with its runtime.
            let task = runtime.spawn(async move {
                let _alive = alive;
                pending::<()>().await;
            });
            *home = Some(Self {
                id: runtime.id(),
                is_alive,
                task: task.abort_handle(),
            });
        }
        Ok(())
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.task.abort();
    }
}
