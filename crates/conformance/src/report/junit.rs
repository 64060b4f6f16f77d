//! `junit.xml`: the run as CI services read it.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::check::Verdict;
use crate::report::section::Section;

/// The report as JUnit's XML.
///
/// # Errors
///
/// It cannot be written as XML.
pub fn report(sections: &[Section]) -> Result<String, String> {
    let mut report = Report::new("conformance");
    for section in sections {
        let mut suite = TestSuite::new(section.api.as_str());
        for found in &section.cases {
            let status = match found.verdict {
                Verdict::Pass | Verdict::Warning => TestCaseStatus::success(),
                Verdict::ExpectedFailure | Verdict::NotJudged => {
                    let mut status = TestCaseStatus::skipped();
                    status.set_message(found.reason.clone().unwrap_or_default());
                    status
                }
                Verdict::Fail => {
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    status.set_message(found.failures.join("; "));
                    status
                }
            };
            let mut case = TestCase::new(found.case.as_str(), status);
            case.set_classname(found.operation.as_str());
            if !found.warnings.is_empty() {
                case.set_system_out(found.warnings.join("\n"));
            }
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    report.to_string().map_err(|error| error.to_string())
}
