//! The calendars beside the official days of four countries, listed here by hand from their laws.

use jiff::{Timestamp, tz::TimeZone};

use super::*;
use crate::hours::{Override, State, SupportHours};

fn days_off(country: &str, year: i32) -> Vec<String> {
    let calendar = Calendar::of_country(country).expect("a country");
    let of_year = |date: &NaiveDate| date.format("%Y").to_string() == year.to_string();
    calendar.0.iter().filter(of_year).map(|date| date.format("%m-%d").to_string()).collect()
}

/// Days listed in groups, each with its reason in the source, against all that the calendar has of the year.
#[track_caller]
fn assert_days_off(country: &str, year: i32, groups: &[&[&str]]) {
    let mut listed = groups.concat();
    listed.sort_unstable();
    assert_eq!(days_off(country, year), listed, "{country} {year}");
}

#[test]
fn every_line_of_the_data_is_read_whole() {
    let data = include_str!("../../data/holidays.txt");
    let written: usize = data.lines().skip(1).map(|line| line.split(' ').count() - 2).sum();
    let read: u32 = COUNTRIES.values().map(|calendar| calendar.0.count()).sum();
    assert_eq!(u32::try_from(written), Ok(read));
    assert!(data.len() < 400_000, "the data stay small");
    for country in Calendar::countries() {
        assert!(
            country.len() == 2 && (2024..=2032).all(|year| data.contains(&format!("\n{country} {year}"))),
            "{country}"
        );
    }
}

/// Labour Code of the Russian Federation, article 112, part 1.
const RUSSIAN_HOLIDAYS: [&str; 14] = [
    "01-01", "01-02", "01-03", "01-04", "01-05", "01-06", "01-07", "01-08", "02-23", "03-08", "05-01", "05-09",
    "06-12", "11-04",
];

/// Article 112: a holiday on a weekend moves to the next working day (part 2), those of January where the Government decrees
/// (part 5). For 2026: Government decree No. 1466 of 24 September 2025.
#[test]
fn russia_in_2026_has_the_days_off_of_law_and_decree() {
    let moved_by_law = ["03-09", "05-11"]; // Sunday 8 March, Saturday 9 May
    let moved_by_decree = ["01-09", "12-31"]; // from Saturday 3 and Sunday 4 January
    assert_days_off("RU", 2026, &[&RUSSIAN_HOLIDAYS, &moved_by_law, &moved_by_decree]);
}

/// The decree for 2027 was not read for this test. Its three moves are those that the package `holidays` names, by its reference to
/// the text at consultant.ru (cons_doc_LAW_544706, as archived on 19 September 2026); the rest follows from article 112.
#[test]
fn russia_in_2027_has_the_days_off_of_law_and_decree() {
    let moved_by_law = ["05-03", "05-10", "06-14"]; // Saturday 1 May, Sunday 9 May, Saturday 12 June
    let moved_by_decree = ["02-22", "11-05", "12-31"]; // from Saturday 20 February, Saturday 2 and Sunday 3 January
    assert_days_off("RU", 2027, &[&RUSSIAN_HOLIDAYS, &moved_by_law, &moved_by_decree]);
}

/// Saturday 20 February 2027 is worked for Monday 22. The calendar knows the day off alone; the business says the other.
#[test]
fn saturday_worked_for_a_moved_day_off_is_said_by_an_override() {
    let moscow = TimeZone::get("Europe/Moscow").expect("a zone");
    let calendar = Calendar::of_country("RU").expect("a country");
    let worked = Override { date: jiff::civil::date(2027, 2, 20), hours: "10:00-18:00".to_owned() };
    let open = |overrides: &[Override], at: &str| {
        let hours = SupportHours::parse("Mo-Fr 10:00-18:00; PH off", &moscow, &calendar, overrides).expect("hours");
        hours.availability(at.parse::<Timestamp>().expect("a moment")).state == State::Open
    };
    assert!(!open(&[], "2027-02-22T12:00+03:00"), "Monday is off");
    assert!(!open(&[], "2027-02-20T12:00+03:00"), "Saturday is a Saturday");
    assert!(open(&[worked], "2027-02-20T12:00+03:00"));
}

/// Labour Code of Bulgaria, article 154, paragraph 1, without Easter.
const BULGARIAN_HOLIDAYS: [&str; 10] =
    ["01-01", "03-03", "05-01", "05-06", "05-24", "09-06", "09-22", "12-24", "12-25", "12-26"];

/// Article 154: Good Friday to Easter Monday (Orthodox Easter: 12 April 2026); paragraph 2: where a holiday, Easter apart, falls on
/// a weekend, the working day after it is off. Friday 2 January: decision No. 808 of the Council of Ministers of 19 November 2025.
#[test]
fn bulgaria_in_2026_has_the_days_off_of_law_and_decision() {
    let easter = ["04-10", "04-11", "04-12", "04-13"];
    let for_weekends = ["05-25", "09-07", "12-28"]; // Sunday 24 May, Sunday 6 September, Saturday 26 December
    assert_days_off("BG", 2026, &[&BULGARIAN_HOLIDAYS, &easter, &for_weekends, &["01-02"]]);
}

/// Easter is 2 May 2027. Saturday 1 May is Labour Day; Monday 3 is Easter Monday, so Tuesday 4 is the working day after it.
#[test]
fn bulgaria_in_2027_has_the_days_off_of_its_law() {
    let easter = ["04-30", "05-02", "05-03"]; // 1 May is a holiday of its own
    let for_weekends = ["05-04", "12-27", "12-28"]; // Saturday 1 May, Saturday 25 and Sunday 26 December
    assert_days_off("BG", 2027, &[&BULGARIAN_HOLIDAYS, &easter, &for_weekends]);
}

/// The days that the laws of all sixteen states have (Article 2 of the Unification Treaty for 3 October). Easter is 5 April 2026
/// and 28 March 2027.
#[test]
fn germany_has_the_holidays_of_all_its_states_alone() {
    let fixed = ["01-01", "05-01", "10-03", "12-25", "12-26"];
    // Good Friday, Easter Monday, Ascension, Whit Monday.
    assert_days_off("DE", 2026, &[&fixed, &["04-03", "04-06", "05-14", "05-25"]]);
    assert_days_off("DE", 2027, &[&fixed, &["03-26", "03-29", "05-06", "05-17"]]);
}

/// 5 U.S.C. 6103 (a). Observed are the Friday before for a Saturday (6103 (b)), the Monday after for a Sunday (Executive Order
/// 11582), beside the day itself.
#[test]
fn united_states_have_their_federal_holidays_and_the_days_they_are_observed() {
    let fixed = ["01-01", "06-19", "07-04", "11-11", "12-25"];
    // Martin Luther King, Washington, Memorial Day, Labor Day, Columbus, Thanksgiving.
    let mondays_and_thursday = ["01-19", "02-16", "05-25", "09-07", "10-12", "11-26"];
    assert_days_off("US", 2026, &[&fixed, &mondays_and_thursday, &["07-03"]]); // Saturday 4 July
    let mondays_and_thursday = ["01-18", "02-15", "05-31", "09-06", "10-11", "11-25"];
    // Saturday 19 June, Sunday 4 July, Saturday 25 December, Saturday 1 January 2028.
    assert_days_off("US", 2027, &[&fixed, &mondays_and_thursday, &["06-18", "07-05", "12-24", "12-31"]]);
}

#[test]
fn unknown_country_has_no_calendar_and_the_list_is_in_order() {
    for code in ["XX", "", "ru", "RUS", "#"] {
        assert!(Calendar::of_country(code).is_none(), "{code}");
    }
    let countries = Calendar::countries();
    assert!(countries.is_sorted() && countries.len() >= 240, "{} countries", countries.len());
    assert!(countries.iter().all(|code| Calendar::of_country(code).is_some()));
}
