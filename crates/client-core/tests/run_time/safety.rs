//! Attacks on where the credentials go and what a request says.

use client_core::{Argument, ErrorKind, http_client_builder, reqwest::redirect};

use crate::support::*;

#[tokio::test]
async fn no_redirect_is_followed() {
    let other = Server::always(thing()).await;
    for status in [300, 301, 302, 303, 307, 308] {
        // Another origin, plain http elsewhere, the same origin, a relative one, and none at all.
        let targets = [
            format!("{}/stolen", other.url()),
            "http://example.com/stolen".to_owned(),
            "SAME".to_owned(),
            "/public".to_owned(),
            "//example.com".to_owned(),
            String::new(),
        ];
        for target in targets {
            let server = Server::start(move |_, request| {
                let host = request.header("Host").unwrap();
                let target = target.replace("SAME", &format!("http://{host}/public"));
                response(status, &[("Location", &target)], "")
            })
            .await;
            let platform = platform_builder(&server).build().unwrap();
            let nexus = nexus_builder(&server)
                .session_token("token")
                .build()
                .unwrap();
            let first = platform
                .0
                .call(&PUBLIC)
                .decode::<Thing>()
                .await
                .unwrap_err();
            let second = nexus.0.call(&GET_MEMBER).path("id", Argument::from("M-1"));
            let second = second.decode::<Thing>().await.unwrap_err();
            for error in [first, second] {
                assert_eq!(error.kind(), ErrorKind::Redirect);
                assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
                assert!(!error.is_retryable());
            }
            assert_eq!(server.requests().len(), 2);
        }
    }
    assert_eq!(other.requests().len(), 0);
}

#[tokio::test]
async fn a_custom_client_that_follows_redirects_is_detected() {
    let server = Server::start(|_, request| match request.path() {
        "/public" => response(302, &[("Location", "/elsewhere")], ""),
        _ => thing(),
    })
    .await;
    let bring = || http_client_builder().unwrap().no_proxy();
    let follows = bring()
        .redirect(redirect::Policy::limited(3))
        .build()
        .unwrap();
    let client = platform_builder(&server)
        .http_client(follows)
        .build()
        .unwrap();
    let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);

    let stays = bring().build().unwrap();
    let client = platform_builder(&server)
        .http_client(stays)
        .build()
        .unwrap();
    let error = client.0.call(&PUBLIC).decode::<Thing>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_call_that_was_redirected_into_the_void_was_sent() {
    let void = Server::always(thing()).await.url();
    let location = format!("{void}/elsewhere");
    let server = Server::start(move |_, _| response(303, &[("Location", &location)], "")).await;
    let follows = http_client_builder()
        .unwrap()
        .no_proxy()
        .redirect(redirect::Policy::limited(3));
    let client = platform_builder(&server)
        .http_client(follows.build().unwrap())
        .build()
        .unwrap();
    let call = client.0.call(&CREATE_THING).json(Argument::from("{}"));
    let error = call.decode::<Thing>().await.unwrap_err();
    assert!(!error.is_retryable(), "{error:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn no_parameter_injects_a_header_or_a_request() {
    let server = Server::always(thing()).await;
    let client = platform_builder(&server).build().unwrap();
    for attack in [
        "x\r\nX-Injected: 1",
        "x\nX-Injected: 1",
        "x\r\n\r\nGET /stolen HTTP/1.1\r\n\r\n",
        "x\0y",
        "x\r",
        "é",
    ] {
        let call = client.0.call(&GET_THING).path("id", Argument::from("T-1"));
        let error = call
            .header("X-Note", Argument::from(attack))
            .decode::<Thing>()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("`X-Note`"), "{error}");

        let call = client.0.call(&GET_THING).path("id", Argument::from(attack));
        call.query("filter", Argument::from(attack))
            .decode::<Thing>()
            .await
            .unwrap();
        let request = server.requests().pop().unwrap();
        assert_eq!(request.header("X-Injected"), None);
        assert!(request.target.starts_with("/things/"), "{}", request.target);
        let sent = request.query().strip_prefix("filter=").unwrap().to_owned();
        assert_eq!(
            percent_encoding::percent_decode_str(&sent)
                .decode_utf8()
                .unwrap(),
            attack
        );
    }
    assert_eq!(server.requests().len(), 6);
}
