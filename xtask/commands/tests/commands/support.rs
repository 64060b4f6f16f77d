//! Copies of the repository, the command on them, and a server to fetch from.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

use xtask::workspace;

/// The files that name the clients.
pub const LISTINGS: [&str; 3] = [
    "Cargo.toml",
    "crates/conformance/Cargo.toml",
    "crates/conformance/src/apis/list.rs",
];
pub const FENCE: &str = "````";
pub const OAUTH: &str = "GET /members/{member_guid}/oauth_window_uri";

pub fn ours(api: &str) -> String {
    fs::read_to_string(workspace().join(format!("specs/{api}/openapi.yaml"))).unwrap()
}

pub fn page(operation: &str, block: &str) -> String {
    format!("# Title\n\nWords.\n\n{FENCE}yaml openapi/nexus/v1.yaml {operation}\n{block}{FENCE}\n")
}

/// A command's outcome in one piece.
pub fn shown(output: &Output) -> String {
    format!(
        "exit {}\n--- out\n{}--- err\n{}",
        output.status.code().unwrap(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What a command says on stderr, but for what it does where that takes long.
pub fn words(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines = text.lines().filter(|line| {
        !["fetching ", "generating ", "comparing"]
            .iter()
            .any(|word| line.starts_with(word))
    });
    lines.collect::<Vec<_>>().join("\n")
}

pub fn xtask(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask-commands"));
    command.args(arguments).current_dir(folder);
    command
}

/// How a command ended.
#[derive(Debug)]
pub struct Outcome {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
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

#[track_caller]
pub fn assert_exit(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "{}", shown(output));
}

/// The APIs that the tests describe. Others may be added to the repository.
const OURS: [&str; 2] = ["nexus", "platform"];

/// A copy of what the commands need of this repository, with our APIs alone.
pub struct Copy {
    dir: tempfile::TempDir,
}

impl Copy {
    pub fn new() -> Self {
        let copy = Copy {
            dir: tempfile::tempdir().unwrap(),
        };
        for api in OURS {
            for folder in [format!("specs/{api}"), format!("crates/{api}-client")] {
                copy_folder(&workspace().join(&folder), &copy.path(&folder));
            }
        }
        for file in LISTINGS {
            fs::create_dir_all(copy.path(file).parent().unwrap()).unwrap();
            fs::copy(workspace().join(file), copy.path(file)).unwrap();
        }
        if fs::read_dir(workspace().join("specs")).unwrap().count() > OURS.len() {
            // Takes the others out of the files that name the clients.
            assert_exit(&copy.run(&["regen"]), 0);
        }
        copy
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Replaces a piece of text in a file that holds it.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} does not hold {from}");
        self.write(name, &text.replace(from, to));
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        xtask(self.dir.path(), arguments)
    }

    /// `cargo xtask regen`, ready to be started.
    pub fn regen(&self, arguments: &[&str]) -> Command {
        command(self.dir.path(), &[&["regen"], arguments].concat())
    }

    pub fn run_regen(&self, arguments: &[&str]) -> Outcome {
        self.regen(arguments).output().unwrap().into()
    }

    /// All files under a folder, by their path in the copy.
    pub fn files(&self, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        self.collect(&self.path(folder), &mut files);
        files
    }

    fn collect(&self, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.collect(&path, files);
            } else {
                let name = path.strip_prefix(self.dir.path()).unwrap().to_owned();
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }

    pub fn commit(&self) {
        for arguments in [
            &["init", "-q"][..],
            &["add", "-A"],
            &["commit", "-qm", "all"],
        ] {
            let git = Command::new("git")
                .args([
                    "-c",
                    "user.name=t",
                    "-c",
                    "user.email=t@example.com",
                    "-c",
                    "commit.gpgsign=false",
                ])
                .args(arguments)
                .current_dir(self.dir.path())
                .status();
            assert!(git.unwrap().success());
        }
    }

    /// Points the sources of both specs at a server.
    pub fn publish_at(&self, server: &Server, platform: &str, nexus: &str) {
        let hash =
            |api: &str| openapi::sha256(self.read(&format!("specs/{api}/openapi.yaml")).as_bytes());
        for (api, file) in [("platform", platform), ("nexus", nexus)] {
            let path = format!("specs/{api}/api.toml");
            let text = self.read(&path);
            let (facts, _) = text.split_once("[source]").unwrap();
            let source = format!(
                "# Kept.\n[source] # here too\nurls = [\"{}/{file}\"]\ndate = 2026-01-01\nsha256 = \"{}\"\n",
                server.url,
                hash(api)
            );
            self.write(&path, &format!("{facts}{source}"));
        }
    }
}

pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_folder(&entry.path(), &target),
            false => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// A server on this machine that gives each path its answer, byte for byte.
pub struct Server {
    pub url: String,
}

impl Server {
    pub fn start(answers: &[(&str, Vec<u8>)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answers: BTreeMap<String, Vec<u8>> = answers
            .iter()
            .map(|(path, answer)| (format!("/{path}"), answer.clone()))
            .collect();
        let answers = Arc::new(answers);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answers = answers.clone();
                std::thread::spawn(move || answer(stream, &answers));
            }
        });
        Server { url }
    }

    /// A server whose one answer waits until it is released.
    pub fn held(body: &str) -> (Self, Sender<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answers = BTreeMap::from([("/held".to_owned(), ok(body))]);
        let (release, released) = channel();
        std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            released.recv().unwrap();
            answer(stream, &answers);
        });
        (Server { url }, release)
    }
}

pub fn answer(mut stream: TcpStream, answers: &BTreeMap<String, Vec<u8>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap())
        .lines()
        .map_while(Result::ok);
    let Some(request) = lines.next() else { return };
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let path = request.split(' ').nth(1).unwrap_or_default();
    let missing = response("404 Not Found", "", "gone");
    // The client may hang up before it has read all: that is its right.
    let _ = stream.write_all(answers.get(path).unwrap_or(&missing));
}

pub fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    )
    .into_bytes()
}

pub fn ok(body: &str) -> Vec<u8> {
    response("200 OK", "", body)
}

pub fn redirect(to: &str) -> Vec<u8> {
    response("302 Found", &format!("Location: {to}\r\n"), "")
}
