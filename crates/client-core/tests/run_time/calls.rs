//! What leaves for the wire, and what comes back from it.

use client_core::{Argument, ErrorKind};
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn sends_the_operation_and_decodes_the_answer() {
    let server = Server::always(thing()).await;
    let client = platform_builder(&server).build().unwrap();
    let call = client.0.call(&GET_THING).path("id", Argument::from("T-1"));
    let call = call.query("filter", Argument::from(vec!["a b", "c&d"]));
    let call = call.query("fields[]", Argument::from(vec!["x", "y"]));
    let call = call.header("X-Note", Argument::from("hello"));
    let answer = call.decode::<Thing>().await.unwrap();
    assert_eq!(answer.name, "a thing");

    let request = server.request();
    assert_eq!(request.method, "GET");
    assert_eq!(
        request.target,
        "/things/T-1?filter=a%20b&filter=c%26d&fields%5B%5D=x,y"
    );
    assert_eq!(request.header("Authorization"), Some("Basic aWQ6a2V5"));
    assert_eq!(request.header("Accept"), Some("application/json"));
    assert_eq!(request.header("Accept-Version"), Some("v1"));
    assert_eq!(request.header("User-Agent"), Some("platform-test/1.2.3"));
    assert_eq!(request.header("X-Note"), Some("hello"));
    assert_eq!(request.header("api-version"), None);
}

#[tokio::test]
async fn sends_json_and_forms() {
    let server = Server::always(thing()).await;
    let client = platform_builder(&server).build().unwrap();
    let body = json!({"name": "é & co", "sizes": [1, 2], "none": null});
    let created = client
        .0
        .call(&CREATE_THING)
        .json(Argument::from(body.clone()));
    created.decode::<Thing>().await.unwrap();
    let searched = client
        .0
        .call(&SEARCH_THINGS)
        .form(Argument::from(body.clone()));
    searched.decode::<Thing>().await.unwrap();

    let [first, second] = server.requests().try_into().unwrap();
    assert_eq!(first.header("Content-Type"), Some("application/json"));
    assert_eq!(
        serde_json::from_slice::<serde_json::Value>(&first.body).unwrap(),
        body
    );
    assert_eq!(
        second.header("Content-Type"),
        Some("application/x-www-form-urlencoded")
    );
    assert_eq!(
        String::from_utf8(second.body).unwrap(),
        "name=%C3%A9%20%26%20co&sizes=1&sizes=2"
    );
}

#[tokio::test]
async fn refuses_arguments_before_sending() {
    let server = Server::always(thing()).await;
    let client = platform_builder(&server).build().unwrap();
    let missing = client
        .0
        .call(&GET_THING)
        .path("id", Argument::<String>::absent());
    let missing = missing.decode::<Thing>().await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::InvalidRequest);
    assert_eq!(
        missing.to_string(),
        "getThing: parameter `id` is required and was not given"
    );

    let unfit = client
        .0
        .call(&GET_THING)
        .path("id", Argument::<u8>::new(300_i32));
    let unfit = unfit.decode::<Thing>().await.unwrap_err();
    assert_eq!(unfit.kind(), ErrorKind::InvalidRequest);
    assert!(unfit.to_string().contains("`id`"), "{unfit}");

    let bodiless = client
        .0
        .call(&CREATE_THING)
        .decode::<Thing>()
        .await
        .unwrap_err();
    assert_eq!(bodiless.kind(), ErrorKind::InvalidRequest);
    assert!(bodiless.to_string().contains("`body`"), "{bodiless}");
    assert_eq!(server.requests().len(), 0);
}
