//! Builds that show what they do: cargo's own words go to stderr, unless there was nothing to compile.

use std::env;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;

/// What cargo says at the end of every build; nothing else is said where all was built before.
const LAST_LINE: &str = "Finished";

/// Runs a `cargo build`, or `cargo bench --no-run`, of one program; where the program is.
///
/// # Errors
///
/// Cargo cannot be started, the build fails, or it gives no program.
pub fn build(cargo: &mut Command) -> Result<PathBuf, String> {
    let messages = run(cargo.arg("--message-format=json-render-diagnostics"))?;
    let program = messages.ok_or("the build failed")?;
    let program = program.lines().find_map(executable);
    program.ok_or_else(|| "the build gave no program".to_owned())
}

/// Runs cargo with its words on stderr; what it prints on stdout, or `None` if it failed.
///
/// # Errors
///
/// Cargo cannot be started.
pub fn run(cargo: &mut Command) -> Result<Option<String>, String> {
    let failed = |error: io::Error| format!("cannot start cargo: {error}");
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
    let mut messages = String::new();
    if let Some(stdout) = child.stdout.take() {
        // What cannot be read is not there.
        let _ = BufReader::new(stdout).read_to_string(&mut messages);
    }
    let _ = words.join();
    let status = child.wait().map_err(failed)?;
    Ok(status.success().then_some(messages))
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

/// The program of a message such as `{"reason":"compiler-artifact",…,"executable":"/target/debug/it"}`.
fn executable(message: &str) -> Option<PathBuf> {
    let (_, rest) = message.split_once(r#""executable":""#)?;
    let (path, _) = rest.split_once('"')?;
    Some(path.replace(r"\\", r"\").into())
}
