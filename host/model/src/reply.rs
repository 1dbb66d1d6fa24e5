//! Expected reply times: what is promised, counted in support hours.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{hours::SupportHours, slots::Slot};

/// What the owner promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplyPromise {
    /// An answer within this many seconds of support time.
    Within(u32),
    /// A call in the chosen slot.
    Slot,
}

/// Where a promise comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Said by the owner.
    Promised,
    /// Typical of the last 30 days.
    Measured,
    /// The slot that was chosen.
    Slot,
}

/// When an answer is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedReply {
    /// The latest moment.
    pub by: Timestamp,
    /// Seconds of wall time from the moment of asking until `by`; 0 when `by` has passed.
    pub seconds: u64,
    /// Where the promise comes from.
    pub basis: Basis,
}

impl ExpectedReply {
    /// The promise made by choosing a slot: a call when it begins.
    pub fn at_slot(slot: Slot, now: Timestamp) -> Self {
        Self { by: slot.from, seconds: seconds_until(slot.from, now), basis: Basis::Slot }
    }
}

/// The promise as a moment, for somebody who asks now.
///
/// `Within` counts open time only: "2 hours" asked half an hour before closing on Saturday lands an hour and a half after
/// the next opening. `None` where nobody is ever there, or where the promise is the slot and none is chosen yet.
pub fn expected_reply(promise: ReplyPromise, hours: &SupportHours, now: Timestamp) -> Option<ExpectedReply> {
    let ReplyPromise::Within(seconds) = promise else { return None };
    let by = hours.after_open_time(now, seconds)?;
    Some(ExpectedReply { by, seconds: seconds_until(by, now), basis: Basis::Promised })
}

fn seconds_until(moment: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(moment.as_second() - now.as_second()).unwrap_or(0)
}
