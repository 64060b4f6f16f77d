//! Where the clients are named outside of their folders: lines that cargo and the conformance suite need, written from
//! the folders under `specs/`.

use std::path::Path;

use codegen::Authentication;
use codegen::output::Plan;

use crate::input::read_file;

/// The comments between which the lines of the clients are, in each of the files.
const BEGIN: &str =
    " The clients, from the folders of specs/; `cargo xtask regen` writes these lines.\n";
const END: &str = " The end of the clients.\n";

/// A file that names the clients, how a comment of it begins, and its line for a client.
struct Listing {
    file: &'static str,
    comment: &'static str,
    line: fn(&Client<'_>) -> String,
}

/// What a line says of a client.
struct Client<'a> {
    api: &'a str,
    authentication: Authentication,
}

const LISTINGS: [Listing; 3] = [
    Listing {
        file: "Cargo.toml",
        comment: "#",
        line: |client| {
            let name = format!("{}-client", client.api);
            format!(
                "{name} = {{ path = \"crates/{name}\", version = \"0.1.0\", default-features = false }}\n"
            )
        },
    },
    Listing {
        file: "crates/conformance/Cargo.toml",
        comment: "#",
        line: |client| {
            let features = "[\"dispatch\", \"openapi\"]";
            format!(
                "{}-client = {{ workspace = true, features = {features} }}\n",
                client.api
            )
        },
    },
    Listing {
        file: "crates/conformance/src/apis/list.rs",
        comment: "    //",
        line: |client| {
            let library = format!("{}_client", client.api.replace('-', "_"));
            let kind = match client.authentication {
                Authentication::None => "none",
                Authentication::Basic | Authentication::Bearer => "basic",
                Authentication::Session => "session",
            };
            format!("    {:?} => {library}, {kind};\n", client.api)
        },
    },
];

/// Adds the files that name the clients, as they are for these APIs.
///
/// # Errors
///
/// A file cannot be read, or has lost the comments around the lines.
pub fn plan<'a>(
    plan: &mut Plan,
    root: &Path,
    apis: impl IntoIterator<Item = (&'a str, Authentication)>,
) -> Result<(), String> {
    let mut clients: Vec<Client<'_>> = apis
        .into_iter()
        .map(|(api, authentication)| Client {
            api,
            authentication,
        })
        .collect();
    clients.sort_by_key(|client| client.api);
    for Listing {
        file,
        comment,
        line,
    } in LISTINGS
    {
        let path = root.join(file);
        let text = read_file(&path, file)?;
        let (begin, end) = (format!("{comment}{BEGIN}"), format!("{comment}{END}"));
        let parts = text.split_once(&begin).and_then(|(before, rest)| {
            let (_, after) = rest.split_once(&end)?;
            Some((before, after))
        });
        let (before, after) = parts.ok_or_else(|| {
            format!(
                "{file}: the lines of the clients must be between the comments\n  {}\n  {}",
                begin.trim(),
                end.trim()
            )
        })?;
        let lines: String = clients.iter().map(line).collect();
        plan.add_file(path, format!("{before}{begin}{lines}{end}{after}"));
    }
    Ok(())
}

/// The names of the workspace's dependencies, which no client may have.
///
/// # Errors
///
/// The workspace's manifest cannot be read.
pub fn names_taken(root: &Path) -> Result<Vec<String>, String> {
    let text = read_file(&root.join("Cargo.toml"), "Cargo.toml")?;
    let manifest: toml_edit::DocumentMut = text
        .parse()
        .map_err(|error| format!("Cargo.toml: {error}"))?;
    let dependencies = manifest["workspace"]["dependencies"].as_table();
    Ok(dependencies
        .into_iter()
        .flatten()
        .map(|(name, _)| name.to_owned())
        .collect())
}
