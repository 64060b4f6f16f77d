//! What `Debug` shows of generated types: nothing of a customer.
//!
//! It shows types, the names of the fields that are present, enums, booleans, and texts that have the form of a GUID or
//! of a timestamp. Every other value prints as `…`, and a [`Sensitive`](crate::Sensitive) as `[hidden]`. A build with
//! `RUSTFLAGS="--cfg mx_debug_values"` shows all values but those that are `Sensitive`: a cfg and no feature, since any
//! dependency of a program could switch on a feature.

use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};

/// Whether values are shown.
const SHOWN: bool = cfg!(mx_debug_values);

/// `Debug` that is safe to log. The macro [`safe_debug!`](crate::safe_debug) implements it for generated types.
pub trait SafeDebug {
    /// Writes what may be shown of the value.
    ///
    /// # Errors
    ///
    /// Those of the formatter.
    fn safe_fmt(&self, f: &mut Formatter<'_>) -> fmt::Result;

    /// Whether there is no value, so that a field is not listed.
    fn is_absent(&self) -> bool {
        false
    }
}

/// Implements [`SafeDebug`] and `Debug` for a type, by its fields or variants.
///
/// ```
/// struct Member {
///     guid: Option<String>,
///     name: Option<String>,
///     is_oauth: Option<bool>,
/// }
///
/// client_core::safe_debug! { Member { guid, name, is_oauth } }
///
/// let member = Member { guid: None, name: Some("Savings of Ann".into()), is_oauth: Some(true) };
/// assert_eq!(format!("{member:?}"), "Member { name: …, is_oauth: true }");
/// ```
#[macro_export]
macro_rules! safe_debug {
    ($name:ident { $($field:ident),* $(,)? }) => {
        $crate::safe_debug!(@impl $name, this, f, $crate::__safe_debug::fields(
            f,
            stringify!($name),
            &[$((stringify!($field), &this.$field)),*],
        ));
    };
    ($name:ident($value:ident)) => {
        $crate::safe_debug!(@impl $name, this, f, $crate::__safe_debug::values(f, stringify!($name), &[&this.0]));
    };
    (enum $name:ident { $($variant:ident $(($value:ident))? $({ $($field:ident),* })?),* $(,)? }) => {
        $crate::safe_debug!(@impl $name, this, f, match this {
            $(Self::$variant $(($value))? $({ $($field),* })? => $crate::safe_debug!(
                @variant f, $variant $(($value))? $({ $($field),* })?
            ),)*
        });
    };
    (@variant $f:ident, $variant:ident) => { $f.write_str(stringify!($variant)) };
    (@variant $f:ident, $variant:ident($value:ident)) => {
        $crate::__safe_debug::values($f, stringify!($variant), &[$value])
    };
    (@variant $f:ident, $variant:ident { $($field:ident),* }) => {
        $crate::__safe_debug::fields($f, stringify!($variant), &[$((stringify!($field), $field)),*])
    };
    (@impl $name:ident, $this:ident, $f:ident, $show:expr) => {
        impl $crate::SafeDebug for $name {
            fn safe_fmt(&self, $f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let $this = self;
                $show
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::SafeDebug::safe_fmt(self, f)
            }
        }
    };
}

/// What the macro's expansion needs.
#[doc(hidden)]
pub mod __safe_debug {
    use std::fmt::{self, Formatter};

    use super::{Safe, SafeDebug};

    /// A struct, with the fields that are present.
    pub fn fields(
        f: &mut Formatter<'_>,
        name: &str,
        fields: &[(&str, &dyn SafeDebug)],
    ) -> fmt::Result {
        let mut shown = f.debug_struct(name);
        for (name, value) in fields {
            if !value.is_absent() {
                shown.field(name, &Safe(*value));
            }
        }
        shown.finish()
    }

    /// A tuple struct.
    pub fn values(f: &mut Formatter<'_>, name: &str, values: &[&dyn SafeDebug]) -> fmt::Result {
        let mut shown = f.debug_tuple(name);
        for value in values {
            shown.field(&Safe(*value));
        }
        shown.finish()
    }
}

/// Shows what may be shown of a value.
struct Safe<'a>(&'a dyn SafeDebug);

impl Debug for Safe<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.safe_fmt(f)
    }
}

/// Shows a value if values are shown at all.
pub(crate) fn hide(value: &dyn Debug, f: &mut Formatter<'_>) -> fmt::Result {
    if SHOWN {
        value.fmt(f)
    } else {
        f.write_str("…")
    }
}

/// Types whose values are not shown.
macro_rules! hidden {
    ($($type:ty),*) => {
        $(impl SafeDebug for $type {
            fn safe_fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                hide(self, f)
            }
        })*
    };
}

hidden!(
    i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, serde_json::Value,
    serde_json::Map<String, serde_json::Value>
);

/// Types whose own `Debug` is safe.
macro_rules! shown {
    ($($type:ty),*) => {
        $(impl SafeDebug for $type {
            fn safe_fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
                self.fmt(f)
            }
        })*
    };
}

shown!((), bool, crate::Sensitive);

impl SafeDebug for str {
    fn safe_fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if is_guid(self) || is_timestamp(self) {
            self.fmt(f)
        } else {
            hide(&self, f)
        }
    }
}

impl SafeDebug for String {
    fn safe_fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.as_str().safe_fmt(f)
    }
}

impl<T: SafeDebug + ?Sized> SafeDebug for Box<T> {
    fn safe_fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        (**self).safe_fmt(f)
    }
}

impl<T: SafeDebug> SafeDebug for Option<T> {
    fn safe_fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Some(value) => value.safe_fmt(f),
            None => f.write_str("null"),
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: SafeDebug> SafeDebug for Vec<T> {
    fn safe_fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.iter().map(|item| Safe(item)))
            .finish()
    }
}

impl<T: SafeDebug> SafeDebug for HashMap<String, T> {
    fn safe_fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // A key is a value as well: it can be the number of an account.
        let entries = self.iter().map(|(key, value)| (Safe(key), Safe(value)));
        f.debug_map().entries(entries).finish()
    }
}

/// Whether a text has the form of one of MX's GUIDs, such as `USR-6e6c9a7e-0ed4-4c6f-9b44-2f0d7e3a1c55`, or of a plain
/// UUID.
fn is_guid(text: &str) -> bool {
    let Some(start) = text
        .len()
        .checked_sub(36)
        .filter(|start| text.is_char_boundary(*start))
    else {
        return false;
    };
    let (prefix, uuid) = text.split_at(start);
    let known_prefix = match prefix.strip_suffix('-') {
        Some(kind) => (2..=4).contains(&kind.len()) && kind.bytes().all(|c| c.is_ascii_uppercase()),
        None => prefix.is_empty(),
    };
    known_prefix && matches_form(uuid, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
}

/// Whether a text is a date with a time, as RFC 3339 writes them. A date alone is not shown: it can be a birthday.
fn is_timestamp(text: &str) -> bool {
    let Some((moment, rest)) = text.split_at_checked(19) else {
        return false;
    };
    let digits = rest.strip_prefix('.').map_or(0, |fraction| {
        1 + fraction.bytes().take_while(u8::is_ascii_digit).count()
    });
    let zone = &rest[digits..];
    matches_form(moment, "0000-00-00T00:00:00")
        && digits != 1
        && digits <= 10
        && (matches!(zone, "" | "Z") || matches_form(zone, "±00:00"))
}

/// Whether a text has a form: `x` is a hexadecimal digit, `0` a digit, `±` a sign, any other character itself.
fn matches_form(text: &str, form: &str) -> bool {
    text.chars().count() == form.chars().count()
        && text.chars().zip(form.chars()).all(|(c, form)| match form {
            'x' => c.is_ascii_hexdigit(),
            '0' => c.is_ascii_digit(),
            '±' => matches!(c, '+' | '-'),
            form => c == form,
        })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::json;

    use super::{Safe, SafeDebug};

    const GUID: &str = "MBR-7c6f361b-e582-15b6-60c0-358f12466b4b";
    const MOMENT: &str = "2026-11-25T09:45:00.000Z";

    struct Card {
        guid: String,
        number: Option<crate::Sensitive>,
        note: Option<Option<String>>,
        gone: Option<Option<bool>>,
        limits: Vec<f64>,
        by_name: HashMap<String, bool>,
        free: serde_json::Value,
    }
    crate::safe_debug! { Card { guid, number, note, gone, limits, by_name, free } }

    struct Cards(Vec<Card>);
    crate::safe_debug! { Cards(value) }

    enum Answer {
        Many(Cards),
        One { card: Box<Card> },
        None,
    }
    crate::safe_debug! { enum Answer { Many(value), One { card }, None } }

    fn card() -> Card {
        Card {
            guid: GUID.to_owned(),
            number: Some("4111".into()),
            note: Some(Some("Ann's".to_owned())),
            gone: Some(None),
            limits: vec![1.5, 2.0],
            by_name: HashMap::from([("Ann".to_owned(), true)]),
            free: json!({ "name": "Ann", "yes": true }),
        }
    }

    /// Every value above that is nobody's business, but for the number.
    const VALUES: [&str; 4] = ["Ann's", "1.5", "2.0", "\"Ann\""];

    #[test]
    #[cfg(not(mx_debug_values))]
    fn values_are_not_shown() {
        let shown = format!("{:?}", card());
        let wanted = format!(
            r#"Card {{ guid: "{GUID}", number: [hidden], note: …, gone: null, limits: […, …], by_name: {{…: true}}, free: … }}"#
        );
        assert_eq!(shown, wanted);
        let all = format!("{:#?}", Answer::Many(Cards(vec![card()])));
        for value in VALUES {
            assert!(!all.contains(value), "{value} in {all}");
        }
        let bare = Card {
            number: None,
            note: None,
            gone: None,
            ..card()
        };
        let one = format!(
            "{:?}",
            Answer::One {
                card: Box::new(bare)
            }
        );
        assert!(
            one.starts_with("One { card: Card { guid: ") && !one.contains("no"),
            "{one}"
        );
        assert_eq!(format!("{:?}", Answer::None), "None");
    }

    #[test]
    #[cfg(mx_debug_values)]
    fn values_are_shown_but_for_secrets() {
        let all = format!("{:?}", Answer::Many(Cards(vec![card()])));
        for value in VALUES {
            assert!(all.contains(value), "no {value} in {all}");
        }
        assert!(!all.contains("4111"), "{all}");
    }

    #[test]
    fn only_guids_and_timestamps_are_texts_that_are_shown() {
        let uuid = "7c6f361b-e582-15b6-60c0-358f12466b4b";
        for text in [
            GUID,
            uuid,
            MOMENT,
            "2026-11-25T09:45:00Z",
            "2026-11-25T09:45:00",
            "2026-11-25T09:45:00.123456789+01:00",
        ] {
            assert_eq!(format!("{:?}", Safe(&text.to_owned())), format!("{text:?}"));
        }
        for text in [
            "",
            "Z",
            "MBR-1",
            "2026-11-25",
            "1990-01-01",
            "é",
            "7c6f361b-e582-15b6-60c0-358f12466b4g",
            "2026-11-25T09:45",
            "2026-11-25T09:45:00.Z",
            "2026-11-25T09:45:00.1234567890Z",
            "2026-11-25T09:45:00 Ann",
            "2026-11-25T09:45:0é",
            "2026-11-25T09:45:00+01:0é",
            &format!("Ann-{uuid}"),
            &format!("ANNBERG-{uuid}"),
            &format!("é{uuid}"),
            &format!("{GUID} "),
            &format!(" {MOMENT}"),
            &format!("{GUID}\n"),
        ] {
            #[cfg(not(mx_debug_values))]
            assert_eq!(format!("{:?}", Safe(&text.to_owned())), "…", "{text}");
            #[cfg(mx_debug_values)]
            let _ = text;
        }
    }

    #[test]
    fn what_is_absent_is_known() {
        assert!(None::<bool>.is_absent() && !Some(None::<bool>).is_absent() && !true.is_absent());
    }
}
