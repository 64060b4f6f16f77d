//! `regen`, `drift` and `import` as their users start them: on files, revisions, pages and a server on this machine.

mod compare;
mod import;
mod new_client;
mod pipes;
mod regen;
mod release;
mod sources;
mod support;
