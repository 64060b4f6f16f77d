//! One session for all who wait, renewed when it expires, and no one left stuck.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use client_core::{
    Argument, BoxError, Error, ErrorKind, Response, SecretString, SessionExchange, SessionProvider,
    SessionToken, SsoApi, Transport,
};
use futures_util::future::join_all;
use tokio::sync::{Notify, Semaphore};

use crate::support::*;

const EXPIRED: &str = r#"{"error":{"code":4011,"message":"Session expired"}}"#;

/// Accepts `token-N` only for the given N.
fn accepts(current: &'static AtomicUsize) -> impl Fn(usize, &Received) -> Vec<Step> {
    move |_, request| {
        let token = request.header("MD-SESSION-TOKEN").unwrap_or_default();
        let is_current = token == format!("token-{}", current.load(Ordering::SeqCst));
        if is_current {
            thing()
        } else {
            json(401, EXPIRED)
        }
    }
}

fn counter() -> &'static AtomicUsize {
    Box::leak(Box::default())
}

/// Gives out `token-1`, `token-2` …, counting.
fn counting(obtained: &'static AtomicUsize, lifetime: Duration) -> impl SessionProvider {
    move || async move {
        let number = obtained.fetch_add(1, Ordering::SeqCst) + 1;
        Ok::<_, BoxError>(SessionToken::new(format!("token-{number}")).lifetime(lifetime))
    }
}

const LONG: Duration = Duration::from_secs(30 * 60);

async fn get(client: &Nexus) -> Result<Response<Thing>, Error> {
    client
        .0
        .call(&GET_MEMBER)
        .path("id", Argument::from("M-1"))
        .decode()
        .await
}

fn tokens(server: &Server) -> Vec<String> {
    let requests = server.requests().into_iter();
    requests
        .map(|request| request.header("MD-SESSION-TOKEN").unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_given_token_is_sent_and_its_end_reported() {
    let server = Server::start(|number, _| {
        if number == 0 {
            thing()
        } else {
            json(401, EXPIRED)
        }
    })
    .await;
    let client = nexus_builder(&server)
        .session_token(SessionToken::new("given"))
        .build()
        .unwrap();
    get(&client).await.unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Status, Some("4011"))
    );
    assert_eq!(tokens(&server), ["given", "given"]);
}

#[tokio::test]
async fn a_session_is_obtained_once_and_shared_by_clones() {
    let (obtained, current) = (counter(), counter());
    current.store(1, Ordering::SeqCst);
    let server = Server::start(accepts(current)).await;
    let client = nexus_builder(&server)
        .session_provider(counting(obtained, LONG))
        .build()
        .unwrap();
    let calls = (0..20)
        .map(|_| client.clone())
        .map(|client| async move { get(&client).await });
    for outcome in join_all(calls).await {
        outcome.unwrap();
    }
    assert_eq!(obtained.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn one_renewal_serves_a_hundred_calls() {
    let (obtained, current) = (counter(), counter());
    current.store(1, Ordering::SeqCst);
    let server = Server::start(accepts(current)).await;
    let client = nexus_builder(&server)
        .session_provider(counting(obtained, LONG))
        .build()
        .unwrap();
    get(&client).await.unwrap();
    current.store(2, Ordering::SeqCst);
    let tasks = (0..100).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { get(&client).await })
    });
    for outcome in join_all(tasks).await {
        outcome.unwrap().unwrap();
    }
    assert_eq!(obtained.load(Ordering::SeqCst), 2);
    let renewed = tokens(&server)
        .iter()
        .filter(|token| *token == "token-2")
        .count();
    assert_eq!(
        renewed, 100,
        "each call was repeated once, or sent late enough"
    );
}

#[tokio::test]
async fn the_code_is_found_wherever_it_stands() {
    let bodies = [
        EXPIRED,
        r#"{"code":4011}"#,
        r#"{"code":"4011"}"#,
        r#"{"error":"4011 Session expired"}"#,
        r#"{"errors":[{"code":4220},{"code":4011}]}"#,
        r#"{"response":{"error":{"error_code":"4011"}}}"#,
        r#""4011: expired""#,
        "4011 expired",
        "4011",
        r#"{"message":"4011: not any more"}"#,
        r#"{"message":"Your session has expired (4011)"}"#,
        r#"{"errors":["4011 Session expired"]}"#,
        r#"{"error":[4011]}"#,
        r#"{"error_codes":["4011"]}"#,
        "[4011]",
        r#"{"Code":4011}"#,
        r#"{"code":4011,"mess"#,
        "<error><code>4011</code></error>",
        "Error 4011",
    ];
    for (status, body) in [400, 401, 403, 500]
        .into_iter()
        .flat_map(|status| bodies.map(|body| (status, body)))
    {
        let obtained = counter();
        let server = Server::start(move |number, _| {
            if number == 0 {
                json(status, body)
            } else {
                thing()
            }
        })
        .await;
        let client = nexus_builder(&server)
            .session_provider(counting(obtained, LONG))
            .build()
            .unwrap();
        // What is not idempotent is repeated too: the server has refused it.
        let call = client.0.call(&CREATE_MEMBER).json(Argument::from("{}"));
        call.decode::<Thing>().await.expect(body);
        assert_eq!(tokens(&server), ["token-1", "token-2"], "{status} {body}");
    }
}

#[tokio::test]
async fn other_refusals_renew_nothing() {
    for (status, body) in [
        (401, r#"{"error":{"code":4001}}"#),
        (403, "{}"),
        (404, r#"{"id":4011}"#),
        (401, r#"{"code":40110}"#),
        (500, r#"{"error":"could not store the amount 4011"}"#),
        (422, r#"{"errors":{"account_id":"4011"}}"#),
        (422, r#"{"message":"Postal code 4011 is invalid"}"#),
        (422, r#"{"message":"Card ending in 4011 has expired"}"#),
        (422, r#"{"message":"4011-12-01 is no date"}"#),
        (422, r#"{"errors":{"merchant_category_code":4011}}"#),
        (404, r#"{"path":"/sessions/4011/x"}"#),
        (
            500,
            r#"{"message":"no session store, trace 7f3a0c11-4011-4c22"}"#,
        ),
        (422, r#"{"errors":{"postal_code":"4011"}}"#),
        (422, "there is no zip code 4011"),
        (404, "4011 Main Street is not known"),
        (500, "<html>the session is busy <img src=x-4011.png></html>"),
    ] {
        let obtained = counter();
        let server = Server::always(json(status, body)).await;
        let client = nexus_builder(&server)
            .retry(client_core::RetryPolicy::never())
            .session_provider(counting(obtained, LONG))
            .build()
            .unwrap();
        get(&client).await.unwrap_err();
        assert_eq!(tokens(&server), ["token-1"], "{status} {body}");
    }
}

#[tokio::test]
async fn who_refuses_the_caller_is_understood_in_any_words() {
    for (status, body) in [
        (401, r#"{"error":"4011 Unauthorized"}"#),
        (401, "4011 - Invalid token"),
        (401, "Unauthorized, code 4011"),
        (403, r#"{"error":"Unauthorized (4011)"}"#),
        (400, r#"{"code":"NEXUS-4011"}"#),
    ] {
        let server = Server::always(json(status, body)).await;
        let client = nexus_builder(&server)
            .session_provider(counting(counter(), LONG))
            .build()
            .unwrap();
        let error = get(&client).await.unwrap_err();
        assert_eq!(tokens(&server), ["token-1", "token-2"], "{status} {body}");
        assert!(error.code().is_some_and(|code| code.contains("4011")));
    }
}

/// How often a call that is not idempotent is sent when it is refused like this.
async fn times_sent(status: u16, content_type: &str, body: &str) -> usize {
    let headers = [("Content-Type", content_type)];
    let server = Server::always(response(status, &headers, body)).await;
    let client = nexus_builder(&server)
        .session_provider(counting(counter(), LONG))
        .build()
        .unwrap();
    let call = client.0.call(&CREATE_MEMBER).json(Argument::from("{}"));
    call.decode::<Thing>().await.unwrap_err();
    server.requests().len()
}

#[tokio::test]
async fn a_number_elsewhere_is_not_the_code() {
    let bodies = [
        r#"{"message":"account ending in 4011 is closed"}"#,
        r#"{"error":{"message":"Card ****4011 is blocked","code":"4031"}}"#,
        r#"{"account":"4011"}"#,
        r#"{"reference":"NEXUS-4011"}"#,
        r#"{"id":4011,"error":{"code":4030}}"#,
        r#"{"error":{"code":"FORBIDDEN","account":{"code":4011}}}"#,
        r#"{"institution":{"code":"4011"}}"#,
        r#"{"institution_code":4011}"#,
        r#"{"error":{"institutionCode":"4011"}}"#,
        r#"{"referrer_code":4011,"territoryCode":"4011","default_code":4011}"#,
        r#"{"errors":{"postal_code":["4011"],"account_id":[4011]}}"#,
        r#"{"errors":[{"field":"number","value":4011},{"field":"code","value":"4011"}]}"#,
        r#"{"error":{"details":["4011"]}}"#,
        r#"{"code":40110}"#,
        r#"{"code":"4011-12-01"}"#,
        r#"{"message":"Institution with code 4011 is disabled"}"#,
        r#"{"message":"Institution (code 4011) is disabled"}"#,
        r#"{"message":"Your verification code 4011 is invalid"}"#,
        r#"{"message":"Your code 4011 is not valid"}"#,
        r#"{"message":"Access code (4011) is invalid"}"#,
        r#"{"message":"Error: account 4011 is closed"}"#,
        r#"{"message":"User 4011 is not authorized"}"#,
        r#"{"message":"The amount of $4011 is too large"}"#,
        r#"{"message":"The session may not use account (4011)"}"#,
        r#"{"message":"Session is valid. Card (4011) has expired"}"#,
        r#"{"message":"Session error: card (4011) expired"}"#,
        r#"{"message":"The session has not expired, account (4011) is locked"}"#,
        r#"{"session":{"id":4011,"user":"4011"},"message":"not your session"}"#,
        r#"{"session_id":"4011","message":"Session expired"}"#,
        r#"{"message":"Session 4011 was not found"}"#,
        r#"{"id":4011,"mess"#,
        r#"["account 4011","closed"]"#,
        "account ending in 4011 is closed",
        "4011 Main Street is not known",
    ];
    let markup = [
        "<html><body>The account <code>4011</code> is closed</body></html>",
        "<html><table><tr><td>4011</td></tr></table></html>",
        "<html><script>var error = 4011;</script>Forbidden</html>",
        "<html><!-- error 4011 --><title>Forbidden</title></html>",
        "<error><account><code>4011</code></account></error>",
        "<error><code>4030</code><session><id>4011</id></session></error>",
    ];
    let json = bodies.map(|body| ("application/json", body));
    let html = markup.map(|body| ("text/html", body));
    for (content_type, body) in json.into_iter().chain(html) {
        for status in [400, 401, 403, 500] {
            let sent = times_sent(status, content_type, body).await;
            assert_eq!(sent, 1, "{status} {body}");
        }
    }
}

#[tokio::test]
async fn the_code_is_found_in_bodies_of_other_makes() {
    let bodies = [
        r#"{"errorCode":"4011"}"#,
        r#"{"error-code":4011}"#,
        r#"{"ERROR_CODE":4011.0}"#,
        r#"{"nexus_code":"4011"}"#,
        r#"{"fault":{"detail":{"errorcode":"4011"}}}"#,
        r#"{"error":{"inner_error":{"code":"4011"}}}"#,
        r#"{"account":{"error":{"code":4011}}}"#,
        r#"{"error":{"code":"SESSION_EXPIRED_4011"}}"#,
        r#"{"errors":[{"title":"Session expired (4011)"}]}"#,
        r#"{"errors":{"base":["Your session has expired. Please log in again. (4011)"]}}"#,
        r#"{"error_description":"The session is no longer valid: 4011"}"#,
        r#"{"message":"Invalid session token, error code 4011"}"#,
        r#"{"message":"Expired session [4011]"}"#,
        r#"{"message":"{\"code\":4011}"}"#,
        r#"[{"code":4220},{"code":4011}]"#,
        r#"{"errors":[{"code":4011},{"message":"and so"#,
        "Your session timed out - 4011",
    ];
    let markup = [
        "<html><body><h1>Error 4011</h1></body></html>",
        "<html><body><p>Your session has expired (4011).<br></p></body></html>",
        "<?xml version='1.0'?><ns:Error><ns:Code>4011</ns:Code></ns:Error>",
        "<response><error_code>4011</error_code></response>",
    ];
    let json = bodies.map(|body| ("application/json", body));
    let html = markup.map(|body| ("text/html", body));
    for (content_type, body) in json.into_iter().chain(html) {
        for status in [400, 401, 403, 500] {
            let sent = times_sent(status, content_type, body).await;
            assert_eq!(sent, 2, "{status} {body}");
        }
    }
}

#[tokio::test]
async fn a_call_renews_and_repeats_only_once() {
    let obtained = counter();
    let server = Server::always(json(401, EXPIRED)).await;
    let client = nexus_builder(&server)
        .session_provider(counting(obtained, LONG))
        .build()
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Status, Some("4011"))
    );
    assert_eq!(error.message(), Some("Session expired"));
    assert_eq!(tokens(&server), ["token-1", "token-2"]);
}

#[tokio::test]
async fn the_thirty_minutes_count_from_the_last_success() {
    let obtained = counter();
    let server = Server::start(|_, request| {
        if request.path() == "/members/M-1" {
            thing()
        } else {
            json(404, "{}")
        }
    })
    .await;
    let provider = move || async move {
        let number = obtained.fetch_add(1, Ordering::SeqCst) + 1;
        Ok::<_, BoxError>(SessionToken::new(format!("token-{number}")))
    };
    let client = nexus_builder(&server)
        .session_provider(provider)
        .build()
        .unwrap();
    let after = async |minutes: u64| {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(60 * minutes)).await;
        tokio::time::resume();
    };
    let fails = async || {
        client
            .0
            .call(&GET_MEMBER)
            .path("id", Argument::from("M-2"))
            .decode::<Thing>()
            .await
            .unwrap_err()
    };
    get(&client).await.unwrap();
    after(20).await;
    get(&client).await.unwrap();
    after(20).await;
    fails().await;
    after(11).await;
    get(&client).await.unwrap();
    let sent = tokens(&server);
    assert_eq!(
        sent,
        ["token-1", "token-1", "token-1", "token-2"],
        "a failed call prolongs nothing"
    );
}

#[tokio::test]
async fn a_session_known_to_have_expired_is_not_tried() {
    let obtained = counter();
    let server = Server::always(thing()).await;
    let client = nexus_builder(&server)
        .session_provider(counting(obtained, Duration::ZERO))
        .build()
        .unwrap();
    for _ in 0..3 {
        get(&client).await.unwrap();
    }
    assert_eq!(tokens(&server), ["token-1", "token-2", "token-3"]);
}

#[tokio::test]
async fn a_failed_renewal_reaches_all_who_wait_and_a_later_call_tries_again() {
    let obtained = counter();
    let gate = Arc::new(Semaphore::new(0));
    let server = Server::always(thing()).await;
    let waiting = gate.clone();
    let provider = move || {
        let gate = waiting.clone();
        async move {
            let number = obtained.fetch_add(1, Ordering::SeqCst);
            gate.acquire().await.unwrap().forget();
            match number {
                0 => Err(BoxError::from("no luck")),
                _ => Ok(SessionToken::new("token")),
            }
        }
    };
    let client = nexus_builder(&server)
        .session_provider(provider)
        .build()
        .unwrap();
    let calls = join_all((0..50).map(|_| get(&client)));
    let open = async {
        // By now all fifty have been polled once, and wait.
        tokio::task::yield_now().await;
        gate.add_permits(1);
    };
    let (outcomes, ()) = tokio::join!(calls, open);
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Session);
        let source = std::error::Error::source(&error).unwrap();
        assert_eq!(source.to_string(), "no luck");
    }
    assert_eq!(
        (obtained.load(Ordering::SeqCst), server.requests().len()),
        (1, 0)
    );
    gate.add_permits(1);
    // The failure is remembered for a moment.
    let begun = std::time::Instant::now();
    while get(&client).await.is_err() {
        assert_eq!(obtained.load(Ordering::SeqCst), 1);
        assert!(begun.elapsed() < Duration::from_secs(60));
    }
    assert_eq!(obtained.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn dropping_callers_in_the_middle_of_a_renewal_leaves_no_one_stuck() {
    let obtained = counter();
    let (begun, gate) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
    let server = Server::always(thing()).await;
    let (tell, wait) = (begun.clone(), gate.clone());
    let provider = move || {
        let (tell, wait) = (tell.clone(), wait.clone());
        async move {
            let number = obtained.fetch_add(1, Ordering::SeqCst) + 1;
            tell.notify_one();
            wait.acquire().await.unwrap().forget();
            Ok::<_, BoxError>(SessionToken::new(format!("token-{number}")))
        }
    };
    let client = nexus_builder(&server)
        .session_provider(provider)
        .build()
        .unwrap();
    let spawn = || {
        let client = client.clone();
        tokio::spawn(async move { get(&client).await })
    };
    // The caller who began the renewal goes away; the other one carries it on.
    let first = spawn();
    begun.notified().await;
    let second = spawn();
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    gate.add_permits(1);
    second.await.unwrap().unwrap();
    assert_eq!(tokens(&server), ["token-1"]);

    // All go away: the next one begins another renewal.
    let client = {
        let (tell, obtained) = (begun.clone(), counter());
        let gate = gate.clone();
        let provider = move || {
            let (tell, gate) = (tell.clone(), gate.clone());
            async move {
                tell.notify_one();
                gate.acquire().await.unwrap().forget();
                let number = obtained.fetch_add(1, Ordering::SeqCst) + 1;
                Ok::<_, BoxError>(SessionToken::new(format!("again-{number}")))
            }
        };
        nexus_builder(&server)
            .session_provider(provider)
            .build()
            .unwrap()
    };
    let lonely = tokio::spawn({
        let client = client.clone();
        async move { get(&client).await }
    });
    begun.notified().await;
    lonely.abort();
    assert!(lonely.await.unwrap_err().is_cancelled());
    gate.add_permits(1);
    get(&client).await.unwrap();
    assert_eq!(tokens(&server), ["token-1", "again-1"]);
}

#[tokio::test]
async fn a_provider_that_hangs_does_not_hold_a_call_beyond_its_time() {
    let server = Server::always(thing()).await;
    let provider = || pending::<Result<SessionToken, BoxError>>();
    let builder = nexus_builder(&server).session_provider(provider);
    let client = builder
        .total_timeout(Duration::from_millis(100))
        .build()
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::Timeout | ErrorKind::Session),
        "{error:?}"
    );
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_does_not_hold_a_call_beyond_its_time() {
    // Some of the call's time is gone when the renewal begins, which may take as long as a call.
    let mut refusal = json(401, EXPIRED);
    refusal.insert(
        0,
        Step::Trickle(b"HTTP/".into(), Duration::from_millis(100)),
    );
    let Some(Step::Send(rest)) = refusal.last_mut() else {
        panic!("{refusal:?}")
    };
    rest.drain(.."HTTP/".len());
    let server = Server::always(refusal).await;
    let obtained = counter();
    let provider = move || async {
        match obtained.fetch_add(1, Ordering::SeqCst) {
            0 => Ok(SessionToken::new("token")),
            _ => pending::<Result<SessionToken, BoxError>>().await,
        }
    };
    let builder = nexus_builder(&server).session_provider(provider);
    let client = builder
        .total_timeout(Duration::from_secs(3))
        .build()
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
    assert_eq!(obtained.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_provider_that_panics_fails_those_who_wait_and_no_one_else() {
    let server = Server::always(thing()).await;
    let gate = Arc::new(Semaphore::new(0));
    let waiting = gate.clone();
    let provider = move || {
        let gate = waiting.clone();
        async move {
            assert!(gate.acquire().await.is_err(), "not before the gate closes");
            Ok(SessionToken::new("token"))
        }
    };
    let builder = nexus_builder(&server).session_provider(provider);
    let client = builder.build().unwrap();
    let calls = join_all((0..10).map(|_| get(&client)));
    let open = async {
        // By now all ten have been polled once, and wait.
        tokio::task::yield_now().await;
        gate.add_permits(1);
    };
    let (outcomes, ()) = tokio::join!(calls, open);
    for outcome in outcomes {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Session);
    }
    gate.close();
    get(&client).await.unwrap();
}

#[tokio::test]
async fn a_token_that_no_header_takes_is_refused_without_showing_it() {
    let server = Server::always(thing()).await;
    let provider = || async { Ok::<_, BoxError>(SessionToken::new("canary\r\nX-Injected: 1")) };
    let client = nexus_builder(&server)
        .session_provider(provider)
        .build()
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Session);
    assert!(!format!("{error:?}").contains("canary"));
}

#[tokio::test]
async fn the_built_in_provider_exchanges_an_api_token() {
    let sso = Server::always(json(200, r#"{"api_token":{"token":"api-token"}}"#)).await;
    let nexus = Server::start(|number, request| match request.path() {
        "/sessions" => response(
            201,
            &[("Content-Type", "application/vnd.mx.nexus.v1+json")],
            format!(r#"{{"session":{{"token":"session-{number}","more":1}}}}"#),
        ),
        _ if number == 1 => json(401, EXPIRED),
        _ => thing(),
    })
    .await;
    let transport = |server: &Server| Transport::builder().base_url(server.url()).build().unwrap();
    let tokens = SsoApi::new(transport(&sso), "client 1", "../user", "the-api-key");
    let provider = SessionExchange::new(transport(&nexus), tokens);
    let client = nexus_builder(&nexus)
        .session_provider(provider)
        .build()
        .unwrap();
    get(&client).await.unwrap();

    for request in sso.requests() {
        assert_eq!(
            (request.method.as_str(), request.target.as_str()),
            ("GET", "/client%201/users/..%2Fuser/api_token.json")
        );
        assert_eq!(request.header("MD-API-KEY"), Some("the-api-key"));
    }
    assert_eq!(sso.requests().len(), 2, "an API token is for one use");
    let sent = nexus.requests();
    assert_eq!(
        (sent[0].method.as_str(), sent[0].target.as_str()),
        ("POST", "/sessions")
    );
    assert_eq!(sent[0].header("MD-API-TOKEN"), Some("api-token"));
    assert_eq!(
        sent[0].header("Content-Type"),
        Some("application/vnd.mx.nexus.v1+json")
    );
    assert_eq!(
        sent[0].header("Accept"),
        Some("application/vnd.mx.nexus.v1+json")
    );
    assert_eq!(sent[0].body, br#"{"session":{"skip_aggregation":true}}"#);
    let used: Vec<_> = sent
        .iter()
        .map(|request| request.header("MD-SESSION-TOKEN"))
        .collect();
    assert_eq!(used, [None, Some("session-0"), None, Some("session-2")]);
}

#[tokio::test]
async fn a_refused_exchange_is_the_source_of_the_error() {
    let server = Server::always(json(401, r#"{"error":{"message":"no"}}"#)).await;
    let transport = Transport::builder().base_url(server.url()).build().unwrap();
    let tokens = || async { Ok::<_, BoxError>(SecretString::from("api-token")) };
    let client = nexus_builder(&server)
        .session_provider(SessionExchange::new(transport, tokens))
        .build()
        .unwrap();
    let error = get(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Session);
    let source = std::error::Error::source(&error)
        .and_then(|source| source.downcast_ref::<Error>())
        .unwrap();
    assert_eq!(
        (
            source.status().map(|status| status.as_u16()),
            source.message()
        ),
        (Some(401), Some("no"))
    );
    assert_eq!(server.requests().len(), 1);
}
