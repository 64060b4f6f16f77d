//! What a benchmark prints, and the section of `docs/benchmarks.md` that it becomes.

use std::fmt::Display;
use std::fs;
use std::io::{BufRead as _, BufReader, ErrorKind};
use std::process::{Command, ExitStatus, Stdio};
use std::thread::available_parallelism;

use time::OffsetDateTime;
use xtask::{cargo, note, print, workspace};

const PREFACE: &str = "\
# Benchmarks

`cargo xtask bench NAME` writes the section `NAME`. Figures are ratios measured in one run: both sides on the same machine,
one after the other. Absolute figures are of the machine named.
";

/// The output of a benchmark, as it is printed.
#[derive(Default)]
pub struct Record {
    text: String,
}

impl Record {
    /// Prints the text, and keeps it.
    pub fn say(&mut self, text: impl Display) -> Result<(), String> {
        let text = text.to_string();
        print(&text)?;
        self.text += &text;
        Ok(())
    }

    /// Runs a program, prints what it prints, and keeps it.
    pub fn run(&mut self, program: &mut Command) -> Result<ExitStatus, String> {
        let child = program.stdout(Stdio::piped()).spawn();
        let mut child = child.map_err(|error| format!("cannot run {program:?}: {error}"))?;
        if let Some(stdout) = child.stdout.take() {
            for line in BufReader::new(stdout).lines() {
                let line = line.map_err(|error| error.to_string())?;
                self.say(format_args!("{line}\n"))?;
            }
        }
        child.wait().map_err(|error| error.to_string())
    }

    /// Writes the section `name` of `docs/benchmarks.md`.
    pub fn write(self, name: &str) -> Result<(), String> {
        let path = workspace().join("docs").join("benchmarks.md");
        let failed = |error| format!("cannot write {}: {error}", path.display());
        let old = match fs::read_to_string(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            read => read.map_err(failed)?,
        };
        let section = format!(
            "## {name}\n\n`cargo xtask bench {name}`, {}, on {}.\n\n```text\n{}\n```\n",
            OffsetDateTime::now_utc().date(),
            machine(),
            self.text.trim()
        );
        fs::write(&path, with_section(&old, name, &section)).map_err(failed)?;
        note(format_args!("docs/benchmarks.md: section {name}"));
        Ok(())
    }
}

/// The document with a section replaced or, if it had none of that name, added; sections are sorted by name.
fn with_section(document: &str, name: &str, section: &str) -> String {
    let old = document.split("\n## ").skip(1);
    let mut sections: Vec<String> = old
        .map(|rest| format!("## {}\n", rest.trim_end()))
        .collect();
    sections.retain(|other| other.lines().next() != Some(&format!("## {name}")));
    sections.push(section.to_owned());
    sections.sort();
    format!("{PREFACE}\n{}", sections.join("\n"))
}

/// The machine and the compiler, as a reader needs them to judge a figure.
fn machine() -> String {
    let cores = available_parallelism().map_or(0, usize::from);
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = information
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or(String::new(), |(_, model)| format!(" of {model}"));
    let version = cargo().arg("--version").output();
    let version = version.map_or_else(
        |_| "an unknown cargo".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    );
    let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    format!("{cores} cores{model} ({system}, {architecture}), {version}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_is_replaced_and_the_others_stay() {
        let one = with_section("", "one", "## one\n\nold\n");
        let both = with_section(&one, "zwei", "## zwei\n\ntext\n");
        let new = with_section(&both, "one", "## one\n\nnew\n");
        assert_eq!(
            new,
            format!("{PREFACE}\n## one\n\nnew\n\n## zwei\n\ntext\n")
        );
        assert_eq!(with_section(&new, "one", "## one\n\nnew\n"), new);
    }
}
