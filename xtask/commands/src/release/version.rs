//! The version that all published crates share.

use drift::compare::Semver;
use semver::{BuildMetadata, Prerelease, Version};
use toml_edit::{DocumentMut, value};

/// The version in `[workspace.package]`.
pub fn of_workspace(manifest: &DocumentMut) -> Result<Version, String> {
    let text = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package")?.get("version")?.as_str())
        .ok_or("Cargo.toml: [workspace.package] has no version")?;
    Version::parse(text).map_err(|error| format!("Cargo.toml: invalid version `{text}`: {error}"))
}

/// Sets the version of the workspace, and that of its published crates as dependencies.
pub fn set(manifest: &mut DocumentMut, version: &Version, published: &[&str]) {
    manifest["workspace"]["package"]["version"] = value(version.to_string());
    let dependencies = manifest["workspace"]["dependencies"].as_table_like_mut();
    for (key, dependency) in dependencies.into_iter().flat_map(|table| table.iter_mut()) {
        let name = dependency.get("package").and_then(|name| name.as_str());
        let is_published = published.contains(&name.unwrap_or(key.get()));
        if is_published && dependency.get("version").is_some() {
            dependency["version"] = value(version.to_string());
        }
    }
}

/// The version after a step. Before 1.0, cargo takes the second number for breaking changes.
pub fn raised(last: &Version, step: Semver) -> Version {
    let mut next = last.clone();
    next.pre = Prerelease::EMPTY;
    next.build = BuildMetadata::EMPTY;
    let is_stable = last.major > 0;
    match (step, is_stable) {
        (Semver::Major, true) => (next.major, next.minor, next.patch) = (last.major + 1, 0, 0),
        (Semver::Major, false) | (Semver::Minor, true) => {
            (next.minor, next.patch) = (last.minor + 1, 0);
        }
        (Semver::Minor, false) | (Semver::Patch | Semver::None, _) => next.patch += 1,
    }
    next
}

/// The tag of a release.
pub fn tag(version: &Version) -> String {
    format!("v{version}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_raises_the_number_that_cargo_takes_for_it() {
        for (last, step, next) in [
            ("0.1.4", Semver::Major, "0.2.0"),
            ("0.1.4", Semver::Minor, "0.1.5"),
            ("0.1.4", Semver::Patch, "0.1.5"),
            ("1.2.3", Semver::Major, "2.0.0"),
            ("1.2.3", Semver::Minor, "1.3.0"),
            ("1.2.3+v1", Semver::None, "1.2.4"),
        ] {
            let last = Version::parse(last).unwrap();
            assert_eq!(raised(&last, step).to_string(), next, "{last} {step:?}");
        }
    }
}
