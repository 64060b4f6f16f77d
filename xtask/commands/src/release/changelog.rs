//! The changelog: its first section becomes that of the release.

use semver::Version;
use time::Date;

/// A changelog with the section of a release.
#[derive(Debug)]
pub struct Released {
    /// The whole document.
    pub document: String,
    /// The section alone.
    pub section: String,
}

/// Gives the first section, whose heading ends with `unreleased`, the version and the date.
pub fn released(document: &str, version: &Version, date: Date) -> Result<Released, String> {
    let advice = "add `## unreleased` with what a caller has to know";
    let start = document
        .find("## ")
        .ok_or_else(|| format!("CHANGELOG.md: no section: {advice}"))?;
    let (before, rest) = document.split_at(start);
    let (heading, rest) = rest.split_once('\n').unwrap_or((rest, ""));
    if !heading.trim_end().ends_with("unreleased") {
        return Err(format!(
            "CHANGELOG.md: the first section, `{heading}`, is released: {advice}"
        ));
    }
    let (text, older) = match rest.find("\n## ") {
        Some(end) => rest.split_at(end + 1),
        None => (rest, ""),
    };
    if text.trim().is_empty() {
        return Err(format!(
            "CHANGELOG.md: the section `{heading}` is empty: {advice}"
        ));
    }
    let section = format!("## {version}, {date}\n{text}");
    Ok(Released {
        document: format!("{before}{section}{older}"),
        section,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Month::November;

    fn changed(document: &str) -> Result<String, String> {
        let date = Date::from_calendar_date(2026, November, 5).unwrap();
        released(document, &Version::new(0, 2, 0), date).map(|released| released.document)
    }

    #[test]
    fn the_first_section_gets_version_and_date() {
        let old = "# Changelog\n\n## 0.2.0, unreleased\n\n- new\n\n## 0.1.0, 2026-01-01\n\n- old\n";
        let new = "# Changelog\n\n## 0.2.0, 2026-11-05\n\n- new\n\n## 0.1.0, 2026-01-01\n\n- old\n";
        assert_eq!(changed(old).as_deref(), Ok(new));
    }

    #[test]
    fn a_changelog_without_news_is_refused() {
        for document in [
            "# Changelog\n",
            "## 0.1.0, 2026-01-01\n\n- old\n",
            "## unreleased\n\n## 0.1.0, 2026-01-01\n\n- old\n",
        ] {
            let error = changed(document).unwrap_err();
            assert!(error.contains("add `## unreleased`"), "{error}");
        }
    }
}
