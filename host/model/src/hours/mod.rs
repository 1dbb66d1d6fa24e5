//! Support hours: when somebody is there to answer.
//!
//! Expressions follow the OSM `opening_hours` specification, read in an IANA zone with the public holidays of a country and
//! dated overrides. Where this house is stricter or plainer than the specification:
//!
//! - *A night belongs to the date it begins on.* `Fr 22:00-02:00; PH off` is closed in the night after a Friday that is a
//!   holiday, and `Sa 10:00-12:00` beside it does not take Friday's night away.
//! - *An override owns its date from midnight to midnight, and the night that begins on it.* A night of the day before is
//!   cut at the override's midnight.
//! - *A closing past midnight closes the next date's hours too*: after `24/7; Sa 23:00-05:00 off` Sunday opens at five.
//! - *A fallback fills hours*, as the specification has it: what the rules before it leave neither open nor `unknown`.
//! - *A comment changes nothing*: `Mo-Fr 10:00-18:00 "ring twice"` is open, where the specification takes it for `unknown`.
//! - *What cannot be promised is refused*: sun times (nothing here knows the place), open ends (`10:00+`), repeating times,
//!   school holidays (there is no data of them), a rule of nothing but a comment. `unknown` counts as closed.
//! - *Local time never runs backwards.* A time that the clocks skip is the moment they skip it; one that happens twice is the
//!   first of the two.
//!
//! How this stands beside an independent implementation is in `tests/hours/differences.md`, pair by pair.
//!
//! # Nights when clocks change
//!
//! Hours are kept as the clock on the wall shows them. Where it jumps from 02:00 to 03:00, `01:00-02:30` ends and `02:30-05:00`
//! begins at the jump: one moment before, the clock shows less, and from it on, more. So hours that lie in the gap do not happen, and
//! whatever stands before something else on paper stands before it in time. Where the clock shows 02:00 to 03:00 twice, what
//! begins or ends there does so the first time, once: who has closed does not open again because the clock was put back. Moments
//! after it are as open or closed as it left them.
//!
//! # Bounds
//!
//! Nothing here searches without end: an expression has at most 1,000 characters, of which at most 200 rules and days are made
//! (`MOST_LOOKED_AT`); dates are evaluated one by one, and no question looks at more than a year and some days of them. Lists of
//! dates such as `Jan Mo[1],Feb Mo[1]` are kept short, as the parser's work doubles and trebles with each (`MOST_DATES_BY_WEEKDAY`).

mod expression;
mod local;

use std::{collections::BTreeMap, iter, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::{
    expression::{Rules, Times},
    local::Minutes,
};
use crate::holidays::Calendar;

/// How far ahead anything is looked for: a year, with some days to spare for what moves within it.
const AHEAD: SignedDuration = SignedDuration::from_hours(370 * 24);

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "HoursState")]
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
    /// Its hours: an `opening_hours` expression of times alone, `10:00-15:00`, `22:00-02:00`, `24/7` or `off`.
    pub hours: String,
}

/// Why an expression was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// Not an `opening_hours` expression, or one that no promise can be made of.
    #[error("`{expression}` is not an opening hours expression: {reason}")]
    Syntax {
        /// What was given; only its beginning where it is too long.
        expression: String,
        /// What is wrong with it and the mend, with the column where it could be told.
        reason: String,
    },
}

/// When somebody is there to answer. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SupportHours {
    zone: TimeZone,
    rules: Arc<Rules>,
    overrides: Arc<BTreeMap<Date, Times>>,
}

impl SupportHours {
    /// Reads an expression of at most 1,000 characters. Overrides replace the whole of their date.
    ///
    /// # Errors
    /// [`HoursError::Syntax`] for the expression or for an override; a date overridden twice is one too.
    pub fn parse(
        expression: &str,
        zone: &TimeZone,
        calendar: &Calendar,
        overrides: &[Override],
    ) -> Result<Self, HoursError> {
        let rules = Rules::parse(expression, calendar).map_err(|reason| refused(expression, reason))?;
        Ok(Self { zone: zone.clone(), rules: Arc::new(rules), overrides: Arc::new(times_by_date(overrides)?) })
    }

    /// Whether these are clones of the same hours.
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rules, &other.rules)
    }

    /// The zone the hours are read in.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whether somebody is there at `now`, and when that changes.
    pub fn availability(&self, now: Timestamp) -> Availability {
        let (state, change) = match self.ahead(now).next() {
            Some(interval) if interval.from <= now => (State::Open, Some(interval.to)),
            next => (State::Closed, next.map(|interval| interval.from)),
        };
        Availability { state, changes_at: change.filter(|change| *change <= a_year_after(now)) }
    }

    /// The open intervals that touch `from..to`, in order, clipped to it. Nothing is listed beyond 370 days after `from`.
    pub fn intervals(&self, from: Timestamp, to: Timestamp) -> Vec<Interval> {
        let to = to.min(a_year_after(from));
        self.ahead(from)
            .take_while(|interval| interval.from < to)
            .map(|interval| Interval { from: interval.from.max(from), to: interval.to.min(to) })
            .collect()
    }

    /// The moment when `seconds` of open time have passed since `now`; `None` where that does not come within a year.
    ///
    /// Time that ends exactly at closing ends there, not at the next opening. For 0 seconds it is the first open moment.
    pub fn after_open_time(&self, now: Timestamp, seconds: u32) -> Option<Timestamp> {
        let mut left = SignedDuration::from_secs(seconds.into());
        let reached = self.ahead(now).find_map(|interval| {
            let from = interval.from.max(now);
            let open = interval.to.duration_since(from);
            if open >= left {
                return Some(later(from, left));
            }
            left -= open;
            None
        });
        reached.filter(|moment| *moment <= a_year_after(now))
    }

    /// Whole seconds of open time from one moment to another; none is counted beyond 370 days.
    pub fn open_seconds(&self, from: Timestamp, to: Timestamp) -> u64 {
        let open = self.intervals(from, to).into_iter().map(|interval| interval.to.duration_since(interval.from));
        u64::try_from(open.sum::<SignedDuration>().as_secs()).unwrap_or(0)
    }

    /// The last date that has hours of its own, if any has.
    pub fn last_override(&self) -> Option<Date> {
        self.overrides.keys().next_back().copied()
    }

    /// The local date of a moment.
    pub(crate) fn date_of(&self, moment: Timestamp) -> Date {
        self.zone.to_datetime(moment).date()
    }

    /// The moment a local date begins.
    pub(crate) fn midnight(&self, date: Date) -> Timestamp {
        local::moment(&self.zone, date, 0)
    }

    /// The open intervals that end after `from`, in order, adjacent ones joined, for somewhat more than a year.
    ///
    /// The first may begin before `from`, but is not followed back further than the midnight of the day before.
    fn ahead(&self, from: Timestamp) -> impl Iterator<Item = Interval> {
        let days = self.days_ahead(from).flat_map(|date| self.open_on(date));
        let always = self.constant().map(|state| (state == State::Open).then_some(FOREVER));
        let intervals: Box<dyn Iterator<Item = Interval>> = match always {
            Some(always) => Box::new(always.into_iter()),
            None => Box::new(joined(days)),
        };
        intervals.filter(move |interval| interval.to > from)
    }

    /// The dates that are looked at for a moment: somewhat more than a year of them, and no more.
    fn days_ahead(&self, from: Timestamp) -> impl Iterator<Item = Date> {
        let first = self.date_of(from);
        let last = self.date_of(a_year_after(from)).saturating_add(SignedDuration::from_hours(24));
        days(first.yesterday().unwrap_or(first), last)
    }

    /// The state that never changes, where that can be told at once.
    fn constant(&self) -> Option<State> {
        if self.overrides.is_empty() { self.rules.constant() } else { None }
    }

    fn open_on(&self, date: Date) -> Vec<Interval> {
        let moment = |minute| local::moment(&self.zone, date, minute);
        self.minutes_of(date)
            .into_iter()
            .map(|open| Interval { from: moment(open.start), to: moment(open.end) })
            .collect()
    }

    /// What is open of a date, in order: its own hours and the night of the day before.
    fn minutes_of(&self, date: Date) -> Vec<Minutes> {
        if let Some(own) = self.overrides.get(&date) {
            return own.today.clone();
        }
        let eve = date.yesterday().ok();
        let mut open = match eve.and_then(|eve| self.overrides.get(&eve)) {
            Some(overridden) => [self.rules.on(date, None), overridden.night.clone()].concat(),
            None => self.rules.on(date, eve),
        };
        open.sort_unstable_by_key(|minutes| minutes.start);
        open
    }
}

const FOREVER: Interval = Interval { from: Timestamp::MIN, to: Timestamp::MAX };

fn times_by_date(overrides: &[Override]) -> Result<BTreeMap<Date, Times>, HoursError> {
    let mut by_date = BTreeMap::new();
    for Override { date, hours } in overrides {
        let at_fault = |reason: String| refused(hours, format!("the override of {date}: {reason}"));
        let times = Times::parse(hours).map_err(at_fault)?;
        if by_date.insert(*date, times).is_some() {
            return Err(at_fault("this date is overridden twice".to_owned()));
        }
    }
    Ok(by_date)
}

fn refused(expression: &str, reason: String) -> HoursError {
    let mut shown: String = expression.chars().take(expression::LONGEST).collect();
    if shown.len() < expression.len() {
        shown = shown.chars().take(100).chain(['…']).collect();
    }
    HoursError::Syntax { expression: shown, reason }
}

fn later(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_add(by).unwrap_or(Timestamp::MAX)
}

fn a_year_after(moment: Timestamp) -> Timestamp {
    later(moment, AHEAD)
}

fn days(first: Date, last: Date) -> impl Iterator<Item = Date> {
    iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(move |date| *date <= last)
}

/// Joins intervals that touch or overlap; empty ones (whole in a gap of the clocks) are left out.
fn joined(intervals: impl Iterator<Item = Interval>) -> impl Iterator<Item = Interval> {
    let mut rest = intervals.filter(|interval| interval.from < interval.to).peekable();
    iter::from_fn(move || {
        let mut joined = rest.next()?;
        while let Some(next) = rest.next_if(|next| next.from <= joined.to) {
            joined.to = joined.to.max(next.to);
        }
        Some(joined)
    })
}

#[cfg(test)]
mod tests;
