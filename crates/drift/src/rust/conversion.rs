//! Which values an argument takes: `impl Into<T>`, `impl TryInto<T>`, `impl IntoArgument<T>` and `impl IntoField<T>`
//! take more than `T`.

const INTEGERS: [&str; 8] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];

/// Whether what callers give to an argument of one type can be given to one of another.
pub(super) fn takes_the_same(old: &str, new: &str) -> bool {
    if old == new {
        return true;
    }
    let inside = |ty: &'_ str, head: &str| -> Option<String> {
        let ty = ty.strip_prefix(head)?.strip_suffix('>')?;
        // What else is inferred.
        let own = ty.strip_suffix(", Kind").or(ty.strip_suffix(", Kind_"));
        Some(own.unwrap_or(ty).to_owned())
    };
    let tried = |ty| inside(ty, "impl TryInto<").or_else(|| inside(ty, "impl IntoArgument<"));
    if let (Some(old), Some(new)) = (tried(old), tried(new)) {
        // One integer may be tried as another; the value is checked when the call is made.
        let is_integer = |ty: &String| INTEGERS.contains(&ty.as_str());
        return old == new || is_integer(&old) && is_integer(&new);
    }
    let made =
        |ty| inside(ty, "impl Into<").or_else(|| inside(ty, "impl::client_core::IntoField<"));
    match (made(old), made(new)) {
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
