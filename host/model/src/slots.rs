//! Callback slots: moments at which a call can be booked.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::form::CallbackForm;

/// A stretch of time in which a call is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot {
    /// When the call is made at the earliest.
    pub from: Timestamp,
    /// When the slot is over.
    pub to: Timestamp,
}

/// How many callbacks are booked, by the beginning of their slot.
pub type Bookings = HashMap<Timestamp, u32>;

/// A stretch of local days to list slots of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: jiff::civil::Date,
    /// How many days.
    pub count: u16,
}

/// A slot as offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OfferedSlot {
    /// When.
    pub slot: Slot,
    /// Whether another call fits; a full slot is shown as taken.
    pub free: bool,
}

/// Why a moment cannot be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotASlot {
    /// It has begun, or begins within the lead time.
    Past,
    /// It lies further ahead than can be booked.
    TooFar,
    /// No slot begins then.
    None,
}

/// The slots of some days that can be booked now, in order; full ones are among them, marked.
pub fn slots(form: &CallbackForm, days: Days, bookings: &Bookings, now: Timestamp) -> Vec<OfferedSlot> {
    unimplemented!("{form:?} {days:?} {bookings:?} {now}")
}

/// The slot that begins at a moment, if it can be booked now as far as time goes. Capacity is the store's to say.
pub fn slot_at(form: &CallbackForm, from: Timestamp, now: Timestamp) -> Result<Slot, NotASlot> {
    unimplemented!("{form:?} {from} {now}")
}
