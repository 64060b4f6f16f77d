//! The packages that are published, unpacked side by side: a program outside the repository is built on them.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tests::{cargo, write};

/// The published crates, each after those that it depends on.
const PUBLISHED: [&str; 5] = [
    "mx-openapi",
    "mx-codegen",
    "mx-client-core",
    "platform-client",
    "nexus-client",
];

const MANIFEST: &str = r#"[package]
name = "app"
version = "0.0.0"
edition = "2024"

[workspace]

[features]
build-time = ["platform-client/build-time"]

[dependencies]
platform-client = { path = "../platform-client" }
nexus-client = { path = "../nexus-client" }

[patch.crates-io]
mx-client-core = { path = "../mx-client-core" }
mx-codegen = { path = "../mx-codegen" }
mx-openapi = { path = "../mx-openapi" }
"#;

const MAIN: &str = r#"fn main() {
    let mut window = platform_client::OAuthWindowResponse::default();
    window.guid = Some("a member".into());
    window.oauth_window_uri = Some("a URL".into());
    // The type is the overlay's.
    let source = platform_client::ReferralSource::App;
    let operations = (platform_client::operations::ALL.len(), nexus_client::operations::ALL.len());
    println!("{window:?} {source:?} {operations:?}");
}
"#;

/// Another field that is a secret.
const OVERLAY: &str = "overlay: 1.0.0
info: { title: The member is a secret, version: '1' }
actions:
  - target: $.components.schemas.OAuthWindowResponse.properties.guid
    description: The program wants it so.
    update: { format: password }
";

/// Copies what differs, so that nothing is built again that is the same.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy(&path, &target),
            false => write(&target, &fs::read_to_string(&path).expect("text")),
        }
    }
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
#[ignore = "compiles much; `cargo xtask ci` runs it"]
fn packages_build_outside_the_repository_thoroughly() {
    let mut package = cargo();
    package.args([
        "package",
        "--no-verify",
        "--allow-dirty",
        "--offline",
        "--quiet",
    ]);
    package.args(PUBLISHED.iter().flat_map(|name| ["--package", name]));
    let output = package.output().expect("cargo starts");
    assert!(output.status.success(), "{}", words(&output));

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages");
    let unpacked = tempfile::tempdir().expect("a folder");
    for name in PUBLISHED {
        let packages = fs::read_dir(xtask::target().join("package")).expect("packages");
        let files = packages.map(|entry| entry.expect("an entry").path());
        let is_own = |path: &Path| {
            let name_of = path.file_name().unwrap_or_default().to_string_lossy();
            let version = name_of.strip_prefix(&format!("{name}-"));
            version
                .is_some_and(|version| version.starts_with("0.1.0") && version.ends_with(".crate"))
        };
        let mut files: Vec<_> = files.filter(|path| is_own(path)).collect();
        files.sort_by_key(|path| {
            path.metadata()
                .and_then(|data| data.modified())
                .expect("a time")
        });
        let file = files.pop().expect("a package");
        let into = unpacked.path().join(name);
        fs::create_dir_all(&into).expect("a folder");
        let tar = Command::new("tar")
            .args(["--strip-components=1", "-xzf"])
            .arg(&file)
            .arg("-C")
            .arg(&into)
            .status();
        assert!(tar.expect("tar starts").success());
        for file in ["LICENSE-MIT", "LICENSE-APACHE", "README.md"] {
            let text = fs::read_to_string(into.join(file)).unwrap_or_default();
            assert!(text.len() > 300, "{name} has no {file}");
        }
        let manifest = fs::read_to_string(into.join("Cargo.toml")).expect("a manifest");
        let facts = ["description", "readme", "keywords", "categories", "license"];
        for fact in facts {
            let start = format!("\n{fact} = ");
            assert!(manifest.contains(&start), "{name} says no {fact}");
        }
        copy(&into, &folder.join(name));
    }
    let app = folder.join("app");
    fs::create_dir_all(app.join("src")).expect("a folder");
    let (profiles, lock) = xtask::shared_build().expect("the workspace's own files");
    write(&app.join("Cargo.toml"), &format!("{MANIFEST}\n{profiles}"));
    if !app.join("Cargo.lock").exists() {
        write(&app.join("Cargo.lock"), &lock);
    }
    write(&app.join("src/main.rs"), MAIN);

    let run = |command: &str, features: &[&str], variable: Option<(&str, &str)>| {
        let mut run = cargo();
        run.current_dir(&app)
            .args([command, "--offline"])
            .args(features);
        run.envs(variable).env("CARGO_TERM_VERBOSE", "false");
        run.output().expect("cargo starts")
    };
    let build_time = ["--features", "build-time"];
    for features in [&[][..], &build_time] {
        let output = run("run", features, None);
        assert!(output.status.success(), "{}", words(&output));
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "OAuthWindowResponse { guid: …, oauth_window_uri: [hidden] } App (1, 1)\n"
        );
    }
    let again = words(&run("build", &build_time, None));
    assert!(
        again.contains("own spec (1); PLATFORM_CLIENT_SPEC names another"),
        "{again}"
    );
    assert!(!again.contains("Compiling"), "nothing changed:\n{again}");
    let overlay = app.join("overlay.yaml");
    write(&overlay, OVERLAY);
    let overlay = overlay.to_str().expect("text");
    let corrected = run(
        "run",
        &build_time,
        Some(("PLATFORM_CLIENT_OVERLAY", overlay)),
    );
    assert_eq!(
        String::from_utf8_lossy(&corrected.stdout),
        "OAuthWindowResponse { guid: [hidden], oauth_window_uri: [hidden] } App (1, 1)\n",
        "{}",
        words(&corrected)
    );
    let missing = Some(("PLATFORM_CLIENT_SPEC", "/no/such.yaml"));
    let missing = run("build", &build_time, missing);
    let told = "PLATFORM_CLIENT_SPEC names `/no/such.yaml`, which is not a file";
    assert!(
        !missing.status.success() && words(&missing).contains(told),
        "{}",
        words(&missing)
    );
}
