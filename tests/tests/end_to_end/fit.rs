//! `.ci/fit` cuts a report to what a comment on GitHub can hold.

#![cfg(unix)]

use std::io::Write as _;
use std::process::{Command, Stdio};

const SENTENCE: &str = "[The whole of it](https://example.com).";

fn fitted(report: &str) -> String {
    let mut script = Command::new("bash");
    script
        .current_dir(xtask::workspace())
        .args([".ci/fit", SENTENCE]);
    let mut script = script
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("bash starts");
    let mut stdin = script.stdin.take().expect("its input");
    let report = report.to_owned();
    // The script stops reading where it cuts, and this thread fails to write the rest.
    let writer = std::thread::spawn(move || _ = stdin.write_all(report.as_bytes()));
    let output = script.wait_with_output().expect("bash ends");
    writer.join().expect("the report is written");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("no character is cut in two")
}

#[test]
fn a_report_that_fits_stays_as_it_is() {
    let report = format!("## platform\n\n{}", "| é | removed |\n".repeat(3000));
    assert_eq!(fitted(&report), report);
    assert_eq!(fitted(""), "");
}

#[test]
fn a_report_that_does_not_fit_is_cut_at_the_end_of_a_line() {
    let line = "| `GET /users/{user_guid}` | breaking | é |\n";
    for head in [
        "",
        "<details><summary>Documentation</summary>\n",
        "<details><summary>Breaking</summary>\n<details><summary>40 more rows</summary>\n",
        "```text\n",
        "````text\n```\n<details>\n",
    ] {
        let report = format!("{head}{}", line.repeat(3000));
        let cut = fitted(&report);
        assert!((59_000..=60_000).contains(&cut.len()), "{}", cut.len());
        let (table, end) = cut
            .split_at_checked(cut.rfind(line).expect("the table") + line.len())
            .expect("a whole line");
        assert!(report.starts_with(table));
        let closed = match head {
            "" => "",
            "```text\n" => "```\n",
            head if head.starts_with("````") => "````\n",
            head if head.contains("40 more") => "\n</details>\n\n</details>\n",
            _ => "\n</details>\n",
        };
        assert_eq!(end, format!("{closed}\n{SENTENCE}\n"));
    }
}

#[test]
fn a_line_that_does_not_fit_is_left_out() {
    let report = format!("## platform\n{}\n## nexus\n", "x".repeat(70_000));
    assert_eq!(fitted(&report), format!("## platform\n\n{SENTENCE}\n"));
}
