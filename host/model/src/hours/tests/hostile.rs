//! Expressions made to cost time, and moments at the ends of time.
//!
//! The bound that holds is one of work, not of the clock: the rules and days an expression may have, times the dates that a
//! question looks at. [`AT_MOST`] only notices what runs away all the same.

use std::time::{Duration, Instant};

use super::*;

/// For a dozen questions about an expression. Far more than any takes, on a machine that is busy with others too.
const AT_MOST: Duration = Duration::from_secs(20);

const ZONES: [&str; 3] = ["Europe/Sofia", "America/New_York", "Australia/Lord_Howe"];

fn read(expression: &str, zone: &str) -> Result<SupportHours, HoursError> {
    let calendar = Calendar::of_country("BG").expect("a country");
    SupportHours::parse(expression, &TimeZone::get(zone).expect("a zone"), &calendar, &[])
}

fn moments() -> [Timestamp; 4] {
    let today = "2026-11-22T12:00:00Z".parse().expect("a moment");
    [today, Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH]
}

/// Asks every question about a moment; the answers must fit each other.
pub(super) fn ask(hours: &SupportHours, expression: &str, now: Timestamp) {
    let Availability { state, changes_at } = hours.availability(now);
    assert!(changes_at.is_none_or(|change| change > now), "{expression} at {now}");
    assert!(hours.after_open_time(now, u32::MAX).is_none_or(|moment| moment >= now), "{expression} at {now}");
    let intervals = hours.intervals(now, Timestamp::MAX);
    for interval in &intervals {
        assert!(now <= interval.from && interval.from < interval.to, "{expression} at {now}");
    }
    assert!(intervals.windows(2).all(|pair| pair[0].to < pair[1].from), "{expression} at {now}: not in order");
    let open = intervals.first().is_some_and(|first| first.from == now);
    // The last moment of all is no interval.
    assert!(now == Timestamp::MAX || (state == State::Open) == open, "{expression} at {now}");
}

/// Whether it was read.
pub(super) fn ends_in_time(expression: &str) -> bool {
    let began = Instant::now();
    let hours = read(expression, "Europe/Sofia");
    if let Ok(hours) = &hours {
        moments().into_iter().for_each(|now| ask(hours, expression, now));
    }
    assert!(began.elapsed() < AT_MOST, "{expression} took {:?}", began.elapsed());
    hours.is_ok()
}

/// A piece as often as it goes into a thousand characters with an end after it.
fn filled(piece: &str, end: &str) -> String {
    piece.repeat((1_000 - end.len()) / piece.len()) + end
}

#[test]
fn expressions_that_hardly_ever_open_end_in_time() {
    for expression in [
        "2020 Mo-Fr",
        "2020 Mo-Fr 10:00-18:00",
        "2099 Jan 1 10:00-11:00",
        "1900-9999/9999 10:00-11:00",
        "1900-9999 Feb 29 10:00-11:00",
        "9999+ 10:00-11:00",
        "9999 Dec 31 10:00-48:00",
        "9999 Dec 10:00-48:00",
        "1900 Jan 01-9999 Dec 31 10:00-11:00",
        "9999 Dec 31-9999 Jan 01 10:00-11:00",
        "week 53 Mo 10:00-11:00",
        "week 1-53/53 Mo 10:00-11:00",
        "week 53-53/200 Mo 10:00-11:00",
        "week 1-53/53 Feb 29 Mo[5] 10:00-11:00",
        "Feb 29 10:00-11:00",
        "Feb 30 10:00-11:00",
        "Feb Mo[5] 10:00-11:00",
        "Feb Mo[-5] 10:00-11:00",
        "easter +9999 days 10:00-11:00",
        "easter -9999 days 10:00-11:00",
        "easter -9999 days-easter +9999 days off",
        "easter +9999 days-easter -9999 days 10:00-11:00",
        "9999 easter 10:00-48:00",
        "1900 easter -9999 days 10:00-48:00",
        "PH 10:00-11:00",
        "PH -9999 days 10:00-11:00",
        "PH +9999 days 10:00-11:00",
        "Mo[1,2,3,4,5,-1,-2] +9999 days 00:00-48:00",
        "Mo[-5] -9999 days 00:00-00:01",
        "off || off || 2020 off || 9999 Dec 31 23:59-24:00",
    ] {
        ends_in_time(expression);
    }
}

#[test]
fn expressions_of_the_greatest_length_end_in_time() {
    let span = |i: u16| format!("{:02}:{:02}-{:02}:{:02}", i / 4, i % 4 * 15, i / 4, i % 4 * 15 + 7);
    let spans = (0..80).map(span).collect::<Vec<_>>().join(",");
    let closings = (0..55).map(|i| format!("{} off", span(i))).collect::<Vec<_>>().join("; ");
    let nights = (0..80).map(|i| format!("{:02}:00-48:{:02}", i % 24, 0)).collect::<Vec<_>>().join(",");
    for expression in [
        spans,
        closings,
        nights,
        filled("easter,", "easter 0:00-0:01"),
        filled("Jan 1,", "Jan 1 0:00-48:00"),
        filled("2099 Jan 1, ", "2099 Jan 1"),
        filled("1900-9999/9999,", "2099 Feb 29"),
        "week 53".to_owned() + &",53".repeat(190) + " Mo 10:00-11:00",
        filled("easter 0:00-0:01; ", "Feb 29"),
        filled("easter -9999 days-easter +9999 days off;", "2020 0:00-48:00;2020 Mo 9:00-30:00 off"),
        filled("0:00-0:01;", "Feb 29"),
        filled("0:00-0:01, Su ", "0:02-0:03"),
        filled("24/7;2099-2100 off;", "24/7"),
        filled("2020 22:00-46:00 off;", "2020 9:00-30:00 unknown"),
        filled("0:00-0:01,", "0:00-0:02"),
        filled("off || ", "off"),
        filled("easter unknown || ", "easter 0:00-0:01"),
    ] {
        assert!(
            expression.len() <= 1_000 && ends_in_time(&expression),
            "{expression} is read: {:?}",
            read(&expression, "Europe/Sofia").err()
        );
    }
}

#[test]
fn expressions_of_too_many_rules_or_nothing_at_all_are_refused_in_time() {
    for expression in [
        filled("easter;", "2020 0:00-48:00;2020 Mo 9:00-30:00 off"),
        filled("Mo;", "2020 Su 0:00-48:00"),
        filled("off;", "2020 Su 0:00-48:00"),
        "off || ".repeat(8) + &"easter;".repeat(120) + "off",
        "off || ".repeat(60) + &"easter;".repeat(60) + "off",
        "\"".repeat(1_000),
        "[".repeat(1_000),
        "(".repeat(1_000),
        "||".repeat(500),
        " ".repeat(1_000),
        "Mo,".repeat(330) + "Mo",
        "Mo[".repeat(300),
        "PH,".repeat(330) + "PH",
        "PH +9999 days,".repeat(70) + "PH",
        "1900-".repeat(200),
        "(sunrise+".repeat(100),
        "24/7".repeat(250),
        "10:00-10:00-".repeat(80),
        "Jan Mo[1],".repeat(90) + "Jan Mo[1] 10:00-11:00",
        "2026 jan Mo[-1],".repeat(50) + "Jan",
        "easter,Jan Mo[1],Jan,".repeat(40) + "Jan",
        "24/7;".repeat(1_000_000),
    ] {
        assert!(!ends_in_time(&expression), "{:.80} is refused", expression);
    }
}

#[test]
fn no_question_looks_at_more_dates_than_of_a_year_and_some_days() {
    for (zone, now) in ZONES.iter().flat_map(|zone| moments().map(|now| (zone, now))) {
        let hours = read("Feb 29 10:00-11:00", zone).expect("hours");
        let dates = hours.days_ahead(now).count();
        assert!((1..=373).contains(&dates), "{dates} dates from {now} in {zone}");
    }
}

#[test]
fn hours_go_on_to_the_end_of_time_without_a_panic() {
    for expression in ["24/7", "off", "Mo-Su 10:00-18:00", "Mo-Su 22:00-02:00", "Mo-Su 00:00-48:00", "22:00-24:00"] {
        for (zone, now) in ZONES.iter().flat_map(|zone| moments().map(|now| (zone, now))) {
            ask(&read(expression, zone).expect("hours"), expression, now);
        }
    }
}
