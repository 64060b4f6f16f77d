//! Request assertions: which calls a mock answers.

use std::fmt::Display;

use httpmock::Regex;
use serde::Serialize;
use serde_json::Value;

use crate::operation::{Location, Operation, Parameter};
use crate::request::url;

/// The calls of an operation that a mock answers: all of them, until arguments are given.
pub struct When {
    plain: httpmock::When,
    operation: &'static Operation,
    /// The path prefix of the server.
    before: String,
}

impl When {
    pub(super) fn new(plain: httpmock::When, operation: &'static Operation, before: &str) -> Self {
        let plain = plain
            .method(operation.method.as_str())
            .path_matches(pattern(before, operation.path, None));
        Self {
            plain,
            operation,
            before: before.to_owned(),
        }
    }

    /// The call has this argument in its path.
    #[track_caller]
    pub fn path<T: Display>(self, argument: &str, value: impl TryInto<T>) -> Self {
        let name = self.parameter(argument).name;
        let value = url::encode(&self.fit(argument, value));
        let pattern = pattern(&self.before, self.operation.path, Some((name, &value)));
        self.and(|plain| plain.path_matches(pattern))
    }

    /// The call has this argument in its query, and no other value of it.
    #[track_caller]
    pub fn query<T: Serialize>(self, argument: &str, value: impl TryInto<T>) -> Self {
        let parameter = self.parameter(argument);
        let value = self.fit(argument, value);
        // Through the text that a client would send, so that both come to the same.
        let mut text = String::new();
        if !url::append(
            &mut url::Pairs::after(&mut text),
            parameter.name,
            &value,
            parameter.explode,
        ) {
            self.formless(argument);
        }
        let pairs = url::pairs(&text);
        let mut names: Vec<String> = pairs.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        names.dedup();
        self.and(|mut plain| {
            if pairs.is_empty() {
                plain = plain.query_param_missing(parameter.name);
            }
            for name in names {
                let count = pairs.iter().filter(|(known, _)| *known == name).count();
                let name = Regex::from(format!("^{}$", regex::escape(&name)));
                plain = plain.query_param_count(name, "(?s)^.*$", count);
            }
            pairs
                .into_iter()
                .fold(plain, |plain, (name, value)| plain.query_param(name, value))
        })
    }

    /// The call has this argument as a header.
    #[track_caller]
    pub fn header<T: Display>(self, argument: &str, value: impl TryInto<T>) -> Self {
        let name = self.parameter(argument).name;
        let value = self.fit(argument, value).to_string();
        self.and(|plain| plain.header(name, value))
    }

    /// The call has this body, as JSON.
    #[track_caller]
    pub fn json<T: Serialize>(self, argument: &str, value: impl TryInto<T>) -> Self {
        let text = serde_json::to_string(&self.fit(argument, value));
        // By way of the text, as the client sends it: a value tree has another number for an `f32` of 0.1.
        let body: Option<Value> = text.ok().and_then(|text| serde_json::from_str(&text).ok());
        let body = body.unwrap_or_else(|| self.formless(argument));
        self.content_type().and(|plain| plain.json_body(body))
    }

    /// The call has this body, as a form.
    #[track_caller]
    pub fn form<T: Serialize>(self, argument: &str, value: impl TryInto<T>) -> Self {
        let mut body = String::new();
        if !url::append(
            &mut url::Pairs::after(&mut body),
            "",
            &self.fit(argument, value),
            true,
        ) {
            self.formless(argument);
        }
        self.content_type().and(|plain| plain.body(body))
    }

    /// The call has this body, byte by byte.
    #[track_caller]
    pub fn raw<T: AsRef<[u8]>>(self, argument: &str, value: impl TryInto<T>) -> Self {
        let body = self.fit(argument, value).as_ref().to_vec();
        self.content_type()
            .and(|plain| match String::from_utf8(body) {
                Ok(text) => plain.body(text),
                Err(bytes) => plain.is_true(move |request| request.body_ref() == bytes.as_bytes()),
            })
    }

    /// The call does not have this optional argument.
    #[track_caller]
    pub fn without(self, argument: &str) -> Self {
        if argument == "body" && self.operation.body.is_some() {
            return self.and(|plain| plain.is_true(|request| request.body_ref().is_empty()));
        }
        let Parameter { name, location, .. } = *self.parameter(argument);
        match location {
            Location::Path => panic!("`{argument}` is part of the path: no call goes without it"),
            Location::Query => self.and(|plain| plain.query_param_missing(name)),
            Location::Header => self.and(|plain| plain.header_missing(name)),
        }
    }

    /// Adds request assertions of [`httpmock`].
    pub fn and(self, change: impl FnOnce(httpmock::When) -> httpmock::When) -> Self {
        Self {
            plain: change(self.plain),
            ..self
        }
    }

    /// The request assertions of [`httpmock`].
    pub fn into_inner(self) -> httpmock::When {
        self.plain
    }

    fn content_type(self) -> Self {
        match &self.operation.body {
            Some(body) => self.and(|plain| plain.header("content-type", body.media_type)),
            None => self,
        }
    }

    #[track_caller]
    fn parameter(&self, argument: &str) -> &'static Parameter {
        let mut parameters = self.operation.parameters.iter();
        match parameters.find(|known| known.argument == argument) {
            Some(parameter) => parameter,
            None => panic!("`{}` has no parameter `{argument}`", self.operation.id),
        }
    }

    #[track_caller]
    fn formless(&self, argument: &str) -> ! {
        panic!("`{argument}` of `{}` has no JSON form", self.operation.id)
    }

    #[track_caller]
    fn fit<T>(&self, argument: &str, value: impl TryInto<T>) -> T {
        match value.try_into() {
            Ok(value) => value,
            Err(_) => panic!(
                "`{argument}` of `{}` does not convert to the type the API takes",
                self.operation.id
            ),
        }
    }
}

/// A regular expression for the paths of a template: the given value where there is one, any segment elsewhere.
fn pattern(before: &str, template: &str, known: Option<(&str, &str)>) -> String {
    let mut pattern = format!("^{}", regex::escape(before));
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        pattern.push_str(&regex::escape(literal));
        match known {
            Some((wanted, value)) if wanted == name => pattern.push_str(&regex::escape(value)),
            _ => pattern.push_str("[^/]+"),
        }
        rest = after;
    }
    pattern.push_str(&regex::escape(rest));
    pattern.push('$');
    pattern
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn a_pattern_takes_text_for_what_it_is() {
        let template = "/a.b/{guid}/c/{id}.json";
        let cases = [
            (None, "", r"^/a\.b/[^/]+/c/[^/]+\.json$"),
            (
                Some(("id", "x.y")),
                "/v1.0",
                r"^/v1\.0/a\.b/[^/]+/c/x\.y\.json$",
            ),
        ];
        for (known, before, wanted) in cases {
            assert_eq!(pattern(before, template, known), wanted);
        }
    }
}
