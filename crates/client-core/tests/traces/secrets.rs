//! A canary goes everywhere a secret can go, and must be seen nowhere.

use std::{
    error::Error as _,
    fmt::Debug,
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use client_core::{
    Argument, BoxError, ClientBuilder, Credentials, Error, ErrorKind, SecretString, Sensitive,
    SessionExchange, SessionToken, SsoApi, Transport, oauth::OAuthRedirect,
};
use futures_util::future::join_all;
use serde::Deserialize;
use tracing_subscriber::fmt::MakeWriter;

use crate::{support::*, traces};

const CANARY: &str = "c4naryS3cret";

/// What was printed anywhere.
#[derive(Clone, Default)]
pub struct Printed(Arc<Mutex<Vec<u8>>>);

impl io::Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Printed {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Printed {
    fn debug(&self, value: &impl Debug) {
        io::Write::write_fmt(&mut self.clone(), format_args!("{value:?} {value:#?}\n")).unwrap();
    }

    fn error(&self, error: &Error) {
        self.debug(error);
        io::Write::write_fmt(&mut self.clone(), format_args!("{error} {error:#}\n")).unwrap();
        let mut source = error.source();
        while let Some(cause) = source {
            io::Write::write_fmt(&mut self.clone(), format_args!("{cause} {cause:?}\n")).unwrap();
            source = cause.source();
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn assert_no_canary(&self) {
        let text = self.text();
        let basic = STANDARD.encode(format!("{CANARY}:{CANARY}"));
        let bytes = format!("{:?}", CANARY.as_bytes());
        for trace in [CANARY, &basic, bytes.trim_matches(['[', ']'])] {
            if let Some(line) = text.lines().find(|line| line.contains(trace)) {
                panic!("the canary is in: {line}");
            }
        }
    }
}

#[derive(Deserialize)]
struct Member {
    oauth_window_uri: Option<Sensitive>,
}

client_core::safe_debug! { Member { oauth_window_uri } }

fn call(client: &Transport) -> client_core::Call {
    let call = client.call(&GET_THING).path("id", Argument::from(CANARY));
    let call = call.query(
        "filter",
        Argument::from(format!("https://example.com/{CANARY}")),
    );
    call.header("X-Note", Argument::from(CANARY))
}

fn platform(server: &Server) -> ClientBuilder<Platform> {
    platform_builder(server).credentials(Credentials::new(CANARY, CANARY))
}

#[tokio::test]
async fn no_answer_makes_a_secret_appear() {
    let printed = &traces().printed;
    let uri = format!("https://example.com/oauth/{CANARY}");
    let member = format!(r#"{{"oauth_window_uri":"{uri}"}}"#);
    let everywhere = |status: u16, content_type: &str| {
        let headers = [
            "X-Request-Id",
            "Location",
            "Retry-After",
            "WWW-Authenticate",
            CANARY,
        ]
        .map(|name| (name, CANARY));
        let headers: Vec<_> = headers
            .into_iter()
            .chain([("Content-Type", content_type)])
            .collect();
        let body = format!(
            r#"{{"message":"{CANARY}","code":"{CANARY}","{CANARY}":"{CANARY}","name":["{CANARY}"]}}"#
        );
        response(status, &headers, body)
    };
    let mut answers = vec![json(200, &member)];
    for status in [200, 201, 204, 301, 307, 400, 401, 403, 404, 429, 500, 503] {
        answers.push(everywhere(status, "application/json"));
        answers.push(everywhere(status, CANARY));
    }
    answers.push(json(
        200,
        &format!(r#"{{"oauth_window_uri":["{CANARY}"]}}"#),
    ));
    answers.push(json(200, &format!(r#"{{"oauth_window_uri":"{CANARY}"#)));
    answers.push(json(200, &format!(r#"{{"oauth_window_uri":{CANARY}}}"#)));
    answers.push(json(200, &"x".repeat(5000)));
    answers.push(vec![Step::Send(CANARY.into()), Step::Close]);
    answers.push(vec![
        Step::Send(format!("HTTP/1.1 200 {CANARY}\r\n{CANARY}\r\n\r\n").into()),
        Step::Close,
    ]);
    answers.push(vec![
        Step::Send(format!("HTTP/1.1 200 OK\r\nContent-Length: {CANARY}\r\n\r\n").into()),
        Step::Close,
    ]);
    answers.push(vec![Step::Reset]);
    answers.push(vec![Step::Stall]);
    let calls = answers.into_iter().map(async |answer| {
        // What never comes is not waited for as long as what comes.
        let patience = match answer[..] {
            [Step::Stall] => 20,
            _ => 200,
        };
        let server = Server::always(answer).await;
        let builder = platform(&server)
            .max_response_bytes(4000)
            .attempt_timeout(Duration::from_millis(patience));
        let hook = printed.clone();
        let builder = builder.on_attempt(move |attempt| hook.debug(attempt));
        printed.debug(&builder);
        let client = builder.build().unwrap();
        printed.debug(&client);
        printed.debug(&call(&client.0));
        match call(&client.0).decode::<Member>().await {
            Ok(answer) => {
                assert!(
                    answer
                        .oauth_window_uri
                        .as_deref()
                        .is_none_or(|read| read == uri),
                    "it can be read"
                );
                printed.debug(&answer.into_inner());
            }
            Err(error) => printed.error(&error),
        }
        match call(&client.0).decode::<Thing>().await {
            Ok(_) => unreachable!("no answer has a name"),
            Err(error) => printed.error(&error),
        }
        match call(&client.0).buffered().await {
            Ok(answer) => printed.debug(&answer),
            Err(error) => printed.error(&error),
        }
    });
    join_all(calls).await;
    assert!(printed.text().contains("attempt"), "the traces are there");
    assert!(
        printed.text().contains("url.template"),
        "the traces are there"
    );
    printed.assert_no_canary();
}

#[tokio::test]
async fn no_session_makes_a_secret_appear() {
    let printed = &traces().printed;
    for (sso_answer, session_answer, answer) in [
        (200, 200, 200),
        (200, 200, 401),
        (200, 401, 200),
        (401, 200, 200),
    ] {
        let body = |status: u16, name: &str| {
            let body =
                format!(r#"{{"{name}":{{"token":"{CANARY}"}},"message":"{CANARY}","code":4011}}"#);
            json(status, &body)
        };
        let sso = Server::always(body(sso_answer, "api_token")).await;
        let nexus = Server::start(move |_, request| match request.path() {
            "/sessions" => body(session_answer, "session"),
            _ => body(answer, "nothing"),
        })
        .await;
        let transport =
            |server: &Server| Transport::builder().base_url(server.url()).build().unwrap();
        let tokens = SsoApi::new(transport(&sso), CANARY, CANARY, CANARY);
        printed.debug(&tokens);
        let provider = SessionExchange::new(transport(&nexus), tokens);
        printed.debug(&provider);
        let builder = nexus_builder(&nexus).session_provider(provider);
        printed.debug(&builder);
        let client = builder.build().unwrap();
        printed.debug(&client);
        let outcome = client
            .0
            .call(&GET_MEMBER)
            .path("id", Argument::from(CANARY))
            .decode::<Thing>()
            .await;
        printed.error(&outcome.unwrap_err());
    }
    let server = Server::always(json(401, &format!(r#"{{"message":"{CANARY}"}}"#))).await;
    let given = nexus_builder(&server)
        .session_token(CANARY)
        .build()
        .unwrap();
    printed.debug(&given);
    let outcome = given
        .0
        .call(&GET_MEMBER)
        .path("id", Argument::from(CANARY))
        .decode::<Thing>()
        .await;
    printed.error(&outcome.unwrap_err());
    printed.assert_no_canary();
}

#[tokio::test]
async fn nothing_refused_makes_a_secret_appear() {
    let printed = &traces().printed;
    let build = |url: String| {
        ClientBuilder::<Platform>::new()
            .base_url(url)
            .build()
            .unwrap_err()
    };
    for url in [
        format!("https://{CANARY}:{CANARY}@example.com"),
        format!("https://example.com/?{CANARY}"),
        format!("https://example.com/#{CANARY}"),
        format!("http://{CANARY}.example.com"),
        format!("{CANARY}://example.com"),
        CANARY.to_owned(),
    ] {
        printed.error(&build(url));
    }
    let bearer = Credentials::bearer(format!("{CANARY}\n"));
    printed.debug(&bearer);
    let builder = ClientBuilder::<Platform>::new()
        .base_url("https://example.com")
        .credentials(bearer);
    printed.error(&builder.build().unwrap_err());

    let server = Server::always(thing()).await;
    let client = platform(&server).build().unwrap();
    let broken = client.0.call(&GET_THING).path("id", Argument::from(CANARY));
    let broken = broken.header("X-Note", Argument::from(format!("{CANARY}\r\n")));
    let too_long = client
        .0
        .call(&GET_THING)
        .path("id", Argument::from(CANARY.repeat(10_000)));
    let unfit = client
        .0
        .call(&GET_THING)
        .path("id", Argument::<Picky>::new(CANARY));
    for call in [broken, too_long, unfit] {
        printed.debug(&call);
        let error = call.decode::<Thing>().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        printed.error(&error);
    }

    // Nothing listens there any more.
    let url = server.url();
    drop(server);
    let client = ClientBuilder::<Platform>::new()
        .base_url(url)
        .credentials(Credentials::new(CANARY, CANARY));
    let client = client.retry(quick(1)).build().unwrap();
    printed.error(&call(&client.0).decode::<Thing>().await.unwrap_err());
    printed.assert_no_canary();
}

#[test]
fn no_public_type_shows_a_secret() {
    let printed = &traces().printed;
    printed.debug(&Credentials::new(CANARY, CANARY));
    printed.debug(&Credentials::bearer(CANARY));
    printed.debug(&Credentials::new(CANARY, CANARY).with_bearer(CANARY));
    printed.debug(&SecretString::from(CANARY));
    printed.debug(&Sensitive::from(CANARY));
    printed.debug(&SessionToken::new(CANARY));
    printed.debug(&Argument::from(CANARY));
    printed.debug(&Argument::<u8>::new(300_i32));
    let redirect = format!(
        "https://e.com/?{CANARY}={CANARY}&status={CANARY}&member_guid={CANARY}&error_reason={CANARY}"
    );
    printed.debug(&OAuthRedirect::parse(&redirect).unwrap());
    printed.error(&OAuthRedirect::parse(CANARY).unwrap_err());
    printed.assert_no_canary();
}

/// A parameter type whose conversion quotes what it refuses.
#[derive(Debug)]
struct Picky;

impl TryFrom<&str> for Picky {
    type Error = BoxError;

    fn try_from(text: &str) -> Result<Self, BoxError> {
        Err(format!("{text} is no good").into())
    }
}

impl std::fmt::Display for Picky {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("picky")
    }
}
