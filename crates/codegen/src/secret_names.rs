//! Secrets are found by their names.
//!
//! Few specs say `format: password` where they should. The lists here say which texts are secrets by their names; a
//! schema that is listed wrongly says `x-sensitive: false`, in the spec or in an overlay. `docs/add-an-api.md` shows them.

use std::fmt::Write as _;

use openapi::model::METHODS;
use serde_json::{Value, json};

use crate::json;
use crate::names::snake;
use crate::schemas::reference;

/// What OpenAPI, and what some specs beside it, call the format of a secret.
const FORMATS: [&str; 4] = ["password", "secret", "token", "credential"];

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
pub fn secrets() -> String {
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

/// Marks the secrets among the texts of requests and responses with `format: password`, and calls `note` with the place
/// of each. Parameters stay as they are: a call shows no argument.
pub(crate) fn mark(document: &mut Value, note: &mut dyn FnMut(String)) {
    let components = document["components"].clone();
    let mut marking = Marking {
        schemas: &components["schemas"],
        note,
    };
    for (name, schema) in section(document, "/components/schemas") {
        marking.schema(schema, &[words(name)], name);
    }
    for bodies in ["/components/requestBodies", "/components/responses"] {
        for (name, body) in section(document, bodies) {
            marking.contents(body, name);
        }
    }
    for (_, item) in section(document, "/paths") {
        for method in METHODS {
            let Some(operation) = item.get_mut(method) else {
                continue;
            };
            let id = operation["operationId"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            if let Some(body) = operation.get_mut("requestBody") {
                marking.contents(body, &id);
            }
            for (_, response) in operation.get_mut("responses").into_iter().flat_map(members) {
                marking.contents(response, &id);
            }
        }
    }
}

fn section<'a>(
    document: &'a mut Value,
    at: &str,
) -> impl Iterator<Item = (&'a String, &'a mut Value)> {
    document.pointer_mut(at).into_iter().flat_map(members)
}

fn members(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flatten()
}

struct Marking<'a> {
    schemas: &'a Value,
    note: &'a mut dyn FnMut(String),
}

impl<'a> Marking<'a> {
    /// Marks the secrets in a body that belongs to something of this name.
    fn contents(&mut self, body: &mut Value, name: &str) {
        for (_, media) in body.get_mut("content").into_iter().flat_map(members) {
            if let Some(schema) = media.get_mut("schema") {
                self.schema(schema, &[words(name)], name);
            }
        }
    }

    /// Marks the secrets in a schema; `names` are those around it, its own last.
    fn schema(&mut self, schema: &mut Value, names: &[String], place: &str) {
        if is_secret(names)
            && let Some(target) = self.alias(schema)
        {
            // The name tells what the schema that it refers to does not.
            let mut plain = target.clone();
            for key in ["description", "nullable", "x-sensitive"] {
                if let Some(value) = schema.get(key) {
                    plain[key] = value.clone();
                }
            }
            *schema = plain;
        }
        if is_text(schema) {
            self.text(schema, names, place);
            return;
        }
        for (name, property) in schema.get_mut("properties").into_iter().flat_map(members) {
            let inner: Vec<String> = names.iter().cloned().chain([words(name)]).collect();
            self.schema(property, &inner, &format!("{place}.{name}"));
        }
        for (key, child) in members(schema) {
            match child {
                Value::Object(_) if ["items", "additionalProperties"].contains(&key.as_str()) => {
                    self.schema(child, names, place);
                }
                Value::Array(parts) if ["allOf", "oneOf", "anyOf"].contains(&key.as_str()) => {
                    parts
                        .iter_mut()
                        .for_each(|part| self.schema(part, names, place));
                }
                _ => {}
            }
        }
    }

    fn text(&mut self, schema: &mut Value, names: &[String], place: &str) {
        let format = schema.get("format").and_then(Value::as_str);
        let is_said = format.is_some_and(|format| FORMATS.contains(&format));
        if schema.get("x-sensitive") == Some(&json!(false)) {
            if is_said {
                json::object(schema).remove("format");
            }
        } else if is_said || (is_secret(names) && format.is_none_or(|format| format == "uri")) {
            if format != Some("password") {
                (self.note)(place.to_owned());
            }
            schema["format"] = json!("password");
        }
    }

    /// The schema of a text, or of a list of texts, that a schema refers to and says nothing else of.
    fn alias(&self, schema: &Value) -> Option<&'a Value> {
        let mut target = self.schemas.get(&referred(schema)?)?;
        // Longer chains than this are circles in all but name.
        for _ in 0..8 {
            match referred(target) {
                Some(name) => target = self.schemas.get(&name)?,
                None => break,
            }
        }
        holds_text(target).then_some(target)
    }
}

/// The name of the component that a schema refers to, alone or as the only part of `allOf`.
fn referred(schema: &Value) -> Option<String> {
    let only = schema
        .get("allOf")
        .and_then(Value::as_array)
        .filter(|parts| parts.len() == 1);
    reference(schema).or_else(|| reference(&only?[0]))
}

/// Whether a schema is that of any text.
fn is_text(schema: &Value) -> bool {
    let is_string = match &schema["type"] {
        // As OpenAPI 3.1 says that a text may be null.
        Value::Array(types) => types.iter().all(|name| name == "string" || name == "null"),
        name => name == "string",
    };
    is_string && schema.get("enum").is_none() && schema.get("const").is_none()
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
