//! The programs `cargo xtask conformance` and `cargo xtask mock`, with the clients of the repository.

use std::process::ExitCode;

fn main() -> ExitCode {
    conformance::program::main(conformance::apis::all)
}
