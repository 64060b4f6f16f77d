//! The suite and the mock server, through their public faces. One program: its tests share the cores, and it is linked
//! once.

mod agreement;
mod broken_clients;
mod curl;
mod damages;
mod github;
mod hostile;
mod mock_features;
mod mock_server;
mod options;
mod reports;
mod secrets;
mod selections;
mod stop;
mod support;
mod targets;
mod terminal;
mod wire;
