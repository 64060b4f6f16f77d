//! Path templates, and the values of their parameters.

/// The values of a path template's parameters, as they are written; `None`: the path is another.
pub fn path_values<'a>(template: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let (mut wanted, mut found) = (template.split('/'), path.split('/'));
    let mut values = Vec::new();
    loop {
        match (wanted.next(), found.next()) {
            (None, None) => return Some(values),
            (Some(wanted), Some(found)) => match parameter_of(wanted) {
                None if wanted == found => {}
                None => return None,
                Some((before, name, after)) => {
                    let value = found.strip_prefix(before)?.strip_suffix(after)?;
                    values.push((name, value));
                }
            },
            _ => return None,
        }
    }
}

/// A template's segment as what stands before its parameter, the parameter's name, and what stands after it.
fn parameter_of(segment: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = segment.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}
