use super::*;

fn refusal(expression: &str) -> String {
    let parsed = SupportHours::parse(expression, &TimeZone::UTC, &Calendar::default(), &[]);
    parsed.expect_err("a refusal").to_string()
}

#[track_caller]
fn assert_refused(expression: &str, reason: &str) {
    let said = refusal(expression);
    assert!(said.contains(reason), "{said}");
}

#[test]
fn nothing_is_not_an_expression() {
    for nothing in ["", "   ", ";", "Mo 10:00-12:00;", "Mo 10:00-12:00;   ", "Mo 10:00-12:00 || ", "\t"] {
        assert_refused(nothing, "a rule is empty; write `off` for never, `24/7` for always");
    }
}

#[test]
fn mistakes_are_shown_with_their_column() {
    assert_refused("Mo-Fr 10-18", "not understood from column 7 on, `10-18`");
    assert_refused("Пн-Пт 10:00-18:00", "not understood from column 1 on, `Пн-Пт");
    assert_refused("Mo-Fr 10:00-18:00 \"обед\"; Сб", "not understood from column 27 on, `Сб`");
    assert_refused("Mo-Fr 10:00", "it ends too early, at column 12");
    assert_refused("week 50-10 10:00-12:00", "inverted week ranges are ambiguous");
    assert_refused("Mo\n10:00-12:00", "not understood from column 3 on");
    assert_refused("Mo 10:00-12:00\0", "not understood from column 15 on");
}

#[test]
fn what_cannot_be_promised_is_refused_with_the_mend() {
    assert_refused("sunrise-sunset", "the time of `sunrise` is not known here; write it as `08:00`");
    assert_refused("(dusk+23:00)-(sunset+22:00)", "the time of `dusk` is not known here");
    assert_refused("Mo 10:00+", "`10:00+` does not say when it ends");
    assert_refused("Mo 10:00-18:00+", "`10:00-18:00+` does not say when it ends");
    assert_refused("Mo 10:00-16:00/01:30", "are points in time, not hours");
    assert_refused("Mo-Fr 10:00-18:00; SH off", "school holidays are not known here; write their dates");
    assert_refused("Mo-Fr 10:00-18:00 || \"by appointment\"", "`\"by appointment\"` alone says no hours");
}

#[test]
fn expression_of_a_thousand_characters_is_read_and_of_one_more_is_not() {
    let comment = |length: usize| format!("Mo 10:00-12:00 \"{}\"", "ы".repeat(length - 17));
    assert_eq!(comment(1_000).chars().count(), 1_000);
    SupportHours::parse(&comment(1_000), &TimeZone::UTC, &Calendar::default(), &[]).expect("1,000 characters");
    let said = refusal(&comment(1_001));
    assert!(said.ends_with("longer than 1000 characters"), "{said}");
    assert!(said.chars().count() < 250, "only the beginning is shown");
}

#[test]
fn month_of_a_year_is_the_whole_month_with_a_space_and_without() {
    for expression in ["2026 Dec 10:00-11:00", "2026Dec 10:00-11:00", "2026Nov-Dec 10:00-11:00"] {
        let shop = Shop::new("Europe/Sofia", "BG", expression);
        assert_eq!(shop.says("2026-12-30 12:00"), "closed until 2026-12-31 10:00", "{expression}");
        assert_eq!(shop.says("2026-12-31 12:00"), "closed always", "{expression}");
    }
}

#[test]
fn dates_weeks_and_weekdays_of_the_month_are_read() {
    let first_monday = Shop::new("Europe/Sofia", "BG", "Mo[1] 10:00-11:00");
    assert_eq!(first_monday.says("2026-11-22 12:00"), "closed until 2026-12-07 10:00");
    let leap_day = Shop::new("Europe/Sofia", "BG", "Feb 29 10:00-11:00");
    assert_eq!(leap_day.says("2026-11-22 12:00"), "closed always");
    assert_eq!(leap_day.says("2027-11-22 12:00"), "closed until 2028-02-29 10:00");
    let week = Shop::new("Europe/Sofia", "BG", "week 53 Mo 10:00-11:00");
    assert_eq!(week.says("2026-11-22 12:00"), "closed until 2026-12-28 10:00");
    let easter = Shop::new("Europe/Berlin", "DE", "easter +1 day 10:00-11:00");
    assert_eq!(easter.says("2026-01-01 12:00"), "closed until 2026-04-06 10:00");
    let new_year = Shop::new("Europe/Sofia", "BG", "Mo-Su 10:00-11:00; Dec 31-Jan 02 off");
    assert_eq!(new_year.says("2026-12-30 12:00"), "closed until 2027-01-03 10:00");
}

#[test]
fn fallback_fills_the_hours_that_nothing_else_says_anything_about() {
    let shop = Shop::new("Europe/Sofia", "BG", "Mo 10:00-11:00 || 15:00-16:00");
    assert_eq!(shop.says("2026-11-23 12:00"), "closed until 2026-11-23 15:00");
    let longer = Shop::new("Europe/Sofia", "BG", "Mo 10:00-12:00 || 11:00-13:00");
    assert_eq!(longer.says("2026-11-23 10:00"), "open until 2026-11-23 13:00");
    let perhaps = Shop::new("Europe/Sofia", "BG", "Mo 10:00-11:00 || Tu unknown || 15:00-16:00");
    assert_eq!(perhaps.says("2026-11-23 16:00"), "closed until 2026-11-25 15:00", "all of Tuesday is unknown");
    let night = Shop::new("Europe/Sofia", "BG", "Mo 22:00-02:00 || unknown \"by appointment\" || 12:00-13:00");
    assert_eq!(night.says("2026-11-23 22:00"), "open until 2026-11-24 02:00");
    assert_eq!(night.says("2026-11-24 02:00"), "closed until 2026-11-30 22:00");
    let nights = Shop::new("Europe/Sofia", "BG", "Mo 22:00-02:00 || Tu 01:00-03:00");
    assert_eq!(nights.says("2026-11-23 22:00"), "open until 2026-11-24 03:00");
}

#[test]
fn rule_after_a_fallback_is_meant_for_all_before_it_and_one_added_to_it_is_not() {
    let shop = Shop::new("Europe/Sofia", "BG", "Mo-Fr 10:00-18:00 || Sa 10:00-12:00; PH off; Nov 28 off");
    assert_eq!(shop.says("2026-11-27 18:00"), "closed until 2026-11-30 10:00", "Saturday 28 November");
    assert_eq!(shop.says("2026-12-23 18:00"), "closed until 2026-12-29 10:00", "Christmas");
    let added = Shop::new("Europe/Sofia", "BG", "Mo 10:00-18:00 || 12:00-20:00, Mo 17:00-19:00 off || Su 08:00-09:00");
    assert_eq!(added.says("2026-11-23 10:00"), "open until 2026-11-23 18:00", "the fallback alone is closed then");
    assert_eq!(added.says("2026-11-23 18:00"), "closed until 2026-11-23 19:00");
}

#[test]
fn more_than_two_hundred_rules_and_days_are_refused() {
    let dates = |count: usize| vec!["Jan 1"; count].join(",") + " 10:00-11:00";
    let fallbacks = |count: usize| "off || ".repeat(count) + "off; Mo-Fr off";
    let read = |expression: &str| SupportHours::parse(expression, &TimeZone::UTC, &Calendar::default(), &[]);
    for expression in [dates(140), "Mo;".repeat(99) + "Mo 10:00-11:00", fallbacks(65)] {
        read(&expression).expect("200 at most");
    }
    let mend = "where 200 may be (those after a `||` count once more); write days that follow one another as a range";
    for expression in ["Mo;".repeat(100) + "Mo 10:00-11:00", fallbacks(70), format!("off || off; {}", dates(130))] {
        assert_refused(&expression, mend);
    }
}

#[test]
fn more_than_six_dates_by_weekday_in_lists_are_refused_with_the_mend() {
    let dates = |count: usize| vec!["Jan Mo[1]"; count].join(",") + " 10:00-11:00";
    let read = |expression: &str| SupportHours::parse(expression, &TimeZone::UTC, &Calendar::default(), &[]);
    read(&dates(6)).expect("six");
    read(&["Jan Mo[1] 10:00-11:00"; 20].join("; ")).expect("rules of their own");
    read("Mo[1],Tu[1],We[1],Th[1],Fr[1],Sa[1],Su[1] 10:00-11:00").expect("weekdays");
    let mend = "write each as a rule, `Jan Mo[1] 10:00-18:00; Feb Mo[1] 10:00-18:00`";
    for expression in [dates(7), dates(7).to_ascii_uppercase(), ["2026 Jan Mo[1]"; 7].join(",")] {
        assert_refused(&expression, mend);
    }
}

#[test]
fn overlapping_hours_of_a_day_are_joined() {
    let shop = Shop::new("Europe/Sofia", "BG", "Mo 10:00-18:00,11:00-12:00; Tu 22:00-27:00,23:00-25:00");
    assert_eq!(shop.says("2026-11-23 10:00"), "open until 2026-11-23 18:00");
    assert_eq!(shop.says("2026-11-24 22:00"), "open until 2026-11-25 03:00");
}

#[test]
fn rules_that_do_not_read_back_the_same_are_refused_rather_than_guessed() {
    assert_refused("Sa[1],Fr 09:15-46:15; Jul Mo[1], PH,We-Tu,Su 11:30-11:45 off", "too intricate to be sure of");
    assert_refused("Nov-Nov Mo[-1] +1 day,Th,We-We 23:30-03:30; 07:15-36:15, 2024+", "too intricate to be sure of");
}

#[test]
fn hours_are_shared_between_threads_and_shown_for_debugging() {
    fn shared<T: Send + Sync + Clone + std::fmt::Debug>(_: &T) {}
    shared(&Shop::new("Europe/Sofia", "BG", "24/7").hours);
}
