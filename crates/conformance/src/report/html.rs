//! `report.html`: one page that needs nothing else.

/// The page, around the report as JSON.
pub fn page(json: &str) -> String {
    // Inside a script element, only this could end it.
    let data = json.replace('<', "\\u003c");
    include_str!("page.html").replace("{{report}}", &data)
}
