use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::{form::SlotRules, holidays::Calendar, hours::Override};

const HALF_AN_HOUR: SlotRules = SlotRules { length: 1_800, lead: 3_600, days_ahead: 7, capacity: 2 };

fn form(zone: &str, expression: &str, overrides: &[(&str, &str)], slots: SlotRules) -> CallbackForm {
    let zone = TimeZone::get(zone).expect("a zone");
    let overrides: Vec<_> = overrides
        .iter()
        .map(|(date, hours)| Override { date: date.parse().expect("a date"), hours: (*hours).to_owned() })
        .collect();
    let russia = Calendar::of_country("RU").expect("a country");
    let hours = SupportHours::parse(expression, &zone, &russia, &overrides).expect("valid hours");
    CallbackForm { hours, slots, open_at_most: None, promise: None, consent: None }
}

fn pet_shop() -> CallbackForm {
    let overrides = [("2026-12-31", "10:00-15:00")];
    form("Europe/Moscow", "Mo-Fr 10:00-20:00; Sa 11:00-18:00; PH off", &overrides, HALF_AN_HOUR)
}

fn at(moment: &str) -> Timestamp {
    moment.parse().expect("a moment")
}

fn days(first: &str, count: u16) -> Days {
    Days { first: first.parse().expect("a date"), count }
}

/// The beginnings of the slots offered, by the clock on the wall: `23 10:00`.
fn begin(form: &CallbackForm, days: Days, now: &str) -> Vec<String> {
    let zone = form.hours.zone();
    let offered = slots(form, days, &Bookings::new(), at(now));
    offered.iter().map(|offered| offered.slot.from.to_zoned(zone.clone()).strftime("%d %H:%M").to_string()).collect()
}

#[test]
fn sunday_night_offers_monday_from_opening_to_closing() {
    let monday = begin(&pet_shop(), days("2026-11-22", 2), "2026-11-22T19:30:00Z");
    assert_eq!(monday.len(), 20);
    assert_eq!((monday[0].as_str(), monday[19].as_str()), ("23 10:00", "23 19:30"));
}

#[test]
fn lead_time_is_kept_to_the_second() {
    let form = pet_shop();
    // 10:30 in Moscow is 07:30 in UTC.
    assert_eq!(begin(&form, days("2026-11-23", 1), "2026-11-23T07:30:00Z")[0], "23 11:30");
    assert_eq!(begin(&form, days("2026-11-23", 1), "2026-11-23T07:30:01Z")[0], "23 12:00");
    assert!(slot_at(&form, at("2026-11-23T08:30:00Z"), at("2026-11-23T07:30:00Z")).is_ok());
    let late = slot_at(&form, at("2026-11-23T08:30:00Z"), at("2026-11-23T07:30:00.000000001Z"));
    assert_eq!(late, Err(NotASlot::Past));
}

#[test]
fn days_ahead_are_local_days_after_today() {
    let form = pet_shop();
    // 23:30 on Sunday in Moscow: a week ahead is Sunday the 29th, and Monday the 30th is too far. Half an hour later it is not.
    let monday = at("2026-11-30T07:00:00Z");
    assert_eq!(slot_at(&form, monday, at("2026-11-22T20:30:00Z")), Err(NotASlot::TooFar));
    assert!(slot_at(&form, monday, at("2026-11-22T21:00:00Z")).is_ok());
    assert_eq!(begin(&form, days("2026-11-30", 1), "2026-11-22T20:30:00Z"), Vec::<String>::new());
    assert_eq!(begin(&form, days("2026-11-30", 1), "2026-11-22T21:00:00Z").len(), 20);
    let today_alone = form_with(|slots| slots.days_ahead = 0);
    assert_eq!(begin(&today_alone, days("2026-11-20", 30), "2026-11-23T15:40:00Z"), ["23 20:00"; 0]);
    assert_eq!(begin(&today_alone, days("2026-11-20", 30), "2026-11-23T15:00:00Z"), ["23 19:00", "23 19:30"]);
}

fn form_with(change: impl FnOnce(&mut SlotRules)) -> CallbackForm {
    let mut form = pet_shop();
    change(&mut form.slots);
    form
}

#[test]
fn full_slot_is_shown_as_taken() {
    let form = pet_shop();
    let bookings = Bookings::from([
        (at("2026-11-23T07:00:00Z"), 1),
        (at("2026-11-23T07:30:00Z"), 2),
        (at("2026-11-23T08:00:00Z"), 3),
    ]);
    let offered = slots(&form, days("2026-11-23", 1), &bookings, at("2026-11-22T19:30:00Z"));
    let free: Vec<_> = offered.iter().take(4).map(|offered| offered.free).collect();
    assert_eq!(free, [true, false, false, true]);
    assert_eq!(offered.len(), 20);
}

#[test]
fn holiday_and_sunday_have_no_slots_and_an_override_has_its_own() {
    let form = pet_shop();
    assert_eq!(begin(&form, days("2026-11-04", 1), "2026-11-03T07:00:00Z"), Vec::<String>::new());
    assert_eq!(begin(&form, days("2026-11-22", 1), "2026-11-20T07:00:00Z"), Vec::<String>::new());
    let eve = begin(&form, days("2026-12-31", 2), "2026-12-30T07:00:00Z");
    assert_eq!((eve.len(), eve[9].as_str()), (10, "31 14:30"));
}

#[test]
fn slot_that_would_outlast_the_hours_is_not_offered() {
    let rules = SlotRules { length: 2_700, ..HALF_AN_HOUR };
    let form = form("Europe/Moscow", "Mo 10:00-12:00,13:20-14:10", &[], rules);
    assert_eq!(begin(&form, days("2026-11-23", 1), "2026-11-22T19:30:00Z"), ["23 10:00", "23 10:45", "23 13:20"]);
    let longer_than_any = SlotRules { length: u32::MAX, ..HALF_AN_HOUR };
    let form = super::tests::form("Europe/Moscow", "24/7", &[], longer_than_any);
    assert_eq!(begin(&form, days("2026-11-23", 7), "2026-11-22T19:30:00Z"), Vec::<String>::new());
}

#[test]
fn slots_of_no_length_do_not_exist() {
    let form = form_with(|slots| slots.length = 0);
    assert_eq!(begin(&form, days("2026-11-23", 7), "2026-11-22T19:30:00Z"), Vec::<String>::new());
    assert_eq!(slot_at(&form, at("2026-11-23T07:00:00Z"), at("2026-11-22T19:30:00Z")), Err(NotASlot::None));
}

#[test]
fn night_goes_on_with_the_slots_of_its_evening() {
    let rules = SlotRules { length: 3_000, ..HALF_AN_HOUR };
    let form = form("Europe/Sofia", "Fr 22:00-02:00", &[], rules);
    let evening = ["20 22:00", "20 22:50", "20 23:40"];
    let saturday = ["21 00:30"];
    assert_eq!(begin(&form, days("2026-11-20", 1), "2026-11-20T09:00:00Z"), evening);
    assert_eq!(begin(&form, days("2026-11-21", 1), "2026-11-20T09:00:00Z"), saturday);
}

#[test]
fn day_open_throughout_begins_its_slots_at_midnight_whenever_asked() {
    let rules = SlotRules { length: 3_000, ..HALF_AN_HOUR };
    let form = form("Europe/Sofia", "24/7", &[], rules);
    let monday = begin(&form, days("2026-11-23", 1), "2026-11-20T09:00:00Z");
    assert_eq!((monday.len(), monday[0].as_str(), monday[27].as_str()), (28, "23 00:00", "23 22:30"));
    assert_eq!(begin(&form, days("2026-11-21", 3), "2026-11-20T09:00:00Z")[56..], monday);
}

#[test]
fn changes_of_clocks_neither_lose_nor_double_slots() {
    // Berlin: 25 October 2026 has 25 hours, 29 March 2026 has 23.
    let form = form("Europe/Berlin", "Mo-Su 00:00-24:00", &[], HALF_AN_HOUR);
    let autumn = slots(&form, days("2026-10-25", 1), &Bookings::new(), at("2026-10-24T10:00:00Z"));
    let spring = slots(&form, days("2026-03-29", 1), &Bookings::new(), at("2026-03-28T10:00:00Z"));
    assert_eq!((autumn.len(), spring.len()), (50, 46));
    let back_to_back = |pair: &[OfferedSlot]| pair[0].slot.to == pair[1].slot.from;
    assert!(autumn.windows(2).all(back_to_back) && spring.windows(2).all(back_to_back));
}

#[test]
fn moment_between_slots_or_outside_the_hours_is_none() {
    let form = pet_shop();
    let now = at("2026-11-22T19:30:00Z");
    for moment in ["2026-11-23T07:10:00Z", "2026-11-23T07:00:00.5Z", "2026-11-23T06:30:00Z", "2026-11-23T17:00:00Z"] {
        assert_eq!(slot_at(&form, at(moment), now), Err(NotASlot::None), "{moment}");
    }
    let slot = Slot { from: at("2026-11-23T16:30:00Z"), to: at("2026-11-23T17:00:00Z") };
    assert_eq!(slot_at(&form, slot.from, now), Ok(slot));
}

#[test]
fn ends_of_time_are_past_or_too_far() {
    let now = at("2026-11-22T19:30:00Z");
    for expression in ["24/7", "off", "Mo-Fr 10:00-20:00", "2020 Mo-Fr 10:00-18:00"] {
        let rules = SlotRules { days_ahead: u16::MAX, lead: u32::MAX, ..HALF_AN_HOUR };
        for rules in [HALF_AN_HOUR, rules] {
            let form = form("Europe/Moscow", expression, &[], rules);
            assert_eq!(slot_at(&form, Timestamp::MIN, now), Err(NotASlot::Past));
            assert_eq!(slot_at(&form, Timestamp::MAX, now), Err(NotASlot::TooFar));
            assert_eq!(slot_at(&form, at("9999-12-30T10:00:00Z"), now), Err(NotASlot::TooFar));
            assert_eq!(slot_at(&form, at("-009999-01-10T10:00:00Z"), now), Err(NotASlot::Past));
            assert_ne!(slot_at(&form, Timestamp::MAX, Timestamp::MAX), Err(NotASlot::TooFar));
            for first in [Date::MIN, Date::MAX, Date::ZERO] {
                assert_eq!(slots(&form, Days { first, count: 0 }, &Bookings::new(), now), []);
            }
            assert_eq!(slots(&form, Days { first: Date::MAX, count: u16::MAX }, &Bookings::new(), now), []);
        }
    }
}

proptest! {
    #[test]
    fn every_offered_slot_can_be_booked_and_lies_within_the_hours(
        expression in prop::sample::select(vec!["24/7", "Mo-Fr 09:00-12:30,13:15-18:00; PH off", "Mo-Su 22:00-02:00", "Fr-Su 00:00-24:00; Mo 00:00-05:00"]),
        length in 300..20_000_u32, lead in 0..100_000_u32, days_ahead in 0..12_u16, second in 1_767_225_600..1_830_297_600_i64, skip in 0..9_i64,
    ) {
        let form = form("Europe/Berlin", expression, &[], SlotRules { length, lead, days_ahead, capacity: 1 });
        let now = Timestamp::from_second(second).expect("in range");
        let first = form.hours.date_of(now).saturating_add(SignedDuration::from_hours(24 * skip));
        let offered = slots(&form, Days { first, count: 3 }, &Bookings::new(), now);
        for OfferedSlot { slot, .. } in &offered {
            prop_assert_eq!(slot_at(&form, slot.from, now), Ok(*slot));
            prop_assert_eq!(form.hours.intervals(slot.from, slot.to), [Interval { from: slot.from, to: slot.to }]);
            prop_assert!(slot.from.duration_since(now).as_secs() >= i64::from(lead));
            prop_assert_eq!(slot.to.duration_since(slot.from).as_secs(), i64::from(length));
        }
        prop_assert!(offered.windows(2).all(|pair| pair[0].slot.to <= pair[1].slot.from), "slots do not overlap");
        let widened = slots(&form, Days { first: first.saturating_sub(SignedDuration::from_hours(48)), count: 9 }, &Bookings::new(), now);
        prop_assert!(offered.iter().all(|slot| widened.contains(slot)), "a slot does not depend on the days asked for");
    }
}
