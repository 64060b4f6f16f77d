//! Session providers that call through the client they serve, directly and in roundabout ways: an error, and nothing
//! that stops.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use client_core::{Argument, BoxError, Error, ErrorKind, SessionToken};
use futures_util::{FutureExt as _, StreamExt as _, future::join_all, stream::FuturesUnordered};
use tokio::{runtime::Runtime, sync::Notify};

use crate::support::*;

/// Far longer than any of these tests takes: what waits for it hangs.
const LONG: Duration = Duration::from_secs(3600);
const SHORT: Duration = Duration::from_millis(300);

type Obtaining = Pin<Box<dyn Future<Output = Result<SessionToken, BoxError>> + Send>>;

async fn get(client: &Nexus) -> Result<(), Error> {
    let call = client.0.call(&GET_MEMBER).path("id", Argument::from("M-1"));
    call.decode::<Thing>().await.map(drop)
}

/// A client whose provider is given the client.
fn client_of(
    server: &Server,
    total_timeout: Duration,
    provider: impl Fn(Nexus) -> Obtaining + Send + Sync + 'static,
) -> Nexus {
    let slot = Arc::new(Mutex::new(None::<Nexus>));
    let own = slot.clone();
    let client = nexus_builder(server)
        .total_timeout(total_timeout)
        .session_provider(move || provider(own.lock().unwrap().clone().unwrap()))
        .build()
        .unwrap();
    *slot.lock().unwrap() = Some(client.clone());
    client
}

/// Runs a test on both kinds of runtime at once, in threads of their own: one that is stuck fails the test.
fn on_each_runtime<T: Future<Output = ()> + 'static>(test: fn() -> T) {
    let ends = [false, true].map(|is_multi_thread| {
        let (done, end) = mpsc::channel();
        std::thread::spawn(move || {
            let mut builder = match is_multi_thread {
                true => tokio::runtime::Builder::new_multi_thread(),
                false => tokio::runtime::Builder::new_current_thread(),
            };
            let runtime = builder.worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                test().await;
                // Timers of the process run on.
                tokio::time::sleep(Duration::from_millis(1)).await;
            });
            done.send(()).unwrap();
            // Also where its tasks hang.
            runtime.shutdown_background();
        });
        end
    });
    for end in ends {
        end.recv_timeout(Duration::from_secs(60))
            .expect("the test fails above, or is stuck");
    }
}

/// The call fails, with an error of kind session within one of kind session.
async fn fails(client: Nexus) {
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Session);
    let source = std::error::Error::source(&error).expect("what the provider fails with");
    let inner = source.downcast_ref::<Error>().expect("the inner call's");
    assert_eq!(inner.kind(), ErrorKind::Session, "{inner:?}");
}

#[test]
fn a_provider_that_calls_its_client_fails_at_once() {
    on_each_runtime(|| async {
        let server = Server::always(thing()).await;
        let direct = |client: Nexus| -> Obtaining {
            Box::pin(async move {
                get(&client).await?;
                Ok(SessionToken::new("never"))
            })
        };
        // By way of combinators that have wakers of their own.
        let combined = |client: Nexus| -> Obtaining {
            Box::pin(async move {
                let calls = (0..3).map(|_| get(&client));
                let mut calls = calls.collect::<FuturesUnordered<_>>();
                let limited = tokio::time::timeout(LONG, calls.next());
                limited.await.unwrap().unwrap()?;
                Ok(SessionToken::new("never"))
            })
        };
        for provider in [direct, combined] {
            let client = client_of(&server, LONG, provider);
            // The calls that wait for one renewal, and those that begin another.
            for _ in 0..2 {
                join_all((0..20).map(|_| fails(client.clone()))).await;
            }
        }
        assert_eq!(server.requests().len(), 0);
    });
}

#[test]
fn a_provider_that_polls_a_call_begun_elsewhere_fails_at_once() {
    on_each_runtime(|| async {
        let server = Server::always(thing()).await;
        type Begun = Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>;
        let begun = Arc::new(Mutex::new(None::<Begun>));
        let (take, ready) = (begun.clone(), Arc::new(Notify::new()));
        let wait = ready.clone();
        let client = client_of(&server, LONG, move |_| {
            let (take, wait) = (take.clone(), wait.clone());
            Box::pin(async move {
                wait.notified().await;
                let call = take.lock().unwrap().take().unwrap();
                call.await?;
                Ok(SessionToken::new("never"))
            })
        });
        let mut call: Begun = Box::pin({
            let client = client.clone();
            async move { get(&client).await }
        });
        // It waits for the renewal that is going to wait for it.
        assert!((&mut call).now_or_never().is_none());
        *begun.lock().unwrap() = Some(call);
        ready.notify_one();
        fails(client).await;
    });
}

#[test]
fn a_provider_that_calls_in_another_task_ends_with_the_call() {
    on_each_runtime(|| async {
        let server = Server::always(thing()).await;
        let spawned = |client: Nexus| -> Obtaining {
            Box::pin(async move {
                tokio::spawn(async move { get(&client).await }).await??;
                Ok(SessionToken::new("never"))
            })
        };
        let elsewhere = |client: Nexus| -> Obtaining {
            Box::pin(async move {
                let (send, receive) = tokio::sync::oneshot::channel();
                std::thread::spawn(move || {
                    let runtime = Runtime::new().unwrap();
                    _ = send.send(runtime.block_on(get(&client)));
                });
                receive.await??;
                Ok(SessionToken::new("never"))
            })
        };
        for provider in [spawned, elsewhere] {
            let client = client_of(&server, SHORT, provider);
            for _ in 0..2 {
                let error = get(&client).await.unwrap_err();
                let kind = error.kind();
                let is_expected = matches!(kind, ErrorKind::Timeout | ErrorKind::Session);
                assert!(is_expected, "{error:?}");
            }
        }
        assert_eq!(server.requests().len(), 0);
    });
}

#[test]
fn two_clients_whose_providers_call_each_other_do_not_hang() {
    on_each_runtime(|| async {
        let server = Server::always(thing()).await;
        let other = Arc::new(Mutex::new(None::<Nexus>));
        let partner = other.clone();
        let first = client_of(&server, SHORT, move |_| {
            let partner = partner.lock().unwrap().clone().unwrap();
            Box::pin(async move {
                get(&partner).await?;
                Ok(SessionToken::new("never"))
            })
        });
        let partner = first.clone();
        let second = client_of(&server, SHORT, move |_| {
            let partner = partner.clone();
            Box::pin(async move {
                get(&partner).await?;
                Ok(SessionToken::new("never"))
            })
        });
        *other.lock().unwrap() = Some(second.clone());
        let calls = [first, second].map(|client| tokio::spawn(async move { get(&client).await }));
        for outcome in join_all(calls).await {
            let error = outcome.unwrap().unwrap_err();
            let is_expected = matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Session);
            assert!(is_expected, "{error:?}");
        }
    });
}

#[test]
fn a_provider_may_call_what_needs_no_session() {
    on_each_runtime(|| async {
        let server = Server::always(thing()).await;
        let client = client_of(&server, LONG, |client| {
            Box::pin(async move {
                client.0.call(&PUBLIC).decode::<Thing>().await?;
                Ok(SessionToken::new("token"))
            })
        });
        get(&client).await.unwrap();
        assert_eq!(server.requests().len(), 2);
    });
}
