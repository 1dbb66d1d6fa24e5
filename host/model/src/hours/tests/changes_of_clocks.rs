use super::*;

/// Local time with its offset, so that the two times of a repeated hour differ.
fn exact(shop: &Shop, moment: Option<Timestamp>) -> String {
    moment.map_or("never".to_owned(), |at| at.to_zoned(shop.zone.clone()).strftime("%m-%d %H:%M%z").to_string())
}

fn change(shop: &Shop, from: &str) -> String {
    exact(shop, shop.hours.availability(from.parse().expect("a moment")).changes_at)
}

#[test]
fn closing_in_a_skipped_hour_closes_when_the_clocks_change() {
    // Sofia, 29 March 2026: 03:00 becomes 04:00.
    let shop = Shop::new("Europe/Sofia", "BG", "Sa 22:00-03:30; Su 09:00-12:00");
    assert_eq!(change(&shop, "2026-03-28 23:00+02:00"), "03-29 04:00+0300");
    assert_eq!(change(&shop, "2026-03-29 04:00+03:00"), "03-29 09:00+0300");
}

#[test]
fn hours_wholly_in_a_skipped_hour_do_not_happen() {
    // New York, 8 March 2026: 02:00 becomes 03:00.
    let shop = Shop::new("America/New_York", "US", "Su 02:10-02:50");
    assert_eq!(change(&shop, "2026-03-07 12:00-05:00"), "03-15 02:10-0400");
}

#[test]
fn opening_in_a_skipped_hour_opens_when_the_clocks_change() {
    let shop = Shop::new("Europe/Berlin", "DE", "Su 02:30-05:00");
    assert_eq!(change(&shop, "2026-03-28 12:00+01:00"), "03-29 03:00+0200");
    assert_eq!(change(&shop, "2026-03-29 03:00+02:00"), "03-29 05:00+0200");
}

#[test]
fn closing_in_a_repeated_hour_closes_once_at_its_first_time() {
    // Berlin, 25 October 2026: 03:00 becomes 02:00 again.
    let shop = Shop::new("Europe/Berlin", "DE", "Sa 22:00-02:30");
    assert_eq!(change(&shop, "2026-10-24 23:00+02:00"), "10-25 02:30+0200");
    assert_eq!(change(&shop, "2026-10-25 02:30+02:00"), "10-31 22:00+0100");
    assert_eq!(change(&shop, "2026-10-25 02:10+01:00"), "10-31 22:00+0100", "the repeated hour stays closed");
}

#[test]
fn opening_in_a_repeated_hour_opens_once_and_stays_open() {
    let shop = Shop::new("America/New_York", "US", "Su 01:30-04:00");
    assert_eq!(change(&shop, "2026-11-01 00:30-04:00"), "11-01 01:30-0400");
    assert_eq!(change(&shop, "2026-11-01 01:10-05:00"), "11-01 04:00-0500");
}

#[test]
fn break_in_a_repeated_hour_stays_a_break() {
    let shop = Shop::new("Europe/Sofia", "BG", "Su 01:00-03:15,03:45-06:00");
    assert_eq!(change(&shop, "2026-10-25 02:00+03:00"), "10-25 03:15+0300");
    assert_eq!(change(&shop, "2026-10-25 03:15+03:00"), "10-25 03:45+0300");
    assert_eq!(change(&shop, "2026-10-25 03:20+02:00"), "10-25 06:00+0200");
}

#[test]
fn open_time_is_time_that_passed_not_time_on_the_wall() {
    let hour = 3_600_u32;
    let spring = Shop::new("Europe/Berlin", "DE", "Su 00:00-24:00");
    let after = |shop: &Shop, from: &str, hours: u32| {
        exact(shop, shop.hours.after_open_time(from.parse().expect("a moment"), hours * hour))
    };
    assert_eq!(after(&spring, "2026-03-29 00:00+01:00", 23), "03-30 00:00+0200");
    assert_eq!(after(&spring, "2026-03-29 00:00+01:00", 24), "04-05 01:00+0200");
    assert_eq!(after(&spring, "2026-10-25 00:00+02:00", 25), "10-26 00:00+0100");
}

#[test]
fn zones_that_change_at_midnight_or_skip_a_day_have_midnights_all_the_same() {
    // Cairo, 24 April 2026: 00:00 becomes 01:00. Apia skipped the whole of 30 December 2011.
    let cairo = Shop::new("Africa/Cairo", "EG", "Fr 00:00-08:00");
    assert_eq!(change(&cairo, "2026-04-23 12:00+02:00"), "04-24 01:00+0300");
    let apia = Shop::new("Pacific/Apia", "WS", "Th 20:00-24:00; Fr 00:00-24:00; Sa 10:00-12:00");
    assert_eq!(change(&apia, "2011-12-29 21:00-10:00"), "12-31 00:00+1400");
    assert_eq!(change(&apia, "2011-12-31 00:00+14:00"), "12-31 10:00+1400");
}
