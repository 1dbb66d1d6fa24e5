//! Expressions made up from the grammar of the specification, whole and spoilt.

use jiff::SignedDuration;
use proptest::{collection::vec, option, prelude::*, sample::select, strategy::ValueTree, test_runner::TestRunner};

use super::*;

fn word(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(words).prop_map(str::to_owned)
}

fn weekday() -> impl Strategy<Value = String> {
    let day = || word(&["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]);
    let nth = word(&["[1]", "[-1]", "[5]", "[-5]", "[2-4]", "[1,3,-2]", "[1] +2 days", "[-1] -9999 days"]);
    prop_oneof![
        3 => day(),
        3 => (day(), day()).prop_map(|(from, to)| format!("{from}-{to}")),
        2 => (day(), nth).prop_map(|(day, nth)| day + &nth),
        1 => word(&["PH", "PH +1 day", "PH -9999 days", "SH"]),
    ]
}

fn date() -> impl Strategy<Value = String> {
    let month = || word(&["Jan", "Feb", "Mar", "May", "Oct", "Nov", "Dec"]);
    let day = || (month(), 1..=31_u8).prop_map(|(month, day)| format!("{month} {day:02}"));
    prop_oneof![
        month(),
        (month(), month()).prop_map(|(from, to)| format!("{from}-{to}")),
        day(),
        (day(), day()).prop_map(|(from, to)| format!("{from}-{to}")),
        (2025..=2028_u16, day()).prop_map(|(year, day)| format!("{year} {day}")),
        (month(), weekday()).prop_map(|(month, day)| format!("{month} {day}")),
        word(&["easter", "easter -2 days-easter +1 day", "easter +9999 days", "2026 easter", "9999 Dec-Jan"]),
    ]
}

fn wide() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => vec(date(), 1..3).prop_map(|dates| dates.join(",")),
        1 => word(&["week 1-52/2", "week 53", "week 13,44", "week 1-53/53", "week 1-53/255", "week 1-53/9999"]),
        1 => word(&["2026", "2026-2030/2", "2027+", "1900-9999/9999", "9999", "2020"]),
    ]
}

fn times() -> impl Strategy<Value = String> {
    let span = (0..24_u8, 0..60_u8, 0..=48_u8, 0..60_u8).prop_map(|(hour, minute, to, and)| {
        format!("{hour:02}:{minute:02}-{to:02}:{:02}", if to == 48 { 0 } else { and })
    });
    vec(span, 1..4).prop_map(|spans| spans.join(","))
}

fn rule() -> impl Strategy<Value = String> {
    let modifier = word(&["open", "off", "closed", "unknown", "\"ring twice\"", "off \"ремонт\"", "unknown \"?\""]);
    let parts = (
        option::weighted(0.3, wide()),
        option::weighted(0.6, weekday()),
        option::weighted(0.8, times()),
        option::weighted(0.3, modifier),
    );
    prop_oneof![
        9 => parts.prop_map(|(wide, day, times, modifier)| [wide, day, times, modifier].into_iter().flatten().collect::<Vec<_>>().join(" ")),
        1 => word(&["24/7", "24/7 off"]),
    ]
}

fn expression() -> impl Strategy<Value = String> {
    let more = vec((word(&["; ", "; ", ", ", " || "]), rule()), 0..6);
    (rule(), more)
        .prop_map(|(first, more)| more.into_iter().fold(first, |all, (separator, rule)| all + &separator + &rule))
}

/// An expression with a few characters lost, doubled or put in.
fn spoilt() -> impl Strategy<Value = String> {
    let letters = "0123456789:-;,|/+[]() \"MoPHeaster\u{0}\u{a0}½ы\u{202e}".chars().collect::<Vec<_>>();
    let blow = (any::<prop::sample::Index>(), 0..3_u8, select(letters));
    (expression(), vec(blow, 1..5)).prop_map(|(expression, blows)| {
        let mut letters: Vec<char> = expression.chars().collect();
        for (index, how, letter) in blows {
            let at = index.index(letters.len() + 1);
            match how {
                0 => drop(letters.splice(at..(at + 1).min(letters.len()), [])),
                1 => letters.insert(at, letter),
                _ => letters.extend_from_within(at..),
            }
        }
        letters.into_iter().collect()
    })
}

/// Pieces of the grammar in any order, a few of them over and over until the greatest length.
fn repeated() -> impl Strategy<Value = String> {
    let piece = || {
        prop_oneof![
            word(&[
                "Mo", "Su", "Jan", "Jan 1", "2026", "2026 ", "easter", "PH", "SH", "24/7", "off", "unknown", "sunrise"
            ]),
            word(&[
                " +1 day",
                "week ",
                "53",
                "-53",
                "/2",
                "[1]",
                "[",
                "]",
                "10:00",
                "-12:00",
                "\"a\"",
                "\"",
                "(sunrise+01:00)"
            ]),
            word(&[":", " ", "; ", "||", " || ", ", ", "+", "-", ",", "1", "0"]),
            word(&[
                "Mo[1]",
                "Jan Mo[1]",
                "Jan Mo[1],",
                "2026 Jan 1-",
                "Jan 1-Jan 2",
                "easter -9999 days-",
                "10:00-12:00,"
            ]),
        ]
    };
    (vec(piece(), 0..4), vec(piece(), 1..6)).prop_map(|(before, unit)| {
        let (before, unit) = (before.concat(), unit.concat());
        let times = (1_000 - before.len()) / unit.len();
        before + &unit.repeat(times)
    })
}

fn moment() -> impl Strategy<Value = Timestamp> {
    let ours = 1_767_225_600..1_830_297_600_i64;
    let any = Timestamp::MIN.as_second()..=Timestamp::MAX.as_second();
    prop_oneof![4 => ours, 1 => any].prop_map(|second| Timestamp::from_second(second).expect("in range"))
}

fn read(expression: &str, zone: &str) -> Option<SupportHours> {
    let calendar = Calendar::of_country("BG").expect("a country");
    SupportHours::parse(expression, &TimeZone::get(zone).expect("a zone"), &calendar, &[]).ok()
}

fn zone() -> impl Strategy<Value = &'static str> {
    select(vec!["Europe/Sofia", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
}

/// Thousands of expressions where the long tests are asked for.
fn cases() -> ProptestConfig {
    ProptestConfig::with_cases(if std::env::var_os("PORCHLIGHT_FULL").is_some() { 10_000 } else { 256 })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn answers_about_any_expression_fit_each_other(expression in expression(), zone in zone(), now in moment()) {
        if let Some(hours) = read(&expression, zone) {
            hostile::ask(&hours, &expression, now);
        }
    }

    #[test]
    fn state_of_any_expression_flips_exactly_at_the_change(expression in expression(), zone in zone(), now in moment()) {
        let Some(hours) = read(&expression, zone) else { return Ok(()) };
        let Availability { state, changes_at: Some(change) } = hours.availability(now) else { return Ok(()) };
        let tick = SignedDuration::from_nanos(1);
        prop_assert_ne!(hours.availability(change).state, state, "{} at {}", expression, change);
        prop_assert_eq!(hours.availability(change - tick).state, state, "{} before {}", expression, change);
    }

    #[test]
    fn expression_of_a_few_pieces_over_and_over_is_refused_or_read_in_time(expression in repeated()) {
        hostile::ends_in_time(&expression);
    }

    #[test]
    fn spoilt_expression_is_refused_or_read_and_never_panics(expression in spoilt(), zone in zone(), now in moment()) {
        if let Some(hours) = read(&expression, zone) {
            hostile::ask(&hours, &expression, now);
        }
    }
}

/// So that the properties above are about expressions and not about refusals.
#[test]
fn most_expressions_of_the_grammar_are_read_and_open_some_time() {
    let mut runner = TestRunner::deterministic();
    let now = "2026-11-22T12:00:00Z".parse().expect("a moment");
    let mut made = |_| expression().new_tree(&mut runner).expect("an expression").current();
    let read: Vec<_> = (0..1_000).map(&mut made).filter_map(|expression| read(&expression, "Europe/Sofia")).collect();
    let changing = read.iter().filter(|hours| hours.availability(now).changes_at.is_some()).count();
    assert!(read.len() >= 500 && changing >= 300, "{} are read, {changing} of them change", read.len());
}
