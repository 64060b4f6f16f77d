//! All pages of an API that an index links to, fetched one at a time.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use drift::compare::safe;
use drift::import::{is_html, links};
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use reqwest::Url;
use xtask::note;

use super::cache::Cache;
use super::names::is_of;
use crate::fetch::{Answer, Fetcher, Problem, Version, is_safe, shown};
use crate::input::{Input, read_file};

/// After so many failures one after the other, a site is left alone.
const MOST_FAILURES: usize = 3;
/// How often a page is asked for again, where the server is busy.
const AGAIN: usize = 2;
/// How long a busy server is left alone if it does not say.
const PAUSE: Duration = Duration::from_secs(5);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// A page, by what it is called in messages.
pub struct Page {
    pub name: String,
    pub text: String,
}

/// How a site is asked.
pub struct Site {
    fetcher: Fetcher,
    cache: Cache,
    delay: Duration,
    /// Whether it was asked already.
    is_asked: bool,
}

impl Site {
    /// # Errors
    /// The network cannot be used.
    pub fn new(cache: Cache, delay: Duration) -> Result<Self, String> {
        Ok(Site {
            fetcher: Fetcher::new()?,
            cache,
            delay,
            is_asked: false,
        })
    }

    /// The pages of an API that an index links to.
    ///
    /// # Errors
    /// The index cannot be read or names no page of the API, or a page cannot be fetched: all of these are named.
    pub fn pages(&mut self, index: &Input, api: &str) -> Result<Vec<Page>, String> {
        let (name, text, base) = match index {
            Input::File(path) => {
                let name = path.display().to_string();
                let text = read_file(path, &name)?;
                (name, text, None)
            }
            Input::Url(url) => {
                let name = shown(url);
                let text = self.text(url);
                let text = text.map_err(|problem| format!("{name}: {problem}"))?;
                (name, text, Some(url.clone()))
            }
            Input::Git { .. } => return Err("--index: give a file or a URL".to_owned()),
        };
        if is_html(&text) {
            return Err(format!(
                "{name}: this is HTML, not an index in Markdown such as https://docs.mx.com/llms.txt"
            ));
        }
        let urls = of_api(&name, &text, base.as_ref(), api)?;
        self.fetch(&urls, api)
    }

    fn fetch(&mut self, urls: &[Url], api: &str) -> Result<Vec<Page>, String> {
        let bar = ProgressBar::new(urls.len() as u64).with_finish(ProgressFinish::AndClear);
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {msg}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        if bar.is_hidden() {
            note(format_args!("fetching {} pages of {api}", urls.len()));
        }
        let (mut pages, mut failures) = (Vec::new(), Vec::new());
        let mut in_a_row = 0;
        for url in urls {
            let name = shown(url);
            bar.set_message(safe::line(&name).into_owned());
            match self.text(url) {
                Ok(text) => {
                    pages.push(Page { name, text });
                    in_a_row = 0;
                }
                Err(problem) => {
                    failures.push(format!("\n  {name}: {problem}"));
                    in_a_row += 1;
                }
            }
            bar.inc(1);
            if in_a_row == MOST_FAILURES {
                failures.push("\n  the rest was not asked for".to_owned());
                break;
            }
        }
        match failures.len() {
            0 => Ok(pages),
            _ => Err(format!(
                "of {} pages these could not be fetched; nothing was written:{}",
                urls.len(),
                failures.concat()
            )),
        }
    }

    /// The text of a page: the server's, or the one of the cache if the server says that it is the same.
    fn text(&mut self, url: &Url) -> Result<String, String> {
        let kept = self.cache.get(url);
        let version = kept.as_ref().map(|page| page.version.clone());
        let version = version.unwrap_or_default();
        let answer = self.patient(url, &version)?;
        match (answer, kept) {
            (Answer::Unchanged, Some(page)) => Ok(page.text),
            (Answer::Unchanged, None) => Err("the server answers 304".to_owned()),
            (Answer::Page(text, version), _) => {
                if version != Version::default() {
                    self.cache.put(url, version, &text)?;
                }
                Ok(text)
            }
        }
    }

    fn patient(&mut self, url: &Url, version: &Version) -> Result<Answer, String> {
        for _ in 0..AGAIN {
            match self.ask(url, version) {
                Err(Problem {
                    again: Some(pause), ..
                }) => sleep(pause.unwrap_or(PAUSE).min(LONGEST_PAUSE)),
                answer => return answer.map_err(|problem| problem.words),
            }
        }
        self.ask(url, version).map_err(|problem| problem.words)
    }

    fn ask(&mut self, url: &Url, version: &Version) -> Result<Answer, Problem> {
        if self.is_asked {
            sleep(self.delay);
        }
        self.is_asked = true;
        self.fetcher.get(url, version)
    }
}

/// The pages of an API among the links of an index: those whose path names it. All are of the site of the index; of one
/// in a file, of the site of the first.
fn of_api(name: &str, text: &str, base: Option<&Url>, api: &str) -> Result<Vec<Url>, String> {
    let mut site = base.map(Url::origin);
    let mut urls: Vec<Url> = Vec::new();
    let mut elsewhere = 0;
    for link in links(text) {
        let url = match base {
            Some(base) => base.join(&link),
            None => Url::parse(&link),
        };
        let Ok(url) = url else { continue };
        let mut parts = url.path().split('/');
        if !is_safe(&url) || !parts.any(|part| is_of(part, api)) {
            continue;
        }
        if url.origin() != *site.get_or_insert_with(|| url.origin()) {
            elsewhere += 1;
        } else if !urls.contains(&url) {
            urls.push(url);
        }
    }
    if elsewhere > 0 {
        note(format_args!(
            "{elsewhere} links to other sites are left out"
        ));
    }
    match urls.is_empty() {
        false => Ok(urls),
        true => Err(format!(
            "{name}: links to no page whose address has `{api}` in it: give an index such as https://docs.mx.com/llms.txt, \
             or the pages"
        )),
    }
}

/// The default of `--cache`.
pub fn default_cache(target: &Path) -> Cache {
    Cache(target.join("pages"))
}
