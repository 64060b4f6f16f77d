//! `cargo xtask import`: specs out of documentation pages.

use std::path::PathBuf;
use std::process::ExitCode;

use drift::compare::compare;
use drift::import;
use openapi::Document;

use crate::input::read_file;
use xtask::{print, root};

/// Arguments of `import`.
#[derive(clap::Args)]
pub struct Args {
    /// The API that the pages document
    #[arg(long)]
    api: String,
    /// The spec to write; `specs/API/openapi.yaml` if not given
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
    /// Write nothing; print what would change, and exit with 1 if anything would
    #[arg(long)]
    check: bool,
    /// The pages, saved as Markdown
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let into = match &args.into {
        Some(file) => file.clone(),
        None => {
            let folder = root().join("specs").join(&args.api);
            if !folder.is_dir() {
                return Err(format!(
                    "there is no API `{}`: no folder {}",
                    args.api,
                    folder.display()
                ));
            }
            folder.join("openapi.yaml")
        }
    };
    let mut slices = Vec::new();
    for page in &args.pages {
        let name = page.display().to_string();
        let text = read_file(page, &name)?;
        slices.extend(import::slices(&name, &text).map_err(|error| error.to_string())?);
    }
    for slice in &slices {
        // A page that names no file may be of any API.
        let Some(file) = slice.file() else { continue };
        if !file.split('/').any(|part| is_of(part, &args.api)) {
            return Err(format!(
                "{}: is of `{file}`, not of the API `{}`",
                slice.document().name(),
                args.api
            ));
        }
    }
    let name = into.display().to_string();
    let base = match into.exists() {
        true => Some(Document::read_as(&into, &name).map_err(|error| error.to_string())?),
        false => None,
    };
    let merged = import::merge(&slices, base.as_ref()).map_err(|error| error.to_string())?;
    if base.as_ref().is_some_and(|base| base.text() == merged) {
        print(format_args!(
            "{name}: {} operations, nothing changes\n",
            slices.len()
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(base) = &base {
        let merged =
            Document::parse("the pages", merged.as_str()).map_err(|error| error.to_string())?;
        print(compare(base, &merged).text(false))?;
    }
    if args.check {
        if base.is_none() {
            print(format_args!(
                "{name}: would be written, with {} operations\n",
                slices.len()
            ))?;
        }
        return Ok(ExitCode::FAILURE);
    }
    codegen::output::replace(&into, merged).map_err(|error| error.to_string())?;
    print(format_args!(
        "{name}: {} operations written\n",
        slices.len()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// Whether a part of a path such as `openapi/nexus/v1.yaml` is an API's: `platform-api` is
/// `platform`'s.
fn is_of(part: &str, api: &str) -> bool {
    part.split(['-', '_', '.']).any(|word| word == api)
}
