//! Sessions while their provider or the server does not do what it should.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use client_core::{
    Argument, BoxError, Error, ErrorKind, Response, RetryPolicy, SessionExchange, SessionToken,
    SsoApi, Transport,
};
use futures_util::future::join_all;
use tokio::{runtime::Runtime, sync::Semaphore};

use crate::support::*;

async fn get(client: &Nexus) -> Result<Response<Thing>, Error> {
    let call = client.0.call(&GET_MEMBER).path("id", Argument::from("M-1"));
    call.decode::<Thing>().await
}

async fn create(client: &Nexus) -> Result<Response<Thing>, Error> {
    client.0.call(&CREATE_MEMBER).decode::<Thing>().await
}

/// The session tokens that reached the server, in order.
fn tokens(server: &Server) -> Vec<String> {
    let requests = server.requests().into_iter();
    requests
        .filter_map(|request| request.header("MD-SESSION-TOKEN").map(str::to_owned))
        .collect()
}

async fn advance(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// Gives `token-1`, `token-2` and so on, valid for ten minutes.
fn numbered(
    asked: Arc<AtomicUsize>,
) -> impl Fn() -> std::future::Ready<Result<SessionToken, BoxError>> + Send + Sync + 'static {
    move || {
        let number = asked.fetch_add(1, Ordering::SeqCst) + 1;
        let token = SessionToken::new(format!("token-{number}"));
        std::future::ready(Ok(token.lifetime(Duration::from_secs(600))))
    }
}

/// A client whose sessions come from the built-in exchange with this server, which sends each request once.
fn exchanging(server: &Server) -> Nexus {
    let transport = || {
        let builder = Transport::builder().base_url(server.url());
        let builder = builder.attempt_timeout(Duration::from_millis(250));
        builder.retry(RetryPolicy::never()).build().unwrap()
    };
    let sso = SsoApi::new(transport(), "client", "user", "key");
    let provider = SessionExchange::new(transport(), sso);
    let builder = nexus_builder(server).session_provider(provider);
    builder.build().unwrap()
}

fn exchange(request: &Received) -> Vec<Step> {
    match request.path() {
        "/sessions" => json(200, r#"{"session":{"token":"session"}}"#),
        path if path.ends_with("/api_token.json") => json(200, r#"{"api_token":{"token":"api"}}"#),
        _ => thing(),
    }
}

#[tokio::test]
async fn a_passing_failure_while_a_session_is_obtained_is_retried() {
    for failing in ["/client/users/user/api_token.json", "/sessions"] {
        for fault in [
            json(503, "{}"),
            json(429, "{}"),
            vec![Step::Close],
            vec![Step::Reset],
            vec![Step::Stall],
        ] {
            let failed = AtomicUsize::new(0);
            let answer = fault.clone();
            let server = Server::start(move |_, request| {
                let fails = request.path() == failing;
                match fails && failed.fetch_add(1, Ordering::SeqCst) == 0 {
                    true => answer.clone(),
                    false => exchange(request),
                }
            })
            .await;
            let client = exchanging(&server);
            // Nothing was sent before there was a session, so it does not matter that the call is not idempotent.
            create(&client)
                .await
                .unwrap_or_else(|error| panic!("{failing} {fault:?}: {error:?}"));
            assert_eq!(tokens(&server), ["session"]);
        }
    }
}

#[tokio::test]
async fn whether_asking_again_helps_is_said_by_the_error() {
    let lasting = Server::always(json(403, "{}")).await;
    let passing = Server::always(json(503, "{}")).await;
    for (server, is_retryable) in [(&lasting, false), (&passing, true)] {
        let error = get(&exchanging(server)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Session);
        assert_eq!(error.is_retryable(), is_retryable, "{error:?}");
        let asked = server.requests().len();
        assert_eq!(asked, if is_retryable { 3 } else { 1 });
    }
    let server = Server::always(thing()).await;
    type Fail = fn() -> BoxError;
    let causes: [(Fail, bool); 5] = [
        (
            || io::Error::from(io::ErrorKind::ConnectionReset).into(),
            true,
        ),
        (|| io::Error::from(io::ErrorKind::TimedOut).into(), true),
        (
            || io::Error::other(io::Error::from(io::ErrorKind::ConnectionRefused)).into(),
            true,
        ),
        (
            || io::Error::from(io::ErrorKind::PermissionDenied).into(),
            false,
        ),
        (|| "the user is locked".into(), false),
    ];
    for (cause, is_retryable) in causes {
        let asked = Arc::<AtomicUsize>::default();
        let count = asked.clone();
        let provider = move || {
            count.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Err::<SessionToken, _>(cause()))
        };
        let client = nexus_builder(&server).session_provider(provider);
        let error = get(&client.build().unwrap()).await.unwrap_err();
        assert_eq!(error.is_retryable(), is_retryable, "{error:?}");
        assert_eq!(
            asked.load(Ordering::SeqCst),
            if is_retryable { 3 } else { 1 }
        );
    }
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_thousand_calls_in_an_outage_ask_a_handful_of_times() {
    let server = Server::always(thing()).await;
    for retry in [RetryPolicy::never(), RetryPolicy::default(), quick(3)] {
        for at_once in [1, 1000] {
            let asked = Arc::<AtomicUsize>::default();
            let count = asked.clone();
            let provider = move || {
                count.fetch_add(1, Ordering::SeqCst);
                let reset = io::Error::from(io::ErrorKind::ConnectionReset);
                std::future::ready(Err::<SessionToken, BoxError>(reset.into()))
            };
            let builder = nexus_builder(&server).retry(retry.clone());
            // A call that has to wait for long does not, so that the test ends.
            let builder = builder.total_timeout(Duration::from_millis(300));
            let client = builder.session_provider(provider).build().unwrap();
            for _ in 0..1000 / at_once {
                for outcome in join_all((0..at_once).map(|_| get(&client))).await {
                    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Session);
                }
            }
            let asked = asked.load(Ordering::SeqCst);
            assert!(
                (1..=8).contains(&asked),
                "{asked} times, {at_once} at once, {retry:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_session_is_renewed_before_it_ends() {
    let asked = Arc::<AtomicUsize>::default();
    let server = Server::always(json(404, "{}")).await;
    let builder = nexus_builder(&server).session_provider(numbered(asked));
    let client = builder.build().unwrap();
    // A call that fails does not extend the session.
    get(&client).await.unwrap_err();
    advance(479).await;
    get(&client).await.unwrap_err();
    advance(62).await;
    get(&client).await.unwrap_err();
    assert_eq!(tokens(&server), ["token-1", "token-1", "token-2"]);
}

#[tokio::test]
async fn renewals_ahead_of_the_end_are_spread() {
    let server = Server::always(json(404, "{}")).await;
    let asked = Arc::<AtomicUsize>::default();
    let builder = nexus_builder(&server);
    let first = builder.session_token("unused").build().unwrap().0;
    let users: Vec<_> = (0..60)
        .map(|_| Nexus(first.for_session_provider(numbered(asked.clone()))))
        .collect();
    join_all(users.iter().map(get)).await;
    assert_eq!(asked.load(Ordering::SeqCst), 60);
    // In the middle of the time in which they are renewed.
    advance(510).await;
    join_all(users.iter().map(get)).await;
    let renewed = asked.load(Ordering::SeqCst) - 60;
    assert!((5..=55).contains(&renewed), "{renewed} of 60");
}

#[tokio::test]
async fn while_the_session_is_valid_a_failed_renewal_fails_no_call() {
    let server = Server::always(thing()).await;
    for hangs in [false, true] {
        let asked = Arc::<AtomicUsize>::default();
        let count = asked.clone();
        let provider = move || {
            let number = count.fetch_add(1, Ordering::SeqCst);
            async move {
                match number {
                    0 => Ok(SessionToken::new("first").lifetime(Duration::from_secs(600))),
                    _ if hangs => std::future::pending().await,
                    _ => Err(BoxError::from("not now")),
                }
            }
        };
        let builder = nexus_builder(&server).session_provider(provider);
        let client = builder.build().unwrap();
        get(&client).await.unwrap();
        advance(550).await;
        // The one that renews waits for half of its time.
        let call = client.0.call(&GET_MEMBER).path("id", "M-1".into());
        let call = call.timeout(Duration::from_secs(2));
        call.decode::<Thing>().await.unwrap();
        let calls = join_all((0..50).map(|_| get(&client))).await;
        assert!(calls.iter().all(Result::is_ok), "{calls:?}");
        let asked = asked.load(Ordering::SeqCst);
        assert!((2..=3).contains(&asked), "{asked} times");
    }
    assert!(tokens(&server).iter().all(|token| token == "first"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_renewal_outlives_the_runtime_that_began_it() {
    let server = Server::always(thing()).await;
    // What the provider waits for is its own, or a timer of the runtime that polls it first.
    for uses_timer in [false, true] {
        let gate = Arc::new(Semaphore::new(0));
        let (asked, opens) = (AtomicUsize::new(0), gate.clone());
        let provider = move || {
            let (number, gate) = (asked.fetch_add(1, Ordering::SeqCst), opens.clone());
            async move {
                if number == 0 && uses_timer {
                    tokio::time::sleep(Duration::from_secs(3600)).await;
                }
                gate.acquire().await?.forget();
                Ok(SessionToken::new("token"))
            }
        };
        let hour = Duration::from_secs(3600);
        let builder = nexus_builder(&server).total_timeout(hour);
        let client = builder.session_provider(provider).build().unwrap();
        let work = move || {
            let runtime = || {
                let mut builder = tokio::runtime::Builder::new_current_thread();
                builder.enable_all().build().unwrap()
            };
            let (first, second) = (runtime(), runtime());
            let call = |runtime: &Runtime| {
                let client = client.clone();
                let call = runtime.spawn(async move { get(&client).await });
                runtime.block_on(tokio::task::yield_now());
                call
            };
            call(&first);
            let waiting = call(&second);
            drop(first);
            gate.add_permits(2);
            let outcome = second.block_on(waiting).unwrap();
            if uses_timer {
                // The timer is gone, and the call says so instead of waiting for it.
                assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Session);
            } else {
                outcome.unwrap();
            }
            second.block_on(get(&client)).unwrap();
        };
        std::thread::spawn(work).join().unwrap();
    }
}

#[tokio::test]
async fn a_refusal_without_a_reason_drops_the_session() {
    for body in ["{}", "", r#"{"message":"Unauthorized"}"#, r#"{"code":401}"#] {
        let asked = Arc::<AtomicUsize>::default();
        let server = Server::start(move |_, request| match request.header("MD-SESSION-TOKEN") {
            Some("token-1" | "token-3") => json(401, body),
            _ => thing(),
        })
        .await;
        let builder = nexus_builder(&server).session_provider(numbered(asked));
        let client = builder.retry(RetryPolicy::never()).build().unwrap();
        get(&client).await.unwrap();
        assert_eq!(tokens(&server), ["token-1", "token-2"], "{body}");
        get(&client).await.unwrap();
        assert_eq!(tokens(&server).len(), 3, "the second session stays");
    }
    // What may have been carried out is not sent again; the next call has another session.
    let asked = Arc::<AtomicUsize>::default();
    let server = Server::start(|number, _| match number {
        0 => json(401, "{}"),
        _ => thing(),
    })
    .await;
    let builder = nexus_builder(&server).session_provider(numbered(asked));
    let client = builder.build().unwrap();
    let error = create(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Status, 401)
    );
    create(&client).await.unwrap();
    assert_eq!(tokens(&server), ["token-1", "token-2"]);
}

#[tokio::test]
async fn users_share_a_transport_and_no_session() {
    let server = Server::start(|_, request| {
        let token = request.header("MD-SESSION-TOKEN").unwrap_or_default();
        json(200, &format!(r#"{{"name":"{token}"}}"#))
    })
    .await;
    let builder = nexus_builder(&server).session_token("first");
    let client = builder.build().unwrap();
    for user in 0..20 {
        let token = format!("user-{user}");
        let other = Nexus(client.0.for_session(token.clone()).unwrap());
        assert_eq!(get(&other).await.unwrap().name, token);
        let asked = Arc::<AtomicUsize>::default();
        let provided = Nexus(client.0.for_session_provider(numbered(asked)));
        assert_eq!(get(&provided).await.unwrap().name, "token-1");
    }
    assert_eq!(get(&client).await.unwrap().name, "first");
    assert_eq!(server.connections(), 1, "one pool for all");
    for token in ["", "with space", "token\n", "t\u{f6}ken"] {
        let error = client.0.for_session(token).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("the session token"), "{error}");
    }
}

#[tokio::test]
async fn users_share_the_retry_budget() {
    let server = Server::always(json(503, "{}")).await;
    let client = nexus_builder(&server).session_token("first");
    let client = client.build().unwrap();
    for user in 0..200 {
        let other = Nexus(client.0.for_session(format!("user-{user}")).unwrap());
        get(&other).await.unwrap_err();
    }
    // A budget of 500 tokens pays for 100 retries.
    assert_eq!(server.requests().len(), 300);
}
