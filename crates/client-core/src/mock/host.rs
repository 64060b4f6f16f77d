//! Servers that mocks are added to.

use httpmock::MockServer;

/// What mocks can be added to: a server, or a path of one.
pub trait Host {
    /// The server.
    fn server(&self) -> &MockServer;

    /// The prefix of the operations' paths; empty if there is none.
    fn path(&self) -> &str {
        ""
    }
}

impl Host for MockServer {
    fn server(&self) -> &MockServer {
        self
    }
}

/// A path of a server, for clients whose base URL has one.
#[derive(Clone, Copy)]
pub struct Under<'a> {
    server: &'a MockServer,
    path: &'a str,
}

impl<'a> Under<'a> {
    /// The path of a server, such as `/v1`, as in the client's base URL.
    pub fn new(server: &'a MockServer, path: &'a str) -> Self {
        Self {
            server,
            path: path.trim_end_matches('/'),
        }
    }
}

impl Host for Under<'_> {
    fn server(&self) -> &MockServer {
        self.server
    }

    fn path(&self) -> &str {
        self.path
    }
}
