//! `regen`, `drift` and `import` as their users start them: on files, revisions, pages and a server on this machine.

mod compare;
mod fetching;
mod import;
mod index;
mod new_client;
mod other_spec;
mod pipes;
mod regen;
mod release;
mod reports;
mod site;
mod sources;
mod support;
