//! `report.html`: one page that needs no other file.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::report::json;
use crate::report::section::Section;

/// The texts that many cases have in common.
const SHARED: [&str; 4] = ["expected", "request", "response", "curl"];

/// The page, around the report as JSON.
pub fn page(sections: &[Section]) -> String {
    let mut report = json::value(sections);
    report["texts"] = shared(&mut report);
    // Only this could end the script element around it.
    let data = json::escaped(report.to_string()).replace('<', "\\u003c");
    include_str!("page.html").replace("{{report}}", &data)
}

/// Replaces the texts of the cases by their numbers in a list, where each stands once: a long run is a third as large.
fn shared(report: &mut Value) -> Value {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let mut texts = Vec::new();
    let apis = report["apis"].as_array_mut().into_iter().flatten();
    let cases = apis.filter_map(|api| api["cases"].as_array_mut()).flatten();
    for case in cases {
        for key in SHARED {
            if let Some(Value::String(text)) = case.get(key) {
                let number = *numbers.entry(text.clone()).or_insert_with(|| {
                    texts.push(text.clone());
                    texts.len() - 1
                });
                case[key] = json!(number);
            }
        }
    }
    json!(texts)
}
