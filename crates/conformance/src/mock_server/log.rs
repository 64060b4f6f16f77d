//! The request log: a line on stderr for each request. It holds no query, header or body, so no credentials.

use std::io::{self, BufWriter, Write as _};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::json;

use crate::report::text::line;

/// How requests are logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Not at all.
    #[default]
    Off,
    /// As a line for people.
    Text,
    /// As a line of JSON.
    Json,
}

/// A request that was answered.
pub(super) struct Entry {
    pub(super) method: String,
    /// Without the query.
    pub(super) path: String,
    pub(super) status: u16,
    /// Why it was refused, or what fault it met.
    pub(super) reason: Option<String>,
    pub(super) took: Duration,
}

/// Writes entries. A thread of its own does it, so that no request waits for the terminal.
#[derive(Debug)]
pub(super) struct Log {
    entries: Option<Sender<Entry>>,
    writer: Option<JoinHandle<()>>,
}

impl Log {
    pub(super) fn new(format: LogFormat) -> Self {
        if format == LogFormat::Off {
            return Self {
                entries: None,
                writer: None,
            };
        }
        let (entries, received) = channel();
        Self {
            entries: Some(entries),
            writer: Some(thread::spawn(move || write(&received, format))),
        }
    }

    /// Adds an entry; what it says is only put together if there is a log.
    pub(super) fn add(&self, entry: impl FnOnce() -> Entry) {
        if let Some(entries) = &self.entries {
            // If the writer has ended, nobody reads the log.
            _ = entries.send(entry());
        }
    }
}

impl Drop for Log {
    /// Waits until everything is written.
    fn drop(&mut self) {
        self.entries = None;
        if let Some(writer) = self.writer.take() {
            _ = writer.join();
        }
    }
}

/// How long entries are gathered: to wake the writer for each of them would make every request slower.
const GATHER: Duration = Duration::from_millis(2);

/// Writes what is received, and flushes when there is nothing more for the moment.
fn write(received: &Receiver<Entry>, format: LogFormat) {
    let mut out = BufWriter::with_capacity(64 * 1024, io::stderr());
    while let Ok(first) = received.recv() {
        let more = std::iter::from_fn(|| received.try_recv().ok());
        for entry in std::iter::once(first).chain(more) {
            let written = match format {
                LogFormat::Off => Ok(()),
                LogFormat::Text => write_text(&mut out, &entry),
                LogFormat::Json => write_json(&mut out, &entry),
            };
            if written.is_err() {
                return;
            }
        }
        if out.flush().is_err() {
            return;
        }
        thread::sleep(GATHER);
    }
}

fn write_text(out: &mut impl io::Write, entry: &Entry) -> io::Result<()> {
    write!(
        out,
        "{} {} {}",
        line(&entry.method),
        line(&entry.path),
        entry.status
    )?;
    match &entry.reason {
        Some(reason) => writeln!(out, ": {}", line(reason)),
        None => writeln!(out),
    }
}

fn write_json(out: &mut impl io::Write, entry: &Entry) -> io::Result<()> {
    let time = DateTime::<Utc>::from(SystemTime::now());
    let entry = json!({
        "time": time.to_rfc3339_opts(SecondsFormat::Millis, true),
        "method": line(&entry.method),
        "path": line(&entry.path),
        "status": entry.status,
        "reason": entry.reason.as_deref().map(line),
        "ms": entry.took.as_micros() as f64 / 1000.0,
    });
    writeln!(out, "{entry}")
}
