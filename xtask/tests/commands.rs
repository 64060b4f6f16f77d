//! `drift` and `import` as their users start them: on files, revisions, pages and a server on this
//! machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

const FENCE: &str = "````";
const OAUTH: &str = "GET /members/{member_guid}/oauth_window_uri";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn ours(api: &str) -> String {
    fs::read_to_string(repository().join(format!("specs/{api}/openapi.yaml"))).unwrap()
}

fn page(operation: &str, block: &str) -> String {
    format!("# Title\n\nWords.\n\n{FENCE}yaml openapi/nexus/v1.yaml {operation}\n{block}{FENCE}\n")
}

/// A command's outcome in one piece.
fn shown(output: &Output) -> String {
    format!(
        "exit {}\n--- out\n{}--- err\n{}",
        output.status.code().unwrap(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn xtask(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[track_caller]
fn assert_exit(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", shown(output));
}

/// A copy of what the commands need of this repository, under git.
struct Copy {
    dir: tempfile::TempDir,
}

impl Copy {
    fn new() -> Self {
        let copy = Copy {
            dir: tempfile::tempdir().unwrap(),
        };
        for folder in [
            "specs",
            "crates/platform-client/src/generated",
            "crates/nexus-client/src/generated",
        ] {
            copy_folder(&repository().join(folder), &copy.path(folder));
        }
        copy
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        xtask(self.dir.path(), arguments)
    }

    fn commit(&self) {
        for arguments in [
            &["init", "-q"][..],
            &["add", "-A"],
            &["commit", "-qm", "all"],
        ] {
            let git = Command::new("git")
                .args([
                    "-c",
                    "user.name=t",
                    "-c",
                    "user.email=t@example.com",
                    "-c",
                    "commit.gpgsign=false",
                ])
                .args(arguments)
                .current_dir(self.dir.path())
                .status();
            assert!(git.unwrap().success());
        }
    }

    /// Points the sources of both specs at a server.
    fn publish_at(&self, server: &Server, platform: &str, nexus: &str) {
        let hash =
            |api: &str| spec::sha256(self.read(&format!("specs/{api}/openapi.yaml")).as_bytes());
        self.write("specs/sources.toml", &format!(
            "# Kept.\n[platform]\nurl = \"{0}/{platform}\"\ndate = 2026-01-01\nsha256 = \"{1}\"\n\n\
             [nexus] # here too\nurl = [\"{0}/{nexus}\"]\ndate = 2026-01-01\nsha256 = \"{2}\"\n",
            server.url, hash("platform"), hash("nexus")
        ));
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// A server on this machine that gives each path its answer, byte for byte.
struct Server {
    url: String,
}

impl Server {
    fn start(answers: &[(&str, Vec<u8>)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answers: BTreeMap<String, Vec<u8>> = answers
            .iter()
            .map(|(path, answer)| (format!("/{path}"), answer.clone()))
            .collect();
        let answers = Arc::new(answers);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answers = answers.clone();
                std::thread::spawn(move || answer(stream, &answers));
            }
        });
        Server { url }
    }
}

fn answer(mut stream: TcpStream, answers: &BTreeMap<String, Vec<u8>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap())
        .lines()
        .map_while(Result::ok);
    let Some(request) = lines.next() else { return };
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let path = request.split(' ').nth(1).unwrap_or_default();
    let missing = response("404 Not Found", "", "gone");
    // The client may hang up before it has read all: that is its right.
    let _ = stream.write_all(answers.get(path).unwrap_or(&missing));
}

fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

fn ok(body: &str) -> Vec<u8> {
    response("200 OK", "", body)
}

fn redirect(to: &str) -> Vec<u8> {
    response("302 Found", &format!("Location: {to}\r\n"), "")
}

#[test]
fn two_files_are_compared_outside_any_repository() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| xtask(dir.path(), &[&["drift"], arguments].concat());
    let nexus = ours("nexus");
    fs::write(dir.path().join("a.yaml"), &nexus).unwrap();
    fs::write(
        dir.path().join("b.yaml"),
        nexus.replace("operationId: generate", "operationId: create"),
    )
    .unwrap();
    fs::write(
        dir.path().join("c.yaml"),
        nexus.replace("Generate OAuth", "Get OAuth"),
    )
    .unwrap();
    fs::write(dir.path().join("page.md"), page(OAUTH, &nexus)).unwrap();

    let same = run(&["a.yaml", "a.yaml"]);
    assert_exit(&same, 0);
    assert_eq!(out(&same), "no changes from a.yaml to a.yaml\n");
    // A saved page is as good as the file in it.
    assert_exit(&run(&["a.yaml", "page.md"]), 0);

    let renamed = run(&["a.yaml", "b.yaml"]);
    assert_exit(&renamed, 1);
    insta::assert_snapshot!("renamed", out(&renamed));
    assert_exit(&run(&["a.yaml", "b.yaml", "--fail-on", "breaking"]), 1);

    let reworded = run(&["a.yaml", "c.yaml"]);
    assert_exit(&reworded, 1);
    assert!(
        out(&reworded).starts_with("documentation: "),
        "{}",
        out(&reworded)
    );
    assert_exit(&run(&["a.yaml", "c.yaml", "--fail-on", "breaking"]), 0);
    assert_exit(&run(&["a.yaml", "c.yaml", "--fail-on", "any"]), 1);

    let json = run(&["a.yaml", "b.yaml", "--format", "json"]);
    assert_exit(&json, 1);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&json["version"], &json["verdict"], &json["semver"]),
        (&1.into(), &"breaking".into(), &"major".into())
    );
    assert_eq!(
        (&json["changes"][0]["wire"], &json["changes"][0]["rust"]),
        (&false.into(), &true.into())
    );
    let markdown = run(&["a.yaml", "b.yaml", "--format", "markdown"]);
    assert!(
        out(&markdown).starts_with("### breaking: 1 change from a.yaml to b.yaml; semver: major\n")
    );
}

#[test]
fn what_cannot_be_compared_is_exit_2() {
    let dir = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| xtask(dir.path(), &[&["drift"], arguments].concat());
    fs::write(dir.path().join("a.yaml"), ours("nexus")).unwrap();
    fs::write(dir.path().join("broken.yaml"), "a: [1,\n").unwrap();
    fs::write(dir.path().join("other.yaml"), "a: 1\n").unwrap();
    for (arguments, expected) in [
        (
            &["a.yaml", "missing.yaml"][..],
            "missing.yaml: cannot be read",
        ),
        (
            &["broken.yaml", "a.yaml"],
            "broken.yaml:2:1: not valid YAML",
        ),
        (
            &["a.yaml", "other.yaml"],
            "other.yaml: not an OpenAPI document",
        ),
        (&["a.yaml"], "required"),
        (&["a.yaml", "git:nowhere"], "git:nowhere: "),
        (
            &["git:HEAD", "git:HEAD"],
            "git:HEAD: of which file? Give --api, or git:HEAD:PATH",
        ),
        (
            &["a.yaml", "http://127.0.0.1:1/spec.yaml"],
            "http://127.0.0.1:1/spec.yaml: ",
        ),
        (&["a.yaml", "a.yaml", "--format", "xml"], "xml"),
    ] {
        let output = run(arguments);
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(err.contains(expected), "{arguments:?}: {err}");
        assert!(
            output.stdout.is_empty(),
            "{arguments:?}: errors go to stderr"
        );
    }
}

#[test]
fn revisions_are_compared_with_files_and_with_each_other() {
    let copy = Copy::new();
    copy.commit();
    let changed = ours("nexus").replace("required: false", "required: true");
    copy.write("specs/nexus/openapi.yaml", &changed);
    let file = "specs/nexus/openapi.yaml";
    for arguments in [
        &["drift", "git:HEAD", file][..],
        &["drift", "git:HEAD:specs/nexus/openapi.yaml", file],
        &["drift", "git:HEAD", file, "--api", "nexus"],
    ] {
        let output = copy.run(arguments);
        assert_exit(&output, 1);
        assert!(
            out(&output).contains("query parameter `client_redirect_url`: is now required"),
            "{}",
            out(&output)
        );
    }
    assert_exit(
        &copy.run(&["drift", "git:HEAD", "git:HEAD", "--api", "platform"]),
        0,
    );
    // From a folder inside the repository too.
    let inside = xtask(
        &copy.path("specs/nexus"),
        &["drift", "git:HEAD", "openapi.yaml"],
    );
    assert_exit(&inside, 1);
    // A revision is no place for options of git.
    assert_exit(&copy.run(&["drift", "git:--output=x", file]), 2);
}

#[test]
fn accepted_changes_count_no_more_until_they_are_gone() {
    let copy = Copy::new();
    let old = copy.path("old.yaml");
    fs::write(&old, ours("nexus")).unwrap();
    copy.write(
        "new.yaml",
        &ours("nexus").replace("operationId: generate", "operationId: create"),
    );
    let arguments = ["drift", "old.yaml", "new.yaml", "--api", "nexus"];
    let accept = |message: &str| {
        format!(
            "[[accept]]\npointer = \"/paths/~1members~1{{member_guid}}~1oauth_window_uri/get/operationId\"\n\
             message = \"{message}\"\nreason = \"a better name\"\ndate = 2026-11-22\n"
        )
    };
    let report = copy.run(&arguments);
    assert_exit(&report, 1);
    assert!(
        out(&report).contains("operationId renamed"),
        "{}",
        out(&report)
    );
    let report = out(&report);
    let line = report
        .lines()
        .find(|line| line.contains("operationId renamed"))
        .unwrap();
    let message = line.trim().split("  [").next().unwrap();
    copy.write("specs/nexus/drift.toml", &accept(message));
    let accepted = copy.run(&arguments);
    assert_exit(&accepted, 0);
    assert!(
        out(&accepted).contains("because: a better name"),
        "{}",
        out(&accepted)
    );

    copy.write("new.yaml", &ours("nexus"));
    let stale = copy.run(&arguments);
    assert_exit(&stale, 1);
    let err = String::from_utf8_lossy(&stale.stderr).into_owned();
    assert!(
        err.contains("specs/nexus/drift.toml: no longer occurs, delete it: "),
        "{err}"
    );

    for (text, problem) in [
        (
            accept("x").replace("reason = \"a better name\"\n", ""),
            "missing field `reason`",
        ),
        (
            accept("x").replace("date = 2026-11-22\n", ""),
            "missing field `date`",
        ),
        (
            accept("x").replace("a better name", " "),
            "accepted without a reason",
        ),
        (
            accept("x").replace("reason", "because"),
            "unknown field `because`",
        ),
    ] {
        copy.write("specs/nexus/drift.toml", &text);
        let output = copy.run(&arguments);
        assert_exit(&output, 2);
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(problem),
            "{}",
            shown(&output)
        );
    }
}

#[test]
fn sources_that_still_say_the_same_are_no_drift() {
    let copy = Copy::new();
    let nexus = page(OAUTH, &ours("nexus"));
    let server = Server::start(&[
        ("platform.yaml", ok(&ours("platform"))),
        ("moved", redirect("/again")),
        ("again", redirect("/nexus.md")),
        ("nexus.md", ok(&nexus)),
    ]);
    copy.publish_at(&server, "platform.yaml", "moved");
    let output = copy.run(&["drift"]);
    assert_exit(&output, 0);
    assert_eq!(
        out(&output).matches("no changes from specs/").count(),
        2,
        "{}",
        out(&output)
    );
    // The file of the repository has to be the one that was taken.
    copy.write(
        "specs/nexus/openapi.yaml",
        &format!("{}# by hand\n", ours("nexus")),
    );
    let output = copy.run(&["drift", "--api", "nexus"]);
    assert_exit(&output, 1);
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .contains("is not the file that was taken on 2026-01-01")
    );
}

#[test]
fn sources_that_cannot_be_checked_are_never_no_drift() {
    let copy = Copy::new();
    let good = page(OAUTH, &ours("nexus"));
    let cut = good.rsplit_once(FENCE).unwrap().0;
    let mut truncated = ok(&ours("nexus"));
    truncated.truncate(truncated.len() - 100);
    let server = Server::start(&[
        ("platform.yaml", ok(&ours("platform"))),
        (
            "html",
            response(
                "200 OK",
                "Content-Type: text/html\r\n",
                "<!DOCTYPE html><html><body>MX</body></html>",
            ),
        ),
        ("no-block.md", ok("# Title\n\nNo block here.\n")),
        ("cut.md", ok(cut)),
        ("truncated.yaml", truncated),
        ("loop", redirect("/loop")),
        ("error", response("500 Internal Server Error", "", "oops")),
        (
            "latin1.yaml",
            [&b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\na: \xe9\n\n"[..]]
                .concat(),
        ),
        ("away", redirect("http://192.0.2.1/spec.yaml")),
        ("huge", {
            let mut huge = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
            huge.resize(17 * 1024 * 1024, b'#');
            huge
        }),
    ]);
    for (path, problem) in [
        ("missing.md", "the server answers 404 Not Found"),
        ("error", "the server answers 500"),
        ("html", "this is HTML"),
        ("no-block.md", "the page holds no block of OpenAPI"),
        ("cut.md", "the page was cut off"),
        ("truncated.yaml", "error"),
        ("loop", "too many redirects"),
        ("latin1.yaml", "not UTF-8 text"),
        ("away", "a redirect leaves https"),
        ("huge", "this is no spec"),
    ] {
        copy.publish_at(&server, "platform.yaml", path);
        let output = copy.run(&["drift"]);
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            err.contains("nexus: could not be checked: ") && err.contains(problem),
            "{path}: {err}"
        );
        assert!(
            out(&output).contains("no changes from specs/platform/openapi.yaml"),
            "the other is checked: {}",
            shown(&output)
        );
        assert!(
            !out(&output).contains("from specs/nexus"),
            "{path}: {}",
            out(&output)
        );
    }
    copy.publish_at(&server, "platform.yaml", "missing.md");
    let json = copy.run(&["drift", "--format", "json"]);
    assert_exit(&json, 2);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(
        (&json["apis"][0]["api"], &json["apis"][0]["checked"]),
        (&"nexus".into(), &false.into())
    );
    assert_eq!(
        (&json["apis"][1]["api"], &json["apis"][1]["checked"]),
        (&"platform".into(), &true.into())
    );

    copy.write(
        "specs/sources.toml",
        &copy
            .read("specs/sources.toml")
            .replace("http://127.0.0.1", "http://192.0.2.1"),
    );
    let output = copy.run(&["drift"]);
    assert_exit(&output, 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("is not https"));
    assert_exit(&copy.run(&["drift", "--api", "other"]), 2);
}

#[test]
fn update_takes_the_published_spec_in_and_regenerates() {
    let copy = Copy::new();
    let changed = ours("nexus").replace("operationId: generate", "operationId: create");
    assert_ne!(changed, ours("nexus"));
    let server = Server::start(&[
        ("platform.yaml", ok(&ours("platform"))),
        ("nexus.md", ok(&page(OAUTH, &changed))),
    ]);
    copy.publish_at(&server, "platform.yaml", "nexus.md");
    assert_exit(&copy.run(&["drift"]), 1);

    let output = copy.run(&["drift", "--update"]);
    assert_exit(&output, 0);
    assert_eq!(copy.read("specs/nexus/openapi.yaml"), changed);
    let sources = copy.read("specs/sources.toml");
    assert!(
        sources.contains("# Kept.") && sources.contains("# here too"),
        "{sources}"
    );
    assert!(
        sources.contains(&spec::sha256(changed.as_bytes())),
        "{sources}"
    );
    assert_eq!(
        sources.matches("date = 2026-01-01").count(),
        1,
        "only the one that was taken: {sources}"
    );
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        err.contains("took in specs/nexus/openapi.yaml") && err.contains("raise the major version"),
        "{err}"
    );
    assert!(
        out(&output).contains("operationId renamed"),
        "{}",
        out(&output)
    );
    let generated = fs::read_dir(copy.path("crates/nexus-client/src/generated")).unwrap();
    let generated: String = generated
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    assert!(generated.contains("create_oauth_window_uri"));

    assert_exit(&copy.run(&["drift"]), 0);
    let again = copy.run(&["drift", "--update"]);
    assert_exit(&again, 0);
    assert!(again.stderr.is_empty(), "{}", shown(&again));
}

#[test]
fn regen_tells_what_changed_since_the_last_commit() {
    let copy = Copy::new();
    copy.commit();
    let unchanged = copy.run(&["regen"]);
    assert_exit(&unchanged, 0);
    assert!(!out(&unchanged).contains("semver"), "{}", out(&unchanged));
    let changed = ours("nexus").replace("operationId: generate", "operationId: create");
    copy.write("specs/nexus/openapi.yaml", &changed);
    let output = copy.run(&["regen"]);
    assert_exit(&output, 0);
    let told = "breaking: 1 change from git:HEAD:specs/nexus/openapi.yaml to specs/nexus/openapi.yaml; semver: major";
    assert!(out(&output).contains(told), "{}", out(&output));
    assert!(
        !out(&output).contains("platform/openapi.yaml;"),
        "only what changed: {}",
        out(&output)
    );
}

#[test]
fn import_writes_pages_once() {
    let copy = Copy::new();
    copy.write("oauth.md", &page(OAUTH, &ours("nexus")));
    let unchanged = copy.run(&["import", "--api", "nexus", "--check", "oauth.md"]);
    assert_exit(&unchanged, 0);

    let changed = ours("nexus").replace("operationId: generate", "operationId: create");
    copy.write("oauth.md", &page(OAUTH, &changed));
    let check = copy.run(&["import", "--api", "nexus", "--check", "oauth.md"]);
    assert_exit(&check, 1);
    assert!(
        out(&check).contains("operationId renamed"),
        "{}",
        out(&check)
    );
    assert_eq!(
        copy.read("specs/nexus/openapi.yaml"),
        ours("nexus"),
        "--check writes nothing"
    );

    assert_exit(&copy.run(&["import", "--api", "nexus", "oauth.md"]), 0);
    assert_eq!(copy.read("specs/nexus/openapi.yaml"), changed);
    let again = copy.run(&["import", "--api", "nexus", "oauth.md"]);
    assert_exit(&again, 0);
    assert!(out(&again).contains("nothing changes"), "{}", out(&again));

    assert_exit(
        &copy.run(&["import", "--api", "nexus", "--into", "new.yaml", "oauth.md"]),
        0,
    );
    assert_eq!(copy.read("new.yaml"), changed);
}

#[test]
fn import_writes_nothing_when_something_is_wrong() {
    let copy = Copy::new();
    copy.write("a.md", &page(OAUTH, &ours("nexus")));
    copy.write(
        "b.md",
        &page(
            OAUTH,
            &ours("nexus").replace("summary: Generate", "summary: Make"),
        ),
    );
    copy.write("none.md", "# Title\n");
    copy.write(
        "platform.md",
        &page(OAUTH, &ours("nexus")).replace("openapi/nexus/", "openapi/platform/"),
    );
    for (arguments, problem) in [
        (
            &["--api", "nexus", "a.md", "b.md"][..],
            "two pages contradict each other",
        ),
        (
            &["--api", "nexus", "a.md", "none.md"],
            "none.md: the page holds no block of OpenAPI",
        ),
        (
            &["--api", "nexus", "missing.md"],
            "missing.md: cannot be read",
        ),
        (
            &["--api", "nexus", "platform.md"],
            "platform.md: is of `openapi/platform/v1.yaml`, not of the API `nexus`",
        ),
        (&["--api", "other", "a.md"], "there is no API `other`"),
        (&["--api", "nexus"], "required"),
    ] {
        let output = copy.run(&[&["import"], arguments].concat());
        assert_exit(&output, 2);
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(err.contains(problem), "{arguments:?}: {err}");
        assert_eq!(
            copy.read("specs/nexus/openapi.yaml"),
            ours("nexus"),
            "{arguments:?}"
        );
    }
}
