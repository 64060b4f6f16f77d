//! How answers are judged: status, media type, size, shape.

use std::error::Error as _;

use client_core::{Argument, ErrorKind, Operation, RetryPolicy};
use futures_util::TryStreamExt as _;

use crate::support::*;

async fn decode(answer: Vec<Step>) -> client_core::Error {
    let server = Server::always(answer).await;
    let client = platform_builder(&server).build().unwrap();
    let call = client.0.call(&GET_THING).path("id", "T-1".into());
    call.decode::<Thing>().await.expect_err("an error")
}

#[tokio::test]
async fn each_answer_that_is_not_a_success_has_its_kind_and_its_body() {
    let html = || response(200, &[("Content-Type", "text/html")], "<html>");
    let vendor = || response(200, &[("Content-Type", "application/json")], "{}");
    for (answer, kind, status) in [
        (json(201, "{}"), ErrorKind::UnexpectedStatus, 201),
        (json(206, "{}"), ErrorKind::UnexpectedStatus, 206),
        (
            response(302, &[("Location", "/public")], ""),
            ErrorKind::Redirect,
            302,
        ),
        (response(304, &[], ""), ErrorKind::Redirect, 304),
        (json(400, "{}"), ErrorKind::Status, 400),
        (json(599, "{}"), ErrorKind::Status, 599),
        (html(), ErrorKind::MediaType, 200),
        (response(200, &[], "{}"), ErrorKind::MediaType, 200),
        (
            response(307, &[("Location", "/")], "moved"),
            ErrorKind::Redirect,
            307,
        ),
        (json(202, "[]"), ErrorKind::UnexpectedStatus, 202),
        (json(299, ""), ErrorKind::UnexpectedStatus, 299),
        (vendor(), ErrorKind::Decode, 200),
        (json(200, ""), ErrorKind::Decode, 200),
        (json(200, "{\"name\":\"x\"} x"), ErrorKind::Decode, 200),
        (response(204, &[], ""), ErrorKind::Decode, 204),
    ] {
        let error = decode(answer.clone()).await;
        assert_eq!(error.kind(), kind, "{answer:?}: {error}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.operation(), Some("getThing"));
        let Step::Send(sent) = &answer[0] else {
            unreachable!()
        };
        let sent = String::from_utf8_lossy(sent);
        let body = sent.split_once("\r\n\r\n").unwrap().1;
        assert_eq!(error.body(), Some(body.as_bytes()), "{answer:?}");
    }
}

#[tokio::test]
async fn any_success_that_decodes_is_one() {
    let body = r#"{"name":"x"}"#;
    for status in (200..300).filter(|status| ![204, 205].contains(status)) {
        let server = Server::always(json(status, body)).await;
        let client = platform_builder(&server).build().unwrap();
        let answer = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
        assert_eq!((answer.status().as_u16(), &*answer.name), (status, "x"));
        let optional = client.0.call(&PUBLIC).decode_optional::<Thing>();
        assert!(optional.await.unwrap().is_some());
    }
    for content_type in ["text/plain", "application/octet-stream", "text/html", ""] {
        let headers = [("Content-Type", content_type), ("X-Request-Id", "R-1")];
        let server = Server::always(response(200, &headers, body)).await;
        let client = platform_builder(&server).build().unwrap();
        let answer = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
        assert_eq!(&*answer.name, "x", "{content_type}");
        assert_eq!(answer.request_id(), Some("R-1"));
    }
    let server = Server::always(response(299, &[], "")).await;
    let client = platform_builder(&server).build().unwrap();
    let none = client.0.call(&PUBLIC).decode_optional::<Thing>();
    assert_eq!(none.await.unwrap().into_inner(), None);
    assert_eq!(client.0.call(&PUBLIC).empty().await.unwrap().status(), 299);
}

#[tokio::test]
async fn a_file_of_another_kind_is_refused_and_shown() {
    for (status, content_type, fits) in [
        (200, "application/pdf", true),
        (299, "application/pdf", true),
        (200, "application/octet-stream", true),
        (200, "text/html", false),
        (299, "text/html", false),
    ] {
        let headers = [("Content-Type", content_type)];
        let server = Server::always(response(status, &headers, "<html>")).await;
        let client = platform_builder(&server).build().unwrap();
        match download(&client, &DOWNLOAD).stream().await {
            Ok(answer) => {
                let pieces: Vec<_> = answer.into_inner().try_collect().await.unwrap();
                assert_eq!((pieces.concat(), fits), (b"<html>".to_vec(), true));
            }
            Err(error) => {
                assert_eq!((error.kind(), fits), (ErrorKind::MediaType, false));
                assert_eq!(error.body(), Some(&b"<html>"[..]));
                assert_eq!(error.status().unwrap(), status);
            }
        }
    }
}

#[tokio::test]
async fn a_decoding_error_says_where_and_what_but_no_value() {
    for (body, expected) in [
        (
            r#"{"name":"x","sizes":[1,"canary"]}"#,
            "at $.sizes[1]: expected u32",
        ),
        (
            r#"{"name":"x","sizes":[1,-77777]}"#,
            "at $.sizes[1]: expected u32",
        ),
        (r#"{"name":["canary"]}"#, "at $.name: expected a string"),
        (r#"{"sizes":[]}"#, "at $: expected field `name`"),
        (r#"{"name":"canary"#, "ends early, in $.name"),
        (r#"{"canary_90c1d2e4f5a6":"canary"#, "ends early, in $.*"),
        (
            r#"{"name":canary}"#,
            "not JSON, from line 1 column 9, in $.name",
        ),
        ("", "no body where JSON was expected"),
        ("\"canary, expected canary\"", "at $: expected struct Thing"),
    ] {
        let error = decode(json(200, body)).await;
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.to_string().starts_with("getThing: "), "{error}");
        assert!(error.to_string().contains(expected), "{body}: {error}");
        let shown = format!("{error} {error:?} {:?}", error.source());
        assert!(
            !shown.contains("canary") && !shown.contains("77777"),
            "{shown}"
        );
        assert_eq!(
            error.body(),
            Some(body.as_bytes()),
            "the value can be read by name"
        );
    }
}

#[tokio::test]
async fn vendor_media_types_of_another_version_are_refused() {
    for (content_type, fits) in [
        ("application/vnd.mx.nexus.v1+json", true),
        ("application/json; charset=utf-8", true),
        ("application/vnd.mx.nexus.v2+json", false),
        ("application/problem+json", false),
    ] {
        let answer = response(200, &[("Content-Type", content_type)], r#"{"name":"x"}"#);
        let server = Server::always(answer).await;
        let client = nexus_builder(&server)
            .session_token("token")
            .build()
            .unwrap();
        let call = client.0.call(&GET_MEMBER).path("id", "M-1".into());
        match call.decode::<Thing>().await {
            Ok(_) => assert!(fits, "{content_type}"),
            Err(error) => assert_eq!(
                (error.kind(), fits),
                (ErrorKind::MediaType, false),
                "{content_type}"
            ),
        }
    }
}

#[tokio::test]
async fn statuses_without_a_body_decode_to_none() {
    let server = Server::start(|number, _| {
        if number == 0 {
            thing()
        } else {
            response(204, &[], "")
        }
    })
    .await;
    let client = platform_builder(&server).build().unwrap();
    let call = || client.0.call(&GET_THING).path("id", Argument::from(7));
    let some = call()
        .decode_optional::<Thing>()
        .await
        .unwrap()
        .into_inner();
    assert_eq!(some.map(|thing| thing.name).as_deref(), Some("a thing"));
    assert_eq!(
        call()
            .decode_optional::<Thing>()
            .await
            .unwrap()
            .into_inner(),
        None
    );
    let empty = client
        .0
        .call(&DELETE_THING)
        .path("id", Argument::from(7))
        .empty()
        .await
        .unwrap();
    assert_eq!(empty.status(), 204);
    let buffered = call().buffered().await.unwrap();
    assert_eq!((buffered.status().as_u16(), buffered.body()), (204, None));
}

#[tokio::test]
async fn an_unwanted_body_does_not_spoil_a_success() {
    let mut broken = response(
        200,
        &[("Content-Type", "application/json"), ("X", "y")],
        "{",
    );
    let Step::Send(bytes) = &mut broken[0] else {
        unreachable!()
    };
    let longer = String::from_utf8(bytes.clone())
        .unwrap()
        .replace("Length: 1", "Length: 9");
    let server = Server::always(vec![Step::Send(longer.into()), Step::Close]).await;
    let client = platform_builder(&server).build().unwrap();
    let answer = client
        .0
        .call(&DELETE_THING)
        .path("id", Argument::from(7))
        .empty()
        .await
        .unwrap();
    assert_eq!(answer.headers()["X"], "y");
}

#[tokio::test]
async fn the_size_of_a_response_is_bounded() {
    let body = format!(r#"{{"name":"{}"}}"#, "x".repeat(1000));
    let stated = json(200, &body);
    let chunk = format!("{:x}\r\n{body}\r\n", body.len());
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let endless = vec![Step::Send(head.into()), Step::Forever(chunk.into())];
    for (answer, limit, kind) in [
        (stated.clone(), body.len(), None),
        (stated, body.len() - 1, Some(ErrorKind::TooLarge)),
        (endless, 100_000, Some(ErrorKind::TooLarge)),
    ] {
        let server = Server::always(answer).await;
        let client = platform_builder(&server)
            .max_response_bytes(limit)
            .build()
            .unwrap();
        let outcome = client.0.call(&PUBLIC).decode::<Thing>().await;
        let error = outcome.as_ref().err();
        let found = error.map(client_core::Error::kind);
        assert_eq!(found, kind, "{outcome:?}");
        if let Some(error) = error {
            assert!(error.body().unwrap().starts_with(&body.as_bytes()[..900]));
        }
        assert_eq!(
            server.requests().len(),
            1,
            "asking again would not make it smaller"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_body_that_never_ends_nor_pauses_does_not_outlast_the_attempt() {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunks = "1\r\nx\r\n".repeat(10_000);
    let server = Server::always(vec![Step::Send(head.into()), Step::Forever(chunks.into())]).await;
    let client = platform_builder(&server)
        .max_response_bytes(64 << 20)
        .attempt_timeout(std::time::Duration::from_millis(300))
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn files_are_streamed_beyond_the_bound() {
    let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("{:x}\r\n{}\r\n", 10_000, "x".repeat(10_000));
    let mut steps = vec![Step::Send(head.into())];
    steps.extend((0..20).map(|_| Step::Send(chunk.clone().into())));
    steps.push(Step::Send("0\r\n\r\n".into()));
    let server = Server::always(steps).await;
    let client = platform_builder(&server)
        .max_response_bytes(1000)
        .build()
        .unwrap();
    let answer = download(&client, &DOWNLOAD).stream().await.unwrap();
    let chunks: Vec<_> = answer.into_inner().try_collect().await.unwrap();
    assert_eq!(
        chunks.iter().map(|chunk| chunk.len()).sum::<usize>(),
        200_000
    );
}

#[tokio::test]
async fn a_stream_that_breaks_says_so_without_the_url() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 10\r\n\r\nabc";
    let server = Server::always(vec![Step::Send(head.into()), Step::Close]).await;
    let client = platform_builder(&server).build().unwrap();
    let answer = download(&client, &DOWNLOAD).stream().await.unwrap();
    let mut stream = answer.into_inner();
    assert_eq!(stream.try_next().await.unwrap().unwrap(), "abc");
    let broken = stream.try_next().await.unwrap_err();
    assert_eq!(broken.kind(), ErrorKind::Transport);
    assert_eq!(broken.operation(), Some("download"));
    assert!(!format!("{broken:?} {:?}", broken.source()).contains("things"));
    assert!(stream.try_next().await.unwrap().is_none(), "it has ended");
}

#[tokio::test(start_paused = true)]
async fn a_stream_waits_for_each_piece_as_long_as_for_an_attempt() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 10\r\n\r\nabc";
    let server = Server::always(vec![Step::Send(head.into()), Step::Stall]).await;
    let timeout = std::time::Duration::from_secs(1);
    let builder = platform_builder(&server).attempt_timeout(timeout);
    let client = builder.build().unwrap();
    let answer = download(&client, &DOWNLOAD).stream().await.unwrap();
    let mut stream = answer.into_inner();
    assert_eq!(stream.try_next().await.unwrap().unwrap(), "abc");
    // A slow reader does not count: the stream stalls only while it is waited for.
    tokio::time::sleep(2 * timeout).await;
    let waited = tokio::time::Instant::now();
    let stalled = stream.try_next().await.unwrap_err();
    assert_eq!(stalled.kind(), ErrorKind::Timeout);
    assert!(waited.elapsed() >= timeout);
}

#[tokio::test]
async fn a_stream_can_have_a_deadline() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n";
    let endless = Step::Forever(b"x".into());
    for body in [endless, Step::Stall] {
        let server = Server::always(vec![Step::Send(head.into()), body]).await;
        let client = platform_builder(&server)
            .stream_timeout(std::time::Duration::from_millis(100))
            .build()
            .unwrap();
        let answer = download(&client, &DOWNLOAD).stream().await.unwrap();
        let mut stream = answer.into_inner();
        let reading = async {
            loop {
                match stream.try_next().await {
                    Ok(piece) => assert!(piece.is_some(), "the stream does not end by itself"),
                    Err(error) => return error,
                }
            }
        };
        let minute = std::time::Duration::from_secs(60);
        let error = tokio::time::timeout(minute, reading).await.unwrap();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(stream.try_next().await.unwrap().is_none(), "it has ended");
    }
}

#[tokio::test]
async fn identity_is_no_encoding_and_a_byte_order_mark_no_json() {
    for (encoding, body) in [
        ("Identity", "{\"name\":\"a\"}"),
        (" IDENTITY ", "{\"name\":\"a\"}"),
        ("identity", "\u{feff}{\"name\":\"a\"}"),
    ] {
        let headers = [
            ("Content-Type", "application/json"),
            ("Content-Encoding", encoding),
        ];
        let server = Server::always(response(200, &headers, body)).await;
        let client = platform_builder(&server).build().unwrap();
        let thing = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
        assert_eq!(thing.name, "a", "{encoding}");
    }
}

#[tokio::test]
async fn an_error_keeps_a_bounded_body_whatever_came() {
    let body = format!("{{\"name\":{}}}", "1".repeat(1 << 20));
    for status in [200, 500] {
        let server = Server::always(json(status, &body)).await;
        let client = platform_builder(&server)
            .retry(client_core::RetryPolicy::never())
            .build()
            .unwrap();
        let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
        assert_eq!(error.body().unwrap(), &body.as_bytes()[..64 << 10]);
    }
}

fn download(client: &Platform, operation: &'static Operation) -> client_core::Call {
    let call = client.0.call(operation).path("id", "T-1".into());
    call.path("kind", "pdf".into())
}
