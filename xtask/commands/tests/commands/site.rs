//! A small site: it remembers what it was asked, and knows the versions of its pages.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use crate::support::response;

/// What was asked.
#[derive(Clone)]
pub struct Asked {
    pub path: String,
    /// Whether only another version than that of the site was asked for.
    pub is_conditional: bool,
    pub at: Instant,
    /// Whether nothing else was asked at the same time.
    pub is_alone: bool,
}

/// A site of pages with versions, on this machine.
pub struct Site {
    pub url: String,
    pages: Arc<Mutex<BTreeMap<String, Vec<Vec<u8>>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Site {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Site {
            url: format!("http://{}", listener.local_addr().unwrap()),
            pages: Arc::default(),
            asked: Arc::default(),
        };
        let (pages, asked) = (site.pages.clone(), site.asked.clone());
        std::thread::spawn(move || {
            let open = Arc::new(AtomicUsize::new(0));
            for stream in listener.incoming().flatten() {
                let (pages, asked, open) = (pages.clone(), asked.clone(), open.clone());
                std::thread::spawn(move || {
                    let is_alone = open.fetch_add(1, Ordering::SeqCst) == 0;
                    serve(stream, &pages, &asked, is_alone, &open);
                });
            }
        });
        site
    }

    /// Puts a page on the site, whose version is its text.
    pub fn put(&self, path: &str, text: &str) {
        let etag = format!("ETag: \"{}\"\r\n", openapi::sha256(text.as_bytes()));
        self.answer(path, &[response("200 OK", &etag, text)]);
    }

    /// Gives these answers to a path, one after the other; the last stays.
    pub fn answer(&self, path: &str, answers: &[Vec<u8>]) {
        let answers = answers.iter().rev().cloned().collect();
        self.pages
            .lock()
            .unwrap()
            .insert(format!("/{path}"), answers);
    }

    /// What was asked since the last time.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn serve(
    mut stream: TcpStream,
    pages: &Mutex<BTreeMap<String, Vec<Vec<u8>>>>,
    asked: &Mutex<Vec<Asked>>,
    is_alone: bool,
    open: &AtomicUsize,
) {
    let lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let head: Vec<String> = lines
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let path = head.first().and_then(|line| line.split(' ').nth(1));
    let path = path.unwrap_or_default().to_owned();
    let condition = head.iter().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("if-none-match")
            .then(|| value.to_owned())
    });
    asked.lock().unwrap().push(Asked {
        path: path.clone(),
        is_conditional: condition.is_some(),
        at: Instant::now(),
        is_alone,
    });
    let answer = match pages.lock().unwrap().get_mut(&path) {
        None => response("404 Not Found", "", "gone"),
        Some(answers) if answers.len() > 1 => answers.pop().unwrap(),
        Some(answers) => answers[0].clone(),
    };
    let is_same = condition.is_some_and(|etag| {
        String::from_utf8_lossy(&answer).contains(&format!("ETag: {etag}\r\n"))
    });
    // Whoever sees the end of an answer may ask the next.
    open.fetch_sub(1, Ordering::SeqCst);
    let _ = match is_same {
        true => stream.write_all(&response("304 Not Modified", "", "")),
        false => stream.write_all(&answer),
    };
}
