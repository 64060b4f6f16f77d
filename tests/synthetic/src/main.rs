//! Writes the full synthetic spec to stdout.

fn main() {
    print!("{}", synthetic::full());
}
