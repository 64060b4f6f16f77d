//! Copies of the repository, to try its commands on.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::{cargo, messages, root};

/// A copy of what the commands work on: the specs and the clients' generated code.
pub struct Copy(TempDir);

/// How a command ended.
#[derive(Debug)]
pub struct Outcome {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr.
    pub stderr: String,
}

impl Copy {
    /// Copies the repository.
    #[expect(
        clippy::new_without_default,
        reason = "a copy of something is no default"
    )]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for part in [
            "specs",
            "crates/platform-client/src/generated",
            "crates/nexus-client/src/generated",
        ] {
            copy(&root().join(part), &folder.path().join(part));
        }
        Self(folder)
    }

    /// A path in the copy.
    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// The text of a file.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// Replaces a piece of text in a file that holds it.
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert!(text.contains(from), "{path} does not hold {from}");
        self.write(path, &text.replace(from, to));
    }

    /// All files under a folder of the copy, by their path in it.
    pub fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(&self.path(folder), Path::new(""), &mut files);
        files
    }

    /// `cargo xtask regen` in the copy, ready to be started.
    pub fn regen(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(xtask());
        command
            .current_dir(self.0.path())
            .arg("regen")
            .args(arguments);
        command
    }

    /// Runs `cargo xtask regen` in the copy.
    pub fn run_regen(&self, arguments: &[&str]) -> Outcome {
        let output = self.regen(arguments).output().expect("xtask starts");
        output.into()
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The program behind `cargo xtask`, built once.
fn xtask() -> &'static Path {
    static XTASK: OnceLock<PathBuf> = OnceLock::new();
    XTASK.get_or_init(|| {
        let mut build = cargo();
        build.current_dir(root()).args([
            "build",
            "--offline",
            "--package",
            "xtask",
            "--message-format=json",
        ]);
        let output = build.output().expect("cargo starts");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let messages = messages(&output.stdout);
        let program = messages
            .iter()
            .find_map(|message| message["executable"].as_str());
        program.expect("cargo names the program").into()
    })
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    let mut files = BTreeMap::new();
    collect(from, Path::new(""), &mut files);
    for (path, bytes) in files {
        let path = to.join(path);
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
}

fn collect(folder: &Path, under: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries.map(|entry| entry.expect("an entry")) {
        let (path, name) = (entry.path(), under.join(entry.file_name()));
        if path.is_dir() {
            collect(&path, &name, files);
        } else {
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
}
