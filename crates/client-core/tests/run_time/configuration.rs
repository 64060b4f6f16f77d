//! What a client refuses to be built with, and which credentials it sends.

use std::process::Command;

use client_core::{
    BoxError, ClientBuilder, Credentials, Error, ErrorKind, SecretString, SessionExchange,
    SessionToken, SsoApi, Transport,
};

use crate::support::*;

fn base_url(url: &str) -> Result<Platform, Error> {
    ClientBuilder::<Platform>::new().base_url(url).build()
}

#[test]
fn base_urls_that_are_refused() {
    for (url, rule) in [
        ("", "not a URL"),
        ("int-api.mx.com", "not a URL"),
        ("ftp://int-api.mx.com", "https"),
        ("file:///etc/passwd", "https"),
        ("http://int-api.mx.com", "https"),
        ("http://10.0.0.1", "https"),
        ("http://127.0.0.1.example.com", "https"),
        ("http://localhost.example.com", "https"),
        ("http://[::2]", "https"),
        ("https://user@int-api.mx.com", "credentials"),
        ("https://user:password@int-api.mx.com", "credentials"),
        ("https://:password@int-api.mx.com", "credentials"),
        ("https://@int-api.mx.com", "credentials"),
        ("https://int-api.mx.com?x=1", "query"),
        ("https://int-api.mx.com/?", "query"),
        ("https://int-api.mx.com/#here", "fragment"),
        ("https://int-api.mx.com/#", "fragment"),
    ] {
        let error = base_url(url).expect_err(url);
        assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
        assert!(error.to_string().contains(rule), "{url}: {error}");
        assert!(
            !format!("{error:?}{error}").contains("password"),
            "{error:?}"
        );
    }
}

#[test]
fn base_urls_that_are_taken() {
    for url in [
        "https://int-api.mx.com",
        "https://int-api.mx.com:8443/prefix/",
        "http://127.0.0.1:4010",
        "http://127.8.9.1",
        "http://localhost:4010",
        "http://[::1]:4010",
    ] {
        let needs_tls = url.starts_with("https");
        let has_tls = cfg!(any(feature = "rustls", feature = "native-tls"));
        match base_url(url) {
            Ok(_) => assert!(has_tls || !needs_tls, "{url}"),
            Err(error) => {
                assert!(needs_tls && !has_tls, "{url}: {error}");
                assert_eq!(error.kind(), ErrorKind::Configuration);
            }
        }
    }
}

#[test]
fn a_client_needs_a_server() {
    let error = ClientBuilder::<Platform>::new().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

/// Secrets that cannot be right, and what is said of each.
const WRONG: [(&str, &str); 6] = [
    ("", "is empty"),
    ("canary\n", "white space or control"),
    ("canary\r\nX-Injected: 1", "white space or control"),
    (" canary", "white space or control"),
    ("canary\0", "white space or control"),
    ("can\u{a0}ary", "white space or control"),
];

/// What cannot be right for a client id, and for a token.
const WRONG_ID: (&str, &str) = ("canary:x", "colon");
const WRONG_TOKENS: [(&str, &str); 2] = [("canary\u{f6}", "beyond ASCII"), ("can ary", "a space")];

#[test]
fn credentials_that_cannot_be_right_are_refused_when_the_client_is_built() {
    let platform = |credentials| {
        let builder = ClientBuilder::<Platform>::new().base_url("http://127.0.0.1:1");
        builder.credentials(credentials).build().unwrap_err()
    };
    let nexus = |token: &str| {
        let builder = ClientBuilder::<Nexus>::new().base_url("http://127.0.0.1:1");
        builder.session_token(token).build().unwrap_err()
    };
    let check = |error: Error, source: &str, problem: &str| {
        assert_eq!(error.kind(), ErrorKind::Configuration);
        let shown = error.to_string();
        assert!(shown.contains(source) && shown.contains(problem), "{shown}");
        assert!(!format!("{error:?}{error}").contains("can"), "{error:?}");
    };
    for (secret, problem) in WRONG.into_iter().chain([WRONG_ID]) {
        let error = platform(Credentials::new(secret, "key"));
        check(error, "the client id given to `Credentials::new`", problem);
    }
    for (secret, problem) in WRONG {
        let error = platform(Credentials::new("id", secret));
        check(error, "the API key given to `Credentials::new`", problem);
    }
    for (secret, problem) in WRONG.into_iter().chain(WRONG_TOKENS) {
        let error = platform(Credentials::bearer(secret));
        check(error, "the token given to `Credentials::bearer`", problem);
        let error = platform(Credentials::new("id", "key").with_bearer(secret));
        check(
            error,
            "the token given to `Credentials::with_bearer`",
            problem,
        );
        check(nexus(secret), "the session token", problem);
    }
}

#[tokio::test]
async fn tokens_that_cannot_be_right_are_refused_from_each_source_of_sessions() {
    let server = Server::start(|_, request| match request.path() {
        "/sessions" => json(200, r#"{"session":{"token":"session"}}"#),
        _ => json(200, r#"{"api_token":{"token":"api"}}"#),
    })
    .await;
    let transport = || Transport::builder().base_url(server.url()).build().unwrap();
    for (secret, problem) in WRONG.into_iter().chain(WRONG_TOKENS) {
        let given = move || std::future::ready(Ok::<_, BoxError>(SessionToken::new(secret)));
        let key = SsoApi::new(transport(), "client", "user", secret);
        let token = move || std::future::ready(Ok(SecretString::from(secret)));
        let clients = [
            (
                nexus_builder(&server).session_provider(given),
                "the session provider",
            ),
            (
                nexus_builder(&server).session_provider(SessionExchange::new(transport(), key)),
                "the API key given to `SsoApi::new`",
            ),
            (
                nexus_builder(&server).session_provider(SessionExchange::new(transport(), token)),
                "the API token",
            ),
        ];
        for (builder, source) in clients {
            let client = builder.build().unwrap();
            let call = client.0.call(&GET_MEMBER).path("id", "M-1".into());
            let error = call.decode::<Thing>().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Session);
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert!(cause.contains(source) && cause.contains(problem), "{cause}");
            assert!(!format!("{error:?}{cause}").contains("can"), "{error:?}");
        }
    }
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn the_operation_decides_which_credentials_are_sent() {
    let server = Server::always(thing()).await;
    let basic = platform_builder(&server).build().unwrap();
    let builder = platform_builder(&server).credentials(Credentials::bearer("token"));
    let bearer = builder.build().unwrap();
    let credentials = Credentials::new("id", "key").with_bearer("token");
    let builder = platform_builder(&server).credentials(credentials);
    let both = builder.build().unwrap();
    let nothing = ClientBuilder::<Platform>::new()
        .base_url(server.url())
        .build()
        .unwrap();

    bearer.0.call(&PROCESSOR).decode::<Thing>().await.unwrap();
    basic.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
    both.0.call(&PROCESSOR).decode::<Thing>().await.unwrap();
    let call = both.0.call(&DELETE_THING).path("id", "x".into());
    call.send_raw().await.unwrap();
    both.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
    let sent = server.requests();
    let sent: Vec<_> = sent
        .iter()
        .map(|sent| sent.header("Authorization"))
        .collect();
    let pair = Some("Basic aWQ6a2V5");
    let token = Some("Bearer token");
    assert_eq!(sent, [token, None, token, pair, None]);

    for (client, operation, scheme) in [
        (
            &basic,
            &PROCESSOR,
            "`bearerAuth` (`Credentials::with_bearer`)",
        ),
        (&bearer, &SEARCH_THINGS, "`basicAuth` (`Credentials::new`)"),
        (&both, &GET_MEMBER, "`sessionToken` (a session token)"),
        (&nothing, &SEARCH_THINGS, "basicAuth"),
    ] {
        let call = client
            .0
            .call(operation)
            .path("id", "x".into())
            .json("{}".into());
        let error = call.decode::<Thing>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(scheme), "{error}");
    }
    assert_eq!(
        server.requests().len(),
        5,
        "nothing was sent without credentials"
    );
}

/// Tests that set environment variables run in a process of their own, because all threads share them.
fn with_variables(test: &str, variables: &[(&str, &str)]) {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env_remove("MX_CLIENT_ID")
        .env_remove("MX_API_KEY")
        .env_remove("MX_SESSION_TOKEN")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(
        status.status.success() && output.contains("1 passed"),
        "{variables:?}: {output}"
    );
}

#[test]
fn variables_name_themselves_when_they_are_unusable() {
    let expect = |variables: &[(&str, &str)], credentials: &str, session: &str| {
        let mut all = variables.to_vec();
        all.extend([
            ("EXPECT_CREDENTIALS", credentials),
            ("EXPECT_SESSION", session),
        ]);
        with_variables("configuration::reads_variables", &all);
    };
    expect(
        &[],
        "MX_CLIENT_ID is not set",
        "MX_SESSION_TOKEN is not set",
    );
    expect(
        &[("MX_CLIENT_ID", "id")],
        "MX_API_KEY is not set",
        "MX_SESSION_TOKEN is not set",
    );
    expect(
        &[("MX_CLIENT_ID", ""), ("MX_SESSION_TOKEN", "")],
        "MX_CLIENT_ID is empty",
        "MX_SESSION_TOKEN is empty",
    );
    let (id, token) = (
        "MX_CLIENT_ID contains white space",
        "MX_SESSION_TOKEN contains white space",
    );
    expect(
        &[
            ("MX_CLIENT_ID", "canary \n"),
            ("MX_SESSION_TOKEN", "canary\t"),
        ],
        id,
        token,
    );
    expect(
        &[
            ("MX_CLIENT_ID", "id"),
            ("MX_API_KEY", "canary\n"),
            ("MX_SESSION_TOKEN", "canary\u{f6}"),
        ],
        "MX_API_KEY contains white space",
        "MX_SESSION_TOKEN contains characters beyond ASCII",
    );
    expect(
        &[("MX_CLIENT_ID", "canary:x")],
        "MX_CLIENT_ID must not contain a colon",
        "MX_SESSION_TOKEN is not set",
    );
    let (id, key, token) = (
        ("MX_CLIENT_ID", "id"),
        ("MX_API_KEY", "canary"),
        ("MX_SESSION_TOKEN", "canary"),
    );
    expect(&[id, key, token], "", "");
}

#[test]
#[ignore = "run by `variables_name_themselves_when_they_are_unusable`, with variables set"]
fn reads_variables() {
    let shown = |outcome: Result<String, Error>| match outcome {
        Ok(debug) => (String::new(), debug),
        Err(error) => (error.to_string(), format!("{error:?}")),
    };
    for (outcome, variable) in [
        (
            Credentials::from_env().map(|it| format!("{it:?}")),
            "EXPECT_CREDENTIALS",
        ),
        (
            SessionToken::from_env().map(|it| format!("{it:?}")),
            "EXPECT_SESSION",
        ),
    ] {
        let (display, debug) = shown(outcome);
        let expected = std::env::var(variable).unwrap();
        assert!(
            display.starts_with(&expected) && display.is_empty() == expected.is_empty(),
            "{display}"
        );
        assert!(
            !display.contains("canary") && !debug.contains("canary"),
            "{debug}"
        );
    }
}
