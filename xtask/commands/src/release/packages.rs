//! The crates that are published, and their archives.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use xtask::{build, cargo};

/// A crate that is published.
#[derive(Debug)]
pub struct Published {
    /// Its name.
    pub name: String,
    /// Its version; that of a client names the version of its API.
    pub version: String,
    /// Its folder, relative to the repository.
    pub folder: PathBuf,
}

/// The crates of the workspace that are published, as cargo reads them.
pub fn published(root: &Path) -> Result<Vec<Published>, String> {
    let metadata = metadata(root)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let packages = packages.filter(|package| package["publish"] != Value::Array(Vec::new()));
    let text = |package: &Value, key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let mut published: Vec<Published> = packages
        .map(|package| {
            let manifest = PathBuf::from(text(package, "manifest_path"));
            let folder = manifest.parent().unwrap_or(root);
            Published {
                name: text(package, "name"),
                version: text(package, "version"),
                folder: folder.strip_prefix(root).unwrap_or(folder).to_owned(),
            }
        })
        .collect();
    published.sort_by(|one, other| one.name.cmp(&other.name));
    match published.is_empty() {
        true => Err("no crate of the workspace is published".to_owned()),
        false => Ok(published),
    }
}

fn metadata(root: &Path) -> Result<Value, String> {
    let mut cargo = cargo();
    cargo.current_dir(root);
    cargo.args(["metadata", "--no-deps", "--format-version", "1"]);
    let ran = build::run(&mut cargo)?;
    serde_json::from_str(&ran.stdout)
        .map_err(|_| "cargo does not describe the workspace".to_owned())
}

/// Packages every published crate, compiles each from its archive, and describes the archives.
pub fn verify(root: &Path, published: &[Published], is_clean: bool) -> Result<Vec<String>, String> {
    let mut package = cargo();
    package.current_dir(root).args(["package", "--locked"]);
    for one in published {
        package.args(["--package", &one.name]);
    }
    if !is_clean {
        package.arg("--allow-dirty");
    }
    if !build::run(&mut package)?.is_success {
        return Err("the packages cannot be made: see above".to_owned());
    }
    let metadata = metadata(root)?;
    let target = Path::new(metadata["target_directory"].as_str().unwrap_or("target"));
    let described = published.iter().map(|one| {
        let name = format!("{}-{}.crate", one.name, one.version);
        let archive = target.join("package").join(&name);
        let bytes = fs::metadata(&archive).map_err(|error| format!("{name}: {error}"))?;
        Ok(format!("{name}, {} KiB", bytes.len().div_ceil(1024)))
    });
    described.collect()
}

/// Writes the new version into `Cargo.lock` and the clients' crates.
pub fn regenerate(root: &Path) -> Result<(), String> {
    for arguments in [
        &["update", "--workspace", "--offline"][..],
        &["xtask", "regen"],
    ] {
        let mut cargo = cargo();
        cargo.current_dir(root).args(arguments);
        if !build::run(&mut cargo)?.is_success {
            return Err(format!(
                "Cargo.toml and CHANGELOG.md are written, but this failed: run `cargo {}`",
                arguments.join(" ")
            ));
        }
    }
    Ok(())
}
