//! The run time as its users meet it: through its public face, over real loopback sockets.

mod support;

mod calls;
