//! Sessions that are obtained when they are needed and renewed when they expire.
//!
//! `cargo run -p conformance --example nexus_sessions` runs it against a mock server that is made from the spec. Its
//! response to every third call is that the session has expired. With an account, the provider is a `SessionExchange`.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use conformance::SpecServer;
use conformance::mock_server::{Fault, FaultKind};
use nexus_client::{Client, SessionToken};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let expiring = Fault::new(FaultKind::Expire, 1.0 / 3.0);
    let server = SpecServer::of_json(nexus_client::OPENAPI)?
        .fault(expiring)
        .start()
        .await?;

    let opened = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&opened);
    // One provider for each user: a session belongs to one.
    let provider = move || {
        let number = count.fetch_add(1, Ordering::Relaxed) + 1;
        async move {
            println!("session {number} is opened");
            Ok(SessionToken::new(format!("token-{number}")))
        }
    };
    let nexus = Client::builder()
        .base_url(server.url())
        .session_provider(provider)
        .on_attempt(|attempt| println!("  attempt {}: {:?}", attempt.number, attempt.outcome))
        .build()?;

    for call in 1..=5 {
        println!("call {call}");
        let window = nexus.generate_oauth_window_uri("MBR-1").send().await?;
        assert!(window.into_inner().member.is_some());
    }
    // The third and the sixth request were refused; both calls were repeated with a new session.
    assert_eq!(opened.load(Ordering::Relaxed), 3);
    server.stop().await;
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("the example");
}
