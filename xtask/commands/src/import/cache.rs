//! Pages that were fetched before, and what the server called their versions.

use std::path::PathBuf;

use reqwest::Url;
use serde::{Deserialize, Serialize};

use crate::fetch::Version;

/// A folder of pages.
pub struct Cache(pub PathBuf);

/// A page as it was fetched.
#[derive(Serialize, Deserialize)]
pub struct Page {
    url: String,
    pub version: Version,
    pub text: String,
}

impl Cache {
    fn file(&self, url: &Url) -> PathBuf {
        let name = openapi::sha256(url.as_str().as_bytes());
        self.0.join(format!("{name}.json"))
    }

    /// The page of a URL. One that cannot be read is as good as none.
    pub fn get(&self, url: &Url) -> Option<Page> {
        let text = std::fs::read(self.file(url)).ok()?;
        let page: Page = serde_json::from_slice(&text).ok()?;
        (page.url == url.as_str()).then_some(page)
    }

    /// Keeps a page.
    ///
    /// # Errors
    /// The folder cannot be written to.
    pub fn put(&self, url: &Url, version: Version, text: &str) -> Result<(), String> {
        let page = Page {
            url: url.to_string(),
            version,
            text: text.to_owned(),
        };
        let text = serde_json::to_string(&page).map_err(|error| error.to_string())?;
        codegen::output::replace(&self.file(url), text).map_err(|error| error.to_string())
    }
}
