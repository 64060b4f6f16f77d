//! How many connections there are, which calls take them, and in which runtime.

use std::{thread, time::Duration};

use client_core::{ErrorKind, Operation, RetryPolicy, http_client_builder};
use futures_util::{TryStreamExt as _, future::join_all};
use tokio::runtime::Runtime;

use crate::support::*;

async fn get(client: &Platform) -> Result<(), client_core::Error> {
    client.0.call(&PUBLIC).decode::<Thing>().await.map(drop)
}

fn create(client: &Platform) -> client_core::Call {
    client.0.call(&CREATE_THING).json("{}".into())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_at_once_share_the_connections() {
    share_the_connections(&[(None, 1000), (Some(20), 200)]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes long; `cargo xtask ci` runs it"]
async fn ten_thousand_calls_at_once_share_the_connections_thoroughly() {
    share_the_connections(&[(None, 10_000), (Some(20), 1000)]).await;
}

/// Makes so many calls at once, with a limit of connections or the usual one.
async fn share_the_connections(rounds: &[(Option<usize>, usize)]) {
    for &(most, calls) in rounds {
        let server = Server::always(thing()).await;
        let mut builder = platform_builder(&server);
        if let Some(most) = most {
            builder = builder.max_connections(most);
        }
        let client = builder.build().unwrap();
        for outcome in join_all((0..calls).map(|_| get(&client))).await {
            outcome.unwrap();
        }
        let (opened, most) = (server.most_connections(), most.unwrap_or(512));
        assert!(opened <= most, "{opened} connections, {most} allowed");
    }
}

#[tokio::test]
async fn what_finds_no_free_connection_in_time_is_not_sent() {
    let server = Server::always(vec![Step::Stall]).await;
    let builder = platform_builder(&server).max_connections(6);
    let builder = builder.total_timeout(Duration::from_millis(100));
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    let mut busy = Vec::new();
    for _ in 0..3 {
        let call = create(&client).timeout(Duration::from_secs(3600));
        busy.push(tokio::spawn(call.decode::<Thing>()));
        server.stalled().await;
    }
    for outcome in join_all((0..10).map(|_| create(&client).decode::<Thing>())).await {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(
            error.is_retryable(),
            "it was not sent, so it does not matter what it is"
        );
    }
    assert_eq!(server.requests().len(), 3);
    // A call that is dropped gives its connection back.
    busy.pop().unwrap().abort();
    let call = create(&client).timeout(Duration::from_secs(3600));
    busy.push(tokio::spawn(call.decode::<Thing>()));
    server.stalled().await;
}

#[tokio::test]
async fn a_stream_has_its_connection_until_it_ends() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 2\r\n\r\n";
    let server = Server::start(move |_, request| match request.path() {
        "/public" => thing(),
        _ => vec![Step::Send(head.into()), Step::Send("ok".into())],
    })
    .await;
    let builder = platform_builder(&server).max_connections(2);
    let client = builder
        .total_timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    let download = |operation: &'static Operation| {
        let call = client.0.call(operation).path("id", "T-1".into());
        call.path("kind", "pdf".into()).stream()
    };
    let stream = download(&DOWNLOAD).await.unwrap().into_inner();
    assert_eq!(get(&client).await.unwrap_err().kind(), ErrorKind::Timeout);
    assert_eq!(
        stream.try_collect::<Vec<_>>().await.unwrap().concat(),
        b"ok"
    );
    get(&client).await.unwrap();
    // One that is dropped half-way gives it back as well.
    drop(download(&DOWNLOAD).await.unwrap());
    get(&client).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_broke_is_not_used_again() {
    let whole = || thing();
    let Step::Send(bytes) = whole().remove(0) else {
        unreachable!()
    };
    let half = bytes[..bytes.len() - 3].to_vec();
    for fault in [
        vec![Step::Close],
        vec![Step::Reset],
        vec![Step::Send(half.clone()), Step::Close],
        vec![Step::Send(half), Step::Stall],
        vec![Step::Stall],
        vec![
            Step::Send(b"this is not HTTP\r\n\r\n".to_vec()),
            Step::Stall,
        ],
    ] {
        let answer = fault.clone();
        let server = Server::start(move |number, _| match number {
            1 => answer.clone(),
            _ => thing(),
        })
        .await;
        let builder = platform_builder(&server).attempt_timeout(Duration::from_millis(100));
        let client = builder.build().unwrap();
        get(&client).await.unwrap();
        assert_eq!(server.connections(), 1);
        // The second request goes over the first connection, and the third must not.
        get(&client)
            .await
            .unwrap_or_else(|error| panic!("{fault:?}: {error:?}"));
        assert_eq!(
            (server.requests().len(), server.connections()),
            (3, 2),
            "{fault:?}"
        );
        get(&client).await.unwrap();
        assert_eq!(server.connections(), 2, "{fault:?}");
    }
}

fn single() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

/// Runs work in a thread of its own, where there is no runtime.
fn outside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    thread::spawn(work).join().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_of_several_runtimes_has_connections_of_its_own() {
    let server = Server::always(thing()).await;
    // A call that waits for a connection that nothing drives would take an hour.
    let hour = Duration::from_secs(3600);
    let builder = platform_builder(&server)
        .attempt_timeout(hour)
        .total_timeout(hour);
    let client = builder.build().unwrap();
    let used = client.clone();
    outside(move || {
        let runtimes: Vec<_> = (0..12).map(|_| single()).collect();
        for runtime in runtimes.iter().chain(&runtimes) {
            // Between its calls a runtime is not driven.
            for _ in 0..2 {
                runtime.block_on(get(&used)).unwrap();
                runtime.block_on(create(&used).decode::<Thing>()).unwrap();
            }
        }
        drop(runtimes);
        for _ in 0..3 {
            single().block_on(get(&used)).unwrap();
        }
    });
    get(&client).await.unwrap();
    let before = server.connections();
    // A call may begin before the last one's connection is idle again; not each of ten does.
    for _ in 0..10 {
        get(&client).await.unwrap();
    }
    let opened = server.connections() - before;
    assert!(
        opened < 10,
        "this runtime keeps its connections: {opened} more"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_custom_client_says_so_if_it_is_used_in_several_runtimes() {
    let server = Server::always(thing()).await;
    let http = http_client_builder().unwrap().no_proxy().build().unwrap();
    let client = platform_builder(&server).http_client(http).build().unwrap();
    get(&client).await.unwrap();
    outside(move || {
        let (first, second) = (single(), single());
        first.block_on(get(&client)).unwrap();
        let error = second.block_on(get(&client)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("second runtime"), "{error}");
        first.block_on(get(&client)).unwrap();
        // When the first one has ended, so have its connections.
        drop(first);
        second.block_on(get(&client)).unwrap();
    });
}

#[test]
fn a_call_outside_of_a_runtime_is_an_error() {
    let client = client_core::ClientBuilder::<Platform>::new().base_url("http://127.0.0.1:1");
    let client = client.build().unwrap();
    let mut call = Box::pin(get(&client));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(outcome) = call.as_mut().poll(&mut context) else {
        panic!("it waits")
    };
    let error = outcome.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("runtime"), "{error}");
}
