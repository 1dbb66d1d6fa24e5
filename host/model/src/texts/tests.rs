use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast;

use super::*;
use crate::submission::{Problem, ProblemCode};

type Placeables = BTreeMap<String, BTreeSet<String>>;

fn placeables(locale: Locale) -> Placeables {
    let resource = parsed(locale);
    let mut found = Placeables::new();
    for entry in resource.entries() {
        let ast::Entry::Message(message) = entry else { continue };
        let mut names = BTreeSet::new();
        gather(message.value.as_ref().expect("a text"), &mut names);
        assert!(found.insert(message.id.name.to_owned(), names).is_none(), "`{}` stands twice", message.id.name);
    }
    found
}

fn gather(pattern: &ast::Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            ast::PatternElement::TextElement { .. } => {}
            ast::PatternElement::Placeable { expression: ast::Expression::Inline(inline) } => {
                names.insert(variable(inline));
            }
            ast::PatternElement::Placeable { expression: ast::Expression::Select { selector, variants } } => {
                names.insert(variable(selector));
                variants.iter().for_each(|variant| gather(&variant.value, names));
            }
        }
    }
}

fn variable(inline: &ast::InlineExpression<&str>) -> String {
    match inline {
        ast::InlineExpression::VariableReference { id } => id.name.to_owned(),
        other => panic!("only variables are filled in, not {other:?}"),
    }
}

#[test]
fn every_file_is_read_without_errors() {
    for locale in Locale::ALL {
        let read = FluentResource::try_new(source(locale).to_owned());
        assert!(read.is_ok(), "{}: {:?}", locale.tag(), read.map_err(|(_, errors)| errors).err());
    }
}

#[test]
fn all_languages_have_the_same_ids_with_the_same_placeables() {
    let english = placeables(Locale::En);
    assert!(english.len() > 200, "the English file is nearly empty");
    assert_eq!(placeables(Locale::Ru), english);
    assert_eq!(placeables(Locale::Bg), english);
}

#[test]
fn texts_of_the_browser_are_simple() {
    for locale in Locale::ALL {
        let resource = parsed(locale);
        for entry in resource.entries() {
            let ast::Entry::Message(message) = entry else { continue };
            if !(message.id.name.starts_with("panel-") || message.id.name.starts_with("launcher-")) {
                continue;
            }
            assert!(message.attributes.is_empty(), "`{}` has attributes", message.id.name);
            assert_simple(message.id.name, message.value.as_ref().expect("a text"));
        }
    }
}

/// A select stands alone in its message, over `$count`, with plural categories for keys and no select inside.
fn assert_simple(id: &str, pattern: &ast::Pattern<&str>) {
    for element in &pattern.elements {
        let ast::PatternElement::Placeable { expression: ast::Expression::Select { selector, variants } } = element
        else {
            continue;
        };
        assert_eq!((variable(selector).as_str(), pattern.elements.len()), ("count", 1), "`{id}`");
        for variant in variants {
            let ast::VariantKey::Identifier { name } = variant.key else { panic!("`{id}` has a number for a key") };
            assert!(["one", "few", "other"].contains(&name), "`{id}` has the key `{name}`");
            assert!(variant.value.elements.iter().all(is_plain), "`{id}` has a select inside a select");
        }
    }
}

fn is_plain(element: &ast::PatternElement<&str>) -> bool {
    !matches!(element, ast::PatternElement::Placeable { expression: ast::Expression::Select { .. } })
}

#[test]
fn every_text_can_be_said_with_its_placeables_filled_in() {
    for locale in Locale::ALL {
        for (id, names) in placeables(locale) {
            let arguments: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "7")).collect();
            let said = Texts::of(locale).say_with(&id, &arguments);
            assert!(said != id && !said.contains('{'), "{} `{id}`: {said}", locale.tag());
        }
    }
}

#[test]
fn an_unknown_text_is_said_as_its_id() {
    assert_eq!(Texts::of(Locale::En).say("nobody-wrote-this"), "nobody-wrote-this");
}

#[test]
fn channels_and_statuses_have_names_in_each_language() {
    use ChannelKind::*;
    for locale in Locale::ALL {
        let texts = Texts::of(locale);
        for kind in [Phone, Email, Whatsapp, Telegram, Viber, Messenger, Sms, Social] {
            assert!(!texts.channel(kind).starts_with("channel-"), "{kind:?}");
        }
        for status in Status::STEPS.into_iter().chain([Status::Cancelled]) {
            assert!(!texts.status(status).starts_with("status-"), "{status:?}");
        }
    }
}

#[test]
fn russian_plurals_follow_1_2_5_21() {
    let said = |count| Texts::of(Locale::Ru).count("panel-error-busy", count);
    assert!(said(1).ends_with("через 1 минуту."));
    assert!(said(2).ends_with("через 2 минуты."));
    assert!(said(5).ends_with("через 5 минут."));
    assert!(said(11).ends_with("через 11 минут."));
    assert!(said(21).ends_with("через 21 минуту."));
}

fn problem(locale: Locale, field: &str, code: ProblemCode) -> String {
    Texts::of(locale).problem(&Problem { field: field.to_owned(), code })
}

#[test]
fn a_short_phone_number_is_told_how_many_digits_are_missing() {
    assert_eq!(
        problem(Locale::En, "phone", ProblemCode::PhoneTooShort(5)),
        "Looks like digits are missing: at least five more"
    );
    assert_eq!(
        problem(Locale::Ru, "phone", ProblemCode::PhoneTooShort(5)),
        "Похоже, не хватает цифр: нужно ещё хотя бы пять"
    );
    assert!(problem(Locale::Ru, "phone", ProblemCode::PhoneTooShort(1)).ends_with("нужна ещё хотя бы одна"));
    assert!(problem(Locale::Bg, "phone", ProblemCode::PhoneTooShort(7)).ends_with("поне още 7"));
}

#[test]
fn a_missing_field_is_named_by_what_it_is_needed_for() {
    assert_eq!(problem(Locale::Ru, "text", ProblemCode::Required), "Напишите, что случилось");
    assert_eq!(problem(Locale::En, "kind", ProblemCode::Required), "Please fill this in");
}

#[test]
fn a_plugin_speaks_for_itself() {
    assert_eq!(problem(Locale::En, "text", ProblemCode::Refused("No ads.".to_owned())), "No ads.");
}

#[test]
fn every_problem_has_a_sentence_in_each_language() {
    for locale in Locale::ALL {
        for code in ProblemCode::examples() {
            let said = problem(locale, "name", code.clone());
            assert!(!said.starts_with("problem-") && !said.contains('{'), "{} {code:?}: {said}", locale.tag());
        }
    }
}

mod moments {
    use jiff::{Timestamp, tz::TimeZone};

    use super::*;
    use crate::{
        reply::{Basis, ExpectedReply, ReplyPromise},
        slots::Slot,
    };

    /// Sunday evening in Moscow, 22:30.
    const NOW: &str = "2026-11-22T19:30:00Z";

    fn at(written: &str) -> Timestamp {
        written.parse().expect("a moment")
    }

    fn moscow() -> TimeZone {
        TimeZone::get("Europe/Moscow").expect("a zone")
    }

    fn said(moment: &str) -> [String; 3] {
        Locale::ALL.map(|locale| Texts::of(locale).moment(at(moment), at(NOW), &moscow()))
    }

    #[test]
    fn today_and_tomorrow_are_said_so() {
        assert_eq!(said("2026-11-22T20:15:00Z"), ["today at 23:15", "сегодня в 23:15", "днес в 23:15"]);
        assert_eq!(said("2026-11-23T06:01:00Z"), ["tomorrow at 9:01", "завтра в 9:01", "утре в 9:01"]);
        assert_eq!(said("2026-11-22T21:00:00Z"), ["tomorrow at 0:00", "завтра в 0:00", "утре в 0:00"]);
    }

    #[test]
    fn the_next_days_are_said_by_their_name() {
        let tuesday = ["Tuesday at 10:00", "во вторник в 10:00", "във вторник в 10:00"];
        assert_eq!(said("2026-11-24T07:00:00Z"), tuesday);
        let saturday = ["Saturday at 10:00", "в субботу в 10:00", "в събота в 10:00"];
        assert_eq!(said("2026-11-28T07:00:00Z"), saturday);
    }

    #[test]
    fn a_week_away_and_later_a_date_is_said() {
        let date = ["29 November at 10:00", "29 ноября в 10:00", "на 29 ноември в 10:00"];
        assert_eq!(said("2026-11-29T07:00:00Z"), date);
        let year = ["1 December 2027 at 10:00", "1 декабря 2027 года в 10:00", "на 1 декември 2027 г. в 10:00"];
        assert_eq!(said("2027-12-01T07:00:00Z"), year);
    }

    #[test]
    fn yesterday_is_a_date() {
        assert_eq!(said("2026-11-21T07:00:00Z")[0], "21 November at 10:00");
    }

    #[test]
    fn the_day_is_that_of_the_zone() {
        let utc = Texts::of(Locale::En).moment(at("2026-11-22T21:00:00Z"), at(NOW), &TimeZone::UTC);
        assert_eq!(utc, "today at 21:00");
    }

    #[test]
    fn a_deadline_is_said_with_by() {
        let by = |locale| Texts::of(locale).moment_by(at("2026-11-23T09:00:00Z"), at(NOW), &moscow());
        assert_eq!(Locale::ALL.map(by), ["tomorrow by 12:00", "завтра до 12:00", "утре до 12:00"]);
    }

    #[test]
    fn a_letter_names_the_day_in_full() {
        let full = |locale| Texts::of(locale).full_moment(at("2026-11-23T07:30:00Z"), at(NOW), &moscow());
        let expected = [
            "on Monday 23 November at 10:30",
            "в понедельник, 23 ноября в 10:30",
            "в понеделник, на 23 ноември в 10:30",
        ];
        assert_eq!(Locale::ALL.map(full), expected);
        let by = Texts::of(Locale::Ru).full_moment_by(at("2026-11-23T09:00:00Z"), at(NOW), &moscow());
        assert_eq!(by, "в понедельник, 23 ноября до 12:00");
    }

    #[test]
    fn a_slot_is_said_with_both_its_ends() {
        let slot = Slot { from: at("2026-11-23T07:30:00Z"), to: at("2026-11-23T08:00:00Z") };
        let said = Texts::of(Locale::Ru).slot(slot, at(NOW), &moscow());
        assert_eq!(said, "завтра с 10:30 до 11:00");
    }

    fn reply(by: &str, basis: Basis) -> ExpectedReply {
        let by = at(by);
        ExpectedReply { by, seconds: (by.as_second() - at(NOW).as_second()).try_into().expect("later"), basis }
    }

    fn expected(by: &str, basis: Basis) -> String {
        Texts::of(Locale::Ru).expected_reply(reply(by, basis), at(NOW), &moscow())
    }

    #[test]
    fn a_promise_is_said_as_the_moment_it_ends() {
        assert_eq!(expected("2026-11-22T19:31:00Z", Basis::Promised), "сразу");
        assert_eq!(expected("2026-11-22T19:32:00Z", Basis::Promised), "сегодня до 22:32");
        assert_eq!(expected("2026-11-23T09:00:00Z", Basis::Measured), "завтра до 12:00");
        assert_eq!(expected("2026-11-23T07:30:00Z", Basis::Slot), "завтра в 10:30");
    }

    #[test]
    fn a_promise_of_a_minute_that_begins_tomorrow_is_said_as_that_moment() {
        let texts = Texts::of(Locale::Ru);
        let said = |promise, by| {
            texts.promised_reply(Some(ReplyPromise::Within(promise)), reply(by, Basis::Promised), at(NOW), &moscow())
        };
        assert_eq!(said(60, "2026-11-23T06:01:00Z"), "завтра в 9:01");
        assert_eq!(said(60, "2026-11-22T19:31:00Z"), "сразу");
        assert_eq!(said(7200, "2026-11-23T09:00:00Z"), "завтра до 12:00");
    }
}
