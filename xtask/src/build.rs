//! Builds that show what they do: cargo's own words go to stderr, unless there was nothing to compile.

use std::env;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

/// What cargo says at the end of every build; nothing else is said where all was built before.
const LAST_LINE: &str = "Finished";

/// Runs a `cargo build`, or `cargo bench --no-run`; where the program of this name is.
///
/// # Errors
///
/// Cargo cannot be started, the build fails, or it gives no program.
pub fn build(cargo: &mut Command, name: &str) -> Result<PathBuf, String> {
    let ran = run(cargo.arg("--message-format=json-render-diagnostics"))?;
    if !ran.is_success {
        return Err(format!("{name} cannot be built"));
    }
    let mut lines = ran.stdout.lines();
    let program = lines.find_map(|message| executable(message, name));
    program.ok_or_else(|| format!("the build gave no program {name}"))
}

/// How a cargo ended.
pub struct Ran {
    /// Whether it exited with 0.
    pub is_success: bool,
    /// What it printed on stdout.
    pub stdout: String,
}

/// Runs cargo with its words on stderr.
///
/// # Errors
///
/// Cargo cannot be started.
pub fn run(cargo: &mut Command) -> Result<Ran, String> {
    let failed = |error: io::Error| format!("cannot run cargo: {error}");
    cargo.stdout(Stdio::piped()).stderr(Stdio::piped());
    if io::stderr().is_terminal() {
        for (name, value) in [
            ("CARGO_TERM_COLOR", "always"),
            ("CARGO_TERM_PROGRESS_WHEN", "always"),
            ("CARGO_TERM_PROGRESS_WIDTH", "80"),
        ] {
            let is_unwanted = name == "CARGO_TERM_COLOR" && env::var_os("NO_COLOR").is_some();
            if env::var_os(name).is_none() && !is_unwanted {
                cargo.env(name, value);
            }
        }
    }
    let mut child = cargo.spawn().map_err(failed)?;
    let words = child.stderr.take();
    let words = thread::spawn(move || words.map(show));
    let mut stdout = Vec::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_end(&mut stdout).map_err(failed)?;
    }
    let _ = words.join();
    let status = child.wait().map_err(failed)?;
    Ok(Ran {
        is_success: status.success(),
        stdout: String::from_utf8_lossy(&stdout).into_owned(),
    })
}

/// Copies to stderr as it comes, but for a last line that stands alone.
fn show(words: impl Read) {
    let mut words = BufReader::new(words);
    let mut held = Vec::new();
    let mut is_shown = false;
    loop {
        let count = match words.fill_buf() {
            Ok(piece) if !piece.is_empty() => {
                held.extend_from_slice(piece);
                piece.len()
            }
            _ => return,
        };
        words.consume(count);
        is_shown |= !begins_like_the_last_line(&held);
        if is_shown {
            let _ = io::stderr().write_all(&held);
            held.clear();
        }
    }
}

/// Whether the text, without spaces and colours, is one line that may be cargo's last one.
fn begins_like_the_last_line(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    let mut plain = String::new();
    let mut is_escape = false;
    for character in text.trim_end().chars() {
        match character {
            '\u{1b}' => is_escape = true,
            // An escape sequence ends with a letter, as in ESC[32m.
            _ if is_escape => is_escape = !character.is_ascii_alphabetic(),
            _ => plain.push(character),
        }
    }
    let plain = plain.trim_start();
    !plain.contains('\n') && (plain.starts_with(LAST_LINE) || LAST_LINE.starts_with(plain))
}

/// The program of a message such as `{…,"target":{…,"name":"it",…},…,"executable":"/target/debug/it",…}`.
fn executable(message: &str, name: &str) -> Option<PathBuf> {
    let (_, rest) = message.split_once(&format!(r#""name":"{name}""#))?;
    let (_, rest) = rest.split_once(r#""executable":""#)?;
    let (path, _) = rest.split_once('"')?;
    Some(path.replace(r"\\", r"\").into())
}
