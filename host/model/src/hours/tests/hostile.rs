//! Expressions made to cost time, and moments at the ends of time.

use std::time::{Duration, Instant};

use super::*;

/// Generous against a slow, shared machine; without bounds some of these take seconds to minutes.
const AT_MOST: Duration = Duration::from_millis(1_500);

fn everything(expression: &str) {
    let Ok(hours) =
        SupportHours::parse(expression, &TimeZone::get("Europe/Sofia").expect("a zone"), &Calendar::default(), &[])
    else {
        return;
    };
    for now in
        ["2026-11-22T12:00:00Z".parse().expect("a moment"), Timestamp::MIN, Timestamp::MAX, Timestamp::UNIX_EPOCH]
    {
        let availability = hours.availability(now);
        assert!(availability.changes_at.is_none_or(|change| change > now), "{expression} at {now}");
        assert!(hours.after_open_time(now, u32::MAX).is_none_or(|moment| moment >= now), "{expression} at {now}");
        for interval in hours.intervals(now, Timestamp::MAX) {
            assert!(now <= interval.from && interval.from < interval.to, "{expression} at {now}");
        }
    }
}

#[test]
fn pathological_expressions_end_in_time() {
    let spans: Vec<_> =
        (0..80).map(|i| format!("{:02}:{:02}-{:02}:{:02}", i / 4, i % 4 * 15, i / 4, i % 4 * 15 + 7)).collect();
    let many_rules = (0..200).map(|i| format!("M{} 0:{:02}-", if i % 2 == 0 { "o" } else { "o-Fr" }, i % 60));
    let expressions = [
        "2020 Mo-Fr 10:00-18:00".to_owned(),
        "2099 Jan 1 10:00-11:00".to_owned(),
        "9999 Dec 31 10:00-48:00".to_owned(),
        "week 53 Mo 10:00-11:00".to_owned(),
        "Feb 29 10:00-11:00".to_owned(),
        "Feb 30 10:00-11:00".to_owned(),
        "easter +9999 days 10:00-11:00".to_owned(),
        "PH -9999 days 10:00-11:00".to_owned(),
        "1900-9999/9999 10:00-11:00".to_owned(),
        "Mo[1,2,3,4,5,-1,-2] +9999 days 00:00-48:00".to_owned(),
        spans.join(","),
        "2099 Jan 1, ".repeat(80) + "2099 Jan 1",
        "0:00-0:01;".repeat(99) + "Feb 29",
        "0:00-0:01, Su ".repeat(70) + "0:02-0:03",
        "24/7;2099 off;".repeat(70) + "24/7",
        many_rules.map(|rule| rule + "0:59;").collect::<String>() + "off",
        "\"".repeat(1_000),
        "[".repeat(1_000),
        "Mo,".repeat(330) + "Mo",
    ];
    for expression in &expressions {
        let began = Instant::now();
        everything(expression);
        assert!(began.elapsed() < AT_MOST, "{expression} took {:?}", began.elapsed());
    }
}

#[test]
fn hours_go_on_to_the_end_of_time_without_a_panic() {
    for expression in ["24/7", "off", "Mo-Su 10:00-18:00", "Mo-Su 22:00-02:00", "Mo-Su 00:00-48:00"] {
        everything(expression);
    }
}
