//! `cargo xtask import`: specs out of documentation pages.

mod cache;
mod index;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use cache::Cache;
use drift::compare::{compare, safe};
use drift::import::{self, Slice};
use index::{Page, Site};
use names::is_of;
use openapi::Document;

use crate::input::{Input, read_file};
use xtask::{note, print, root, target};

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
    #[arg(required_unless_present = "index", value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// Fetch all pages of the API that this index links to, such as `https://docs.mx.com/llms.txt`: a file or a URL
    #[arg(long, value_name = "FILE|URL", conflicts_with = "pages")]
    index: Option<Input>,
    /// Take only what is of this file, as the pages call it, such as openapi/nexus/v1.yaml
    #[arg(long, value_name = "NAME")]
    file: Option<String>,
    /// The milliseconds between two requests
    #[arg(long, value_name = "MS", default_value = "500", requires = "index")]
    delay: u64,
    /// Where fetched pages are kept, so that they are sent again only if they changed; target/pages if not given
    #[arg(long, value_name = "DIR", requires = "index")]
    cache: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let into = match &args.into {
        Some(file) => file.clone(),
        None => {
            let folder = root().join("specs").join(&args.api);
            if !folder.is_dir() {
                return Err(format!(
                    "there is no API `{}`: the folder {} does not exist",
                    args.api,
                    folder.display()
                ));
            }
            folder.join("openapi.yaml")
        }
    };
    let slices = one_file(slices(args)?, args)?;
    let name = into.display().to_string();
    let base = match into.exists() {
        true => Some(Document::read_as(&into, &name).map_err(|error| error.to_string())?),
        false => None,
    };
    let merged = import::merge(&slices, base.as_ref()).map_err(|error| error.to_string())?;
    let different: BTreeSet<String> = slices.iter().map(Slice::operation).collect();
    let operations = match different.len() {
        1 => "1 operation".to_owned(),
        number => format!("{number} operations"),
    };
    let shown = safe::line(&name);
    if let Some(base) = &base {
        let merged =
            Document::parse("the pages", merged.as_str()).map_err(|error| error.to_string())?;
        let report = compare(base, &merged);
        if report.verdict().is_none() {
            print(format_args!("{shown}: {operations}, nothing changes\n"))?;
            return Ok(ExitCode::SUCCESS);
        }
        print(report.text(false))?;
    }
    if args.check {
        if base.is_none() {
            print(format_args!(
                "{shown}: would be written, with {operations}\n"
            ))?;
        }
        return Ok(ExitCode::FAILURE);
    }
    codegen::output::replace(&into, merged).map_err(|error| error.to_string())?;
    print(format_args!("{shown}: {operations} written\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// What the pages hold of the API.
fn slices(args: &Args) -> Result<Vec<Slice>, String> {
    let is_ours = |slice: &Slice| {
        // A page that names no file may be of any API.
        let mut parts = slice.file().into_iter().flat_map(|file| file.split('/'));
        slice.file().is_none() || parts.any(|part| is_of(part, &args.api))
    };
    let mut slices = Vec::new();
    if let Some(index) = &args.index {
        let cache = match &args.cache {
            Some(folder) => Cache(folder.clone()),
            None => index::default_cache(&target()),
        };
        let mut site = Site::new(cache, Duration::from_millis(args.delay))?;
        let pages = site.pages(index, &args.api)?;
        let (mut others, mut problems) = (0, Vec::new());
        for Page { name, text } in &pages {
            // An index has pages about other things, too.
            if !import::has_openapi(text) && !import::is_html(text) {
                others += 1;
                continue;
            }
            match import::slices(name, text) {
                Ok(read) => slices.extend(read.into_iter().filter(is_ours)),
                Err(error) => problems.push(error.to_string()),
            }
        }
        if !problems.is_empty() {
            return Err(format!("{}\nnothing was written", problems.join("\n")));
        }
        if others > 0 {
            note(format_args!("{others} pages describe no operation"));
        }
        if slices.is_empty() {
            return Err(format!("no page describes an operation of `{}`", args.api));
        }
        return Ok(slices);
    }
    for page in &args.pages {
        let name = page.display().to_string();
        let text = read_file(page, &name)?;
        slices.extend(import::slices(&name, &text).map_err(|error| error.to_string())?);
    }
    match slices.iter().find(|slice| !is_ours(slice)) {
        Some(other) => Err(format!(
            "{}: is of `{}`, not of the API `{}`",
            other.document().name(),
            other.file().unwrap_or_default(),
            args.api
        )),
        None => Ok(slices),
    }
}

/// What is of the one file that was asked for; without that, all have to be of one.
fn one_file(mut slices: Vec<Slice>, args: &Args) -> Result<Vec<Slice>, String> {
    let mut files: BTreeMap<String, usize> = BTreeMap::new();
    for file in slices.iter().filter_map(Slice::file) {
        *files.entry(file.to_owned()).or_default() += 1;
    }
    let listed: Vec<String> = files
        .iter()
        .map(|(file, count)| format!("{file} ({count} operations)"))
        .collect();
    match &args.file {
        Some(file) => {
            slices.retain(|slice| slice.file() == Some(file));
            match slices.is_empty() {
                true => Err(format!(
                    "no page is of `{file}`, but of: {}",
                    listed.join(", ")
                )),
                false => Ok(slices),
            }
        }
        None if files.len() > 1 => Err(format!(
            "the pages are of several files, choose one with --file: {}",
            listed.join(", ")
        )),
        None => Ok(slices),
    }
}
