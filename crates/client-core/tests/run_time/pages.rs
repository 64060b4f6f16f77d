//! Lists that come in pages, as streams.

use client_core::{
    Argument, DocumentedResponse, ErrorKind, Items, Operation, Page, Pages, Parameter,
    reqwest::Method,
};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use serde_json::json;

use crate::support::{json as answer, *};

#[derive(Deserialize)]
struct Things {
    things: Option<Vec<u64>>,
    pagination: Option<Pagination>,
}

#[derive(Deserialize)]
struct Pagination {
    total_pages: Option<u64>,
}

client_core::safe_debug! { Things { things } }

impl Page for Things {
    type Item = u64;

    fn count(&self) -> usize {
        self.things.as_ref().map_or(0, Vec::len)
    }

    fn total_pages(&self) -> Option<u64> {
        self.pagination.as_ref()?.total_pages
    }

    fn into_items(self) -> Vec<u64> {
        self.things.unwrap_or_default()
    }
}

static LIST_THINGS: Operation = Operation {
    id: "listThings",
    name: "list_things",
    method: Method::GET,
    path: "/things",
    tags: &[],
    parameters: &[
        Parameter::query("page", "page"),
        Parameter::query("records_per_page", "records_per_page"),
        Parameter::query("name", "name"),
    ],
    headers: &[],
    accept: Some("application/json"),
    body: None,
    responses: &[DocumentedResponse::new("200", &["application/json"])],
    security: &[&BASIC],
    idempotent: true,
};

/// The number of the page that is asked for.
fn page_of(request: &Received) -> u64 {
    let mut pairs = request
        .query()
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    let page = pairs.find(|(name, _)| *name == "page");
    page.expect("every request names its page")
        .1
        .parse()
        .unwrap()
}

/// A server whose page `n` has the items `n * 100`, `n * 100 + 1`, …: so many on each page.
async fn server(sizes: &'static [usize], total_pages: Option<u64>) -> Server {
    Server::start(move |_, request| {
        let page = page_of(request);
        let size = sizes.get(page as usize - 1).copied().unwrap_or_default() as u64;
        let things: Vec<u64> = (page * 100..page * 100 + size).collect();
        let pagination = total_pages.map(|total_pages| json!({ "total_pages": total_pages }));
        answer(
            200,
            &json!({ "things": things, "pagination": pagination }).to_string(),
        )
    })
    .await
}

fn call(server: &Server) -> client_core::Call {
    platform_builder(server)
        .build()
        .unwrap()
        .0
        .call(&LIST_THINGS)
}

fn requested(server: &Server) -> Vec<u64> {
    server.requests().iter().map(page_of).collect()
}

fn pages(call: client_core::Call) -> Pages<Things> {
    Pages::new(call)
}

fn items(call: client_core::Call) -> Items<Things> {
    pages(call).items()
}

#[tokio::test]
async fn pages_end_where_pagination_says() {
    // Also where a page is empty or not full.
    let server = server(&[2, 0, 1], Some(3)).await;
    let found: Vec<u64> = items(call(&server)).try_collect().await.unwrap();
    assert_eq!(found, [100, 101, 300]);
    assert_eq!(requested(&server), [1, 2, 3]);
    let statuses = pages(call(&server)).map_ok(|page| page.status().as_u16());
    assert_eq!(statuses.try_collect::<Vec<_>>().await.unwrap(), [200; 3]);
}

#[tokio::test]
async fn one_page_or_none_is_one_request() {
    for total in [0, 1] {
        let server = server(&[1], Some(total)).await;
        assert_eq!(items(call(&server)).count().await, 1);
        assert_eq!(requested(&server), [1]);
    }
}

#[tokio::test]
async fn without_pagination_a_page_that_is_not_full_is_the_last() {
    for (sizes, size, wanted) in [
        (&[2, 2, 1][..], Some(2), &[1, 2, 3][..]),
        (&[2, 2], Some(2), &[1, 2, 3]),
        (&[], Some(2), &[1]),
        // Without a size a page has 25 items, and so it has if the size was more than the API takes.
        (&[25, 24], None, &[1, 2]),
        (&[25, 3], Some(1000), &[1, 2]),
    ] {
        let server = server(sizes, None).await;
        let call = call(&server).query(
            "records_per_page",
            size.map_or(Argument::absent(), Argument::from),
        );
        let found: Vec<u64> = items(call).try_collect().await.unwrap();
        assert_eq!(found.len(), sizes.iter().sum::<usize>());
        assert_eq!(requested(&server), wanted);
    }
}

#[tokio::test]
async fn pages_are_requested_when_they_are_polled_for_and_with_all_arguments() {
    let server = server(&[2, 2, 2], Some(3)).await;
    let call = call(&server)
        .query("name", Argument::from("a&b"))
        .query("records_per_page", Argument::from(2));
    let call = call.extra_header("X-Trace", "abc");
    let mut items = items(call.query("page", Argument::from(2)));
    assert_eq!(requested(&server), [0; 0]);
    assert_eq!(items.next().await.unwrap().unwrap(), 200);
    assert_eq!(items.next().await.unwrap().unwrap(), 201);
    assert_eq!(
        requested(&server),
        [2],
        "it starts at the page that was set"
    );
    assert_eq!(items.next().await.unwrap().unwrap(), 300);
    for request in server.requests() {
        assert!(request.target.contains("name=a%26b"), "{}", request.target);
        assert!(
            request.target.contains("records_per_page=2"),
            "{}",
            request.target
        );
        assert_eq!(
            request.target.matches("page=").count(),
            2,
            "{}",
            request.target
        );
        assert_eq!(request.header("X-Trace"), Some("abc"));
    }
}

#[tokio::test]
async fn an_error_names_its_page_and_ends_the_stream() {
    let server = Server::start(|_, request| match page_of(request) {
        3 => answer(404, "{}"),
        _ => answer(200, r#"{"things": [1], "pagination": {"total_pages": 5}}"#),
    });
    let server = server.await;
    let mut stream = items(call(&server));
    assert_eq!(stream.next().await.unwrap().unwrap(), 1);
    assert_eq!(stream.next().await.unwrap().unwrap(), 1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.page()), (ErrorKind::Status, Some(3)));
    assert_eq!(
        error.to_string(),
        "listThings: the server refused the call (status 404), on page 3"
    );
    assert!(stream.next().await.is_none());
    assert_eq!(requested(&server), [1, 2, 3]);
}

#[tokio::test]
async fn streams_own_what_they_need() {
    let server = server(&[1, 1], Some(2)).await;
    let stream = items(call(&server));
    let count = tokio::spawn(stream.count()).await.unwrap();
    assert_eq!(count, 2);
}
