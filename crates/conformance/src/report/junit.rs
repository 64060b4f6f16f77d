//! `junit.xml`: the run as CI services read it.

use chrono::{DateTime, Utc};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::check::Verdict;
use crate::report::case::CaseReport;
use crate::report::host::host;
use crate::report::section::Section;
use crate::report::text::{line, lines};

/// The report as JUnit's XML.
///
/// # Errors
///
/// It cannot be written as XML.
pub fn report(sections: &[Section]) -> Result<String, String> {
    let mut report = Report::new("conformance");
    for section in sections {
        let mut suite = TestSuite::new(section.api.as_str());
        suite.set_time(section.duration);
        suite.set_timestamp(DateTime::<Utc>::from(section.started));
        suite.extra.insert("hostname".into(), host().into());
        for (name, value) in properties(section) {
            suite.add_property((name, value.as_str()));
        }
        for found in &section.cases {
            let mut case = TestCase::new(&*line(&found.case), status(found));
            case.set_classname(&*line(&found.operation));
            case.set_time(found.time);
            if !found.warnings.is_empty() {
                case.set_system_out(lines(&found.warnings.join("\n")));
            }
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|error| error.to_string())
}

fn properties(section: &Section) -> Vec<(&'static str, String)> {
    let mut properties = vec![
        (
            "target",
            section.target.clone().unwrap_or("the client".to_owned()),
        ),
        ("spec", line(&section.title).into_owned()),
        ("spec.version", line(&section.contract.version).into_owned()),
        ("spec.sha256", section.sha256.clone()),
        ("tool.version", env!("CARGO_PKG_VERSION").to_owned()),
    ];
    properties.extend(section.seed.map(|seed| ("seed", seed.to_string())));
    properties
}

fn status(found: &CaseReport) -> TestCaseStatus {
    match found.verdict {
        Verdict::Pass | Verdict::Warning => TestCaseStatus::success(),
        Verdict::ExpectedFailure | Verdict::NotJudged => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(lines(found.reason.as_deref().unwrap_or_default()));
            status
        }
        Verdict::Fail => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(lines(&found.failures.join("; ")));
            let parts = [
                ("Expected", Some(&found.expected)),
                ("Request", found.request.as_ref()),
                ("Response", found.response.as_ref()),
                ("Command", found.curl.as_ref()),
            ];
            let parts = parts.into_iter().filter_map(|(title, text)| {
                let text = lines(text?.trim_end());
                Some(format!("{title}:\n{text}\n"))
            });
            status.set_description(parts.collect::<Vec<_>>().join("\n"));
            status
        }
    }
}
