//! The APIs of the repository, a line for each folder of `specs`. `cargo xtask new-client` adds one.

clients! {
    "nexus" => nexus_client, session;
    "platform" => platform_client, basic;
}
