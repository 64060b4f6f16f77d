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
    pub class: Class,
    pub wire: bool,
    pub rust: bool,
    pub deprecation: bool,
}

impl Impact {
    pub const DOCUMENTATION: Impact = Impact {
        class: Class::Documentation,
        wire: false,
        rust: false,
        deprecation: false,
    };
    pub const ADDITIVE: Impact = Impact {
        class: Class::Additive,
        ..Impact::DOCUMENTATION
    };
    pub const WIRE: Impact = Impact {
        class: Class::Breaking,
        wire: true,
        ..Impact::DOCUMENTATION
    };
    pub const RUST: Impact = Impact {
        class: Class::Breaking,
        rust: true,
        ..Impact::DOCUMENTATION
    };
    pub const BOTH: Impact = Impact {
        class: Class::Breaking,
        wire: true,
        rust: true,
        deprecation: false,
    };

    /// The same, and breaking in Rust if `rust`.
    pub fn and_rust(self, rust: bool) -> Self {
        self.merge(if rust { Impact::RUST } else { self })
    }

    /// The worse of both in each respect.
    pub fn merge(self, other: Impact) -> Self {
        Impact {
            class: self.class.max(other.class),
            wire: self.wire || other.wire,
            rust: self.rust || other.rust,
            deprecation: self.deprecation || other.deprecation,
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
