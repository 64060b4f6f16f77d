//! `cargo xtask release`: the next version, its changelog, tag and packages.

mod changelog;
mod git;
mod packages;
mod steps;
mod version;

use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr as _;

use codegen::output;
use semver::Version;
use time::OffsetDateTime;
use toml_edit::DocumentMut;
use xtask::{note, print, root};

use crate::input::read_file;
use git::git;
use packages::Published;

/// Arguments of `release`.
#[derive(clap::Args)]
pub struct Args {
    /// Show the release and verify its packages, but write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
pub fn run(args: &Args) -> Result<ExitCode, String> {
    let root = root();
    let is_clean = git(&root, &["status", "--porcelain"])?.trim().is_empty();
    if !args.dry_run && !is_clean {
        return Err("there are changes that are not committed: commit them first".to_owned());
    }
    let manifest_path = root.join("Cargo.toml");
    let manifest = read_file(&manifest_path, "Cargo.toml")?;
    let mut manifest = DocumentMut::from_str(&manifest)
        .map_err(|error| format!("Cargo.toml: {}", error.message()))?;
    let current = version::of_workspace(&manifest)?;
    let published = packages::published(&root)?;

    let next = match last_release(&root)? {
        None => {
            print("This is the first release: there is no tag to compare with.\n")?;
            current
        }
        Some(last) => {
            let tag = version::tag(&last);
            let steps = steps::since(&root, &tag, &published)?;
            print(steps::table(&tag, &steps))?;
            version::raised(&last, steps::largest(&steps)).max(current)
        }
    };
    let today = OffsetDateTime::now_utc().date();
    let changelog_path = root.join("CHANGELOG.md");
    let changelog = read_file(&changelog_path, "CHANGELOG.md")?;
    let released = changelog::released(&changelog, &next, today)?;
    print(format_args!(
        "\nversion    {next}\ntag        {}\n\nCHANGELOG.md:\n{}\n",
        version::tag(&next),
        released.section.trim_end()
    ))?;

    print("\npackages, each compiled from its own archive:\n")?;
    for archive in packages::verify(&root, &published, is_clean)? {
        print(format_args!("  {archive}\n"))?;
    }
    if args.dry_run {
        return Ok(ExitCode::SUCCESS);
    }
    version::set(&mut manifest, &next, &names(&published));
    output::replace(&manifest_path, manifest.to_string()).map_err(|error| error.to_string())?;
    output::replace(&changelog_path, released.document).map_err(|error| error.to_string())?;
    // Compiled again: the generator writes its own version into the clients' crates.
    packages::regenerate(&root)?;
    note(format_args!(
        "next:\n  1. read `git diff`, and run `bash .ci/run`\n  2. git commit -am \"release {next}\" && git tag {}\n  \
         3. push both, and publish with `cargo publish --workspace`",
        version::tag(&next)
    ));
    Ok(ExitCode::SUCCESS)
}

fn names(published: &[Published]) -> Vec<&str> {
    published.iter().map(|one| &*one.name).collect()
}

/// The version of the newest release that the current commit descends from.
fn last_release(root: &Path) -> Result<Option<Version>, String> {
    let tags = git(root, &["tag", "--list", "v*", "--merged", "HEAD"])?;
    let versions = tags.lines().filter_map(|tag| tag.strip_prefix('v'));
    Ok(versions.filter_map(|text| Version::parse(text).ok()).max())
}
