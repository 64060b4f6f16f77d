//! The proxies of the environment: what goes through them, and what they are refused for.
//!
//! All threads share the environment, so each test runs the ignored test `child` as a process of its own.

use std::process::Output;

use client_core::{ClientBuilder, RetryPolicy, http_client_builder};

use crate::support::*;

/// Makes a call to a server in a process with these variables.
async fn call(server: &str, variables: &[(&str, &str)]) -> Output {
    let mut child = tokio::process::Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "proxies::child", "--ignored", "--nocapture"]);
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"] {
        child.env_remove(name).env_remove(name.to_lowercase());
    }
    let output = child
        .env("TEST_SERVER", server)
        .envs(variables.iter().copied())
        .output();
    output.await.unwrap()
}

/// A proxy that the client itself is built with.
fn own_proxy() -> Option<String> {
    std::env::var("TEST_PROXY").ok()
}

#[tokio::test]
#[ignore = "run by the other tests, with proxies set"]
async fn child() {
    let server = std::env::var("TEST_SERVER").unwrap();
    let mut own = ClientBuilder::<Platform>::new().base_url(&server);
    if let Some(proxy) = own_proxy() {
        own = own.proxy(proxy);
    }
    let custom = http_client_builder().and_then(|http| {
        let builder = ClientBuilder::<Platform>::new().base_url(&server);
        builder.http_client(http.build().unwrap()).build()
    });
    for client in [own.retry(RetryPolicy::never()).build(), custom] {
        let outcome = match client {
            Ok(client) => client.0.call(&PUBLIC).decode::<Thing>().await.map(drop),
            Err(error) => Err(error),
        };
        match outcome {
            Ok(()) => println!("=ok"),
            Err(error) => println!("={:?}: {error} {error:?}", error.kind()),
        }
    }
}

fn outcomes(output: &Output) -> Vec<String> {
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = shown.lines().filter_map(|line| line.split_once('='));
    lines.map(|(_, outcome)| outcome.to_owned()).collect()
}

#[tokio::test]
async fn nothing_for_this_machine_goes_through_a_proxy() {
    let proxy = Server::always(thing()).await;
    let server = Server::always(thing()).await;
    let (to, port) = (proxy.url(), server.port());
    for variables in [
        &[("http_proxy", &*to), ("HTTP_PROXY", &to)][..],
        &[("ALL_PROXY", &to), ("NO_PROXY", "example.com")],
        &[("all_proxy", &to), ("no_proxy", "")],
    ] {
        for host in ["127.0.0.1", "localhost"] {
            let output = call(&format!("http://{host}:{port}"), variables).await;
            assert_eq!(outcomes(&output), ["ok", "ok"], "{variables:?} {output:?}");
        }
    }
    assert_eq!((proxy.requests().len(), server.requests().len()), (0, 12));
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn other_servers_are_reached_through_the_proxy() {
    let proxy = Server::always(response(403, &[], "")).await;
    for (name, value) in [
        ("HTTPS_PROXY", proxy.url()),
        ("https_proxy", proxy.url().replace("http://", "")),
        (
            "ALL_PROXY",
            proxy.url().replace("http://", "http://user:canary@"),
        ),
    ] {
        let before = proxy.requests().len();
        let output = call("https://api.example.invalid", &[(name, &value)]).await;
        let requests = proxy.requests();
        assert!(requests.len() > before, "{name}: {output:?}");
        let last = requests.last().unwrap();
        assert_eq!(
            (&*last.method, &*last.target),
            ("CONNECT", "api.example.invalid:443")
        );
        assert!(!String::from_utf8_lossy(&output.stdout).contains("canary"));
    }
    let excepted = [
        ("HTTPS_PROXY", &*proxy.url()),
        ("NO_PROXY", "example.invalid"),
    ];
    let before = proxy.requests().len();
    call("https://api.example.invalid", &excepted).await;
    assert_eq!(proxy.requests().len(), before, "an exception of the user's");
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn the_proxy_of_a_client_takes_the_place_of_those_of_the_environment() {
    let environment = Server::always(response(403, &[], "")).await;
    let own = Server::always(response(403, &[], "")).await;
    let variables = [
        ("HTTPS_PROXY", &*environment.url()),
        ("TEST_PROXY", &own.url()),
    ];
    call("https://api.example.invalid", &variables).await;
    // The custom client, which is called as well, has no proxy but that of the environment.
    assert_eq!((own.requests().len(), environment.requests().len()), (1, 3));
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[tokio::test]
async fn a_variable_that_names_no_proxy_is_an_error_of_the_client() {
    let values = [
        "http://",
        ":::",
        "proxy canary",
        "ftp://canary:21",
        "http://:8080",
        "http://user:canary@",
        "http://canary:99999",
        "http://canary:port",
        "https:///canary",
    ];
    let names = ["https_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"];
    let by_value = values.map(|value| ("HTTPS_PROXY", value));
    for (name, value) in by_value.into_iter().chain(names.map(|name| (name, ":::"))) {
        let output = call("https://api.example.invalid", &[(name, value)]).await;
        let outcomes = outcomes(&output);
        assert_eq!(outcomes.len(), 2, "{output:?}");
        for outcome in outcomes {
            let kind = format!("{:?}: ", client_core::ErrorKind::Configuration);
            assert!(outcome.starts_with(&kind), "{name}={value}: {outcome}");
            assert!(outcome.contains(&format!("variable {name} ")), "{outcome}");
            assert!(!outcome.contains("canary"), "{outcome}");
        }
    }
    // A CGI program gets `HTTP_PROXY` from the header of a request.
    let variables = [("HTTP_PROXY", "http://:"), ("REQUEST_METHOD", "GET")];
    let server = Server::always(thing()).await;
    assert_eq!(
        outcomes(&call(&server.url(), &variables).await),
        ["ok", "ok"]
    );
}
