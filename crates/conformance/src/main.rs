//! The suite as a program: `cargo xtask conformance`.
//!
//! Exit codes: 0 every case passed; 1 some failed; 2 they could not be run.

use std::process::ExitCode;

use clap::Parser;
use conformance::api::Api;
use conformance::report::{Section, terminal};
use conformance::{cases, runner};

/// Sends every operation of the specs through the clients, and judges requests and responses against the specs.
#[derive(Parser)]
#[command(name = "conformance", bin_name = "cargo xtask conformance")]
struct Args {
    /// Only this API: `platform` or `nexus`
    #[arg(long = "api", value_name = "API")]
    apis: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Args::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::from(2)
        }
    }
}

/// Whether every case passed.
async fn run(args: &Args) -> Result<bool, String> {
    let mut sections = Vec::new();
    for api in chosen(&args.apis)? {
        let cases = cases::all(&api.contract);
        let verdicts = runner::run(&api, &cases)
            .await
            .map_err(|error| error.to_string())?;
        sections.push(Section {
            api: api.contract.title.clone(),
            verdicts,
        });
    }
    print!("{}", terminal::table(&sections));
    Ok(sections.iter().all(|section| section.failed() == 0))
}

fn chosen(names: &[String]) -> Result<Vec<Api>, String> {
    let mut apis = Api::all()?;
    let known: Vec<&str> = apis.iter().map(|api| api.name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!(
            "there is no API `{unknown}`: there are {}",
            known.join(" and ")
        ));
    }
    apis.retain(|api| names.is_empty() || names.iter().any(|name| name == api.name));
    Ok(apis)
}
