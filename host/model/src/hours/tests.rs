//! What support hours promise, in sentences.

mod changes_of_clocks;
mod expressions;
mod grammar;
mod hostile;
mod nights_and_overrides;
mod properties;
mod through_the_week;

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{Availability, HoursError, Override, State, SupportHours};
use crate::holidays::Calendar;

/// Hours in a zone with the holidays of a country, and a way to say moments by the clock on its wall.
#[derive(Debug)]
struct Shop {
    zone: TimeZone,
    hours: SupportHours,
}

impl Shop {
    fn new(zone: &str, country: &str, expression: &str) -> Self {
        Self::with_overrides(zone, country, expression, &[])
    }

    fn with_overrides(zone: &str, country: &str, expression: &str, overrides: &[(&str, &str)]) -> Self {
        let zone = TimeZone::get(zone).expect("a zone");
        let calendar = Calendar::of_country(country).expect("a country");
        let overrides: Vec<_> = overrides
            .iter()
            .map(|(date, hours)| Override { date: date.parse().expect("a date"), hours: (*hours).to_owned() })
            .collect();
        let hours = SupportHours::parse(expression, &zone, &calendar, &overrides).expect("valid hours");
        Self { zone, hours }
    }

    /// The moment of a local time that happens once, `2026-11-22 19:30`.
    fn at(&self, local: &str) -> Timestamp {
        let local: DateTime = local.parse().expect("a local time");
        self.zone.to_ambiguous_zoned(local).unambiguous().expect("a time that happens once").timestamp()
    }

    fn local(&self, moment: Timestamp) -> String {
        let local = moment.to_zoned(self.zone.clone());
        local.strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// The state at a local time and the local time of the next change: `open until 2026-11-23 20:00`.
    fn says(&self, local: &str) -> String {
        let Availability { state, changes_at } = self.hours.availability(self.at(local));
        let state = if state == State::Open { "open" } else { "closed" };
        changes_at.map_or(format!("{state} always"), |change| format!("{state} until {}", self.local(change)))
    }

    /// The local times of the intervals between two local times.
    fn intervals(&self, from: &str, to: &str) -> Vec<(String, String)> {
        let intervals = self.hours.intervals(self.at(from), self.at(to));
        intervals.iter().map(|interval| (self.local(interval.from), self.local(interval.to))).collect()
    }
}
