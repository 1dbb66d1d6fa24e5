//! Bodies: read within their limit, and taken for what they are.

use axum::{
    body::Body,
    http::{HeaderMap, header::CONTENT_TYPE},
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};

use super::problem::Fault;

/// The whole body, if it has at most `limit` bytes.
pub async fn read(body: Body, limit: usize) -> Result<Bytes, Fault> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(Fault::TooLarge),
        Err(_) => Err(Fault::NotJson),
    }
}

/// Checks that a body says it is JSON, or says nothing.
pub fn require_json(headers: &HeaderMap) -> Result<(), Fault> {
    if media_type_is(headers, "application/json") { Ok(()) } else { Err(Fault::UnsupportedMediaType) }
}

/// Checks that a body says it is a submitted form.
pub fn require_form(headers: &HeaderMap) -> Result<(), Fault> {
    let form = media_type_is(headers, "application/x-www-form-urlencoded");
    if form { Ok(()) } else { Err(Fault::UnsupportedMediaType) }
}

fn media_type_is(headers: &HeaderMap, wanted: &str) -> bool {
    let Some(given) = headers.get(CONTENT_TYPE) else { return true };
    let given = given.to_str().unwrap_or_default();
    given.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(wanted))
}

/// The members of a JSON object.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Fault> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Fault::NotJson),
        Err(error) => Err(fault(&error)),
    }
}

/// What `serde_json` says of a body it does not take; it has no codes, so its words are compared.
fn fault(error: &serde_json::Error) -> Fault {
    let said = error.to_string();
    if said.starts_with("recursion limit exceeded") {
        Fault::TooDeep
    } else if said.contains("surrogate") || said.starts_with("unexpected end of hex escape") {
        Fault::BadUnicode
    } else {
        Fault::NotJson
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_bounded() {
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert!(matches!(object(deep.as_bytes()), Err(Fault::TooDeep)));
    }

    #[test]
    fn lone_surrogates_are_refused_as_such() {
        for half in [r#"{"name":"\ud800"}"#, r#"{"name":"\udc00"}"#, r#"{"name":"\ud800x"}"#] {
            assert!(matches!(object(half.as_bytes()), Err(Fault::BadUnicode)), "{half}");
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in ["", "[]", "7", "{", "{\"a\":1,}", "{'a':1}", "\u{feff}{}"] {
            assert!(matches!(object(body.as_bytes()), Err(Fault::NotJson)), "{body}");
        }
        assert!(matches!(object(b"{\"a\":\"\xff\"}"), Err(Fault::NotJson)));
    }
}
