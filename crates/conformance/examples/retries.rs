//! Watches calls that are sent again.
//!
//! `cargo run -p conformance --example retries` runs it against a mock server that is made from the spec. Every
//! second response is a 503.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use conformance::SpecServer;
use conformance::mock_server::{Fault, FaultKind};
use platform_client::{Client, Credentials, ErrorKind, RetryPolicy};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let failing = Fault::new(FaultKind::Fail, 0.5);
    let server = SpecServer::of_json(platform_client::OPENAPI)?
        .fault(failing)
        .start()
        .await?;

    let attempts = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&attempts);
    let builder = Client::builder()
        .base_url(server.url())
        .credentials(Credentials::new("my-client-id", "my-api-key"))
        .total_timeout(Duration::from_secs(20))
        .on_attempt(move |attempt| {
            count.fetch_add(1, Ordering::Relaxed);
            println!(
                "{} attempt {}: {:?}, next in {:?}",
                attempt.operation, attempt.number, attempt.outcome, attempt.next
            );
        });
    let mx = builder.build()?;

    for _ in 0..3 {
        mx.request_oauth_window_uri("USR-1", "MBR-1").send().await?;
    }
    assert_eq!(attempts.load(Ordering::Relaxed), 5);

    let once = Client::builder()
        .base_url(server.url())
        .credentials(Credentials::new("my-client-id", "my-api-key"))
        .retry(RetryPolicy::never())
        .build()?;
    let call = once.request_oauth_window_uri("USR-1", "MBR-1");
    let error = call.send().await.expect_err("the sixth answer is a 503");
    assert_eq!(error.kind(), ErrorKind::Status);
    println!("not sent again: {error}");
    server.stop().await;
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("the example");
}
