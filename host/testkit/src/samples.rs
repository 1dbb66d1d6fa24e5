//! Sample bodies for `POST /v1/sites/{site}/requests`.

use serde_json::{Map, Value, json};

/// A body being made: begin with [`Sample::callback`] or [`Sample::message`], change fields, then [`Sample::body`].
#[derive(Clone, Debug, PartialEq)]
pub struct Sample(Map<String, Value>);

impl Sample {
    /// A callback that is in order but for its slot: take one of the offer's.
    pub fn callback(slot: &str) -> Self {
        Self::of(json!({"kind": "callback", "name": "Анна", "phone": "+7 916 123-45-67", "slot": slot, "locale": "ru"}))
    }

    /// A message that is in order.
    pub fn message(text: &str) -> Self {
        let message =
            json!({"kind": "message", "name": "Анна", "email": "anna@example.com", "text": text, "consent": true});
        Self::of(message).with("locale", "ru")
    }

    /// With this value of a field, whatever it was.
    pub fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    /// Without a field.
    pub fn without(mut self, field: &str) -> Self {
        self.0.remove(field);
        self
    }

    /// The body as JSON.
    pub fn body(&self) -> Value {
        Value::Object(self.0.clone())
    }

    fn of(fields: Value) -> Self {
        match fields {
            Value::Object(fields) => Self(fields),
            other => Self(Map::from_iter([("value".to_owned(), other)])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sample_is_changed_field_by_field() {
        let sample = Sample::callback("2026-11-23T07:00:00Z").with("phone", "+7 (000)").without("name");
        let body = json!({"kind": "callback", "phone": "+7 (000)", "slot": "2026-11-23T07:00:00Z", "locale": "ru"});
        assert_eq!(sample.body(), body);
    }

    #[test]
    fn message_agrees_to_the_consent() {
        assert_eq!(Sample::message("Где мой заказ?").body()["consent"], json!(true));
    }
}
