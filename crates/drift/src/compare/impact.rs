//! What a change does to callers, by the direction in which data flows.

use crate::report::Class;

/// Which way the data of a schema flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
    /// No operation uses the schema, but the client has a Rust type for it.
    Unused,
}

/// What a change does to callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Impact {
    /// What it does to what is sent and received.
    pub on_wire: Class,
    /// Whether it is likely to break callers in Rust: a guess, where the clients are not compared.
    pub rust: bool,
    pub deprecation: bool,
    /// Whether it is the same by meaning, and may only change what is generated.
    pub latent: bool,
}

impl Impact {
    pub const DOCUMENTATION: Impact = Impact {
        on_wire: Class::Documentation,
        rust: false,
        deprecation: false,
        latent: false,
    };
    pub const ADDITIVE: Impact = Impact {
        on_wire: Class::Additive,
        ..Impact::DOCUMENTATION
    };
    pub const WIRE: Impact = Impact {
        on_wire: Class::Breaking,
        ..Impact::DOCUMENTATION
    };
    pub const RUST: Impact = Impact {
        rust: true,
        ..Impact::DOCUMENTATION
    };
    pub const BOTH: Impact = Impact {
        rust: true,
        ..Impact::WIRE
    };

    /// Another way to write the same, of which the generated code may show.
    pub const SPELLING: Impact = Impact {
        latent: true,
        ..Impact::RUST
    };

    /// The same, and breaking in Rust if `rust`.
    pub fn and_rust(self, rust: bool) -> Self {
        Impact {
            rust: self.rust || rust,
            ..self
        }
    }

    /// The worse of both in each respect.
    pub fn merge(self, other: Impact) -> Self {
        Impact {
            on_wire: self.on_wire.max(other.on_wire),
            rust: self.rust || other.rust,
            deprecation: self.deprecation || other.deprecation,
            latent: self.latent && other.latent,
        }
    }
}

impl Direction {
    /// The impact of allowing fewer values than before.
    pub fn narrowed(self) -> Impact {
        match self {
            Direction::Request => Impact::WIRE,
            Direction::Response => Impact::ADDITIVE,
            Direction::Unused => Impact::DOCUMENTATION,
        }
    }

    /// The impact of allowing more values than before.
    pub fn widened(self) -> Impact {
        match self {
            Direction::Request => Impact::ADDITIVE,
            Direction::Response => Impact::WIRE,
            Direction::Unused => Impact::DOCUMENTATION,
        }
    }

    /// The impact of allowing other values than before.
    pub fn replaced(self) -> Impact {
        match self {
            Direction::Request | Direction::Response => Impact::WIRE,
            Direction::Unused => Impact::DOCUMENTATION,
        }
    }

    /// The impact of one more thing to send or to read.
    pub fn added(self) -> Impact {
        Impact::ADDITIVE
    }

    /// The impact of one thing less to send or to read.
    pub fn removed(self) -> Impact {
        self.replaced().and_rust(true)
    }
}
