//! Output that may have no reader.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// How long a command may take without a word.
const SILENCE: Duration = Duration::from_secs(1);

/// Writes to stdout. It is no error that the reader has left, as `head` does.
///
/// # Errors
///
/// Anything else that keeps the text from being written, such as a full disk.
pub fn print(text: impl Display) -> Result<(), String> {
    let mut stdout = io::stdout().lock();
    match write!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot write the output: {error}"))
        }
        _ => Ok(()),
    }
}

/// Writes a line to stderr: an error, or what is being done. Where that fails, there is no place to say so.
pub fn note(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Does a piece of work, and says what it is if it takes long.
pub fn saying<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (done, waits) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if waits.recv_timeout(SILENCE) == Err(RecvTimeoutError::Timeout) {
                note(what);
            }
        });
        let result = work();
        drop(done);
        result
    })
}
