//! Which values an argument takes: `impl Into<T>` and `impl TryInto<T>` take more than `T`.

const INTEGERS: [&str; 8] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];

/// Whether what callers give to an argument of one type can be given to one of another.
pub(super) fn takes_the_same(old: &str, new: &str) -> bool {
    if old == new {
        return true;
    }
    let inside = |ty: &'_ str, head: &str| -> Option<String> {
        Some(ty.strip_prefix(head)?.strip_suffix('>')?.to_owned())
    };
    if let (Some(old), Some(new)) = (inside(old, "impl TryInto<"), inside(new, "impl TryInto<")) {
        // One integer may be tried as another; the value is checked when the call is made.
        return [&old, &new]
            .iter()
            .all(|ty| INTEGERS.contains(&ty.as_str()));
    }
    match (inside(old, "impl Into<"), inside(new, "impl Into<")) {
        (Some(old), Some(new)) => widens(&old, &new),
        _ => false,
    }
}

/// Whether each value of an integer type is one of another.
fn widens(old: &str, new: &str) -> bool {
    let parts = |ty: &str| -> Option<(bool, u32)> {
        let bits = ty.get(1..)?.parse().ok()?;
        INTEGERS
            .contains(&ty)
            .then_some((ty.starts_with('i'), bits))
    };
    match (parts(old), parts(new)) {
        (Some((signed, bits)), Some((to_signed, to_bits))) => match (signed, to_signed) {
            (true, false) => false,
            _ => to_bits > bits,
        },
        _ => false,
    }
}
