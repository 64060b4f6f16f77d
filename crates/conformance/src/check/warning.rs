//! Warnings: what a server does beyond the published spec, or short of what good practice asks for.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// A warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Its kind.
    pub kind: WarningKind,
    /// What was found.
    pub message: String,
}

/// The kinds of warnings, by which they can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarningKind {
    /// `Accept` is ignored.
    Accept,
    /// An optional field that the spec's example shows is absent.
    AbsentField,
    /// Any credentials of the right form are accepted.
    AnyCredentials,
    /// The body is encoded, which was not asked for.
    ContentEncoding,
    /// It contradicts the overlay or the prose, and not the published spec.
    Correction,
    /// A value that an enum of the spec does not list.
    EnumValue,
    /// A field that the spec does not have.
    UnknownField,
    /// A refusal with a status that is unusual and not in the spec.
    UnlistedStatus,
    /// Another version of the API is accepted.
    Version,
    /// An example of the spec breaks its own schema.
    WrongExample,
}

impl WarningKind {
    /// All kinds, by name.
    pub const ALL: [Self; 10] = [
        Self::AbsentField,
        Self::Accept,
        Self::AnyCredentials,
        Self::ContentEncoding,
        Self::Correction,
        Self::EnumValue,
        Self::UnknownField,
        Self::UnlistedStatus,
        Self::Version,
        Self::WrongExample,
    ];

    /// Its name, as in `--allow`.
    pub fn name(self) -> &'static str {
        match self {
            Self::AbsentField => "absent-field",
            Self::Accept => "accept",
            Self::AnyCredentials => "any-credentials",
            Self::ContentEncoding => "content-encoding",
            Self::Correction => "correction",
            Self::EnumValue => "enum-value",
            Self::UnknownField => "unknown-field",
            Self::UnlistedStatus => "unlisted-status",
            Self::Version => "version",
            Self::WrongExample => "wrong-example",
        }
    }

    /// The warning with this message.
    pub fn warning(self, message: impl Into<String>) -> Warning {
        Warning {
            kind: self,
            message: message.into(),
        }
    }
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What can be allowed: the warnings of a kind, or that operations are not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowable {
    /// Warnings of this kind.
    Warning(WarningKind),
    /// An operation is not judged.
    NotJudged,
}

/// The name of [`Allowable::NotJudged`].
const NOT_JUDGED: &str = "not-judged";

impl FromStr for Allowable {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = WarningKind::ALL.into_iter();
        match known.clone().find(|kind| kind.name() == name) {
            Some(kind) => Ok(Self::Warning(kind)),
            None if name == NOT_JUDGED => Ok(Self::NotJudged),
            None => {
                let names: Vec<&str> = known.map(WarningKind::name).collect();
                Err(format!(
                    "there is no kind `{name}`; the kinds are {} and {NOT_JUDGED}",
                    names.join(", ")
                ))
            }
        }
    }
}
