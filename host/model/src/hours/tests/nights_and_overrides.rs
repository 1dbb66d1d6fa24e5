use super::*;

#[test]
fn friday_night_runs_into_saturday() {
    let shop = Shop::new("Europe/Sofia", "BG", "Fr 22:00-02:00");
    assert_eq!(shop.says("2026-11-20 23:00"), "open until 2026-11-21 02:00");
    assert_eq!(shop.says("2026-11-21 01:00"), "open until 2026-11-21 02:00");
    assert_eq!(shop.says("2026-11-21 02:00"), "closed until 2026-11-27 22:00");
}

#[test]
fn night_after_a_holiday_is_closed_with_it() {
    // Friday 25 December 2026 is a holiday in Germany, as is Saturday 26; Friday 18 is none.
    let shop = Shop::new("Europe/Berlin", "DE", "Fr 22:00-02:00; PH off");
    assert_eq!(shop.says("2026-12-18 23:00"), "open until 2026-12-19 02:00");
    assert_eq!(shop.says("2026-12-19 12:00"), "closed until 2027-01-08 22:00");
}

#[test]
fn night_before_a_holiday_runs_into_it() {
    let shop = Shop::new("Europe/Berlin", "DE", "Mo-Su 22:00-02:00; PH off");
    assert_eq!(shop.says("2026-12-24 23:00"), "open until 2026-12-25 02:00");
    assert_eq!(shop.says("2026-12-25 02:00"), "closed until 2026-12-27 22:00");
}

#[test]
fn rule_of_the_next_day_does_not_take_the_night_away() {
    let shop = Shop::new("Europe/Sofia", "BG", "Mo-Th 18:00-23:00; Fr 18:00-02:00; Sa 10:00-12:00");
    assert_eq!(shop.says("2026-11-20 19:00"), "open until 2026-11-21 02:00");
    assert_eq!(shop.says("2026-11-21 02:00"), "closed until 2026-11-21 10:00");
}

#[test]
fn rule_of_the_same_day_replaces_its_night() {
    let shop = Shop::new("Europe/Sofia", "BG", "Mo-Su 22:00-02:00; Fr 10:00-12:00");
    assert_eq!(shop.says("2026-11-20 01:00"), "open until 2026-11-20 02:00");
    assert_eq!(shop.says("2026-11-20 11:00"), "open until 2026-11-20 12:00");
    assert_eq!(shop.says("2026-11-20 12:00"), "closed until 2026-11-21 22:00");
}

#[test]
fn additional_rule_of_the_same_day_leaves_its_night() {
    let shop = Shop::new("Europe/Sofia", "BG", "Mo-Su 22:00-02:00, Fr 10:00-12:00");
    assert_eq!(shop.says("2026-11-20 12:00"), "closed until 2026-11-20 22:00");
    assert_eq!(shop.says("2026-11-20 22:00"), "open until 2026-11-21 02:00");
}

#[test]
fn closing_a_part_of_the_night_leaves_the_rest() {
    let shop = Shop::new("Europe/Sofia", "BG", "Fr 22:00-04:00; Fr 23:30-01:00 off");
    assert_eq!(shop.says("2026-11-20 22:00"), "open until 2026-11-20 23:30");
    assert_eq!(shop.says("2026-11-20 23:30"), "closed until 2026-11-21 01:00");
    assert_eq!(shop.says("2026-11-21 01:00"), "open until 2026-11-21 04:00");
}

#[test]
fn times_written_past_twenty_four_are_the_same_night() {
    let shop = Shop::new("Europe/Sofia", "BG", "Fr 22:00-26:00");
    assert_eq!(shop.says("2026-11-20 22:00"), "open until 2026-11-21 02:00");
}

#[test]
fn override_replaces_the_whole_of_its_date() {
    let shop =
        Shop::with_overrides("Europe/Moscow", "RU", "Mo-Su 09:00-21:00", &[("2026-12-31", "10:00-12:00,13:00-15:00")]);
    assert_eq!(shop.says("2026-12-31 09:30"), "closed until 2026-12-31 10:00");
    assert_eq!(shop.says("2026-12-31 12:00"), "closed until 2026-12-31 13:00");
    assert_eq!(shop.says("2026-12-31 15:00"), "closed until 2027-01-01 09:00");
}

#[test]
fn override_off_closes_the_date_and_the_night_that_begins_on_it() {
    let shop = Shop::with_overrides("Europe/Sofia", "BG", "Mo-Su 20:00-02:00", &[("2026-12-24", "off")]);
    assert_eq!(shop.says("2026-12-23 21:00"), "open until 2026-12-24 00:00", "the night before is cut at midnight");
    assert_eq!(shop.says("2026-12-24 00:00"), "closed until 2026-12-25 20:00");
}

#[test]
fn override_may_run_past_midnight_into_an_ordinary_day() {
    let shop = Shop::with_overrides("Europe/Sofia", "BG", "Mo-Su 10:00-18:00", &[("2026-12-31", "20:00-03:00")]);
    assert_eq!(shop.says("2026-12-31 12:00"), "closed until 2026-12-31 20:00");
    assert_eq!(shop.says("2026-12-31 21:00"), "open until 2027-01-01 03:00");
    assert_eq!(shop.says("2027-01-01 03:00"), "closed until 2027-01-01 10:00");
}

#[test]
fn closing_past_midnight_closes_the_next_day_s_hours_too() {
    let shop = Shop::new("Europe/Sofia", "BG", "24/7; Sa 23:00-05:00 off");
    assert_eq!(shop.says("2026-11-21 23:00"), "closed until 2026-11-22 05:00");
    assert_eq!(shop.says("2026-11-22 05:00"), "open until 2026-11-28 23:00");
    let perhaps = Shop::new("Europe/Sofia", "BG", "10:00-04:00; Sa 23:00-05:00 unknown; Su 03:00-12:00");
    assert_eq!(perhaps.says("2026-11-21 03:00"), "open until 2026-11-21 04:00", "Friday's night");
    assert_eq!(perhaps.says("2026-11-21 04:00"), "closed until 2026-11-22 05:00");
    let reopened = Shop::new("Europe/Sofia", "BG", "Sa 23:00-05:00 off; 24/7");
    assert_eq!(reopened.says("2026-11-21 23:00"), "open always", "the later rule says otherwise");
}

#[test]
fn override_cuts_a_closing_past_midnight() {
    let overrides = [("2026-11-21", "10:00-24:00")];
    let shop = Shop::with_overrides("Europe/Sofia", "BG", "24/7; Sa 23:00-05:00 off", &overrides);
    assert_eq!(shop.says("2026-11-21 12:00"), "open until 2026-11-28 23:00");
}

#[test]
fn override_cuts_the_night_of_an_override_before_it() {
    let overrides = [("2026-12-31", "20:00-03:00"), ("2027-01-01", "12:00-14:00")];
    let shop = Shop::with_overrides("Europe/Sofia", "BG", "Mo-Su 10:00-18:00", &overrides);
    assert_eq!(shop.says("2026-12-31 21:00"), "open until 2027-01-01 00:00");
}

#[test]
fn override_opens_a_shop_that_is_always_closed_and_closes_one_that_is_always_open() {
    let opened = Shop::with_overrides("Europe/Sofia", "BG", "off", &[("2026-12-05", "10:00-12:00")]);
    assert_eq!(opened.says("2026-11-20 12:00"), "closed until 2026-12-05 10:00");
    assert_eq!(opened.says("2026-12-05 12:00"), "closed always");
    let closed = Shop::with_overrides("Europe/Sofia", "BG", "24/7", &[("2026-12-05", "off")]);
    assert_eq!(closed.says("2026-11-20 12:00"), "open until 2026-12-05 00:00");
    assert_eq!(closed.says("2026-12-05 12:00"), "closed until 2026-12-06 00:00");
}

#[test]
fn override_with_days_or_a_second_one_of_the_date_is_refused() {
    let zone = TimeZone::UTC;
    let date = jiff::civil::date(2026, 12, 31);
    let parse = |hours: &[&str]| {
        let overrides: Vec<_> = hours.iter().map(|hours| Override { date, hours: (*hours).to_owned() }).collect();
        SupportHours::parse("24/7", &zone, &Calendar::default(), &overrides).map_err(|error| error.to_string())
    };
    let days = parse(&["Mo 10:00-12:00"]).expect_err("days in an override");
    assert!(days.contains("the override of 2026-12-31: write the times alone"), "{days}");
    let twice = parse(&["10:00-12:00", "off"]).expect_err("two overrides");
    assert!(twice.contains("2026-12-31: this date is overridden twice"), "{twice}");
    parse(&["24/7"]).expect("a whole day");
}
