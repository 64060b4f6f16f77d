//! The OAuth flow of a member, from the request of the window to its end.
//!
//! `cargo run -p conformance --example oauth_round_trip` runs it against a mock server that is made from the spec; no
//! account is needed. With an account, use `.environment(…)` and `Credentials::from_env()?`.

use std::error::Error;

use conformance::SpecServer;
use platform_client::oauth::{OAuthRedirect, Status};
use platform_client::{Client, Credentials, ReferralSource};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = SpecServer::of_json(platform_client::OPENAPI)?
        .start()
        .await?;
    let mx = Client::builder()
        .base_url(server.url())
        .credentials(Credentials::new("my-client-id", "my-api-key"))
        .build()?;

    // The page to which the user's browser is redirected: in a real service one of its own.
    let callback = TcpListener::bind("127.0.0.1:0").await?;
    let done = format!("http://{}/done", callback.local_addr()?);

    let window = mx
        .request_oauth_window_uri("USR-1", "MBR-1")
        .referral_source(ReferralSource::App)
        .client_redirect_url(done.as_str())
        .send()
        .await?;
    let member = window.into_inner().member.ok_or("no member")?;
    let window = member.oauth_window_uri.ok_or("no OAuth window")?;
    // `{:?}` shows `[hidden]`: who has this URL can continue as the user.
    println!(
        "the user is sent to {window:?}, {} characters",
        window.len()
    );

    let user = tokio::spawn(user_logs_in(done));
    let end = redirect(&callback).await?;
    user.await??;
    match end.status() {
        Status::Success => println!("{} is connected", end.member_guid().unwrap_or("a member")),
        _ => println!("not connected: {:?}", end.reason()),
    }
    assert_eq!(end.member_guid(), Some("MBR-2"));
    // The redirect can be forged: read the member to know what happened.
    server.stop().await;
    Ok(())
}

/// Waits for the browser, thanks the user, and reads the parameters that MX has added to the URL.
async fn redirect(callback: &TcpListener) -> Result<OAuthRedirect, Box<dyn Error>> {
    let (stream, _) = callback.accept().await?;
    let mut stream = BufReader::new(stream);
    let (mut request, mut line) = (String::new(), String::new());
    stream.read_line(&mut request).await?;
    while stream.read_line(&mut line).await? > "\r\n".len() {
        line.clear();
    }
    let thanks = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\nThanks!";
    stream.write_all(thanks.as_bytes()).await?;
    let target = request.split(' ').nth(1).ok_or("no HTTP")?;
    Ok(OAuthRedirect::parse(target)?)
}

/// Does what the user, the bank and MX do. The member in the redirect may be another than the one of the call.
async fn user_logs_in(done: String) -> platform_client::reqwest::Result<()> {
    let url = format!("{done}?status=success&member_guid=MBR-2");
    let browser = platform_client::http_client_builder()
        .expect("TLS")
        .no_proxy();
    browser.build()?.get(url).send().await?.error_for_status()?;
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("the example");
}
