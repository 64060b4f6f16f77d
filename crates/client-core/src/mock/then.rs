//! The response of a mock.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};

use super::sequence::Sequence;

use crate::operation::{DocumentedResponse, Operation};
use crate::response::decode;
use crate::response::media_type::{self, is_json};

/// The response of a mock, or several, one after the other.
pub struct Then {
    plain: httpmock::Then,
    operation: &'static Operation,
    status: u16,
    /// What was stated so far, for the case that [`then`](Self::then) follows.
    sequence: Arc<Sequence>,
}

impl Then {
    pub(super) fn new(plain: httpmock::Then, operation: &'static Operation) -> Self {
        let sequence = Arc::new(Sequence::default());
        sequence.start(200);
        Self {
            plain,
            operation,
            status: 200,
            sequence,
        }
    }

    /// States the response of the next call: `then.ok(…).then().ok(…)`. The last response is given to all calls that
    /// follow. Of what [`and`](Self::and) changes, a sequence keeps only the delay.
    pub fn then(self) -> Self {
        let plain = match self.sequence.delays_first() {
            true => self.plain.delay(Duration::ZERO),
            false => self.plain,
        };
        self.sequence.start(200);
        let sequence = self.sequence.clone();
        Self {
            plain: plain.respond_with(move |_| sequence.next()),
            status: 200,
            ..self
        }
    }

    /// Adds a header to the response, such as `Retry-After`.
    pub fn header(self, name: &str, value: &str) -> Self {
        self.sequence.header(name, value);
        self.and(|plain| plain.header(name, value))
    }

    /// Answers this late. In a sequence the server answers no other call meanwhile.
    pub fn delay(self, delay: Duration) -> Self {
        self.sequence.delay(delay);
        // Once there are several, each has a delay of its own.
        match self.sequence.is_single() {
            true => self.and(|plain| plain.delay(delay)),
            false => self,
        }
    }

    /// Answers with a status, documented or not, without a body so far.
    pub fn status(self, status: u16) -> Self {
        self.sequence.status(status);
        Self {
            plain: self.plain.status(status),
            status,
            ..self
        }
    }

    /// Answers with a status of a documented range: `4XX`, or `default` for any.
    ///
    /// # Panics
    ///
    /// The status is not of that range.
    #[track_caller]
    pub fn status_in(self, range: &str, status: u16) -> Self {
        let fits = range == "default" || range.starts_with(&(status / 100).to_string());
        assert!(
            fits,
            "status {status} is not in the documented range {range}"
        );
        self.status(status)
    }

    /// Answers with JSON, after its status was given: of the media type that is documented for it, or else
    /// `application/json`.
    ///
    /// # Panics
    ///
    /// The value has no JSON form.
    #[track_caller]
    pub fn json(self, body: impl Serialize) -> Self {
        let body = self.text(body);
        let media_types = self.documented().map_or(&[][..], |known| known.media_types);
        let documented = media_types
            .iter()
            .find(|known| is_json(&media_type::essence(known)));
        let media_type = documented.copied().unwrap_or("application/json");
        self.content(media_type, body)
    }

    /// Answers with JSON that the client decodes to a `T`.
    ///
    /// # Panics
    ///
    /// The value does not decode to a `T`, or has a field that `T` does not have.
    #[track_caller]
    pub fn typed<T: Serialize + DeserializeOwned>(self, body: impl Serialize) -> Self {
        // By way of the text, which has all digits of a number.
        let text = self.text(body);
        let surplus = decode::json::<T>(text.as_bytes(), decode::MEMORY)
            .map(|decoded| surplus("$", &value(&text), &value(&self.text(decoded))));
        let problem = match surplus {
            Ok(None) => return self.json(RawValue::from_string(text).ok()),
            Ok(Some(path)) => format!("there is no {path} in the response's type"),
            Err(error) => error.to_string(),
        };
        let (id, status) = (self.operation.id, self.status);
        panic!("`{id}` does not answer {status} with this: {problem}")
    }

    /// Answers with bytes, after its status was given: of the media type that is documented for it.
    pub fn bytes(self, body: impl AsRef<[u8]>) -> Self {
        let documented = self
            .documented()
            .and_then(|known| known.media_types.first());
        let media_type = documented.copied().filter(|known| !known.contains('*'));
        self.content(media_type.unwrap_or("application/octet-stream"), body)
    }

    /// Answers with a body of any media type.
    pub fn content(self, media_type: &str, body: impl AsRef<[u8]>) -> Self {
        self.sequence.content(media_type, body.as_ref());
        self.and(|plain| plain.header("content-type", media_type).body(body))
    }

    /// Changes the response with the methods of [`httpmock`].
    pub fn and(self, change: impl FnOnce(httpmock::Then) -> httpmock::Then) -> Self {
        Self {
            plain: change(self.plain),
            ..self
        }
    }

    /// The response of [`httpmock`].
    pub fn into_inner(self) -> httpmock::Then {
        self.plain
    }

    /// The documented response for the status.
    fn documented(&self) -> Option<&'static DocumentedResponse> {
        let status = StatusCode::from_u16(self.status).ok()?;
        self.operation.response(status)
    }

    #[track_caller]
    fn text(&self, body: impl Serialize) -> String {
        match serde_json::to_string(&body) {
            Ok(text) => text,
            Err(_) => panic!("the response of `{}` has no JSON form", self.operation.id),
        }
    }
}

fn value(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

/// The path of a field that is lost in decoding; an empty one does not count.
fn surplus(path: &str, given: &Value, decoded: &Value) -> Option<String> {
    match (given, decoded) {
        (Value::Object(given), Value::Object(decoded)) => given.iter().find_map(|(key, value)| {
            let path = format!("{path}.{key}");
            match decoded.get(key) {
                Some(decoded) => surplus(&path, value, decoded),
                None => (!is_empty(value)).then_some(path),
            }
        }),
        (Value::Array(given), Value::Array(decoded)) => {
            let mut items = given.iter().zip(decoded).enumerate();
            items.find_map(|(index, (given, decoded))| {
                surplus(&format!("{path}[{index}]"), given, decoded)
            })
        }
        _ => None,
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}
