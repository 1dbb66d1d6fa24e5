//! Callback slots: moments at which a call can be booked.

use std::{collections::HashMap, iter};

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::{
    form::CallbackForm,
    hours::{Interval, SupportHours},
};

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
    pub first: Date,
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
///
/// Slots follow each other from each opening on, counted in time that passes, and end by closing. A day that is open
/// throughout begins them anew at its own midnight, so that a slot never depends on when it is asked for.
pub fn slots(form: &CallbackForm, days: Days, bookings: &Bookings, now: Timestamp) -> Vec<OfferedSlot> {
    let today = form.hours.date_of(now);
    let first = days.first.max(today);
    let last = later_by(days.first, days.count).min(later_by(today, u32::from(form.slots.days_ahead) + 1));
    let earliest = first_bookable(form, now);
    let begin = slots_between(form, first, last).into_iter().filter(|slot| slot.from >= earliest);
    begin.map(|slot| OfferedSlot { slot, free: has_room(form, bookings, slot) }).collect()
}

/// The slot that begins at a moment, if it can be booked now as far as time goes. Capacity is the store's to say.
///
/// # Errors
/// [`NotASlot`], asked in the order past, too far, none.
pub fn slot_at(form: &CallbackForm, from: Timestamp, now: Timestamp) -> Result<Slot, NotASlot> {
    if from < first_bookable(form, now) {
        return Err(NotASlot::Past);
    }
    let date = form.hours.date_of(from);
    if date > later_by(form.hours.date_of(now), form.slots.days_ahead) {
        return Err(NotASlot::TooFar);
    }
    let of_date = slots_between(form, date, later_by(date, 1));
    of_date.into_iter().find(|slot| slot.from == from).ok_or(NotASlot::None)
}

fn first_bookable(form: &CallbackForm, now: Timestamp) -> Timestamp {
    later(now, form.slots.lead)
}

fn has_room(form: &CallbackForm, bookings: &Bookings, slot: Slot) -> bool {
    bookings.get(&slot.from).copied().unwrap_or(0) < form.slots.capacity
}

/// All slots that begin on the local dates `first..end`, at most those of about a year.
fn slots_between(form: &CallbackForm, first: Date, end: Date) -> Vec<Slot> {
    if first >= end || form.slots.length == 0 {
        return Vec::new();
    }
    let hours = &form.hours;
    // Two days more on either side show whether a day at the edge is open throughout, and where its hours begin.
    let (from, to) = (hours.midnight(later_by(first, -2)), hours.midnight(later_by(end, 2)));
    let begin = hours.midnight(first)..hours.midnight(end);
    let stretches = hours.intervals(from, to).into_iter().flat_map(|interval| cut_at_full_days(hours, interval));
    let slots = stretches.flat_map(|stretch| slots_of(stretch, form.slots.length));
    slots.filter(|slot| begin.contains(&slot.from)).collect()
}

/// Cuts an interval at the midnights before and after each day it covers whole.
fn cut_at_full_days(hours: &SupportHours, interval: Interval) -> Vec<Interval> {
    let dates = iter::successors(Some(hours.date_of(interval.from)), |date| date.tomorrow().ok());
    let midnights = dates.map(|date| hours.midnight(date)).take_while(|midnight| *midnight <= interval.to);
    let inside: Vec<_> = midnights.filter(|midnight| *midnight >= interval.from).collect();
    if inside.len() < 2 {
        return vec![interval];
    }
    let edges: Vec<_> = [interval.from].into_iter().chain(inside).chain([interval.to]).collect();
    edges.windows(2).map(|edge| Interval { from: edge[0], to: edge[1] }).collect()
}

fn slots_of(stretch: Interval, length: u32) -> impl Iterator<Item = Slot> {
    let beginnings = iter::successors(Some(stretch.from), move |from| Some(later(*from, length)));
    let slots = beginnings.map(move |from| Slot { from, to: later(from, length) });
    slots.take_while(move |slot| slot.from < slot.to && slot.to <= stretch.to)
}

fn later(moment: Timestamp, seconds: u32) -> Timestamp {
    moment.checked_add(SignedDuration::from_secs(seconds.into())).unwrap_or(Timestamp::MAX)
}

fn later_by(date: Date, days: impl Into<i64>) -> Date {
    date.saturating_add(SignedDuration::from_hours(days.into() * 24))
}

#[cfg(test)]
mod tests;
