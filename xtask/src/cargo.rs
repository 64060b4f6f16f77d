//! Cargo, started from a program that cargo started.
//!
//! `cargo run`, `cargo test` and `cargo bench` describe the running program in its environment. A cargo that inherits
//! this builds crates again whose build scripts read those variables: ring's, and with it all that needs TLS.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the system looks for shared libraries; cargo adds to it.
const LIBRARY_PATH: &str = if cfg!(target_os = "macos") {
    "DYLD_FALLBACK_LIBRARY_PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// The cargo that started this program, with the environment of the user's shell.
pub fn cargo() -> Command {
    let mut command = Command::new(the_cargo().unwrap_or("cargo".into()));
    clean(&mut command);
    command
}

/// A program that is to start cargo itself, as [`cargo`] does.
pub fn program(path: &Path) -> Command {
    let mut command = Command::new(path);
    clean(&mut command);
    if let Some(cargo) = the_cargo() {
        command.env("CARGO", cargo);
    }
    command
}

fn the_cargo() -> Option<OsString> {
    env::var_os("CARGO")
}

/// Takes away what cargo set for this program.
fn clean(command: &mut Command) {
    for (name, _) in env::vars_os().filter(|(name, _)| is_set_by_cargo(name)) {
        command.env_remove(name);
    }
    if let Some(path) = env::var_os(LIBRARY_PATH) {
        match without_cargos(&path, the_cargo().as_deref().map(Path::new)) {
            Some(path) => command.env(LIBRARY_PATH, path),
            None => command.env_remove(LIBRARY_PATH),
        };
    }
}

/// Whether a variable describes the running program. Others that begin with `CARGO_` are settings of the user.
fn is_set_by_cargo(name: &OsStr) -> bool {
    const NAMES: [&str; 9] = [
        "CARGO",
        "CARGO_BIN_NAME",
        "CARGO_CRATE_NAME",
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_LINKS",
        "CARGO_MANIFEST_PATH",
        "CARGO_PRIMARY_PACKAGE",
        "CARGO_TARGET_TMPDIR",
        "OUT_DIR",
    ];
    const PREFIXES: [&str; 2] = ["CARGO_BIN_EXE_", "CARGO_PKG_"];
    let name = name.to_string_lossy();
    NAMES.contains(&&*name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// A library path without the folders of the build and of the toolchain; `None` if nothing is left.
fn without_cargos(path: &OsStr, cargo: Option<&Path>) -> Option<OsString> {
    let program = env::current_exe().unwrap_or_default();
    // target/debug/PROGRAM or target/debug/deps/PROGRAM
    let build = program
        .ancestors()
        .skip(1)
        .find(|folder| !folder.ends_with("deps") && !folder.ends_with("examples"));
    // TOOLCHAIN/bin/cargo
    let libraries = cargo
        .and_then(|cargo| cargo.ancestors().nth(2))
        .map(|toolchain| toolchain.join("lib"));
    let is_cargos = |folder: &PathBuf| {
        build.is_some_and(|build| folder.starts_with(build))
            || libraries.as_ref().is_some_and(|libraries| {
                folder == libraries || folder.starts_with(libraries.join("rustlib"))
            })
    };
    let left: Vec<PathBuf> = env::split_paths(path)
        .filter(|folder| !is_cargos(folder))
        .collect();
    // What was split can be joined.
    (!left.is_empty()).then(|| env::join_paths(left).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a program sees that is started with the environment of `cargo()`. This test runs under cargo.
    #[cfg(unix)]
    #[test]
    fn nothing_of_the_running_program_is_passed_on() {
        let mut shown = Command::new("env");
        for (name, value) in cargo().get_envs() {
            match value {
                Some(value) => shown.env(name, value),
                None => shown.env_remove(name),
            };
        }
        let output = shown.output().expect("env starts").stdout;
        let output = String::from_utf8_lossy(&output).into_owned();
        let lines: Vec<&str> = output.lines().collect();
        assert!(
            lines.iter().any(|line| line.starts_with("PATH=")),
            "{output}"
        );
        for name in [
            "CARGO=",
            "CARGO_MANIFEST",
            "CARGO_PKG_",
            "CARGO_BIN_EXE_",
            "OUT_DIR=",
        ] {
            assert!(!lines.iter().any(|line| line.starts_with(name)), "{output}");
        }
        let program = env::current_exe().expect("this program");
        let build = program.parent().expect("its folder").display().to_string();
        let libraries = lines.iter().find(|line| line.starts_with(LIBRARY_PATH));
        assert!(
            !libraries.is_some_and(|path| path.contains(&build)),
            "{output}"
        );
    }

    #[test]
    fn what_the_user_sets_is_kept() {
        for name in [
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_NET_OFFLINE",
            "CARGO_TERM_COLOR",
            "CARGO_BUILD_JOBS",
            "CARGO_INCREMENTAL",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_LOG",
            "CARGO_PROFILE_DEV_DEBUG",
            "CARGO_REGISTRIES_MINE_TOKEN",
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER",
            "RUSTFLAGS",
            "RUSTUP_TOOLCHAIN",
            "MY_OUT_DIR",
        ] {
            assert!(!is_set_by_cargo(name.as_ref()), "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn folders_of_the_user_stay_in_the_library_path() {
        let program = env::current_exe().expect("this program");
        let build = program.ancestors().nth(2).expect("target/debug").display();
        let path = format!(
            "{build}/build/x/out:{build}:{build}/deps:/tools/lib/rustlib/x/lib:/tools/lib:/mine/lib:/tools/lib2"
        );
        let left = without_cargos(path.as_ref(), Some(Path::new("/tools/bin/cargo")));
        assert_eq!(left, Some("/mine/lib:/tools/lib2".into()));
        let none = without_cargos("/tools/lib".as_ref(), Some(Path::new("/tools/bin/cargo")));
        assert_eq!(none, None);
    }
}
