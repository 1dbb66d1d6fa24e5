//! Rules that hold for all hours and moments, around the nights when clocks change too.

use jiff::{SignedDuration, civil::Weekday};
use proptest::prelude::*;

use super::*;

const ZONES: [&str; 5] = ["Europe/Sofia", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata"];
const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// One additional rule: a weekday and from when to when, in quarters of an hour; the end may lie after midnight.
#[derive(Clone, Copy, Debug)]
struct Rule {
    day: usize,
    from: u16,
    to: u16,
}

impl Rule {
    fn text(self) -> String {
        let time = |quarter: u16| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15);
        format!("{} {}-{}", DAYS[self.day], time(self.from), time(self.to))
    }

    /// Whether a local time lies in it, told without any of the code under test.
    fn covers(self, local: DateTime) -> bool {
        let quarter = |days: u16| {
            days * 96
                + u16::try_from(local.hour()).expect("0..24") * 4
                + u16::try_from(local.minute() / 15).expect("0..4")
        };
        let day = usize::try_from(local.date().weekday().since(Weekday::Monday)).expect("0..7");
        let same_day = self.day == day && (self.from..self.to).contains(&quarter(0));
        let night = (self.day + 1) % 7 == day && (self.from..self.to).contains(&quarter(1));
        same_day || night
    }
}

prop_compose! {
    fn rule()(day in 0..7_usize, from in 0..96_u16, length in 1..96_u16) -> Rule {
        Rule { day, from, to: from + length }
    }
}

fn shop() -> impl Strategy<Value = (Shop, Vec<Rule>)> {
    (0..ZONES.len(), prop::collection::vec(rule(), 1..5)).prop_map(|(zone, rules)| {
        let expression = rules.iter().map(|rule| rule.text()).collect::<Vec<_>>().join(", ");
        // Bouvet Island has no holidays.
        (Shop::new(ZONES[zone], "BV", &expression), rules)
    })
}

/// Moments of two years; half of them lie within two days of a change of clocks somewhere.
fn moment() -> impl Strategy<Value = Timestamp> {
    let changes = [
        "2026-03-29T01:00:00Z",
        "2026-10-25T01:00:00Z",
        "2026-03-08T07:00:00Z",
        "2026-11-01T06:00:00Z",
        "2026-04-04T15:00:00Z",
    ];
    let changes = changes.map(|change| change.parse::<Timestamp>().expect("a moment").as_second());
    let near = (0..changes.len(), -172_800..172_800_i64).prop_map(move |(change, by)| changes[change] + by);
    let any = 1_767_225_600..1_830_297_600_i64;
    prop_oneof![near, any].prop_map(|second| Timestamp::from_second(second).expect("in range"))
}

fn is_open(hours: &SupportHours, moment: Timestamp) -> bool {
    hours.availability(moment).state == State::Open
}

proptest! {
    #[test]
    fn hours_are_what_the_rules_say_by_the_clock_on_the_wall((shop, rules) in shop(), now in moment()) {
        let zoned = now.to_zoned(shop.zone.clone());
        // Within a day of a change of clocks, wall time alone does not tell; the sentences of `changes_of_clocks` do.
        let day = SignedDuration::from_hours(48);
        let steady = shop.zone.to_offset(now - day) == shop.zone.to_offset(now + day);
        let covered = rules.iter().any(|rule| rule.covers(zoned.datetime()));
        prop_assert!(!steady || is_open(&shop.hours, now) == covered);
    }

    #[test]
    fn availability_agrees_with_intervals((shop, _) in shop(), now in moment()) {
        let later = now + SignedDuration::from_hours(24 * 9);
        let intervals = shop.hours.intervals(now, later);
        let availability = shop.hours.availability(now);
        let open = intervals.first().is_some_and(|interval| interval.from == now);
        prop_assert_eq!(availability.state == State::Open, open);
        let change = if open { intervals.first().map(|i| i.to) } else { intervals.first().map(|i| i.from) };
        prop_assert_eq!(availability.changes_at, change);
        prop_assert!(intervals.iter().all(|interval| interval.from < interval.to));
        prop_assert!(intervals.windows(2).all(|pair| pair[0].to < pair[1].from), "touching intervals are joined");
    }

    #[test]
    fn state_flips_exactly_at_the_change((shop, _) in shop(), now in moment(), part in 0.0..1.0_f64) {
        let availability = shop.hours.availability(now);
        let open = availability.state == State::Open;
        let change = availability.changes_at.expect("some day of the week opens");
        let tick = SignedDuration::from_nanos(1);
        prop_assert!(change > now);
        prop_assert_eq!(is_open(&shop.hours, change), !open);
        prop_assert_eq!(is_open(&shop.hours, change - tick), open);
        let between = now + change.duration_since(now).mul_f64(part).min(change.duration_since(now) - tick);
        prop_assert_eq!(is_open(&shop.hours, between), open);
    }

    #[test]
    fn open_time_never_runs_backwards((shop, _) in shop(), now in moment(), first in 0..20_000_u32, second in 0..20_000_u32, wait in 0..600_000_i64) {
        let (less, more) = (first.min(second), first.max(second));
        let after = |now, seconds| shop.hours.after_open_time(now, seconds).expect("within a year");
        prop_assert!(after(now, less) <= after(now, more));
        prop_assert!(after(now, more) <= after(now + SignedDuration::from_secs(wait), more));
    }

    #[test]
    fn open_time_adds_up((shop, _) in shop(), now in moment(), first in 0..20_000_u32, second in 1..20_000_u32) {
        let after = |now, seconds| shop.hours.after_open_time(now, seconds).expect("within a year");
        prop_assert_eq!(after(after(now, first), second), after(now, first + second));
        let open: i64 = shop.hours.intervals(now, after(now, second)).iter().map(|i| i.to.duration_since(i.from).as_secs()).sum();
        prop_assert_eq!(open, i64::from(second));
    }

    #[test]
    fn override_governs_its_date_alone((shop, _) in shop(), now in moment()) {
        let date = shop.hours.date_of(now);
        let shut = Override { date, hours: "off".to_owned() };
        let expression = "Mo-Su 00:00-24:00";
        let hours = SupportHours::parse(expression, &shop.zone, &Calendar::default(), &[shut]).expect("valid");
        prop_assert_eq!(is_open(&hours, now), false);
        let midnight = hours.midnight(date.tomorrow().expect("a date"));
        prop_assert_eq!(hours.availability(now).changes_at, Some(midnight));
        prop_assert!(is_open(&hours, hours.midnight(date) - SignedDuration::from_nanos(1)));
    }

    #[test]
    fn no_text_makes_it_panic(text in "(Mo|Tu|Su|PH|SH|Jan|Feb|Dec|easter|week|off|open|unknown|24/7|20(20|26|99)|[0-4][0-9]|:00|:59|dusk|[-,;:+/\\[\\]() \"|]| day| |; ){0,24}") {
        if let Ok(hours) = SupportHours::parse(&text, &TimeZone::UTC, &Calendar::default(), &[]) {
            let now = Timestamp::UNIX_EPOCH;
            prop_assert!(hours.availability(now).changes_at.is_none_or(|change| change > now));
        }
    }
}
