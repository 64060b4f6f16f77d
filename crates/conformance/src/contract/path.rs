//! Path templates, and the values of their parameters.

/// The values of a path template's parameters, as they are written; `None`: the path is another. Of several ways to
/// read a segment with several parameters it is the first.
pub fn path_values<'a>(template: &'a str, path: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    path_readings(template, path).into_iter().next()
}

/// Every way to read a path by its template: a segment with several parameters, such as `{base}-{quote}`, may have more
/// than one.
pub fn path_readings<'a>(template: &'a str, path: &'a str) -> Vec<Vec<(&'a str, &'a str)>> {
    let (mut wanted, mut found) = (template.split('/'), path.split('/'));
    let mut readings = vec![Vec::new()];
    loop {
        let (wanted, found) = match (wanted.next(), found.next()) {
            (None, None) => return readings,
            (Some(wanted), Some(found)) => (wanted, found),
            _ => return Vec::new(),
        };
        if wanted == found && !wanted.contains('{') {
            continue;
        }
        let of_segment = segment_readings(wanted, found);
        // As a rule there is one.
        if let [only] = of_segment.as_slice() {
            for known in &mut readings {
                known.extend(only);
            }
            continue;
        }
        let longer = readings.iter().flat_map(|known| {
            let longer = of_segment
                .iter()
                .map(|more| [known.as_slice(), more].concat());
            longer.collect::<Vec<_>>()
        });
        readings = longer.collect();
    }
}

fn segment_readings<'a>(template: &'a str, segment: &'a str) -> Vec<Vec<(&'a str, &'a str)>> {
    let Some((before, name, after)) = parameter_of(template) else {
        return match template == segment {
            true => vec![Vec::new()],
            false => Vec::new(),
        };
    };
    let Some(rest) = segment.strip_prefix(before) else {
        return Vec::new();
    };
    if !after.contains('{') {
        let value = rest.strip_suffix(after);
        return value.map(|value| vec![(name, value)]).into_iter().collect();
    }
    let ends = (0..=rest.len()).filter(|end| rest.is_char_boundary(*end));
    let readings = ends.flat_map(|end| {
        let of_rest = segment_readings(after, &rest[end..]).into_iter();
        of_rest.map(move |mut values| {
            values.insert(0, (name, &rest[..end]));
            values
        })
    });
    // A parameter is not empty if it can be otherwise.
    let mut readings: Vec<Vec<(&str, &str)>> = readings.collect();
    readings.sort_by_key(|values| values.iter().any(|(_, value)| value.is_empty()));
    readings
}

/// A template's segment as what stands before its first parameter, the parameter's name, and what stands after it.
fn parameter_of(segment: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = segment.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// The template with one parameter in place of a segment with several, which routers do not know.
pub fn route(template: &str) -> String {
    let segments = template.split('/').enumerate().map(|(place, segment)| {
        match segment.matches('{').count() {
            0 | 1 => segment.to_owned(),
            _ => format!("{{segment{place}}}"),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::{path_readings, path_values, route};

    #[test]
    fn a_segment_may_have_several_parameters() {
        let template = "/rates/{base}-{quote}.{kind}";
        let values = path_values(template, "/rates/USD-EUR.json");
        assert_eq!(
            values,
            Some(vec![("base", "USD"), ("quote", "EUR"), ("kind", "json")])
        );
        assert_eq!(path_values(template, "/rates/USD.json"), None);
        let readings = path_readings("/{a}-{b}", "/x-y-z");
        assert_eq!(
            readings[..2],
            [
                vec![("a", "x"), ("b", "y-z")],
                vec![("a", "x-y"), ("b", "z")]
            ]
        );
        assert_eq!(route(template), "/rates/{segment2}");
        assert_eq!(route("/a/{b}.json"), "/a/{b}.json");
    }
}
