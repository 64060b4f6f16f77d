//! `cargo xtask mock`: serves until Ctrl-C.

use std::future::poll_fn;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use super::chosen::{Apis, chosen};
use super::output::print;
use crate::cases;
use crate::contract::Contract;
use crate::mock_server::{Fault, LogFormat, Scenario, SpecServer};
use crate::report::curl;
use crate::report::text::{count, line, lines};

const EXAMPLES: &str = "Examples:
  cargo xtask mock --api platform --port 4010 --list
  cargo xtask mock --spec full.yaml --overlay corrections.yaml --scenario aggregation.yaml
  cargo xtask mock --api platform --credentials basicAuth=ID:KEY --credentials bearerAuth=TOKEN
  curl -H 'Prefer: code=404' …            the documented response of a status
  curl -H 'Prefer: example=NAME' …        a documented example by its name

docs/mock.md describes scenarios, preferences and the log.";

/// Arguments of the mock server.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// The API, by its name below specs
    #[arg(long, required_unless_present = "spec")]
    api: Option<String>,
    /// Use this spec instead; without --overlay as it is
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    spec: Option<PathBuf>,
    /// Corrections to that spec: an OpenAPI overlay
    #[arg(long, value_name = "FILE", requires = "spec")]
    overlay: Option<PathBuf>,
    /// Accept only these credentials: a token, or ID:KEY. Where there are several security schemes, SCHEME=CREDENTIALS,
    /// once for each. Without this, any of the right form are accepted
    #[arg(long = "credentials", value_name = "[SCHEME=]CREDENTIALS")]
    credentials: Vec<String>,
    /// The address or name to listen on; 0.0.0.0 can be reached by other machines
    #[arg(long, value_name = "HOST", default_value = "127.0.0.1")]
    host: String,
    /// The port to listen on; 0 is any free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Let operations give the answers of this file one after the other, for polling and flows of several calls
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,
    /// Inject a fault: delay[:MILLISECONDS], reset, throttle, fail, expire or garbage, in all or a share of the calls
    /// (throttle=0.25); may be repeated
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<Fault>,
    /// Refuse requests from pages of other origins: send no CORS headers
    #[arg(long)]
    no_cors: bool,
    /// Print a curl command for each operation
    #[arg(long)]
    list: bool,
    /// Do not log requests
    #[arg(long, conflicts_with = "log")]
    quiet: bool,
    /// How requests are logged, on stderr
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    log: Log,
}

/// The form of the log.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Log {
    /// A line for people
    Text,
    /// A line of JSON
    Json,
}

/// Serves until Ctrl-C.
///
/// # Errors
///
/// The spec or the scenario cannot be read, or the address cannot be listened on.
pub(super) async fn run(args: &Args, apis: Apis) -> Result<(), String> {
    let server = server(args, apis)?;
    let contract = Arc::clone(server.contract());
    let running = server.start().await.map_err(|error| match error.kind() {
        // The spec does not have what an option names.
        ErrorKind::InvalidInput => error.to_string(),
        _ => format!(
            "cannot listen on {}, port {}: {error}",
            args.host, args.port
        ),
    })?;
    // The first poll installs the handler: Ctrl-C must not end the program as soon as its output can be seen.
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let early = poll_fn(|context| Poll::Ready(interrupted.as_mut().poll(context))).await;
    print(&banner(args, &contract, &running.url()))?;
    let interrupted = match early {
        Poll::Ready(result) => result,
        Poll::Pending => interrupted.await,
    };
    interrupted.map_err(|error| format!("cannot wait for Ctrl-C: {error}"))?;
    running.stop().await;
    Ok(())
}

/// The server that the arguments describe.
fn server(args: &Args, apis: Apis) -> Result<SpecServer, String> {
    let mut server = match (&args.spec, &args.overlay) {
        (Some(spec), None) => SpecServer::of_file(spec)?,
        (Some(spec), Some(overlay)) => SpecServer::of_files(spec, overlay)?,
        (None, _) => {
            let apis = chosen(apis, args.api.as_slice())?;
            let api = apis.first().ok_or("no API was chosen")?;
            SpecServer::new(api.contract.clone())
        }
    };
    if let Some(path) = &args.scenario {
        server = server.scenario(Scenario::of_file(path)?);
    }
    for credentials in &args.credentials {
        server = server.credentials(credentials);
    }
    for fault in &args.faults {
        server = server.fault(fault.clone());
    }
    let log = match args.log {
        _ if args.quiet => LogFormat::Off,
        Log::Text => LogFormat::Text,
        Log::Json => LogFormat::Json,
    };
    Ok(server
        .host(&args.host)
        .port(args.port)
        .allow_pages(!args.no_cors)
        .log(log))
}

/// What is printed when the server listens.
fn banner(args: &Args, contract: &Contract, url: &str) -> String {
    let accepted = match args.credentials.as_slice() {
        [] => "any credentials of the right form are accepted",
        _ => "only the given credentials are accepted",
    };
    let (title, operations) = (line(&contract.title), contract.operations.len());
    let mut text = format!("{title} listens on {url}\n");
    text += &format!("{}; {accepted}\n", count(operations, "operation"));
    if !args.list {
        text += "Ctrl-C stops it; --list shows a curl command for each operation\n";
        return text;
    }
    text += "Ctrl-C stops it\n\n";
    for operation in &contract.operations {
        let request = curl::request(operation, &cases::minimal(operation));
        text += &lines(&curl::command(url, operation, &request));
        text += "\n";
    }
    text
}
