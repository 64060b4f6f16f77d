//! The APIs of the repository, and how their clients authenticate.

clients! {
    // The clients, from the folders of specs/; `cargo xtask regen` writes these lines.
    "nexus" => nexus_client, session;
    "platform" => platform_client, basic;
    // The end of the clients.
}
