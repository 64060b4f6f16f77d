//! Circles among modules, and among the folders that hold them.

use std::collections::{BTreeMap, BTreeSet};

use super::modules::{Crate, Module};

/// The circles of a crate in words, `a -> b -> a` with what shows each step.
pub fn circles(krate: &Crate) -> Vec<String> {
    let uses = krate.uses();
    let mut found = circles_of(&uses);
    let folders: BTreeSet<&[String]> = uses
        .keys()
        .flat_map(|module| (0..module.len()).map(|depth| &module[..depth]))
        .collect();
    for folder in folders {
        found.extend(circles_of(&between_parts(folder, &uses)));
    }
    found.sort();
    found.dedup();
    found
}

type Graph = BTreeMap<Module, BTreeMap<Module, String>>;

/// The uses between the parts of a folder: its files, and its folders with all that is in them. The folder's own
/// `mod.rs` is not a part.
fn between_parts(folder: &[String], uses: &Graph) -> Graph {
    let part = |module: &Module| {
        let is_part = module.len() > folder.len() && module.starts_with(folder);
        is_part.then(|| module[..=folder.len()].to_vec())
    };
    let mut graph = Graph::new();
    for (from, targets) in uses {
        let Some(from) = part(from) else { continue };
        for (to, shown) in targets {
            if let Some(to) = part(to).filter(|to| *to != from) {
                let edges = graph.entry(from.clone()).or_default();
                edges.entry(to).or_insert_with(|| shown.clone());
            }
        }
    }
    graph
}

/// A shortest circle through each module that is in one; each circle once.
fn circles_of(graph: &Graph) -> Vec<String> {
    let mut found = BTreeMap::new();
    for start in graph.keys() {
        if let Some(circle) = shortest(graph, start) {
            let members: BTreeSet<Module> = circle.iter().cloned().collect();
            found
                .entry(members)
                .or_insert_with(|| shown(graph, &circle));
        }
    }
    found.into_values().collect()
}

/// The shortest way from a module back to itself.
fn shortest(graph: &Graph, start: &Module) -> Option<Vec<Module>> {
    let mut reached: BTreeMap<&Module, &Module> = BTreeMap::new();
    let mut level = vec![start];
    while !level.is_empty() {
        let mut next = Vec::new();
        for from in level {
            for to in graph.get(from).into_iter().flat_map(BTreeMap::keys) {
                if to == start {
                    let mut way = vec![start.clone(), from.clone()];
                    let mut at = from;
                    while at != start {
                        at = reached[at];
                        way.push(at.clone());
                    }
                    way.reverse();
                    return Some(way);
                }
                if !reached.contains_key(to) {
                    reached.insert(to, from);
                    next.push(to);
                }
            }
        }
        level = next;
    }
    None
}

fn shown(graph: &Graph, circle: &[Module]) -> String {
    let name = |module: &Module| match module.is_empty() {
        true => "crate".to_owned(),
        false => module.join("::"),
    };
    let mut text = name(&circle[0]);
    for pair in circle.windows(2) {
        let why = &graph[&pair[0]][&pair[1]];
        text.push_str(&format!(" -> {} ({why})", name(&pair[1])));
    }
    text
}
