//! The machine that a run was on.

/// Its name, as far as it is known without asking the network.
pub fn host() -> String {
    let variables = ["HOSTNAME", "COMPUTERNAME"];
    let known = variables
        .into_iter()
        .find_map(|name| std::env::var(name).ok());
    let known = known.or_else(|| std::fs::read_to_string("/proc/sys/kernel/hostname").ok());
    let known = known.map(|name| name.trim().to_owned());
    known
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| "localhost".to_owned())
}
