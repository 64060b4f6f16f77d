//! Secrets are found by their names.
//!
//! Few specs say `format: password` where they should. The lists here say which texts are secrets by their names; a
//! schema that is listed wrongly says `x-sensitive: false`, in the spec or in an overlay. `docs/add-an-api.md` shows them.

use std::fmt::Write as _;

use openapi::model::child_schemas_mut;
use serde_json::{Value, json};

use crate::api::{Api, Usage};
use crate::deviations::Notes;
use crate::json;
use crate::names::snake;
use crate::schemas::{REQUIRED_IN_REQUESTS, Schemas, UNION, follow, wrapped_reference};

/// What OpenAPI, and what some specs beside it, call the format of a secret.
pub(crate) const FORMATS: [&str; 4] = ["password", "secret", "token", "credential"];

/// A text whose name ends with one of these is a secret.
const NAMES: [&str; 33] = [
    "access key",
    "account number",
    "api key",
    "auth code",
    "authorization code",
    "card number",
    "challenge answer",
    "credential",
    "cvc",
    "cvv",
    "iban",
    "itin",
    "jwt",
    "loan number",
    "loan reference number",
    "one time code",
    "otp",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "pin",
    "private key",
    "routing number",
    "secret",
    "security answer",
    "security code",
    "social security number",
    "ssn",
    "tax id",
    "token",
    "transit number",
    "verification code",
];

/// A text of the first name is a secret within a schema, property or operation whose name holds the second.
const WITHIN: [(&str, &str); 9] = [
    ("answer", "challenge"),
    ("answer", "credential"),
    ("code", "auth code"),
    ("code", "authorization code"),
    ("response", "challenge"),
    ("url", "oauth"),
    ("url", "widget"),
    ("value", "challenge"),
    ("value", "credential"),
];

/// What the name of an address ends with. One to return to, with `redirect` in its name, is the caller's own.
const URLS: [&str; 3] = ["url", "uri", "link"];

/// The lists as Markdown, for `docs/add-an-api.md`.
pub(crate) fn list() -> String {
    let quoted = |names: &[&str]| {
        let names: Vec<String> = names
            .iter()
            .map(|name| format!("`{}`", name.replace(' ', "_")))
            .collect();
        names.join(", ")
    };
    let mut list = format!("- The format is {}.\n", quoted(&FORMATS));
    let _ = writeln!(list, "- The name ends with {}.", quoted(&NAMES));
    for (name, around) in WITHIN {
        let names = if name == "url" { &URLS } else { &[name][..] };
        let _ = writeln!(
            list,
            "- The name ends with {} within something whose name holds {}.",
            quoted(names),
            quoted(&[around])
        );
    }
    list
}

/// Runs the pass. Parameters stay as they are: a call shows no argument.
pub(crate) fn run(api: &mut Api, notes: &mut Notes<'_>) {
    let named = api.schemas.clone();
    api.for_each_schema(|place, usage, schema| {
        if !matches!(usage, Some(Usage::Parameter(_))) {
            mark(schema, &[words(place)], place, &named, notes);
        }
    });
}

/// Marks the secrets in a schema; `names` are those around it, its own last.
fn mark(schema: &mut Value, names: &[String], place: &str, named: &Schemas, notes: &mut Notes<'_>) {
    if is_secret(names)
        && let Some(target) = wrapped_reference(schema).and_then(|_| {
            follow(named, schema.pointer("/allOf/0").unwrap_or(schema))
                .filter(|target| holds_text(target))
        })
    {
        // The name tells what the schema that it refers to does not.
        let mut plain = target.clone();
        for key in [
            "description",
            "nullable",
            "x-sensitive",
            REQUIRED_IN_REQUESTS,
        ] {
            if let Some(value) = schema.get(key) {
                plain[key] = value.clone();
            }
        }
        *schema = plain;
    }
    if is_text(schema) {
        if schema.get("x-sensitive") == Some(&json!(false)) {
            json::object(schema).remove("format");
        } else if schema.get("format").is_none() && is_secret(names) {
            schema["format"] = json!("password");
            notes.add(place, "is a secret by its name");
        }
        return;
    }
    // A variant of a union has the name of the union.
    let is_union = schema.get(UNION).is_some();
    if let (false, Some(properties)) = (
        is_union,
        schema.get_mut("properties").and_then(Value::as_object_mut),
    ) {
        for (name, property) in properties {
            let inner: Vec<String> = names.iter().cloned().chain([words(name)]).collect();
            mark(property, &inner, &format!("{place}.{name}"), named, notes);
        }
        return;
    }
    for child in child_schemas_mut(schema) {
        mark(child, names, place, named, notes);
    }
}

/// Whether a schema is that of any text.
fn is_text(schema: &Value) -> bool {
    schema["type"] == "string" && schema.get("enum").is_none()
}

/// Whether a schema is that of a text, or of a list of texts.
fn holds_text(schema: &Value) -> bool {
    is_text(schema) || schema["type"] == "array" && holds_text(&schema["items"])
}

fn is_secret(names: &[String]) -> bool {
    let Some((own, around)) = names.split_last() else {
        return false;
    };
    let ends = |name: &str| own.ends_with(&format!(" {name} "));
    let within = |(name, word): &(&str, &str)| {
        let holds = |name: &String| name.contains(&format!(" {word} "));
        match *name {
            "url" => {
                let is_url = URLS.into_iter().any(ends) && !own.contains(" redirect ");
                is_url && names.iter().any(holds)
            }
            name => ends(name) && around.iter().any(holds),
        }
    };
    NAMES.iter().any(|name| ends(name)) || WITHIN.iter().any(within)
}

/// The words of a name, each in the singular, with a space before and after each.
fn words(name: &str) -> String {
    let mut words = String::from(" ");
    for word in snake(name).split('_').filter(|word| !word.is_empty()) {
        let singular = word.strip_suffix('s').filter(|stem| !stem.ends_with('s'));
        words.push_str(singular.unwrap_or(word));
        words.push(' ');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{is_secret, words};

    fn secret(names: &[&str]) -> bool {
        is_secret(&names.iter().map(|name| words(name)).collect::<Vec<_>>())
    }

    #[test]
    fn names_tell_what_is_secret() {
        for names in [
            &["User", "password"][..],
            &["User", "newPassword"],
            &["Account", "account_numbers"],
            &["Account", "feed_routing_number"],
            &["Account", "transitNumber"],
            &["Person", "SSN"],
            &["Session", "accessToken"],
            &["X", "x-api-key"],
            &["CredentialRequest", "value"],
            &["Member", "challenges", "value"],
            &["AuthorizationCodeResponse", "code"],
            &["WidgetResponse", "url"],
            &["Member", "oauth_window_uri"],
            &["User", "connect_widget_url"],
            &["getWidgetURL", "url"],
            &["requestToken"],
        ] {
            assert!(secret(names), "{names:?}");
        }
        for names in [
            &["User", "name"][..],
            &["Tag", "value"],
            &["Institution", "code"],
            &["Institution", "url"],
            &["WidgetRequest", "client_redirect_url"],
            &["WidgetRequest", "widget_type"],
            &["Token", "token_type"],
            &["Account", "account_number_set_by"],
            &["User", "shopping"],
            &["Credential", "field_name"],
            &["Member", "oauth"],
        ] {
            assert!(!secret(names), "{names:?}");
        }
    }
}
