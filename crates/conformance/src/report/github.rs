//! What GitHub Actions shows of a run: annotations at the failed operations, and a job summary.

use std::fmt::Write as _;

use openapi::{Document, pointer};

use crate::check::Verdict;
use crate::report::case::CaseReport;
use crate::report::section::Section;
use crate::report::text::{count, line, lines};

/// How many annotations GitHub shows of a step.
const MOST_ANNOTATIONS: usize = 10;

/// How many failed cases a summary lists. GitHub allows a mebibyte in all.
const MOST_CASES: usize = 50;

/// How many failures of a case are listed.
const MOST_FAILURES: usize = 5;

/// How many characters of a `curl` command are shown.
const LONGEST_CURL: usize = 4000;

/// An error for each failed case, at its operation in the spec. GitHub shows ten, so the last one says how many more
/// there are.
pub fn annotations(sections: &[Section]) -> String {
    let mut text = String::new();
    let total = sections.iter().map(number_failed).sum::<usize>();
    let shown = match total {
        ..=MOST_ANNOTATIONS => total,
        _ => MOST_ANNOTATIONS - 1,
    };
    let mut left = shown;
    for section in sections.iter().filter(|section| number_failed(section) > 0) {
        let name = format!("specs/{}/openapi.yaml", section.api);
        let document = Document::read_as(name.as_ref(), &name).ok();
        for case in failed(section).take(left) {
            left -= 1;
            let mut properties = String::new();
            if let Some(line) = document
                .as_ref()
                .and_then(|document| line_of(section, case, document))
            {
                _ = write!(properties, "file={},line={line},", property(&name));
            }
            let title = format!("{}, {}", case.operation, case.case);
            let failures = case
                .failures
                .iter()
                .take(MOST_FAILURES)
                .map(|failure| line(failure));
            let mut message = failures.collect::<Vec<_>>().join("\n");
            if let Some(curl) = &case.curl {
                _ = write!(message, "\n{}", lines(&cut(curl)));
            }
            _ = writeln!(
                text,
                "::error {properties}title={}::{}",
                property(&line(&title)),
                data(&message)
            );
        }
    }
    if total > shown {
        let rest = count(total - shown, "more failed case");
        _ = writeln!(
            text,
            "::error title=Conformance::{rest}: see the job summary"
        );
    }
    text
}

/// The line of the operation in the spec.
fn line_of(section: &Section, case: &CaseReport, document: &Document) -> Option<usize> {
    let operation = section.contract.operation(&case.operation)?;
    let at = pointer::join("/paths", &operation.path);
    let at = pointer::join(&at, &operation.method.to_ascii_lowercase());
    document.value().pointer(&at)?;
    Some(document.locate(&at).line)
}

/// The run as Markdown.
pub fn summary(sections: &[Section]) -> String {
    let sum = |of: &dyn Fn(&Section) -> usize| sections.iter().map(of).sum::<usize>();
    let (cases, failed_cases) = (sum(&|section| section.cases.len()), sum(&number_failed));
    let cases = count(cases, "case");
    let not_judged: Vec<String> = sections.iter().filter_map(Section::not_judged).collect();
    let mut text = match (failed_cases, not_judged.is_empty()) {
        (0, true) => format!("## ✅ Conformance: none of {cases} fails\n\n"),
        (0, false) => "## ⚠️ Conformance: not judged\n\n".to_owned(),
        _ => format!("## ❌ Conformance: {failed_cases} of {cases} fail\n\n"),
    };
    let unjudged = sum(&|section| section.count(Verdict::NotJudged));
    if unjudged > 0 {
        let all = sum(&|section| section.cases.len());
        _ = writeln!(text, "{} of {cases} judged\n", all - unjudged);
    }
    for reason in not_judged {
        _ = writeln!(text, "{}\n", markdown(&reason));
    }
    text.push_str("| | passed | failed | expected failures | warnings | not judged | covered |\n");
    text.push_str("| --- | --: | --: | --: | --: | --: | --- |\n");
    for section in sections {
        let counts = section.coverage.named();
        let counts = counts
            .iter()
            .filter(|(_, count)| count.total > 0)
            .map(|(name, count)| format!("{name} {}/{}", count.reached, count.total));
        _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            markdown(&line(&section.title)),
            section.count(Verdict::Pass),
            number_failed(section),
            section.count(Verdict::ExpectedFailure),
            section.count(Verdict::Warning),
            section.count(Verdict::NotJudged),
            counts.collect::<Vec<_>>().join(", ")
        );
    }
    let all = sections.iter().flat_map(failed);
    for case in all.take(MOST_CASES) {
        _ = writeln!(
            text,
            "\n<details><summary>{} · {}</summary>\n",
            markdown(&line(&case.operation)),
            markdown(&line(&case.case))
        );
        _ = writeln!(text, "Expected: {}\n", markdown(&line(&case.expected)));
        for failure in case.failures.iter().take(MOST_FAILURES) {
            _ = writeln!(text, "- {}", markdown(&line(failure)));
        }
        if let Some(curl) = &case.curl {
            _ = writeln!(text, "\n<pre>{}</pre>", markdown(&lines(&cut(curl))));
        }
        text.push_str("\n</details>\n");
    }
    if failed_cases > MOST_CASES {
        let rest = count(failed_cases - MOST_CASES, "more failed case");
        _ = writeln!(text, "\n… and {rest}: `--report` writes them all.");
    }
    if let (Some(seed), true) = (
        sections.iter().find_map(|section| section.seed),
        failed_cases > 0,
    ) {
        _ = writeln!(text, "\nThe same inputs again: `--seed {seed}`");
    }
    text
}

/// How many cases failed.
fn number_failed(section: &Section) -> usize {
    section.count(Verdict::Fail)
}

fn failed(section: &Section) -> impl Iterator<Item = &CaseReport> {
    let cases = section.cases.iter();
    cases.filter(|case| case.verdict == Verdict::Fail)
}

fn cut(curl: &str) -> String {
    curl.chars().take(LONGEST_CURL).collect()
}

/// A text as the data of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A text as a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A text that Markdown shows as it is: punctuation is written as entities.
fn markdown(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '.' | ',' | '-' => escaped.push(letter),
            letter if letter.is_ascii_punctuation() => {
                _ = write!(escaped, "&#{};", u32::from(letter));
            }
            '\n' | '\r' => escaped.push(' '),
            letter => escaped.push(letter),
        }
    }
    escaped
}
