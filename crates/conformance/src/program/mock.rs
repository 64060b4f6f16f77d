//! `cargo xtask mock`: serves until Ctrl-C.

use std::future::poll_fn;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use super::chosen::{Apis, chosen};
use super::output::print;
use crate::cases;
use crate::mock_server::{Fault, SpecServer};
use crate::report::curl;
use crate::report::text::{line, lines};

/// Arguments of the mock server.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The API, by its name below specs
    #[arg(long, required_unless_present = "spec")]
    api: Option<String>,
    /// Use this spec instead
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    spec: Option<PathBuf>,
    /// Accept only these credentials: a token, or ID:KEY. Without this, any of the right form are accepted
    #[arg(long, value_name = "CREDENTIALS")]
    credentials: Option<String>,
    /// The port to listen on; 0 is any free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Inject a fault: delay[:MILLISECONDS], reset, throttle, fail, expire or garbage, in all or a share of the calls
    /// (throttle=0.25); may be repeated
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Fault>,
}

/// Serves until Ctrl-C.
///
/// # Errors
///
/// The spec cannot be read, or the port cannot be listened on.
pub(super) async fn run(args: &Args, apis: Apis) -> Result<(), String> {
    let mut server = match &args.spec {
        Some(spec) => SpecServer::of_file(spec)?,
        None => {
            let apis = chosen(apis, args.api.as_slice())?;
            let api = apis.first().ok_or("no API was chosen")?;
            SpecServer::new(api.contract.clone())
        }
    };
    server = server.port(args.port);
    if let Some(credentials) = &args.credentials {
        server = server.credentials(credentials);
    }
    let contract = Arc::clone(server.contract());
    for fault in &args.faults {
        server = server.fault(fault.clone());
    }
    let running = server
        .start()
        .await
        .map_err(|error| format!("cannot listen on port {}: {error}", args.port))?;
    let url = running.url();
    let accepted = match &args.credentials {
        None => "it accepts any credentials of the right form",
        Some(_) => "it accepts only the given credentials",
    };
    let title = line(&contract.title);
    let mut text = format!("{title} listens on {url}\n{accepted}; Ctrl-C stops it\n\n");
    for operation in &contract.operations {
        let request = curl::request(operation, &cases::minimal(operation));
        text += &lines(&curl::command(&url, operation, &request));
        text += "\n";
    }
    // The first poll installs the handler: Ctrl-C must not end the program as soon as its output can be seen.
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let early = poll_fn(|context| Poll::Ready(interrupted.as_mut().poll(context))).await;
    print(&text)?;
    let interrupted = match early {
        Poll::Ready(result) => result,
        Poll::Pending => interrupted.await,
    };
    interrupted.map_err(|error| format!("cannot wait for Ctrl-C: {error}"))?;
    running.stop().await;
    Ok(())
}
