//! The list of a requester's own requests.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use porchlight_model::{
    form::FormKind,
    request::{Request, RequestId, Status},
    site::Site,
    texts::Texts,
};
use porchlight_store::{Page, Place};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::{ExpectedReply, Instant};

/// A part of the list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Listing {
    requests: Vec<Line>,
    /// Where to go on, if there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListedRequest")]
struct Line {
    reference: String,
    kind: FormKind,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<Instant>,
    received_at: Instant,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reply: Option<ExpectedReply>,
    tracking_token: String,
}

impl Listing {
    /// Says a part of the list in a language, seen from `now`; `token` makes a request's tracking token.
    pub fn new(page: &Page, site: &Site, texts: &Texts, token: impl Fn(RequestId) -> String, now: Timestamp) -> Self {
        let promise = |request: &Request| {
            let reply = request.open_promise()?;
            Some(ExpectedReply::new(reply, None, texts, now, &site.time_zone))
        };
        let line = |request: &Request| Line {
            reference: request.reference.as_str().to_owned(),
            kind: request.kind,
            status: request.status,
            slot: request.slot.map(|slot| Instant(slot.from)),
            received_at: Instant(request.received_at()),
            expected_reply: promise(request),
            tracking_token: token(request.id),
        };
        Self { requests: page.listing.requests.iter().map(line).collect(), next: page.next.map(cursor) }
    }
}

/// A token that opens the list, and until when.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequesterToken {
    requester_token: String,
    expires_at: Instant,
}

impl RequesterToken {
    /// A token and its end.
    pub fn new((token, expires_at): (String, Timestamp)) -> Self {
        Self { requester_token: token, expires_at: Instant(expires_at) }
    }
}

/// A place in the list as outsiders give it back: unpadded base64url (RFC 4648, section 5) of moment and id.
pub fn cursor(place: Place) -> String {
    let moment = place.received_at.as_microsecond().to_be_bytes();
    URL_SAFE_NO_PAD.encode([moment.as_slice(), place.id.0.as_bytes()].concat())
}

/// The place of a cursor.
pub fn read_cursor(written: &str) -> Option<Place> {
    let bytes = URL_SAFE_NO_PAD.decode(written).ok()?;
    let (moment, id) = bytes.split_first_chunk()?;
    let received_at = Timestamp::from_microsecond(i64::from_be_bytes(*moment)).ok()?;
    Some(Place { received_at, id: RequestId(Uuid::from_slice(id).ok()?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_leads_back_to_its_place_and_nothing_else_to_any() {
        let place = Place {
            received_at: "2026-11-22T19:30:00.123456Z".parse().expect("a moment"),
            id: RequestId(Uuid::from_u128(7)),
        };
        assert_eq!(read_cursor(&cursor(place)), Some(place));
        for wrong in ["", "x", "AAAA", &"_".repeat(31), &"A".repeat(10_000), "не курсор"] {
            assert_eq!(read_cursor(wrong), None, "{wrong}");
        }
    }
}
