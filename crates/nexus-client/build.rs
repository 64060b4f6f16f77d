//! With the feature `build-time`, generates the client into `OUT_DIR`.

fn main() {
    #[cfg(feature = "build-time")]
    codegen::build::run();
}
