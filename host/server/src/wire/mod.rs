//! The JSON that outsiders see. One type per boundary, converted openly from the model's.

pub mod attachment;
pub mod console;
pub mod dossier;
pub mod listing;
pub mod notice;
pub mod offer;
pub mod proof;
pub mod request;
pub mod submission;

use std::borrow::Cow;

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use porchlight_model::{hours, reply, slots, texts::Texts};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// A moment: RFC 3339 in UTC, whole seconds.
#[derive(Clone, Copy, Debug)]
pub struct Instant(pub Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // An offer holds hundreds of them, so no format is read for each.
        const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(0));
        serializer.serialize_str(&PRINTER.timestamp_to_string(&self.0))
    }
}

impl JsonSchema for Instant {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "date-time"})
    }
}

/// Whether somebody is there now, and when that changes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Availability {
    state: hours::State,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes_at: Option<Instant>,
}

impl From<hours::Availability> for Availability {
    fn from(availability: hours::Availability) -> Self {
        Self { state: availability.state, changes_at: availability.changes_at.map(Instant) }
    }
}

/// When an answer is expected, as a moment and in words.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExpectedReply {
    seconds: u64,
    by: Instant,
    basis: reply::Basis,
    text: String,
}

impl ExpectedReply {
    /// Says a promise in words, seen from `now` in a site's zone; `promise` is what stands behind it, where that is known.
    pub fn new(
        reply: reply::ExpectedReply,
        promise: Option<reply::ReplyPromise>,
        texts: &Texts,
        now: Timestamp,
        zone: &jiff::tz::TimeZone,
    ) -> Self {
        let text = texts.promised_reply(promise, reply, now, zone);
        Self { seconds: reply.seconds, by: Instant(reply.by), basis: reply.basis, text }
    }
}

/// A stretch of time in which a call is made.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Slot {
    from: Instant,
    to: Instant,
}

impl From<slots::Slot> for Slot {
    fn from(slot: slots::Slot) -> Self {
        Self { from: Instant(slot.from), to: Instant(slot.to) }
    }
}

/// Slots that can be taken, and those that others took.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Slots {
    /// Free ones.
    pub slots: Vec<Slot>,
    /// Full ones, so that a form can show them as taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<Slot>,
}

impl From<&[slots::OfferedSlot]> for Slots {
    fn from(offered: &[slots::OfferedSlot]) -> Self {
        let of = |free: bool| offered.iter().filter(|slot| slot.free == free).map(|slot| slot.slot.into()).collect();
        Self { slots: of(true), taken: of(false) }
    }
}
