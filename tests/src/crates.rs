//! Crates of users, built on the clients as cargo builds them anywhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use xtask::workspace;

use crate::cargo;

/// A workspace of crates that depend on the clients by path.
///
/// It stands in one place between runs and shares the repository's build, lock file and profiles, so that what it
/// depends on is built once.
pub struct Crates(PathBuf);

/// What came of a build.
pub struct Build {
    /// The program, if the crate is one.
    pub program: Option<PathBuf>,
    /// The compiler's warnings about this repository's code.
    pub warnings: Vec<String>,
    /// What the clients' build scripts generated, by the client's name.
    pub generated: Vec<(String, PathBuf)>,
}

impl Crates {
    /// Starts a workspace in a folder, which belongs to it alone; each member is added before one is built.
    pub fn new(folder: &Path, members: &[&str]) -> Self {
        fs::create_dir_all(folder).expect("a folder");
        let (profiles, lock) = xtask::shared_build().expect("the workspace's own files");
        let workspace =
            format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n\n{profiles}");
        write(&folder.join("Cargo.toml"), &workspace);
        write(&folder.join("Cargo.lock"), &lock);
        Self(folder.to_owned())
    }

    /// Adds a crate with these dependencies (lines of its manifest) and these files under `src`.
    pub fn add(&self, name: &str, dependencies: &str, sources: &[(&str, &str)]) {
        let package =
            format!("[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n");
        let root = workspace().display().to_string();
        let dependencies = dependencies.replace("$ROOT", &root);
        fs::create_dir_all(self.0.join(name).join("src")).expect("a folder");
        write(
            &self.0.join(name).join("Cargo.toml"),
            &format!("{package}\n[dependencies]\n{dependencies}"),
        );
        for (file, text) in sources {
            let path = self.0.join(name).join("src").join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            write(&path, text);
        }
    }

    /// Checks a crate; its errors, each with the file that it is in.
    pub fn check(&self, name: &str) -> Vec<(String, String)> {
        let mut check = cargo();
        check.current_dir(&self.0).args([
            "check",
            "--offline",
            "--package",
            name,
            "--message-format=json",
        ]);
        let output = check.output().expect("cargo starts");
        let text = String::from_utf8_lossy(&output.stdout);
        let messages = text
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let errors: Vec<(String, String)> = messages
            .filter(|message| message["message"]["level"] == "error")
            .filter_map(|message| {
                let spans = message["message"]["spans"].as_array()?;
                let primary = spans.iter().find(|span| span["is_primary"] == true);
                let file = primary?["file_name"].as_str()?;
                let text = message["message"]["rendered"].as_str()?;
                Some((file.to_owned(), text.to_owned()))
            })
            .collect();
        assert!(
            output.status.success() || !errors.is_empty(),
            "{name} cannot be checked:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        errors
    }

    /// Builds a crate with these environment variables.
    pub fn build(&self, name: &str, variables: &[(&str, &Path)]) -> Build {
        let mut build = cargo();
        build.current_dir(&self.0).args([
            "build",
            "--offline",
            "--package",
            name,
            "--message-format=json",
        ]);
        build.envs(variables.iter().copied());
        let output = build.output().expect("cargo starts");
        let text = String::from_utf8_lossy(&output.stdout);
        let messages: Vec<Value> = text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let rendered = |message: &Value| message["message"]["rendered"].as_str().map(str::to_owned);
        let told: Vec<String> = messages.iter().filter_map(rendered).collect();
        assert!(
            output.status.success(),
            "{name} does not build:\n{}{}",
            told.join("\n"),
            String::from_utf8_lossy(&output.stderr)
        );
        let of = |reason: &'static str| {
            messages
                .iter()
                .filter(move |message| message["reason"] == reason)
        };
        let client = |message: &Value| {
            let id = message["package_id"].as_str().unwrap_or_default();
            let (path, _) = id.split_once("-client#")?;
            path.rsplit('/').next().map(str::to_owned)
        };
        Build {
            program: of("compiler-artifact")
                .find_map(|message| message["executable"].as_str())
                .map(PathBuf::from),
            warnings: told,
            generated: of("build-script-executed")
                .filter_map(|message| {
                    let folder = Path::new(message["out_dir"].as_str()?).join("generated");
                    Some((client(message)?, folder)).filter(|(_, folder)| folder.exists())
                })
                .collect(),
        }
    }
}

impl Build {
    /// The program, ready to be started, without the variables that hold credentials.
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.program.as_ref().expect("the crate is a program"));
        for variable in ["MX_CLIENT_ID", "MX_API_KEY", "MX_SESSION_TOKEN"] {
            command.env_remove(variable);
        }
        command
    }
}

/// Writes a file unless it is so already: cargo builds again what is newer than its build.
///
/// # Panics
///
/// The file cannot be written.
pub fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).ok().as_deref() != Some(text) {
        fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
}
