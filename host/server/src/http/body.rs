//! Bodies: read within their limit, and taken for what they are.

use std::{fmt, time::Duration};

use axum::{
    body::{Body, HttpBody},
    http::{
        HeaderMap,
        header::{CONTENT_ENCODING, CONTENT_TYPE},
    },
};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor},
};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::problem::Fault;
use crate::config::host::LimitsConfig;

/// What is said of a member that is given twice.
const GIVEN_TWICE: &str = "a member is given twice";

/// The whole body, if it is no larger than it may be and arrives in time.
pub async fn read(body: Body, limits: &LimitsConfig) -> Result<Bytes, Fault> {
    if body.size_hint().lower() > limits.body_bytes as u64 {
        return Err(Fault::TooLarge);
    }
    let arriving = Limited::new(body, limits.body_bytes).collect();
    let arrived = timeout(Duration::from_secs(limits.body_seconds), arriving).await.map_err(|_| Fault::Timeout)?;
    match arrived {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.downcast_ref::<LengthLimitError>().is_some() => Err(Fault::TooLarge),
        Err(_) => Err(Fault::BadBody),
    }
}

/// Checks that a body says it is JSON, or says nothing.
pub fn require_json(headers: &HeaderMap) -> Result<(), Fault> {
    require(headers, "application/json")
}

/// Checks that a body says it is a submitted form, or says nothing.
pub fn require_form(headers: &HeaderMap) -> Result<(), Fault> {
    require(headers, "application/x-www-form-urlencoded")
}

/// Checks that a body says it is an e-mail (RFC 2046, section 5.2.1), or says nothing.
pub fn require_mail(headers: &HeaderMap) -> Result<(), Fault> {
    require(headers, "message/rfc822")
}

fn require(headers: &HeaderMap, media_type: &str) -> Result<(), Fault> {
    require_plain(headers)?;
    if media_type_is(headers, media_type) { Ok(()) } else { Err(Fault::UnsupportedMediaType) }
}

/// Bodies are read as they are sent: what is compressed is not unpacked, so that a small one cannot become a large one.
pub fn require_plain(headers: &HeaderMap) -> Result<(), Fault> {
    let plain =
        headers.get_all(CONTENT_ENCODING).iter().all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    if plain { Ok(()) } else { Err(Fault::UnsupportedMediaType) }
}

fn media_type_is(headers: &HeaderMap, wanted: &str) -> bool {
    let Some(given) = headers.get(CONTENT_TYPE) else { return true };
    let given = given.to_str().unwrap_or_default();
    given.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(wanted))
}

/// The members of a JSON object. One that is given twice is refused: readers do not agree on which of the two counts (RFC 8259,
/// section 4).
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Fault> {
    let members: Members = serde_json::from_slice(bytes).map_err(|error| fault(&error))?;
    Ok(members.0)
}

/// A whole number, however it is written: `2.0` is 2 (JSON Schema core, section 6.3). `None` where it has a fraction, is negative or
/// too large for anything that is counted.
pub fn whole(value: &Value) -> Option<u32> {
    match value.as_u64() {
        Some(number) => u32::try_from(number).ok(),
        None => value
            .as_f64()
            .filter(|number| number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(number))
            .map(whole_of),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is within the bounds, and has no fraction"
)]
fn whole_of(number: f64) -> u32 {
    number as u32
}

struct Members(Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Once)
    }
}

/// Reads members, each once.
struct Once;

impl<'de> Visitor<'de> for Once {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut given: A) -> Result<Members, A::Error> {
        let mut members = Map::new();
        while let Some((name, value)) = given.next_entry()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom(GIVEN_TWICE));
            }
        }
        Ok(Members(members))
    }
}

/// What `serde_json` says of a body it does not take; it has no codes, so its words are compared.
fn fault(error: &serde_json::Error) -> Fault {
    let said = error.to_string();
    if said.starts_with("recursion limit exceeded") {
        Fault::TooDeep
    } else if said.contains("surrogate") || said.starts_with("unexpected end of hex escape") {
        Fault::BadUnicode
    } else if said.starts_with(GIVEN_TWICE) {
        Fault::GivenTwice
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
    fn whole_number_is_one_however_it_is_written() {
        for (written, number) in [("2", 2), ("2.0", 2), ("2e0", 2), ("20e-1", 2), ("-0.0", 0), ("4294967295", u32::MAX)]
        {
            let value: Value = serde_json::from_str(written).expect("JSON");
            assert_eq!(whole(&value), Some(number), "{written}");
        }
        for written in ["2.5", "-1", "-1.0", "4294967296", "4294967296.0", "1e300", "\"2\"", "null", "[2]", "true"] {
            let value: Value = serde_json::from_str(written).expect("JSON");
            assert_eq!(whole(&value), None, "{written}");
        }
    }

    #[test]
    fn lone_surrogates_are_refused_as_such() {
        for half in [r#"{"name":"\ud800"}"#, r#"{"name":"\udc00"}"#, r#"{"name":"\ud800x"}"#] {
            assert!(matches!(object(half.as_bytes()), Err(Fault::BadUnicode)), "{half}");
        }
    }

    #[test]
    fn a_member_given_twice_is_refused_whatever_it_says() {
        for body in [r#"{"a":1,"a":1}"#, r#"{"a":1,"b":2,"\u0061":3}"#] {
            assert!(matches!(object(body.as_bytes()), Err(Fault::GivenTwice)), "{body}");
        }
        assert!(object(br#"{"a":{"a":1},"b":"a"}"#).is_ok());
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in ["", "[]", "7", "{", "{\"a\":1,}", "{'a':1}", "\u{feff}{}"] {
            assert!(matches!(object(body.as_bytes()), Err(Fault::NotJson)), "{body}");
        }
        assert!(matches!(object(b"{\"a\":\"\xff\"}"), Err(Fault::NotJson)));
    }
}
