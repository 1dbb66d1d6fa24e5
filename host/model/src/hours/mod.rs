//! Support hours: when somebody is there to answer.
//!
//! Expressions follow the OSM `opening_hours` specification, read in an IANA zone with the public holidays of a country and
//! dated overrides.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::holidays::Calendar;

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Somebody answers now.
    Open,
    /// Nobody answers now.
    Closed,
}

/// Whether somebody is there now, and when that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Availability {
    /// The state now.
    pub state: State,
    /// The next moment it changes; `None` where it does not within a year ("24/7", "off").
    pub changes_at: Option<Timestamp>,
}

/// Open from one moment until, but not including, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// First open moment.
    pub from: Timestamp,
    /// First closed moment after it.
    pub to: Timestamp,
}

/// Hours of one date that replace what the expression says for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The local date.
    pub date: Date,
    /// Its hours: an `opening_hours` expression of times alone, `10:00-15:00` or `off`.
    pub hours: String,
}

/// Why an expression was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// Not an `opening_hours` expression.
    #[error("`{expression}` is not an opening hours expression: {reason}")]
    Syntax {
        /// What was given.
        expression: String,
        /// What the parser said, with the column where it could tell.
        reason: String,
    },
}

/// When somebody is there to answer.
#[derive(Clone, Debug)]
pub struct SupportHours {
    zone: TimeZone,
}

impl SupportHours {
    /// Reads an expression. Overrides replace the whole of their date.
    pub fn parse(
        expression: &str,
        zone: &TimeZone,
        calendar: &Calendar,
        overrides: &[Override],
    ) -> Result<Self, HoursError> {
        unimplemented!("{expression} {calendar:?} {overrides:?} {zone:?}")
    }

    /// The zone the hours are read in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whether somebody is there at `now`, and when that changes.
    pub fn availability(&self, now: Timestamp) -> Availability {
        unimplemented!("{now}")
    }

    /// The open intervals that touch `from..to`, in order, clipped to it.
    pub fn intervals(&self, from: Timestamp, to: Timestamp) -> Vec<Interval> {
        unimplemented!("{from} {to}")
    }

    /// The moment when `seconds` of open time have passed since `now`; `None` where that does not come within a year.
    pub fn after_open_time(&self, now: Timestamp, seconds: u32) -> Option<Timestamp> {
        unimplemented!("{now} {seconds}")
    }
}
