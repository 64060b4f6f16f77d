//! When a call is sent again, how often, and when not.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use client_core::{Argument, Attempt, ErrorKind, RetryPolicy, reqwest};
use futures_util::future::join_all;
use tokio::net::TcpSocket;

use crate::support::*;

fn fails_then_recovers(
    failures: usize,
    failure: Vec<Step>,
) -> impl Fn(usize, &Received) -> Vec<Step> {
    move |number, _| {
        if number < failures {
            failure.clone()
        } else {
            thing()
        }
    }
}

#[tokio::test]
async fn passing_failures_of_idempotent_operations_are_retried() {
    let statuses = [408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524];
    let statuses = statuses.map(|status| json(status, "{}"));
    for failure in statuses.into_iter().chain([
        vec![Step::Close],
        vec![Step::Reset],
        vec![
            Step::Send(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
                    .into(),
            ),
            Step::Close,
        ],
    ]) {
        let server = Server::start(fails_then_recovers(2, failure.clone())).await;
        let client = platform_builder(&server).build().unwrap();
        client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
        assert_eq!(server.requests().len(), 3, "{failure:?}");

        let server = Server::start(fails_then_recovers(3, failure)).await;
        let client = platform_builder(&server).build().unwrap();
        let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
        assert!(error.is_retryable(), "{error:?}");
        assert_eq!(server.requests().len(), 3, "three attempts, then the error");
    }
}

#[tokio::test]
async fn lasting_failures_are_not_retried() {
    for status in [400, 401, 403, 404, 405, 406, 409, 422, 425, 501, 505, 525] {
        let server = Server::always(json(status, "{}")).await;
        let client = platform_builder(&server).build().unwrap();
        let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
        assert!(!error.is_retryable(), "{status}");
        assert_eq!(server.requests().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn what_may_have_arrived_and_is_not_idempotent_is_not_sent_again() {
    for failure in [
        json(408, "{}"),
        json(500, "{}"),
        json(503, "{}"),
        vec![Step::Close],
        vec![Step::Reset],
    ] {
        let server = Server::always(failure).await;
        let client = platform_builder(&server).build().unwrap();
        let call = client.0.call(&CREATE_THING).json(Argument::from("{}"));
        let error = call.decode::<Thing>().await.unwrap_err();
        assert!(!error.is_retryable());
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn what_the_server_did_not_carry_out_is_sent_again_whatever_it_is() {
    let server = Server::start(fails_then_recovers(2, json(429, "{}"))).await;
    let client = platform_builder(&server).build().unwrap();
    let call = client.0.call(&CREATE_THING).json(Argument::from("{}"));
    call.decode::<Thing>().await.unwrap();
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn the_statuses_that_are_retried_can_be_set() {
    let status = |code| reqwest::StatusCode::from_u16(code).unwrap();
    for (code, sent) in [(418, 3), (503, 1), (429, 1)] {
        let server = Server::always(json(code, "{}")).await;
        let policy = quick(3).statuses([status(418)]);
        let client = platform_builder(&server).retry(policy).build().unwrap();
        let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
        assert_eq!(error.is_retryable(), sent > 1, "{code}");
        assert_eq!(server.requests().len(), sent, "{code}");
    }
}

/// The requests that so many calls, one after the other, cause.
async fn requests(calls: usize, policy: RetryPolicy, answer: Vec<Step>) -> usize {
    let server = Server::always(answer).await;
    let client = platform_builder(&server).retry(policy).build().unwrap();
    for _ in 0..calls {
        // The budget is shared by the clones.
        let client = client.clone();
        client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    }
    server.requests().len()
}

#[tokio::test]
async fn in_a_lasting_outage_retries_end_when_the_budget_is_spent() {
    let outage = || json(503, "{}");
    // A hundred retries of five tokens each, of two for each call at first.
    assert_eq!(requests(1000, quick(3), outage()).await, 1100);
    let unlimited = quick(3).without_budget();
    assert_eq!(requests(200, unlimited, outage()).await, 600);
}

#[tokio::test]
async fn in_a_lasting_outage_the_load_stays_near_that_of_the_calls() {
    let (outage, reset) = (json(503, "{}"), vec![Step::Reset]);
    for (fault, policy, calls, loads) in [
        (outage.clone(), quick(3), 2000, 1.0..=1.05),
        (reset, quick(3), 1000, 1.0..=1.1),
        (outage, quick(3).without_budget(), 200, 3.0..=3.0),
    ] {
        let server = Server::always(fault.clone()).await;
        let client = platform_builder(&server).retry(policy.clone());
        let client = client.build().unwrap();
        // Fifty at a time, each of which begins the next call when it has failed.
        let callers = (0..50).map(|_| {
            let client = client.clone();
            async move {
                for _ in 0..calls / 50 {
                    client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
                }
            }
        });
        join_all(callers).await;
        let load = server.count() as f64 / f64::from(calls);
        assert!(loads.contains(&load), "{load}, {fault:?} {policy:?}");
    }
}

#[tokio::test]
async fn success_fills_the_budget_again() {
    let is_up = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let up = is_up.clone();
    let server = Server::start(move |_, _| match up.load(Ordering::SeqCst) {
        true => thing(),
        false => json(503, "{}"),
    })
    .await;
    let client = platform_builder(&server).build().unwrap();
    let sent = async |calls: usize| {
        let before = server.requests().len();
        for _ in 0..calls {
            _ = client.0.call(&PUBLIC).decode::<Thing>().await;
        }
        server.requests().len() - before
    };
    assert_eq!(sent(100).await, 200, "the budget is spent");
    assert_eq!(sent(10).await, 10);
    is_up.store(true, Ordering::SeqCst);
    assert_eq!(sent(10).await, 10);
    is_up.store(false, Ordering::SeqCst);
    assert_eq!(sent(10).await, 12, "ten successes pay for two retries");
}

#[tokio::test]
async fn a_retry_that_succeeds_costs_nothing() {
    let server = Server::start(|number, _| match number % 2 {
        0 => json(503, "{}"),
        _ => thing(),
    })
    .await;
    let client = platform_builder(&server).build().unwrap();
    for _ in 0..300 {
        client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_came_about_counts_as_sent() {
    for welcome in [Welcome::Close, Welcome::Reset, Welcome::Stall] {
        let connections: &AtomicUsize = Box::leak(Box::default());
        let count = move |_| {
            connections.fetch_add(1, Ordering::SeqCst);
            welcome
        };
        let server = Server::start_with(count, |_, _| thing()).await;
        let builder = platform_builder(&server).attempt_timeout(Duration::from_secs(1));
        let client = builder.build().unwrap();
        let call = client.0.call(&CREATE_THING).json(Argument::from("{}"));
        let error = call.decode::<Thing>().await.unwrap_err();
        assert!(!error.is_retryable(), "{error:?}");
        assert_eq!(connections.load(Ordering::SeqCst), 1, "{welcome:?}");
    }
}

/// A port that refuses connections until the socket listens.
fn silent_port() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

#[tokio::test]
async fn what_was_not_sent_is_sent_again_whatever_it_is() {
    let (socket, address) = silent_port();
    let socket = Mutex::new(Some(socket));
    let listener = Arc::new(Mutex::new(None));
    let opened = listener.clone();
    let client = client_core::ClientBuilder::<Platform>::new()
        .base_url(format!("http://{address}"))
        .credentials(client_core::Credentials::new("id", "key"))
        .retry(quick(4))
        .attempt_timeout(Duration::from_millis(500))
        .on_attempt(move |attempt: &Attempt| {
            if attempt.number == 2 {
                let socket = socket.lock().unwrap().take().unwrap();
                *opened.lock().unwrap() = Some(socket.listen(8).unwrap());
            }
        });
    let client = client.build().unwrap();
    let call = client.0.call(&CREATE_THING).json(Argument::from("{}"));
    let error = call.decode::<Thing>().await.unwrap_err();
    // The third attempt connects and gets no response: the request may have arrived.
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(!error.is_retryable());
    let listener = listener.lock().unwrap().take().unwrap();
    let listener = listener.into_std().unwrap();
    assert!(listener.accept().is_ok());
    assert!(listener.accept().is_err(), "one connection was made");
}

#[tokio::test]
async fn no_connection_is_an_error_of_its_own() {
    let (_socket, address) = silent_port();
    let builder =
        client_core::ClientBuilder::<Platform>::new().base_url(format!("http://{address}"));
    let client = builder.retry(quick(2)).build().unwrap();
    let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.is_retryable());
}

/// The attempts of one call, as the hook saw them.
async fn attempts(
    answer: impl Fn(usize, &Received) -> Vec<Step> + Send + Sync + 'static,
    policy: RetryPolicy,
    total: Duration,
) -> Vec<Attempt> {
    let server = Server::start(answer).await;
    let seen = Arc::<Mutex<Vec<Attempt>>>::default();
    let log = seen.clone();
    let client = platform_builder(&server)
        .retry(policy)
        .total_timeout(total)
        .on_attempt(move |attempt| log.lock().unwrap().push(attempt.clone()))
        .build()
        .unwrap();
    let outcome = client.0.call(&PUBLIC).decode::<Thing>().await;
    let attempts = seen.lock().unwrap().clone();
    assert_eq!(attempts.len(), server.requests().len());
    let last = attempts.last().unwrap();
    assert_eq!(last.outcome.is_ok(), outcome.is_ok());
    assert_eq!(last.next, None);
    attempts
}

#[tokio::test]
async fn the_hook_sees_each_attempt() {
    let seen = attempts(
        fails_then_recovers(2, json(503, "{}")),
        quick(3),
        Duration::from_secs(60),
    )
    .await;
    let status = |code| reqwest::StatusCode::from_u16(code).unwrap();
    let outcomes: Vec<_> = seen
        .iter()
        .map(|attempt| (attempt.number, attempt.outcome, attempt.status))
        .collect();
    let failed = Err(ErrorKind::Status);
    assert_eq!(
        outcomes,
        [
            (1, failed, Some(status(503))),
            (2, failed, Some(status(503))),
            (3, Ok(status(200)), None)
        ]
    );
    assert!(seen.iter().all(|attempt| attempt.operation == "public"));
}

#[tokio::test]
async fn waits_grow_within_their_bounds() {
    let policy = RetryPolicy::default()
        .attempts(5)
        .waits(Duration::from_millis(4), Duration::from_millis(12));
    let seen = attempts(|_, _| json(503, "{}"), policy, Duration::from_secs(60)).await;
    let waits: Vec<_> = seen.iter().filter_map(|attempt| attempt.next).collect();
    assert_eq!(waits.len(), 4);
    for (wait, limit) in waits.iter().zip([4, 8, 12, 12]) {
        let limit = Duration::from_millis(limit);
        assert!(*wait <= limit, "{wait:?} for {limit:?}");
    }
}

#[tokio::test]
async fn no_two_calls_wait_alike() {
    let policy = RetryPolicy::default().waits(Duration::from_millis(40), Duration::from_millis(40));
    let mut waits = std::collections::HashSet::new();
    for _ in 0..4 {
        let policy = policy.clone();
        let seen = attempts(|_, _| json(503, "{}"), policy, Duration::from_secs(60)).await;
        waits.extend(seen.iter().filter_map(|attempt| attempt.next));
    }
    assert_eq!(waits.len(), 8, "{waits:?}");
}

/// How long a call waits that is answered with this `Retry-After`, without waiting that long.
async fn wait_for(retry_after: String) -> Duration {
    let server = Server::always(response(429, &[("Retry-After", &retry_after)], "")).await;
    let (send, mut waits) = tokio::sync::mpsc::unbounded_channel();
    let client = platform_builder(&server)
        .total_timeout(Duration::from_secs(3600))
        .on_attempt(move |attempt| send.send(attempt.next).unwrap())
        .build()
        .unwrap();
    let call = tokio::spawn(async move { client.0.call(&PUBLIC).decode::<Thing>().await });
    let wait = waits.recv().await.unwrap();
    call.abort();
    wait.expect("the call is sent again")
}

#[tokio::test]
async fn retry_after_is_obeyed_in_both_forms() {
    let seconds = Duration::from_secs;
    let asked = wait_for("120".into()).await;
    assert!(seconds(120) <= asked && asked <= seconds(150), "{asked:?}");
    let date = |time: SystemTime| httpdate::fmt_http_date(time);
    let wait = wait_for(date(SystemTime::now() + seconds(1000))).await;
    assert!(seconds(500) < wait && wait <= seconds(1250), "{wait:?}");
    let past = date(SystemTime::now() - seconds(1000));
    for nothing in [
        past.as_str(),
        "0",
        "soon",
        "-1",
        "",
        "1.5",
        "Thu, 99 Foo 2020 00:00:00 GMT",
    ] {
        let wait = wait_for(nothing.into()).await;
        assert!(wait <= Duration::from_millis(2), "{nothing}: {wait:?}");
    }
}

#[tokio::test]
async fn calls_that_are_told_to_wait_do_not_return_together() {
    let mut waits = std::collections::HashSet::new();
    for _ in 0..8 {
        waits.insert(wait_for("2".into()).await);
    }
    assert_eq!(waits.len(), 8, "{waits:?}");
}

#[tokio::test]
async fn the_total_timeout_ends_an_attempt() {
    let server = Server::always(vec![Step::Stall]).await;
    let client = platform_builder(&server)
        .attempt_timeout(Duration::from_secs(3600))
        .total_timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    let call = client.0.call(&PUBLIC).decode::<Thing>();
    let ended = tokio::time::timeout(Duration::from_secs(60), call).await;
    let error = ended.expect("the call ends").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_call_that_is_dropped_is_not_sent_again_and_leaves_its_answer_to_no_other() {
    let whole = json(200, r#"{"name":"of the dropped call"}"#);
    let [Step::Send(bytes)] = &whole[..] else {
        panic!("{whole:?}")
    };
    let half = vec![Step::Send(bytes[..bytes.len() - 10].to_vec()), Step::Stall];
    for unfinished in [vec![Step::Stall], half] {
        let server = Server::start(move |number, _| match number {
            0 => unfinished.clone(),
            _ => thing(),
        })
        .await;
        let client = platform_builder(&server).build().unwrap();
        let dropped = tokio::spawn({
            let client = client.clone();
            async move { client.0.call(&PUBLIC).decode::<Thing>().await }
        });
        server.stalled().await;
        dropped.abort();
        assert!(dropped.await.unwrap_err().is_cancelled());
        let answer = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
        assert_ne!(answer.name, "of the dropped call");
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    for value in [
        "3600".to_owned(),
        "99999999999999999999999".to_owned(),
        "Fri, 31 Dec 9999 23:59:59 GMT".to_owned(),
    ] {
        let answer = move |_: usize, _: &Received| response(503, &[("Retry-After", &value)], "");
        let seen = attempts(answer, quick(3), Duration::from_secs(60)).await;
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].status.map(|status| status.as_u16()), Some(503));
    }
}

#[tokio::test]
async fn the_caller_learns_what_the_server_asked_for() {
    let server = Server::always(response(503, &[("Retry-After", "3600")], "")).await;
    let client = platform_builder(&server).build().unwrap();
    let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn what_the_server_asks_for_can_be_added_to_a_clock() {
    for value in ["18446744073709551615", "Fri, 31 Dec 9999 23:59:59 GMT"] {
        let server = Server::always(response(503, &[("Retry-After", value)], "")).await;
        let client = platform_builder(&server).build().unwrap();
        let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
        let wait = error.retry_after().unwrap();
        assert_eq!(wait, Duration::from_secs(24 * 60 * 60));
        assert!(std::time::Instant::now().checked_add(wait).is_some());
    }
}

#[tokio::test]
async fn a_body_that_streams_is_sent_once() {
    let server = Server::always(json(503, "{}")).await;
    let client = platform_builder(&server).build().unwrap();
    let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>("a=1")]);
    let body = reqwest::Body::wrap_stream(chunks);
    let call = client.0.call(&SEARCH_THINGS).raw(Argument::from(body));
    let error = call.decode::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(server.requests().len(), 1);
}
