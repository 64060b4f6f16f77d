//! The repository as its users and their programs meet it. One program: its tests share the cores, and it is linked once.

mod compiles;
mod corpus;
mod dependencies;
mod downstream;
mod fit;
mod full;
mod main_job;
mod mock;
mod no_circles;
mod packages;
