//! Limits that hostile input cannot exceed.

use super::error::Problem;
use std::ops::Range;

/// The largest text that is read. The full Platform spec has 0.3 MB.
const MAX_BYTES: usize = 32 * 1024 * 1024;
/// The largest number of nodes, aliases expanded. The full Platform spec has 17 000.
const MAX_NODES: usize = 2_000_000;
/// The deepest nesting: trees are walked recursively.
pub(super) const MAX_DEPTH: usize = 128;

/// Counts nodes against [`MAX_NODES`].
#[derive(Default)]
pub(super) struct Budget {
    nodes: usize,
}

impl Budget {
    pub fn spend(
        &mut self,
        nodes: usize,
        range: impl FnOnce() -> Range<usize>,
    ) -> Result<(), Problem> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let problem = Problem::at(range(), format!("more than {MAX_NODES} nodes"));
        Err(problem.help("aliases count each time they are used; write the document without them"))
    }
}

/// Refuses a text of more than [`MAX_BYTES`].
pub(super) fn check_size(bytes: usize) -> Result<(), Problem> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    let problem = Problem::new(format!(
        "too large: {bytes} bytes, at most {MAX_BYTES} are read"
    ));
    Err(problem.help("is this the right file? A spec has well under a megabyte"))
}

/// The node at `range` is nested more than [`MAX_DEPTH`] levels deep.
pub(super) fn too_deep(range: Range<usize>) -> Problem {
    Problem::at(range, format!("nested more than {MAX_DEPTH} levels deep"))
        .help("flatten the document, or move inner parts to `components`")
}
