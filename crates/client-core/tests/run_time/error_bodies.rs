//! Whatever comes with an error status: the status is returned, and memory stays bounded.

use client_core::{Error, ErrorKind};

use crate::support::*;

const STATUSES: [u16; 9] = [400, 401, 404, 406, 409, 422, 429, 500, 503];

async fn fail(status: u16, answer: Vec<Step>) -> Error {
    let server = Server::always(answer).await;
    let client = platform_builder(&server).retry(quick(1)).build().unwrap();
    let error = client
        .0
        .call(&PUBLIC)
        .decode::<Thing>()
        .await
        .expect_err("an error");
    assert_eq!(error.kind(), ErrorKind::Status, "{error:?}");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    assert!(error.body().is_some_and(|body| body.len() <= 64 * 1024));
    // What the client has not taken is in the buffers of the sockets.
    assert!(
        server.sent_for_ever() < 20_000_000,
        "{}",
        server.sent_for_ever()
    );
    error
}

#[tokio::test]
async fn messages_and_codes_are_found_in_bodies_of_many_shapes() {
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let table: &[(&[u8], Option<&str>, Option<&str>)] = &[
        (
            br#"{"error":{"message":"Member cannot use OAuth"}}"#,
            Some("Member cannot use OAuth"),
            None,
        ),
        (
            br#"{"error":{"code":4220,"message":"m"}}"#,
            Some("m"),
            Some("4220"),
        ),
        (br#"{"error":"m"}"#, Some("m"), None),
        (br#"{"message":"m","code":"4001"}"#, Some("m"), Some("4001")),
        (
            br#"{"error":{"type":"x","status_code":422,"message":"m"}}"#,
            Some("m"),
            Some("422"),
        ),
        (
            br#"{"errors":[{"message":"m","code":1},{"message":"n","code":2}]}"#,
            Some("m"),
            Some("1"),
        ),
        (br#"{"errors":["m","n"]}"#, Some("m"), None),
        (br#"[{"message":"m"}]"#, Some("m"), None),
        (br#"["m"]"#, Some("m"), None),
        (br#""m""#, Some("m"), None),
        (
            br#"{"response":{"error":{"details":[{"detail":"m"}]}}}"#,
            Some("m"),
            None,
        ),
        (
            br#"{"error_message":"m","error_code":"E1"}"#,
            Some("m"),
            Some("E1"),
        ),
        (
            br#"{"error":"invalid_grant","error_description":"m"}"#,
            Some("m"),
            None,
        ),
        (br#"{"message":["m","n"]}"#, Some("m"), None),
        (br#"{"message":""}"#, None, None),
        (br#"{"message":null,"code":null}"#, None, None),
        (br#"{"code":{"message":7}}"#, None, None),
        (b"{}", None, None),
        (b"[]", None, None),
        (b"null", None, None),
        (b"17", None, None),
        (b"", None, None),
        (b"  \n ", None, None),
        (
            b"Not allowed from this address\n",
            Some("Not allowed from this address"),
            None,
        ),
        (b"<html><body>Bad gateway</body></html>", None, None),
        (br#"{"message":"trunc"#, None, None),
        (b"\xff\xfe\x00m", None, None),
        (b"{\"message\":\"\xff\"}", None, None),
        (
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56",
            None,
            None,
        ),
        (deep.as_bytes(), None, None),
    ];
    assert!(table.len() >= 25);
    for (body, message, code) in table {
        for status in STATUSES {
            let content_type = if body.starts_with(b"<") {
                "text/html"
            } else {
                "application/json"
            };
            let error = fail(
                status,
                response(status, &[("Content-Type", content_type)], body),
            )
            .await;
            let shown = String::from_utf8_lossy(body);
            assert_eq!(error.message(), *message, "{shown}");
            assert_eq!(error.code(), *code, "{shown}");
            assert_eq!(error.body(), Some(*body));
        }
    }
}

#[tokio::test]
async fn bodies_that_break_off_or_never_end_do_not_hide_the_status() {
    for status in STATUSES {
        let head = |rest: &str| Step::Send(format!("HTTP/1.1 {status} X\r\n{rest}\r\n").into());
        let chunked = "Transfer-Encoding: chunked\r\n";
        let endless_chunk = format!("{:x}\r\n{}\r\n", 64 * 1024, "x".repeat(64 * 1024));
        for answer in [
            // 50 MiB are announced, and come as fast as they are read.
            vec![
                head("Content-Length: 52428800\r\n"),
                Step::Forever(vec![b'x'; 64 * 1024]),
            ],
            vec![head(chunked), Step::Forever(endless_chunk.into())],
            vec![
                head("Content-Length: 100\r\n"),
                Step::Send("short".into()),
                Step::Close,
            ],
            vec![
                head("Content-Length: 100\r\n"),
                Step::Send("short".into()),
                Step::Reset,
            ],
            vec![
                head("Content-Length: 2\r\n"),
                Step::Send("longer".into()),
                Step::Close,
            ],
            vec![
                head(chunked),
                Step::Send("zz\r\nno chunk".into()),
                Step::Close,
            ],
            vec![
                head("Content-Encoding: gzip\r\nContent-Length: 3\r\n"),
                Step::Send("abc".into()),
            ],
            vec![head(""), Step::Send("until the end".into()), Step::Close],
        ] {
            fail(status, answer).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stalls_does_not_hide_the_status() {
    let head = "HTTP/1.1 403 X\r\nContent-Length: 100\r\n\r\n{";
    let server = Server::always(vec![Step::Send(head.into()), Step::Stall]).await;
    let client = platform_builder(&server).build().unwrap();
    let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403));
    assert_eq!(error.body(), Some(&b"{"[..]));
}

#[tokio::test]
async fn the_request_id_is_returned() {
    let server = Server::always(response(500, &[("X-Request-Id", "r-1")], "")).await;
    let client = platform_builder(&server).build().unwrap();
    let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    assert_eq!(error.request_id(), Some("r-1"));
}

#[test]
fn the_error_is_small_and_can_go_anywhere() {
    fn anywhere<T: Send + Sync + std::error::Error + 'static>() {}
    anywhere::<Error>();
    assert!(size_of::<Error>() <= 2 * size_of::<usize>());
    assert!(size_of::<Result<(), Error>>() <= 2 * size_of::<usize>());
}
