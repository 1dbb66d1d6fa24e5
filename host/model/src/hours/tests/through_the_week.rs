use super::*;

const PET_SHOP: &str = "Mo-Fr 10:00-20:00; Sa 11:00-18:00; PH off";

fn pet_shop() -> Shop {
    Shop::with_overrides("Europe/Moscow", "RU", PET_SHOP, &[("2026-12-31", "10:00-15:00")])
}

#[test]
fn sunday_night_says_monday_morning() {
    assert_eq!(pet_shop().says("2026-11-22 22:30"), "closed until 2026-11-23 10:00");
}

#[test]
fn opening_moment_is_open_and_closing_moment_is_closed() {
    let shop = pet_shop();
    assert_eq!(shop.says("2026-11-23 09:59:59.999999999"), "closed until 2026-11-23 10:00");
    assert_eq!(shop.says("2026-11-23 10:00"), "open until 2026-11-23 20:00");
    assert_eq!(shop.says("2026-11-23 19:59:59.999999999"), "open until 2026-11-23 20:00");
    assert_eq!(shop.says("2026-11-23 20:00"), "closed until 2026-11-24 10:00");
}

#[test]
fn public_holiday_is_closed_and_so_is_a_working_day_moved_into_it() {
    let shop = pet_shop();
    assert_eq!(shop.says("2026-11-04 12:00"), "closed until 2026-11-05 10:00");
    // Friday 8 January is followed by Friday 9, a day off moved there; the shop opens on Saturday the 10th.
    assert_eq!(shop.says("2026-01-08 12:00"), "closed until 2026-01-10 11:00");
}

#[test]
fn override_opens_a_day_that_is_a_day_off() {
    // 31 December 2026 is a day off by decree; the shop says it works short.
    assert_eq!(pet_shop().says("2026-12-31 12:00"), "open until 2026-12-31 15:00");
    assert_eq!(pet_shop().says("2026-12-31 15:00"), "closed until 2027-01-09 11:00");
}

#[test]
fn several_intervals_a_day_have_a_break_between_them() {
    let shop = Shop::new("Europe/Berlin", "DE", "Mo-Fr 09:00-12:30,13:30-18:00; PH off");
    assert_eq!(shop.says("2026-11-23 12:30"), "closed until 2026-11-23 13:30");
    assert_eq!(shop.says("2026-11-23 13:30"), "open until 2026-11-23 18:00");
}

#[test]
fn touching_intervals_are_one() {
    let shop = Shop::new("Europe/Sofia", "BG", "Mo 10:00-12:00,12:00-14:00; Tu 22:00-24:00; We 00:00-03:00");
    assert_eq!(shop.says("2026-11-23 11:00"), "open until 2026-11-23 14:00");
    assert_eq!(shop.says("2026-11-24 23:00"), "open until 2026-11-25 03:00");
}

#[test]
fn always_open_and_always_closed_never_change() {
    assert_eq!(Shop::new("Europe/Sofia", "BG", "24/7").says("2026-11-23 11:00"), "open always");
    assert_eq!(Shop::new("Europe/Sofia", "BG", "Mo-Su 00:00-24:00").says("2026-11-23 11:00"), "open always");
    assert_eq!(Shop::new("Europe/Sofia", "BG", "off").says("2026-11-23 11:00"), "closed always");
    assert_eq!(Shop::new("Europe/Sofia", "BG", "2020 Mo-Fr 10:00-18:00").says("2026-11-23 11:00"), "closed always");
}

#[test]
fn always_open_but_on_holidays_closes_for_the_holiday() {
    let shop = Shop::new("Europe/Sofia", "BG", "24/7; PH off");
    assert_eq!(shop.says("2026-11-23 11:00"), "open until 2026-12-24 00:00");
    assert_eq!(shop.says("2026-12-26 11:00"), "closed until 2026-12-27 00:00");
    // 28 December: 26 December is a Saturday, so a working day is off for it.
    assert_eq!(shop.says("2026-12-27 11:00"), "open until 2026-12-28 00:00");
}

#[test]
fn unknown_is_closed_and_a_comment_changes_nothing() {
    let shop = Shop::new("Europe/Sofia", "BG", "Mo 10:00-18:00 \"ring twice\"; Tu 10:00-18:00 unknown \"perhaps\"");
    assert_eq!(shop.says("2026-11-23 11:00"), "open until 2026-11-23 18:00");
    assert_eq!(shop.says("2026-11-24 11:00"), "closed until 2026-11-30 10:00");
}

#[test]
fn change_more_than_a_year_away_is_none() {
    let shop = Shop::new("Europe/Sofia", "BG", "2028 Jan 10 10:00-11:00");
    assert_eq!(shop.says("2026-11-23 11:00"), "closed always");
    assert_eq!(shop.says("2027-01-10 10:00"), "closed until 2028-01-10 10:00");
}

#[test]
fn intervals_are_clipped_to_what_was_asked() {
    let expected = [("2026-11-20 15:00", "2026-11-20 20:00"), ("2026-11-21 11:00", "2026-11-21 12:00")];
    let expected = expected.map(|(from, to)| (from.to_owned(), to.to_owned()));
    assert_eq!(pet_shop().intervals("2026-11-20 15:00", "2026-11-21 12:00"), expected);
    assert_eq!(pet_shop().intervals("2026-11-21 12:00", "2026-11-20 15:00"), []);
}

#[test]
fn open_time_is_counted_over_closed_days() {
    let shop = pet_shop();
    let after = |from: &str, seconds| shop.hours.after_open_time(shop.at(from), seconds).map(|at| shop.local(at));
    // Saturday half past five: half an hour is left, the rest comes on Monday.
    assert_eq!(after("2026-11-21 17:30", 7_200).as_deref(), Some("2026-11-23 11:30"));
    assert_eq!(after("2026-11-21 17:30", 1_800).as_deref(), Some("2026-11-21 18:00"));
    assert_eq!(after("2026-11-21 19:00", 0).as_deref(), Some("2026-11-23 10:00"));
    assert_eq!(after("2026-11-20 12:00", 0).as_deref(), Some("2026-11-20 12:00"));
    assert_eq!(after("2026-11-20 12:00", u32::MAX), None);
}
