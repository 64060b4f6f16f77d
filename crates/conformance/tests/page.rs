//! How `report.html` looks in headless Chromium: on a phone and on a desktop, light and dark. And whether a page can call
//! the mock server.
//!
//! A browser takes a second to start, so one looks at all reports.

#[path = "suite/support/mod.rs"]
mod support;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use conformance::SpecServer;
use conformance::check::{CaseResult, WarningKind};
use conformance::report::{Section, html};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// The browser, if there is one. In CI there must be.
fn chromium() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = std::env::split_paths(&folders)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|path| path.is_file());
    let is_required = ["CI", "REQUIRE_CHROMIUM"]
        .map(std::env::var_os)
        .iter()
        .any(Option::is_some);
    assert!(found.is_some() || !is_required, "Chromium is not installed");
    if found.is_none() {
        // `eprintln` is not shown, as the test passes.
        let skipped = b"SKIPPED: Chromium is not installed: report.html was not tested\n";
        std::io::stderr().write_all(skipped).unwrap();
    }
    found
}

/// Opens a page in the browser; returns what that prints and logs.
fn browse(chromium: &Path, name: &str, text: &str, arguments: &[&str]) -> (String, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("page")
        .join(name);
    fs::create_dir_all(&folder).unwrap();
    let page = folder.join("page.html");
    fs::write(&page, text).unwrap();
    let (out, log) = (folder.join("stdout"), folder.join("stderr"));
    let browser = Command::new(chromium)
        .args([
            "--headless",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
        ])
        // Containers often run as root, which has no sandbox. The page is our own.
        .args([
            "--no-sandbox",
            "--disable-background-networking",
            "--hide-scrollbars",
        ])
        .args([
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--enable-logging=stderr",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .stdout(Stdio::from(File::create(&out).unwrap()))
        .stderr(Stdio::from(File::create(&log).unwrap()))
        .spawn()
        .unwrap();
    support::wait(browser);
    let read = |path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    (read(&out), read(&log))
}

/// What a page of ours puts into its result.
fn result(chromium: &Path, name: &str, text: &str) -> Value {
    let arguments = [
        "--window-size=1400,900",
        "--virtual-time-budget=60000",
        "--dump-dom",
    ];
    let (dom, log) = browse(chromium, name, text, &arguments);
    let said: Vec<&str> = log
        .lines()
        // A browser says itself which requests the rules of CORS forbid.
        .filter(|line| {
            line.contains("CONSOLE") && !line.contains("CORS") && !line.contains("Failed to load")
        })
        .collect();
    assert!(
        said.len() == 1 && said[0].contains("harness started"),
        "the page says something on the console: {log}"
    );
    let (_, rest) = dom.split_once("<pre id=\"result\">").expect("a result");
    let (result, _) = rest.split_once("</pre>").expect("the result's end");
    let result = percent_decode_str(result).decode_utf8().unwrap();
    serde_json::from_str(&result).expect(&log)
}

/// What the harness saw of these pages. A screenshot of all of them is written to the build's temporary folder.
fn look(chromium: &Path, pages: &Value) -> Value {
    let text = pages.to_string().replace('<', "\\u003c");
    let with_pages = |template: &str| template.replace("{{page}}", &text);
    let gallery = with_pages(include_str!("page/gallery.html"));
    let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page/reports.png");
    let screenshot = format!("--screenshot={}", picture.display());
    let seen = thread::scope(|scope| {
        let shot = ["--window-size=1700,3700", &screenshot];
        scope.spawn(move || browse(chromium, "gallery", &gallery, &shot));
        result(
            chromium,
            "looks",
            &with_pages(include_str!("page/harness.html")),
        )
    });
    assert!(fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
    assert_eq!(seen["error"], Value::Null);
    seen
}

/// Checks what is the same for every report: it can be read on every screen, and loads nothing.
fn is_readable(seen: &Value, verdict: &str) {
    let looks = seen["looks"].as_array().unwrap();
    assert_eq!(looks.len(), 4);
    for look in looks {
        assert_eq!(look["verdict"], verdict);
        assert_eq!(look["title"], format!("Conformance: {verdict}"));
        assert_eq!(look["inner"], look["width"], "{look}");
        assert!(
            look["scroll"].as_u64() <= look["width"].as_u64(),
            "it is too wide: {look}"
        );
        assert_eq!(look["pale"], json!([]), "{look}");
        let backdrop = look["backdrop"].as_f64().unwrap();
        assert_eq!(look["scheme"] == "dark", backdrop < 0.1, "{look}");
        assert_eq!(
            (&look["requests"], &look["elements"]),
            (&json!([]), &json!(0))
        );
        assert!(look["rings"].as_u64() > Some(0));
    }
}

/// A report that the program writes, as JSON and as a page.
fn written(folder: &Path, arguments: &[&str], code: i32) -> (Value, String) {
    let mut command = support::program(folder);
    command
        .args(["--api", "nexus", "--report", "out"])
        .args(arguments);
    command.env("MX_SESSION_TOKEN", "not-a-token");
    assert_eq!(command.output().unwrap().status.code(), Some(code));
    let read = |name: &str| fs::read_to_string(folder.join("out").join(name)).unwrap();
    (
        serde_json::from_str(&read("report.json")).unwrap(),
        read("report.html"),
    )
}

fn a_run_that_passed(seen: &Value, report: &Value) {
    let cases = &report["apis"][0]["totals"]["cases"];
    is_readable(seen, &format!("All {cases} cases pass"));
    assert_eq!(seen["looks"][0]["chosen"], "");
    assert_eq!(seen["every"]["count"], format!("{cases} of {cases} cases"));
    assert_eq!(seen["every"]["cases"].as_array().unwrap().len(), *cases);
    assert_eq!(seen["every"]["verdicts"], json!(["pass"]));
    assert_eq!(seen["fail"]["cases"], json!([]));
    let inside = &seen["inside"];
    let request = inside["request"].as_str().unwrap();
    assert!(
        request.starts_with("GET /members/") && request.contains("accept:"),
        "{inside}"
    );
    assert!(
        inside["response"].as_str().unwrap().starts_with("200 OK"),
        "{inside}"
    );
    assert!(
        inside["expected"]
            .as_str()
            .unwrap()
            .starts_with("Expected: "),
        "{inside}"
    );
    assert!(
        inside["curl"]
            .as_str()
            .unwrap()
            .starts_with("curl -i -H \"MD-SESSION"),
        "{inside}"
    );
}

fn a_run_that_failed(seen: &Value, report: &Value, page: &str) {
    let totals = &report["apis"][0]["totals"];
    let (failed, cases) = (&totals["fail"], &totals["cases"]);
    is_readable(seen, &format!("{failed} of {cases} cases fail"));
    assert_eq!(
        seen["looks"][0]["chosen"], "fail",
        "failures are shown first"
    );
    assert_eq!(
        seen["looks"][0]["count"],
        format!("{failed} of {cases} cases")
    );
    for (chosen, number) in [
        ("every", cases),
        ("fail", failed),
        ("pass", &totals["pass"]),
    ] {
        assert_eq!(
            seen[chosen]["cases"].as_array().unwrap().len(),
            *number,
            "{chosen}"
        );
    }
    assert_eq!(seen["fail"]["verdicts"], json!(["fail"]));
    assert_eq!(seen["expected_failure"]["cases"], json!([]));
    assert_eq!(seen["minimal"]["cases"], json!(["fail request: minimal"]));
    assert_eq!(seen["minimal"]["count"], format!("1 of {cases} cases"));
    assert_eq!(seen["nothing"]["cases"], json!([]));
    let inside = &seen["inside"];
    let message = inside["message"].as_str().unwrap();
    assert!(message.contains("`/member` is missing"), "{inside}");
    let facts = seen["looks"][0]["facts"].to_string();
    for fact in [
        "Date: 20",
        "Target: http://127.0.0.1",
        "Duration: ",
        "Seed: 7",
        "Suite: ",
    ] {
        assert!(facts.contains(fact), "{fact}: {facts}");
    }
    assert_eq!(seen["looks"][0]["judged"], "100%operations judged1 of 1");
    let causes = seen["looks"][0]["causes"].as_array().unwrap();
    let first = causes[0].as_str().unwrap();
    assert!(
        first.contains("generateOAuthWindowUri: `…` is missing"),
        "{first}"
    );
    assert!(first.contains("such as: `/member` is missing"), "{first}");
    let number = first.split(' ').next().unwrap();
    assert_eq!(seen["cause"], format!("{number} of {cases} cases"));
    // A field name of the server is text, not markup.
    assert!(
        message.contains("script><img src=x onerror=alert(1)>"),
        "{inside}"
    );
    assert!(
        inside["response"].as_str().unwrap().contains("[masked]"),
        "{inside}"
    );
    assert!(!page.contains("top-secret") && !page.contains("not-a-token"));
}

fn a_run_that_was_refused(seen: &Value, report: &Value) {
    let cases = &report["apis"][0]["totals"]["cases"];
    is_readable(seen, &format!("None of {cases} cases judged"));
    assert_eq!(seen["looks"][0]["judged"], "0%operations judged0 of 1");
    assert_eq!(seen["looks"][0]["causes"], json!([]));
    assert_eq!(seen["band"], "not_judged", "neither green nor red");
    assert_eq!(seen["every"]["verdicts"], json!(["not judged"]));
    assert_eq!(
        seen["not_judged"]["cases"].as_array().unwrap().len(),
        *cases
    );
    let message = seen["inside"]["message"].as_str().unwrap();
    assert!(
        message.starts_with("Not judged: refused with 404"),
        "{seen}"
    );
}

/// The page of a run of a whole API.
fn whole_page() -> String {
    let results = (0..169 * 40).map(|number| {
        let mut result = CaseResult::new(&format!("operation{}", number / 40), "x", "something");
        result.case = format!("request: {} {}", number % 40, "long".repeat(number % 40));
        match number {
            300 | 302 => result.failures.push("unbroken".repeat(200)),
            1000 => result
                .warnings
                .push(WarningKind::UnknownField.warning("a new field")),
            2000 => result.not_judged = Some("it writes".to_owned()),
            _ => {}
        }
        result
    });
    let api = support::many(169);
    let results: Vec<CaseResult> = results.collect();
    let section = Section::new(&api, None, &results).seed(Some(7));
    html::page(&[section])
}

fn a_run_of_a_whole_api(seen: &Value) {
    is_readable(seen, "2 of 6760 cases fail");
    assert_eq!(seen["not_judged"]["cases"].as_array().unwrap().len(), 1);
    assert_eq!(seen["warning"]["cases"].as_array().unwrap().len(), 1);
    let legend = seen["looks"][0]["legend"].as_str().unwrap();
    assert_eq!(legend, "2 failed1 warning1 not judged6756 passed");
    assert_eq!(seen["every"]["count"], "6760 of 6760 cases");
    let tile = json!({ "title": "operation7: 2 failed, 38 passed", "sign": "✗", "count": "40 of 6760 cases", "tiles": 169 });
    assert_eq!(seen["tile"], tile);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts a browser; `cargo xtask ci` runs it"]
async fn reports_are_readable() {
    let Some(chromium) = chromium() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, arguments: &[&str], code: i32| {
        let folder = folder.path().join(name);
        fs::create_dir(&folder).unwrap();
        written(&folder, arguments, code)
    };
    let (bad, refusing) = (
        support::bad_server().await,
        support::always(404, "text/html", "<html>no</html>").await,
    );
    let (passed, passed_page) = run("passed", &[], 0);
    let target = ["--target", &bad.base_url(), "--seed", "7"];
    let (failed, failed_page) = run("failed", &target, 1);
    let target = ["--target", &refusing.base_url()];
    let (refused, refused_page) = run("refused", &target, 2);
    let pages = json!({ "passed": passed_page, "failed": failed_page, "refused": refused_page, "whole": whole_page() });
    let seen = look(&chromium, &pages);
    a_run_that_passed(&seen["passed"], &passed);
    a_run_that_failed(&seen["failed"], &failed, &failed_page);
    a_run_that_was_refused(&seen["refused"], &refused);
    a_run_of_a_whole_api(&seen["whole"]);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "starts a browser; `cargo xtask ci` runs it"]
async fn a_page_can_call_the_mock_server() {
    let Some(chromium) = chromium() else {
        return;
    };
    let server = || SpecServer::of_json(platform_client::OPENAPI).unwrap();
    let open = server().start().await.unwrap();
    let closed = server().allow_pages(false).start().await.unwrap();
    let page = include_str!("page/cors.html");
    let page = page
        .replace("{{open}}", &open.url())
        .replace("{{closed}}", &closed.url());
    let seen = result(&chromium, "cors", &page);
    assert_eq!(seen[0][0], 200, "{seen}");
    assert!(
        seen[0][2].as_str().unwrap().contains("oauth_window_uri"),
        "{seen}"
    );
    assert_eq!(seen[1][0], 401, "{seen}");
    assert_eq!(seen[1][1], "Basic realm=\"mx\"", "{seen}");
    for index in [2, 3] {
        assert_eq!(
            seen[index][0], 0,
            "the browser keeps it from the page: {seen}"
        );
    }
}
