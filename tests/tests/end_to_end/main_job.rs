//! `cargo xtask` as its user starts it, in a shell: what it compiles, shows, and lists.

use std::io::pipe;
use std::net::TcpListener;
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tests::cargo;

/// The suite with TLS and the one without are one file: only one of them is built and started at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `cargo xtask` with these arguments, as a user types it.
fn cargo_xtask(arguments: &[&str]) -> Command {
    let mut command = cargo();
    command.arg("xtask");
    with(command, arguments)
}

/// The same without the first cargo.
fn xtask(arguments: &[&str]) -> Command {
    with(tests::xtask(), arguments)
}

fn with(mut command: Command, arguments: &[&str]) -> Command {
    command.args(arguments);
    for name in ["CARGO_TERM_COLOR", "CARGO_TERM_VERBOSE", "GITHUB_ACTIONS"] {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str]) -> Output {
    xtask(arguments).output().expect("it starts")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command whose program is built, and nothing has to be waited for: another cargo may hold a lock, which cargo
/// says.
fn run_alone(command: impl Fn() -> Output) -> Output {
    loop {
        let output = command();
        if !err(&output).contains("Blocking waiting for file lock") {
            return output;
        }
    }
}

/// Runs a command until all is compiled, and again after cargo has built the same without `xtask`: cargo finds
/// everything fresh. Returns what it found so.
fn compiles_nothing_again(arguments: &[&str], features: &[&str]) -> String {
    let first = cargo_xtask(arguments).output();
    first.expect("cargo starts");
    let mut build = cargo();
    build.args(["build", "--package", "conformance", "--features"]);
    let built = build.arg(features.join(",")).output();
    assert!(built.expect("cargo starts").status.success());
    let mut again = cargo_xtask(arguments);
    let again = again.env("CARGO_TERM_VERBOSE", "true").output();
    let words = err(&again.expect("cargo starts"));
    for line in words.lines() {
        let compiled = ["Compiling ", "Dirty ", "Running "];
        let is_compiled = compiled
            .iter()
            .any(|word| line.trim_start().starts_with(word));
        assert!(!is_compiled, "{arguments:?} compiles again:\n{words}");
    }
    words
}

#[test]
fn the_main_job_compiles_nothing_again_and_is_quiet() {
    let _alone = alone();
    let fresh = compiles_nothing_again(&["conformance"], &[]);
    for package in ["tokio", "platform-client", "conformance"] {
        assert!(fresh.contains(&format!("Fresh {package} v")), "{fresh}");
    }
    for package in [
        "mx-codegen",
        "typify",
        "progenitor",
        "rustls",
        "ring",
        "aws-lc-rs",
    ] {
        assert!(!fresh.contains(&format!("Fresh {package} v")), "{fresh}");
    }
    let output = run_alone(|| {
        cargo_xtask(&["conformance"])
            .output()
            .expect("cargo starts")
    });
    assert!(output.status.success(), "{}", err(&output));
    assert_eq!(err(&output), "");
    assert!(out(&output).contains("cases: "), "{}", out(&output));
}

/// The build script of a TLS library reads the variables that cargo sets for the programs that it runs.
#[test]
#[ignore = "compiles much; `cargo xtask ci` runs it"]
fn an_https_target_is_called_with_tls_thoroughly() {
    let _alone = alone();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || listener.incoming().for_each(drop));
    let arguments = ["conformance", "--api", "nexus", "--target", &url];
    let fresh = compiles_nothing_again(&arguments, &["tls"]);
    assert!(fresh.contains("Fresh aws-lc-rs v"), "{fresh}");
    let output = run(&arguments);
    assert!(
        err(&output).contains("nexus: ") && !err(&output).contains("TLS"),
        "{}",
        err(&output)
    );
}

#[test]
fn the_commands_are_listed_with_an_example_each() {
    let list = run(&[]);
    assert!(list.status.success());
    for command in [
        "conformance",
        "mock",
        "regen",
        "drift",
        "import",
        "bench",
        "ci",
    ] {
        let example = format!("cargo xtask {command} ");
        assert!(out(&list).contains(&example), "{}", out(&list));
    }
    assert_eq!(out(&run(&["--help"])), out(&list));
    let unknown = run(&["conformence"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(err(&unknown).contains("`conformance`"), "{}", err(&unknown));
}

#[test]
fn each_command_shows_its_own_options() {
    show_their_options(&[("conformance", "--shard <K/N>")]);
}

#[test]
#[ignore = "compiles much; `cargo xtask ci` runs it"]
fn each_command_shows_its_own_options_thoroughly() {
    show_their_options(&[
        ("mock", "--port <PORT>"),
        ("regen", "--check"),
        ("ci", "--fast"),
    ]);
    // The client of another spec has to be generated first.
    let missing = run(&["conformance", "--spec", "no-such.yaml"]);
    let words = err(&missing);
    assert!(words.contains("cannot read no-such.yaml"), "{words}");
}

fn show_their_options(commands: &[(&str, &str)]) {
    let _alone = alone();
    let check = |command: &str, option: &str| {
        let help = run(&[command, "--help"]);
        assert!(help.status.success(), "{}", err(&help));
        let usage = format!("Usage: cargo xtask {command} ");
        assert!(out(&help).contains(&usage), "{}", out(&help));
        assert!(out(&help).contains(option), "{}", out(&help));
        assert_eq!(out(&run(&["help", command])), out(&help));

        let mistyped = run(&[command, &option.split(' ').next().unwrap()[..5]]);
        assert_eq!(mistyped.status.code(), Some(2));
        assert!(
            err(&mistyped).contains("a similar argument"),
            "{}",
            err(&mistyped)
        );
    };
    std::thread::scope(|scope| {
        for (command, option) in commands {
            scope.spawn(move || check(command, option));
        }
    });
}

#[test]
fn closed_pipes_are_no_error() {
    close_pipes(&[&[], &["conformance"]]);
    let (reader, writer) = pipe().expect("a pipe");
    drop(reader);
    let status = xtask(&["no-such-command"]).stderr(writer).status();
    assert_eq!(status.expect("it starts").code(), Some(2));
}

#[test]
#[ignore = "compiles much; `cargo xtask ci` runs it"]
fn closed_pipes_are_no_error_thoroughly() {
    close_pipes(&[
        &["conformance", "--help"],
        &["mock", "--help"],
        &["bench", "--help"],
        &["regen", "--check"],
    ]);
}

/// The reader has left before the first word.
fn close_pipes(commands: &[&[&str]]) {
    let _alone = alone();
    let check = |arguments: &[&str]| {
        let (reader, writer) = pipe().expect("a pipe");
        drop(reader);
        let output = xtask(arguments).stdout(writer).output();
        let output = output.expect("it starts");
        assert!(output.status.success(), "{arguments:?}: {}", err(&output));
        assert!(!err(&output).contains("panicked"), "{}", err(&output));
    };
    std::thread::scope(|scope| {
        for arguments in commands {
            scope.spawn(move || check(arguments));
        }
    });
}
