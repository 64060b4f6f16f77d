//! `junit.xml`: the run as CI services read it.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::report::{Outcome, Section};

/// The report as JUnit's XML.
///
/// # Errors
///
/// It cannot be written as XML.
pub fn report(sections: &[Section]) -> Result<String, String> {
    let mut report = Report::new("conformance");
    for section in sections {
        let mut suite = TestSuite::new(section.api.as_str());
        for verdict in &section.verdicts {
            let status = match Outcome::of(verdict) {
                Outcome::Pass => TestCaseStatus::success(),
                Outcome::Known => {
                    let mut status = TestCaseStatus::skipped();
                    status.set_message(verdict.known.clone().unwrap_or_default());
                    status
                }
                Outcome::Skipped => {
                    let mut status = TestCaseStatus::skipped();
                    status.set_message(verdict.skipped.clone().unwrap_or_default());
                    status
                }
                Outcome::Fail => {
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    status.set_message(verdict.faults.join("; "));
                    status
                }
            };
            let mut case = TestCase::new(verdict.case.as_str(), status);
            case.set_classname(verdict.operation.as_str());
            if !verdict.findings.is_empty() {
                case.set_system_out(verdict.findings.join("\n"));
            }
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|error| error.to_string())
}
