//! Random sequences of faults: every call ends in time, is sent no more often than allowed, and the
//! client recovers when the server does.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use client_core::{
    Api, Argument, BoxError, ClientBuilder, Error, ErrorKind, Operation, SessionToken, Transport,
    http_client_builder, reqwest,
};
use fastrand::Rng;
use futures_util::{StreamExt as _, stream};
use serde_json::json;
use tokio::time::timeout;

use crate::support::*;

/// How many run side by side.
const SIDE_BY_SIDE: usize = 50;
const ATTEMPT: Duration = Duration::from_millis(100);
const TOTAL: Duration = Duration::from_millis(400);
/// Far beyond any timeout of the client, however busy the machine is.
const GENEROUS: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn any_sequence_of_faults_is_survived() {
    run(100).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; `cargo xtask ci` runs it"]
async fn any_sequence_of_faults_is_survived_thoroughly() {
    run(2000).await;
}

/// Runs so many sequences, each with its own seed.
async fn run(sequences: u64) {
    let first: u64 =
        std::env::var("FAULT_SEED").map_or(0, |seed| seed.parse().expect("FAULT_SEED is a number"));
    let builder = http_client_builder().unwrap();
    let pool = builder.no_proxy().build().unwrap();
    let sequences = stream::iter(first..first + sequences).map(async |seed| {
        let outcome = tokio::spawn(sequence(seed, pool.clone())).await;
        assert!(outcome.is_ok(), "failed with FAULT_SEED={seed}");
    });
    sequences
        .buffer_unordered(SIDE_BY_SIDE)
        .collect::<()>()
        .await;
}

async fn sequence(seed: u64, pool: reqwest::Client) {
    let mut rng = Rng::with_seed(seed);
    let recovered = Arc::new(AtomicBool::new(false));
    let has_expired = Arc::new(AtomicBool::new(false));
    let was_refused = Arc::new(AtomicBool::new(false));
    // The calls that were answered with 429: they were not carried out.
    let put_off = Arc::<Mutex<Vec<String>>>::default();
    let server = {
        let (welcome_well, answer_well) = (recovered.clone(), recovered.clone());
        let (seen, refused) = (has_expired.clone(), was_refused.clone());
        let put_off = put_off.clone();
        let (welcome_seed, answer_seed) = (rng.u64(..), rng.u64(..));
        let welcome = move |number| match welcome_well.load(Ordering::SeqCst) {
            true => Welcome::Serve,
            false => any_welcome(&mut Rng::with_seed(
                welcome_seed.wrapping_add(number as u64),
            )),
        };
        let answer =
            move |number: usize, request: &Received| match answer_well.load(Ordering::SeqCst) {
                true => thing(),
                false => {
                    let seed = answer_seed.wrapping_add(number as u64);
                    let answer = any_answer(&mut Rng::with_seed(seed));
                    if answer == expired() {
                        seen.store(true, Ordering::SeqCst);
                    }
                    if let [Step::Send(bytes)] = &answer[..]
                        && bytes.starts_with(b"HTTP/1.1 401")
                    {
                        refused.store(true, Ordering::SeqCst);
                    }
                    if let [Step::Send(bytes)] = &answer[..]
                        && bytes.starts_with(b"HTTP/1.1 429")
                    {
                        put_off.lock().unwrap().push(identity(request));
                    }
                    answer
                }
            };
        Server::start_with(welcome, answer).await
    };
    let attempts = rng.u32(1..=4);
    // Two clients over one pool: one in a hurry, and one to ask whether the pool is well again.
    let subject = if rng.bool() {
        let hurried = hurried(platform_builder(&server), &pool, attempts);
        Subject {
            transport: hurried.build().unwrap().0,
            read: &GET_THING,
            write: &CREATE_THING,
            in_session: false,
        }
    } else {
        let hurried = hurried(nexus_builder(&server), &pool, attempts);
        let provider = || async { Ok::<_, BoxError>(SessionToken::new("token")) };
        Subject {
            transport: hurried.session_provider(provider).build().unwrap().0,
            read: &GET_MEMBER,
            write: &CREATE_MEMBER,
            in_session: true,
        }
    };
    let patient = platform_builder(&server)
        .http_client(pool)
        .attempt_timeout(GENEROUS)
        .total_timeout(GENEROUS)
        .build()
        .unwrap();

    let calls = rng.usize(1..=5);
    for number in 0..calls {
        let id = format!("call-{number}-");
        let outcome = timeout(GENEROUS, any_call(&mut rng, &subject, &id)).await;
        let outcome = outcome.expect("every call ends within its deadline");
        if let Err(error) = outcome {
            check(&error);
        }
    }
    for (id, (method, times)) in sent(&server) {
        let put_off = put_off.lock().unwrap();
        let put_off = put_off.iter().filter(|known| **known == id).count() as u32;
        let policy = match &*method {
            "POST" => attempts.min(1 + put_off),
            _ => attempts,
        };
        // Only what is idempotent is sent again after a refusal without a reason.
        let is_refused = method != "POST" && was_refused.load(Ordering::SeqCst);
        let may_renew = subject.in_session && (has_expired.load(Ordering::SeqCst) || is_refused);
        let allowed = (policy + u32::from(may_renew)) as usize;
        assert!(
            times <= allowed,
            "{id} ({method}) was sent {times} times, {allowed} allowed"
        );
    }

    recovered.store(true, Ordering::SeqCst);
    let get = || {
        patient
            .0
            .call(&GET_THING)
            .path("id", Argument::from("last"))
    };
    let recovery = async { while get().decode::<Thing>().await.is_err() {} };
    timeout(GENEROUS, recovery)
        .await
        .expect("the client recovers with the server");
}

/// A client of either API, and what is called through it.
struct Subject {
    transport: Transport,
    read: &'static Operation,
    write: &'static Operation,
    in_session: bool,
}

fn hurried<A: Api>(
    builder: ClientBuilder<A>,
    pool: &reqwest::Client,
    attempts: u32,
) -> ClientBuilder<A> {
    builder
        .http_client(pool.clone())
        .retry(quick(attempts))
        .attempt_timeout(ATTEMPT)
        .total_timeout(TOTAL)
        .max_response_bytes(10_000)
}

async fn any_call(rng: &mut Rng, subject: &Subject, id: &str) -> Result<(), Error> {
    let get = || {
        let call = subject.transport.call(subject.read);
        call.path("id", Argument::from(id))
    };
    let outcome = match rng.u8(0..4) {
        0 => get().decode::<Thing>().await.map(drop),
        1 => get().empty().await.map(drop),
        2 => {
            let file = get().stream().await?;
            // A stream may go on for ever; if it stops, it says so in time.
            let _ = file.into_inner().take(100).collect::<Vec<_>>().await;
            Ok(())
        }
        _ => {
            let body = Argument::from(json!({ "id": id }));
            let call = subject.transport.call(subject.write).json(body);
            call.decode::<Thing>().await.map(drop)
        }
    };
    outcome.map(drop)
}

fn check(error: &Error) {
    use ErrorKind::*;
    let kinds = [
        Connect,
        Timeout,
        Transport,
        Status,
        UnexpectedStatus,
        Redirect,
        MediaType,
        Decode,
        TooLarge,
    ];
    assert!(kinds.contains(&error.kind()), "{error:?}");
    assert_eq!(
        error.kind() == Status,
        error.status().is_some_and(|status| status.as_u16() >= 400),
        "{error:?}"
    );
    assert!(error.operation().is_some());
}

/// How often each call arrived, with its method.
fn sent(server: &Server) -> HashMap<String, (String, usize)> {
    let mut sent = HashMap::new();
    for request in server.requests() {
        let id = identity(&request);
        sent.entry(id).or_insert((request.method, 0)).1 += 1;
    }
    sent
}

fn identity(request: &Received) -> String {
    let body = String::from_utf8_lossy(&request.body);
    format!("{} {body}", request.target)
}

fn any_welcome(rng: &mut Rng) -> Welcome {
    match rng.u8(0..16) {
        0 => Welcome::Stall,
        1 => Welcome::Close,
        2 => Welcome::Reset,
        _ => Welcome::Serve,
    }
}

/// The server does not know the session any more.
fn expired() -> Vec<Step> {
    json(401, r#"{"code":4011}"#)
}

fn any_answer(rng: &mut Rng) -> Vec<Step> {
    let good = || {
        let Some(Step::Send(bytes)) = thing().pop() else {
            unreachable!()
        };
        bytes
    };
    let send = |text: &str| Step::Send(text.into());
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let retry_after = [
        "0",
        "1",
        "3600",
        "soon",
        "-1",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ];
    let end = [Step::Stall, Step::Close, Step::Reset][rng.usize(0..3)].clone();
    match rng.u8(0..20) {
        0 => vec![end],
        1 => {
            // It breaks off anywhere in the head or the body.
            let bytes = good();
            let cut = rng.usize(1..bytes.len());
            vec![Step::Send(bytes[..cut].into()), end]
        }
        2 => vec![Step::Trickle(
            good(),
            Duration::from_micros(rng.u64(0..3000)),
        )],
        3 => vec![
            Step::Send((0..rng.usize(1..2000)).map(|_| rng.u8(..)).collect()),
            end,
        ],
        4 => vec![
            send(head),
            send(&format!("Content-Length: {}\r\n\r\n{{}}", rng.u64(..))),
            end,
        ],
        5 => vec![
            send(head),
            send("Content-Length: 3\r\nContent-Length: 4\r\n\r\n{}{}"),
            end,
        ],
        6 => vec![
            send(head),
            send("Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}"),
            end,
        ],
        7 => vec![
            send(head),
            send("Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
            end,
        ],
        8 => vec![
            send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n"),
            Step::Send(good()),
        ],
        9 => vec![Step::Forever(b"HTTP/1.1 102 Processing\r\n\r\n".into())],
        10 => vec![
            send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
            end,
        ],
        11 => vec![send(head), Step::Forever(b"X-Header: value\r\n".into())],
        12 => vec![send(head), send("X: "), Step::Forever(vec![b'x'; 1000])],
        13 => vec![
            send(head),
            send("Transfer-Encoding: chunked\r\n\r\n"),
            Step::Forever(b"3\r\nabc\r\n".into()),
        ],
        14 => response(
            [429, 503][rng.usize(0..2)],
            &[("Retry-After", retry_after[rng.usize(0..7)])],
            "",
        ),
        15 if rng.bool() => expired(),
        15 => json(
            [400, 401, 404, 500, 502, 504][rng.usize(0..6)],
            r#"{"message":"no"}"#,
        ),
        16 => response(
            [204, 302, 304, 418, 201][rng.usize(0..5)],
            &[("Location", "/elsewhere")],
            "",
        ),
        17 => response(200, &[("Content-Type", "text/html")], "<html>"),
        _ => vec![Step::Send(good())],
    }
}
