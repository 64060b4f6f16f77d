//! Reports of a run, for people and for programs.

mod case;
mod cause;
pub mod coverage;
pub mod curl;
mod files;
pub mod github;
mod host;
pub mod html;
pub mod json;
mod judged;
pub mod junit;
mod mask;
mod section;
pub mod terminal;
pub mod text;

pub use case::CaseReport;
pub use files::write;
pub(crate) use mask::SecretNames;
pub use section::Section;
