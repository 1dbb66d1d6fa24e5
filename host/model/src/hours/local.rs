//! Local time made into moments, so that it never runs backwards.

use std::ops::Range;

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, Offset, TimeZone},
};

/// Minutes of a local day by the clock on the wall, 0 to 1440.
pub(super) type Minutes = Range<u16>;

/// Minutes from one midnight to the next, by the clock on the wall.
pub(super) const DAY: u16 = 24 * 60;

/// The moment when the clock on the wall shows a minute of a date; minute 1440 is the next date's midnight.
///
/// Never decreasing in local time: what the clocks skip is the moment they skip it, what they repeat is its first time.
/// Beyond the years that can be told (9999) it is the last moment there is, or the first.
pub(super) fn moment(zone: &TimeZone, date: Date, minute: u16) -> Timestamp {
    if minute >= DAY {
        return date.tomorrow().map_or(Timestamp::MAX, |next| moment(zone, next, 0));
    }
    let local = date.to_datetime(clock(minute));
    match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => with_offset(offset, local),
        AmbiguousOffset::Fold { before, .. } => with_offset(before, local),
        AmbiguousOffset::Gap { before, .. } => change_up_to(zone, with_offset(before, local)),
    }
}

fn clock(minute: u16) -> Time {
    let part = |value: u16| i8::try_from(value).unwrap_or(0);
    Time::constant(part(minute / 60), part(minute % 60), 0, 0)
}

fn with_offset(offset: Offset, local: DateTime) -> Timestamp {
    let beyond = if local.year() > 0 { Timestamp::MAX } else { Timestamp::MIN };
    offset.to_timestamp(local).unwrap_or(beyond)
}

/// The last change of the clocks at or before a moment.
fn change_up_to(zone: &TimeZone, moment: Timestamp) -> Timestamp {
    let after = moment.saturating_add(jiff::SignedDuration::from_secs(1)).unwrap_or(moment);
    zone.preceding(after).next().map_or(moment, |change| change.timestamp())
}
