//! Whatever an identifier holds, it arrives as one segment that decodes to it, or it is refused by name.

use client_core::{Argument, ErrorKind};
use percent_encoding::percent_decode_str;
use proptest::{prelude::*, test_runner::TestRunner};

use crate::support::*;

/// Sends the identifier; the segments that arrive, decoded, or `None` if it was refused.
async fn arrives(server: &Server, client: &Platform, id: &str) -> Option<Vec<Vec<u8>>> {
    let before = server.requests().len();
    let call = client.0.call(&GET_THING).path("id", Argument::from(id));
    match call.decode::<Thing>().await {
        Ok(_) => {
            let request = server.requests().pop().unwrap();
            let segments = request.path().split('/').skip(1);
            Some(
                segments
                    .map(|segment| percent_decode_str(segment).collect())
                    .collect(),
            )
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
            assert!(error.to_string().contains("`id`"), "{error}");
            assert_eq!(server.requests().len(), before, "nothing was sent");
            None
        }
    }
}

fn as_one_segment(id: &str) -> Option<Vec<Vec<u8>>> {
    Some(vec![b"things".to_vec(), id.as_bytes().to_vec()])
}

#[tokio::test]
async fn identifiers_that_try_to_rewrite_the_path() {
    let server = Server::always(thing()).await;
    let client = platform_builder(&server).build().unwrap();
    for refused in ["", ".", ".."] {
        assert_eq!(
            arrives(&server, &client, refused).await,
            None,
            "{refused:?}"
        );
    }
    let very_long = "x".repeat(60_000);
    for sent in [
        "a/b",
        "a\\b",
        "../x",
        "..\\x",
        "%2e%2e",
        "%2E%2e",
        ".%2e",
        "%2e",
        "%2f",
        "%5c",
        "%00",
        "...",
        "a?b=c",
        "a#b",
        "a;b",
        "a b",
        "\u{0}",
        "\r\nHost: evil",
        "\t",
        "é",
        "🏦",
        "a%",
        "%zz",
        "//evil.example",
        "http://evil.example",
        "@evil.example",
        ":80",
        "a&b=c",
        "{id}",
        &very_long,
    ] {
        assert_eq!(
            arrives(&server, &client, sent).await,
            as_one_segment(sent),
            "{sent:?}"
        );
    }
    assert_eq!(
        arrives(&server, &client, &"é".repeat(60_000)).await,
        None,
        "too long for a URL"
    );
}

#[test]
fn any_identifier_arrives_as_itself_or_not_at_all() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::always(thing()));
    let client = platform_builder(&server).build().unwrap();
    let mut runner = TestRunner::default();
    let ids = prop_oneof![any::<String>(), "[./\\\\%2eEfF5cC?#;:@ ]{0,12}"];
    let outcome = runner.run(&ids, |id| {
        let arrived = runtime.block_on(arrives(&server, &client, &id));
        match id.as_str() {
            "" | "." | ".." => prop_assert_eq!(arrived, None),
            id => prop_assert_eq!(arrived, as_one_segment(id)),
        }
        Ok(())
    });
    outcome.unwrap();
}

#[tokio::test]
async fn a_segment_may_be_made_of_a_parameter_and_more() {
    let pdf = response(200, &[("Content-Type", "application/pdf")], "%PDF");
    let server = Server::always(pdf).await;
    let client = platform_builder(&server).build().unwrap();
    let call = client.0.call(&DOWNLOAD).path("id", Argument::from("a.b"));
    call.path("kind", Argument::from(".."))
        .buffered()
        .await
        .unwrap();
    assert_eq!(server.request().target, "/things/a.b/file...");
}

#[tokio::test]
async fn a_base_url_keeps_its_prefix_and_doubles_no_slash() {
    let server = Server::always(thing()).await;
    for suffix in ["", "/", "/prefix", "/prefix/", "/pre%2Ffix//"] {
        let builder = platform_builder(&server).base_url(format!("{}{suffix}", server.url()));
        let client = builder.build().unwrap();
        client.0.call(&PUBLIC).decode::<Thing>().await.unwrap();
    }
    let targets: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.target)
        .collect();
    let expected = [
        "/public",
        "/public",
        "/prefix/public",
        "/prefix/public",
        "/pre%2Ffix/public",
    ];
    assert_eq!(targets, expected);
}
