//! Each pass on a small spec: the defect in the spec above, the answer in the snapshot below.

mod code;
mod constructs;
mod mocks;
mod operations;
mod schemas;
mod view;
