//! `new-client`: another API in the repository, and crates that stand on their own.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use xtask::{target, workspace};

use crate::support::*;

const SPEC: &str = "
openapi: 3.0.3
info: {title: Third API, version: '1'}
servers: [{url: 'https://api.example.com', description: Production}]
paths:
  /things/{id}:
    get:
      operationId: readThing
      parameters: [{name: id, in: path, required: true, schema: {type: string}, example: T-1}]
      security: [{key: []}]
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}, example: {name: One}}}}
components:
  securitySchemes: {key: {type: http, scheme: basic}}
  schemas:
    Thing: {type: object, required: [name], properties: {name: {type: string}, secret: {type: string}}}
";

const OVERLAY: &str = "
overlay: 1.0.0
info: {title: Corrections, version: '1'}
actions:
  - target: $.components.schemas.Thing.properties.secret
    description: It is a secret.
    update: {format: password}
";

/// A folder that keeps its place and its files between runs, so that cargo compiles what is in it once.
fn place(name: &str) -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&place).unwrap();
    place
}

fn spec_file(folder: &Path) -> (String, String) {
    let (spec, overlay) = (folder.join("third.yaml"), folder.join("third-overlay.yaml"));
    fs::write(&spec, SPEC).unwrap();
    fs::write(&overlay, OVERLAY).unwrap();
    (spec.display().to_string(), overlay.display().to_string())
}

/// Cargo in a folder, offline, with what this workspace has compiled. Programs stay in the folder.
fn cargo(folder: &Path) -> Command {
    let mut cargo = xtask::cargo();
    cargo
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("CARGO_BUILD_BUILD_DIR", target())
        .env("CARGO_NET_OFFLINE", "true");
    for name in ["PLATFORM_CLIENT_SPEC", "NEXUS_CLIENT_SPEC"] {
        cargo.env_remove(name);
    }
    cargo
}

/// Every file below a folder that belongs to the repository, by its path.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(at) = waiting.pop() {
        for entry in fs::read_dir(&at).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["target", ".git", "node_modules"].contains(&&*name) {
                    waiting.push(path);
                }
            } else {
                let inside = path.strip_prefix(folder).unwrap().to_owned();
                found.insert(inside, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Makes a folder a copy of this repository; files that are the same keep their times. Returns its files.
///
/// Its crates have another version. In the shared build, cargo would take crates of the same name, version and path in
/// the workspace for ours, and not compile ours again when they change.
fn copy_repository(to: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut wanted = files(&workspace());
    let manifest = Path::new("Cargo.toml").to_owned();
    let text = String::from_utf8(wanted[&manifest].clone()).unwrap();
    let version = concat!("\nversion = \"", env!("CARGO_PKG_VERSION"), "\"\n");
    let other = concat!("\nversion = \"", env!("CARGO_PKG_VERSION"), "+copy\"\n");
    assert_eq!(text.matches(version).count(), 1, "{text}");
    wanted.insert(manifest, text.replace(version, other).into_bytes());
    for left_over in ["specs/of-a-test", "crates/of-a-test-client"].map(|path| to.join(path)) {
        if left_over.exists() {
            fs::remove_dir_all(left_over).unwrap();
        }
    }
    for path in files(to).keys().filter(|path| !wanted.contains_key(*path)) {
        fs::remove_file(to.join(path)).unwrap();
    }
    for (path, bytes) in &wanted {
        let path = to.join(path);
        if fs::read(&path).ok().as_ref() != Some(bytes) {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    update_lock(to);
    files(to)
}

/// Brings the lock file up to date with the members of the workspace.
fn update_lock(folder: &Path) {
    let update = cargo(folder).args(["update", "--workspace"]).output();
    assert_exit(&update.unwrap(), 0);
}

/// Gives the files that the command wrote the times that they had after the last run, if they are the same as then:
/// cargo compiles again what is newer than its build.
fn keep_times(copy: &Path, before: &BTreeMap<PathBuf, Vec<u8>>) {
    let last = place("third-api-written");
    for (path, bytes) in files(copy) {
        if before.get(&path) == Some(&bytes) {
            continue;
        }
        let (file, kept) = (copy.join(&path), last.join(&path));
        let time = |path: &Path| fs::metadata(path).unwrap().modified().unwrap();
        let set = |path: &Path, time| {
            let file = fs::File::options().write(true).open(path).unwrap();
            file.set_modified(time).unwrap();
        };
        if fs::read(&kept).ok().as_ref() == Some(&bytes) {
            set(&file, time(&kept));
        } else {
            fs::create_dir_all(kept.parent().unwrap()).unwrap();
            fs::write(&kept, &bytes).unwrap();
            set(&kept, time(&file));
        }
    }
}

/// Whether a file is the manifest of a client, whose version is the program's and not the workspace's.
fn is_of_a_client(path: &Path) -> bool {
    path.starts_with("crates") && path.ends_with("Cargo.toml") && {
        let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
        folder.to_string_lossy().ends_with("-client")
    }
}

/// Gives the clients of the copy other versions while they are built, for the same reason as its other crates.
fn mark_versions(copy: &Path, before: &BTreeMap<PathBuf, Vec<u8>>) {
    for (path, bytes) in before.iter().filter(|(path, _)| is_of_a_client(path)) {
        let text = std::str::from_utf8(bytes).unwrap();
        let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "+");
        assert_eq!(text.matches(version).count(), 1, "{text}");
        let other = text.replace(version, &format!("{version}copy."));
        fs::write(copy.join(path), other).unwrap();
    }
}

#[test]
#[ignore = "compiles much; `cargo xtask ci` runs it"]
fn a_third_api_is_added_proven_and_removed_thoroughly() {
    let copy = place("third-api");
    let before = copy_repository(&copy);
    let specs = tempfile::tempdir().unwrap();
    let (spec, overlay) = spec_file(specs.path());
    let added = xtask(
        &copy,
        &[
            "new-client",
            "of-a-test",
            "--spec",
            &spec,
            "--overlay",
            &overlay,
        ],
    );
    assert_exit(&added, 0);
    assert_exit(&xtask(&copy, &["regen", "--check"]), 0);
    keep_times(&copy, &before);
    let ours = || {
        let mut build = cargo(&workspace());
        build.env("CARGO_TARGET_DIR", target());
        let output = build.args(["build", "--package", "conformance"]).output();
        String::from_utf8_lossy(&output.unwrap().stderr).into_owned()
    };
    ours();
    mark_versions(&copy, &before);

    let run = |arguments: &[&str]| -> Output {
        let mut suite = cargo(&copy);
        suite
            .args(["run", "--package", "conformance", "--"])
            .args(arguments);
        suite.output().unwrap()
    };
    let proven = run(&["--api", "of-a-test"]);
    assert_exit(&proven, 0);
    assert!(out(&proven).contains("readThing"), "{}", shown(&proven));
    let all = run(&[]);
    assert_exit(&all, 0);
    for operation in [
        "requestOAuthWindowURI",
        "generateOAuthWindowUri",
        "readThing",
    ] {
        assert!(out(&all).contains(operation), "{}", shown(&all));
    }
    let again = ours();
    assert!(
        !again.contains("Compiling"),
        "the copy disturbs ours: {again}"
    );
    for manifest in before.keys().filter(|path| is_of_a_client(path)) {
        fs::write(copy.join(manifest), &before[manifest]).unwrap();
    }

    // As docs/add-an-api.md says.
    fs::remove_dir_all(copy.join("specs/of-a-test")).unwrap();
    let removed = xtask(&copy, &["regen"]);
    assert_exit(&removed, 0);
    assert!(
        words(&removed).contains("crates/of-a-test-client has no spec: delete it"),
        "{}",
        shown(&removed)
    );
    fs::remove_dir_all(copy.join("crates/of-a-test-client")).unwrap();
    update_lock(&copy);
    let after = files(&copy);
    for (path, bytes) in &before {
        let same = after.get(path) == Some(bytes);
        assert!(same, "{} is not as before", path.display());
    }
    assert_eq!(before.len(), after.len(), "a file is left over");
}

/// Calls two versions of an API, whose crates the command wrote; the second is generated when it is built.
const PROGRAM: &str = r#"
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), first_client::Error> {
    let server = std::env::var("SERVER").expect("a server");
    let first = first_client::Client::builder().base_url(&server).credentials_from_env()?.build()?;
    let second = second_client::Client::builder()
        .base_url(&server)
        .credentials(first_client::Credentials::new("id", "key"))
        .build()?;
    println!("{:?}", first.read_thing("T-1").send().await?.into_inner());
    println!("{:?}", second.fetch_thing("T-1").send().await?.into_inner());
    println!("{}", first_client::OPENAPI.contains("password"));
    Ok(())
}
"#;

#[test]
#[ignore = "compiles much; `cargo xtask ci` runs it"]
fn crates_stand_on_their_own_side_by_side_thoroughly() {
    let folder = place("alone");
    let (spec, overlay) = spec_file(&folder);
    let later = folder.join("later.yaml");
    let later_text = SPEC
        .replace("readThing", "fetchThing")
        .replace("/things/", "/v2/things/");
    fs::write(&later, later_text).unwrap();
    let later = later.display().to_string();
    let variables = ["--variable", "FIRST_ID", "--variable", "FIRST_KEY"];
    for (name, spec, more) in [("first", &spec, &variables[..]), ("second", &later, &[])] {
        let out = folder.join(name);
        if out.exists() {
            fs::remove_dir_all(&out).unwrap();
        }
        let path = out.display().to_string();
        let arguments = ["--overlay", &overlay, "--out", &path];
        let command = [&["new-client", name, "--spec", spec][..], &arguments, more].concat();
        assert_exit(&xtask(&folder, &command), 0);
        for file in [
            "LICENSE-MIT",
            "LICENSE-APACHE",
            "README.md",
            "spec/openapi.yaml",
            "spec/overlay.yaml",
            "spec/DEVIATIONS.md",
        ] {
            assert!(out.join(file).is_file(), "{name} has no {file}");
        }
    }
    let program = folder.join("program");
    fs::create_dir_all(program.join("src")).unwrap();
    let (profiles, lock) = xtask::shared_build().unwrap();
    fs::write(program.join("Cargo.lock"), lock).unwrap();
    fs::write(
        program.join("Cargo.toml"),
        format!(
            "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             first-client = {{ path = \"../first\", default-features = false, features = [\"openapi\"] }}\n\
             second-client = {{ path = \"../second\", default-features = false, features = [\"build-time\"] }}\n\
             tokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n\n{profiles}"
        ),
    )
    .unwrap();
    fs::write(program.join("src/main.rs"), PROGRAM).unwrap();
    let json = |body: &str| response("200 OK", "Content-Type: application/json\r\n", body);
    let server = Server::start(&[
        ("things/T-1", json(r#"{"name":"One","secret":"c4nary"}"#)),
        ("v2/things/T-1", json(r#"{"name":"Two","secret":"c4nary"}"#)),
    ]);
    let run = |variables: &[(&str, &Path)]| {
        let mut run = cargo(&program);
        run.args(["run", "--message-format=short"])
            .env("SERVER", &server.url)
            .env("FIRST_ID", "id")
            .env("FIRST_KEY", "key")
            .envs(variables.iter().copied());
        run.output().unwrap()
    };
    let err = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();

    let ran = run(&[]);
    assert_exit(&ran, 0);
    let printed = out(&ran);
    assert_eq!(printed.matches("[hidden]").count(), 2, "{printed}");
    assert!(
        !printed.contains("c4nary") && printed.ends_with("true\n"),
        "the overlay is in the crates: {printed}"
    );
    assert!(
        err(&ran).contains("own spec (1); SECOND_CLIENT_SPEC names another"),
        "{}",
        err(&ran)
    );
    let again = run(&[]);
    assert!(!err(&again).contains("Compiling"), "{}", err(&again));

    let without = run(&[("FIRST_KEY", Path::new(""))]);
    assert!(!without.status.success());
    let wanted = "FIRST_KEY is empty";
    assert!(err(&without).contains(wanted), "{}", shown(&without));

    let own = folder.join("own-overlay.yaml");
    let hides_the_name = OVERLAY.replace("properties.secret", "properties.name");
    fs::write(&own, hides_the_name).unwrap();
    let corrected = run(&[("SECOND_CLIENT_OVERLAY", &own)]);
    assert_exit(&corrected, 0);
    let hidden = out(&corrected).matches("[hidden]").count();
    assert_eq!(hidden, 3, "both overlays are applied: {}", out(&corrected));

    let missing = folder.join("missing.yaml");
    for variable in ["SECOND_CLIENT_SPEC", "SECOND_CLIENT_OVERLAY"] {
        let refused = run(&[(variable, &missing)]);
        let wanted = format!("{variable} names `{}`", missing.display());
        assert!(
            !refused.status.success() && err(&refused).contains(&wanted),
            "{}",
            shown(&refused)
        );
    }
}

#[test]
fn what_cannot_be_a_client_is_refused_and_nothing_is_written() {
    let copy = Copy::new();
    let folder = tempfile::tempdir().unwrap();
    let (spec, overlay) = spec_file(folder.path());
    let broken = folder.path().join("broken.yaml");
    fs::write(
        &broken,
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n",
    )
    .unwrap();
    let broken = broken.display().to_string();
    let stale = folder.path().join("stale.yaml");
    fs::write(&stale, OVERLAY.replace("Thing", "Nothing")).unwrap();
    let stale = stale.display().to_string();
    let full = folder.path().display().to_string();
    let member = copy.path("crates/x").display().to_string();
    copy.edit(
        "Cargo.toml",
        "[workspace.dependencies]\n",
        "[workspace.dependencies]\nother-client = \"1\"\n",
    );
    let before = files(&copy.path(""));
    for (arguments, wanted) in [
        (&["Third", "--spec", &spec][..], "invalid name `Third`"),
        (&["9th", "--spec", &spec], "invalid name `9th`"),
        (&["a--b", "--spec", &spec], "invalid name `a--b`"),
        (&["../x", "--spec", &spec], "invalid name `../x`"),
        (&["con", "--spec", &spec], "Windows reserves it"),
        (&["lpt1", "--spec", &spec], "Windows reserves it"),
        (&[&"x".repeat(58), "--spec", &spec], "at most 57 characters"),
        (&["platform", "--spec", &spec], "specs/platform exists"),
        (
            &["other", "--spec", &spec],
            "`other-client` is another dependency",
        ),
        (&["third", "--spec", "missing.yaml"], "missing.yaml"),
        (&["third", "--spec", &broken], "operations"),
        (
            &["third", "--spec", &spec, "--overlay", "missing.yaml"],
            "missing.yaml",
        ),
        (
            &["third", "--spec", &spec, "--overlay", &stale],
            "stale.yaml",
        ),
        (
            &[
                "third",
                "--spec",
                &spec,
                "--overlay",
                &overlay,
                "--out",
                &full,
            ],
            "is not an empty folder",
        ),
        (
            &["third", "--spec", &spec, "--out", &member],
            "would be a member of this workspace",
        ),
        (
            &[
                "third",
                "--spec",
                &spec,
                "--run-time-git",
                "https://example.com/x",
            ],
            "--out",
        ),
    ] {
        let command = [&["new-client"][..], arguments].concat();
        let output = copy.run(&command);
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(err.contains(wanted), "{arguments:?}: {err}");
    }
    assert_eq!(files(&copy.path("")), before);
}

/// A file may grow to one block only, which is how a full disk looks to the one who writes.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_leaves_no_part_of_a_client() {
    let copy = Copy::new();
    let folder = tempfile::tempdir().unwrap();
    let (spec, _) = spec_file(folder.path());
    let out = folder.path().join("deep/down").display().to_string();
    let entries = |folder: &str| fs::read_dir(copy.path(folder)).unwrap().count();
    let before = (copy.files(""), entries("specs"), entries("crates"));
    for more in [&[][..], &["--out", &out]] {
        let arguments = [&["new-client", "third", "--spec", &spec][..], more].concat();
        let new_client = command(&copy.path(""), &arguments);
        // Without the signal, which would end the program, the write itself fails.
        let output = Command::new("sh")
            .current_dir(copy.path(""))
            .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""])
            .arg(new_client.get_program())
            .args(new_client.get_args())
            .output()
            .unwrap();
        assert_exit(&output, 2);
        assert!(
            words(&output).contains("cannot write"),
            "{}",
            shown(&output)
        );
        let after = (copy.files(""), entries("specs"), entries("crates"));
        assert_eq!(after, before);
        assert!(!folder.path().join("deep").exists());
        let again = copy.run(&arguments);
        assert_exit(&again, 0);
        if more.is_empty() {
            fs::remove_dir_all(copy.path("specs/third")).unwrap();
            assert_exit(&copy.run(&["regen"]), 0);
            fs::remove_dir_all(copy.path("crates/third-client")).unwrap();
        }
    }
}

#[test]
fn regen_names_new_client_for_a_spec_without_a_crate() {
    let copy = Copy::new();
    fs::create_dir_all(copy.path("specs/third")).unwrap();
    copy.write("specs/third/openapi.yaml", SPEC);
    let before = files(&copy.path("crates"));
    let without_facts = copy.run(&["regen"]);
    assert_exit(&without_facts, 2);
    let err = String::from_utf8_lossy(&without_facts.stderr).into_owned();
    assert!(err.contains("specs/third/api.toml"), "{err}");
    copy.write(
        "specs/third/api.toml",
        "title = \"Third\"\nauthentication = \"basic\"\n",
    );
    let without_crate = copy.run(&["regen"]);
    assert_exit(&without_crate, 2);
    let err = String::from_utf8_lossy(&without_crate.stderr).into_owned();
    assert!(err.contains("cargo xtask new-client third --spec"), "{err}");
    assert_eq!(files(&copy.path("crates")), before);
}

#[test]
fn the_lines_that_name_the_clients_are_checked_and_written() {
    let copy = Copy::new();
    let before = copy.files("");
    for file in LISTINGS {
        let text = copy.read(file);
        let line = text
            .lines()
            .find(|line| line.contains("nexus") && line.contains("client"));
        copy.edit(file, &format!("{}\n", line.unwrap()), "");
        let check = copy.run(&["regen", "--check"]);
        assert_exit(&check, 1);
        assert!(out(&check).contains(file), "{}", shown(&check));
        assert_exit(&copy.run(&["regen"]), 0);
        assert_eq!(copy.files(""), before);
    }
    copy.edit("Cargo.toml", "# The end of the clients.\n", "");
    let without = copy.files("");
    let refused = copy.run(&["regen"]);
    assert_exit(&refused, 2);
    assert!(
        words(&refused).contains("Cargo.toml: the lines of the clients must be between"),
        "{}",
        shown(&refused)
    );
    assert_eq!(copy.files(""), without);
}

/// A spec whose one operation needs what these lines say.
fn secured(security: &str, schemes: &str) -> String {
    SPEC.replace("security: [{key: []}]", &format!("security: {security}"))
        .replace(
            "securitySchemes: {key: {type: http, scheme: basic}}",
            &format!("securitySchemes: {schemes}"),
        )
}

#[test]
fn the_security_schemes_and_options_decide_how_callers_authenticate() {
    const BASIC: &str = "{type: http, scheme: basic}";
    const TOKEN: &str =
        "{type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://example.com', scopes: {}}}}";
    const HEADER: &str = "{type: apiKey, in: header, name: X-Key}";
    let all = format!("{{a: {BASIC}, b: {TOKEN}, c: {HEADER}}}");
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("third.yaml");
    let new = |security: &str, schemes: &str, options: &[&str]| {
        fs::write(&spec, secured(security, schemes)).unwrap();
        let out = folder.path().join("out");
        if out.exists() {
            fs::remove_dir_all(&out).unwrap();
        }
        let (spec, path) = (spec.display().to_string(), out.display().to_string());
        let command = ["new-client", "third", "--spec", &spec, "--out", &path];
        let output = xtask(folder.path(), &[&command, options].concat());
        let read = |file: &str| fs::read_to_string(out.join(file)).unwrap_or_default();
        let client = read("src/generated/client.rs");
        (output, read("spec/api.toml"), client, read("README.md"))
    };
    for (security, schemes, options, facts, type_name, example) in [
        (
            "[{a: []}]",
            all.as_str(),
            &[][..],
            "\"basic\"\nvariables = [\"MX_CLIENT_ID\", \"MX_API_KEY\"]",
            "client_core::auth::Basic",
            ".credentials_from_env()? // reads MX_CLIENT_ID and MX_API_KEY",
        ),
        (
            "[{a: []}, {b: []}]",
            &all,
            &[],
            "\"basic\"",
            "client_core::auth::Basic",
            ".credentials_from_env()?",
        ),
        (
            "[{b: []}]",
            &all,
            &[],
            "\"bearer\"\nvariables = [\"MX_TOKEN\"]",
            "client_core::auth::Basic",
            ".credentials_from_env()? // reads MX_TOKEN",
        ),
        (
            "[{c: []}]",
            &all,
            &[],
            "\"session\"\nvariables = [\"MX_SESSION_TOKEN\"]",
            "client_core::auth::Session",
            ".session_token_from_env()? // reads MX_SESSION_TOKEN",
        ),
        (
            "[]",
            &all,
            &["--authentication", "none"],
            "\"none\"\nvariables = []",
            "()",
            ".build()",
        ),
        ("[]", "{}", &[], "\"none\"", "()", ".build()"),
        (
            "[{a: []}]",
            &all,
            &[
                "--variable",
                "ACME_ID",
                "--variable",
                "ACME_KEY",
                "--title",
                "Acme",
            ],
            "title = \"Acme\"\nauthentication = \"basic\"\nvariables = [\"ACME_ID\", \"ACME_KEY\"]",
            "&[\"ACME_ID\", \"ACME_KEY\"]",
            "reads ACME_ID and ACME_KEY",
        ),
        (
            "[{a: []}, {c: []}]",
            &all,
            &["--authentication", "session"],
            "\"session\"",
            "client_core::auth::Session",
            ".session_token_from_env()?",
        ),
    ] {
        let (output, api, client, readme) = new(security, schemes, options);
        assert_exit(&output, 0);
        assert!(api.contains(facts), "{security}: {api}");
        assert!(
            client.contains(type_name),
            "{security}: no {type_name} in:\n{client}"
        );
        assert!(readme.contains(example), "{security}: {readme}");
    }
    for (security, options, wanted) in [
        (
            "[{a: []}, {c: []}]",
            &[][..],
            "choose one way with --authentication",
        ),
        (
            "[{a: []}]",
            &["--variable", "ACME"],
            "`variables` has 1 names",
        ),
        (
            "[{a: []}]",
            &["--variable", "A B", "--variable", "C"],
            "`A B` is not the name of an environment variable",
        ),
        ("[{a: []}]", &["--run-time-rev", "0a1b2c"], "--run-time-git"),
        (
            "[{a: []}]",
            &["--run-time-path", "/no/such/folder"],
            "/no/such/folder",
        ),
        ("[{a: []}]", &["--run-time-path", "."], "`client-core`"),
        (
            "[{a: []}]",
            &["--run-time-version", "1", "--run-time-git", "x"],
            "cannot be used with",
        ),
    ] {
        let (output, api, ..) = new(security, &all, options);
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(err.contains(wanted), "{options:?}: {err}");
        assert_eq!(api, "", "{options:?}");
    }
    for (options, wanted) in [
        (
            &[
                "--run-time-git",
                "https://example.com/x.git",
                "--run-time-rev",
                "0a1b2c",
            ][..],
            "client-core = { package = \"mx-client-core\", git = \"https://example.com/x.git\", rev = \"0a1b2c\", default-features = false }",
        ),
        (
            &["--run-time-version", "0.3"],
            "codegen = { package = \"mx-codegen\", version = \"0.3\", optional = true }",
        ),
    ] {
        let (output, ..) = new("[{a: []}]", &all, options);
        assert_exit(&output, 0);
        let manifest = fs::read_to_string(folder.path().join("out/Cargo.toml")).unwrap();
        assert!(manifest.contains(wanted), "{manifest}");
        let manifest: toml_edit::DocumentMut = manifest.parse().unwrap();
        let ours = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
        let ours: toml_edit::DocumentMut = ours.parse().unwrap();
        for name in ["schemars", "serde", "serde_json"] {
            let ours = &ours["workspace"]["dependencies"][name];
            let ours = ours.get("version").unwrap_or(ours).as_str();
            let version = manifest["dependencies"][name]["version"].as_str();
            assert_eq!(version, ours, "{name}");
        }
    }
}
