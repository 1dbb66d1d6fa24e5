//! Support hours beside what an independent implementation of the specification says: the npm package `opening_hours`.
//!
//! `hours/oracle.txt` holds its answers, `hours/oracle.mjs` made them, and `hours/differences.md` lists every pair that we
//! answer otherwise, with the reason. The list is exact: a pair that begins to differ fails here, and so does one that ceases to.

#![expect(clippy::expect_used, reason = "a test says what it expects")]

use std::{collections::BTreeSet, fmt};

use jiff::{Timestamp, fmt::strtime, tz::TimeZone};
use porchlight_model::{
    holidays::Calendar,
    hours::{Availability, State, SupportHours},
};

const ORACLE: &str = include_str!("hours/oracle.txt");
const DIFFERENCES: &str = include_str!("hours/differences.md");

/// What somebody says about a moment: `open 2026-11-23T17:00`, `closed never`, `refused`.
type Answer = String;

/// A moment of an expression, and the oracle's answer.
#[derive(Debug)]
struct Pair<'a> {
    zone: &'a str,
    country: &'a str,
    expression: &'a str,
    moment: &'a str,
    oracle: &'a str,
}

impl Pair<'_> {
    fn ours(&self) -> Answer {
        let zone = TimeZone::get(self.zone).expect("a zone");
        let calendar = Calendar::of_country(self.country).unwrap_or_default();
        let Ok(hours) = SupportHours::parse(self.expression, &zone, &calendar, &[]) else {
            return "refused".to_owned();
        };
        answer(hours.availability(moment(self.moment)))
    }
}

/// `Europe/Berlin | Su 02:30-05:00 | 2026-03-29T00:59 | closed 2026-03-29T01:30 | closed 2026-03-29T01:00`
impl fmt::Display for Pair<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { zone, expression, moment, oracle, .. } = self;
        write!(out, "{zone} | {expression} | {moment} | {oracle} | {}", self.ours())
    }
}

fn answer(Availability { state, changes_at }: Availability) -> Answer {
    let state = if state == State::Open { "open" } else { "closed" };
    changes_at.map_or(format!("{state} never"), |change| format!("{state} {}", minute(change)))
}

fn moment(minute: &str) -> Timestamp {
    format!("{minute}Z").parse().expect("a moment")
}

fn minute(moment: Timestamp) -> String {
    strtime::format("%Y-%m-%dT%H:%M", &moment.to_zoned(TimeZone::UTC)).expect("a moment of our years")
}

fn pairs() -> Vec<Pair<'static>> {
    let (mut zone, mut country, mut expression) = ("", "", "");
    let mut pairs = Vec::new();
    for line in ORACLE.lines().filter(|line| !line.starts_with('#')) {
        match line.split_once(' ').expect("two words at least") {
            ("zone", rest) => (zone, country) = rest.split_once(' ').expect("a zone and a country"),
            ("hours", rest) => expression = rest,
            (moment, oracle) => pairs.push(Pair { zone, country, expression, moment, oracle }),
        }
    }
    pairs
}

/// The lines between the fences of `differences.md`.
fn listed() -> BTreeSet<&'static str> {
    let fenced = DIFFERENCES.split("```").skip(1).step_by(2);
    fenced.flat_map(str::lines).filter(|line| !line.is_empty()).collect()
}

#[test]
fn oracle_is_asked_in_five_zones_and_on_both_nights_their_clocks_change() {
    let pairs = pairs();
    let zones: BTreeSet<_> = pairs.iter().map(|pair| pair.zone).collect();
    assert_eq!(zones.len(), 5, "{zones:?}");
    for name in zones {
        let zone = TimeZone::get(name).expect("a zone");
        let changes: Vec<_> = zone.following(moment("2026-01-01T00:00")).take(2).collect();
        assert_eq!(changes.is_empty(), name == "Europe/Moscow", "{name}");
        for change in changes {
            let night =
                |pair: &&Pair<'_>| change.timestamp().duration_since(moment(pair.moment)).as_mins().abs() <= 300;
            let asked = pairs.iter().filter(|pair| pair.zone == name).filter(night).count();
            assert!(asked >= 100, "{asked} moments in {name} around {}", change.timestamp());
        }
    }
}

#[test]
fn every_answer_is_the_oracle_s_or_listed_with_its_reason() {
    let pairs = pairs();
    let differing: Vec<_> = pairs.iter().filter(|pair| pair.ours() != pair.oracle).map(ToString::to_string).collect();
    println!("{} pairs compared, {} differ as listed", pairs.len(), differing.len());
    assert!(pairs.len() >= 3_000, "{} pairs", pairs.len());
    let listed = listed();
    let differing: BTreeSet<_> = differing.iter().map(String::as_str).collect();
    let show = |lines: BTreeSet<&&str>| lines.into_iter().map(|line| format!("{line}\n")).collect::<String>();
    let unlisted = show(differing.difference(&listed).collect());
    assert!(unlisted.is_empty(), "these differ (zone | expression | moment | oracle | ours):\n{unlisted}");
    let ceased = show(listed.difference(&differing).collect());
    assert!(ceased.is_empty(), "these are listed and do not differ so:\n{ceased}");
}
