//! The comparison of specs, and what it says about callers. One program: its tests share the cores, and it is linked once.

mod callers;
mod compare;
mod compare_properties;
mod import;
mod readable;
mod wire;
