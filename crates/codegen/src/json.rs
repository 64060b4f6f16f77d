//! Small helpers over `serde_json::Value` that every pass uses.

use serde_json::{Map, Value};

/// Typed looks into a JSON object.
pub(crate) trait Object {
    fn str(&self, key: &str) -> Option<&str>;
    fn flag(&self, key: &str) -> bool;
    fn list(&self, key: &str) -> &[Value];
    fn map(&self, key: &str) -> Option<&Map<String, Value>>;
}

impl Object for Map<String, Value> {
    fn str(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_str()
    }

    fn flag(&self, key: &str) -> bool {
        self.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    fn list(&self, key: &str) -> &[Value] {
        self.get(key)
            .and_then(Value::as_array)
            .map_or(&[], Vec::as_slice)
    }

    fn map(&self, key: &str) -> Option<&Map<String, Value>> {
        self.get(key)?.as_object()
    }
}

/// The value as an object, made one if it is not.
pub(crate) fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    match value {
        Value::Object(object) => object,
        _ => unreachable!("just made an object"),
    }
}

/// The object under a key, made if it is not there.
pub(crate) fn entry_object<'a>(
    parent: &'a mut Map<String, Value>,
    key: &str,
) -> &'a mut Map<String, Value> {
    object(parent.entry(key).or_insert(Value::Null))
}
