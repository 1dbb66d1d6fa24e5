use jiff::ToSpan;

use super::*;
use crate::fixture;

/// Sunday evening in Moscow.
const NOW: &str = "2026-11-22T19:30:00Z";

fn given(value: &str) -> Option<String> {
    Some(value.to_owned())
}

fn callback() -> Draft {
    Draft {
        kind: given("callback"),
        name: given("Анна"),
        phone: given("+7 916 123-45-67"),
        slot: given("2026-11-23T07:00:00Z"),
        locale: given("ru"),
        page: given("https://shop.example/dog-houses/lux"),
        ..Draft::default()
    }
}

fn message() -> Draft {
    Draft {
        kind: given("message"),
        email: given("anna@example.com"),
        text: given("Где мой заказ?"),
        consent: Some(true),
        ..Draft::default()
    }
}

fn checked(draft: &Draft) -> Result<Submission, Vec<Problem>> {
    validate(draft, &fixture::site(), fixture::at(NOW))
}

fn problems(draft: &Draft) -> Vec<(String, ProblemCode)> {
    checked(draft).expect_err("problems").into_iter().map(|problem| (problem.field, problem.code)).collect()
}

fn problem(draft: &Draft) -> (String, ProblemCode) {
    let mut problems = problems(draft);
    assert_eq!(problems.len(), 1, "{problems:?}");
    problems.remove(0)
}

fn at(field: &str, code: ProblemCode) -> (String, ProblemCode) {
    (field.to_owned(), code)
}

#[test]
fn a_callback_with_phone_and_slot_is_taken() {
    let submission = checked(&callback()).expect("a submission");
    assert_eq!(submission.kind, FormKind::Callback);
    assert_eq!(submission.reply_by, ReplyBy::Phone);
    assert_eq!(submission.locale, Locale::Ru);
    assert_eq!(submission.requester.phone.as_ref().map(|phone| phone.as_str()), Some("+79161234567"));
    let slot = submission.slot.expect("a slot");
    assert_eq!((slot.from, slot.to), (fixture::at("2026-11-23T07:00:00Z"), slot.from + 30.minutes()));
}

#[test]
fn a_message_with_a_text_and_an_address_is_taken_at_night() {
    let submission = checked(&message()).expect("a submission");
    assert_eq!(submission.reply_by, ReplyBy::Email);
    assert_eq!(submission.text.as_deref(), Some("Где мой заказ?"));
    let consent = submission.consent.expect("a consent");
    assert_eq!((consent.text.as_str(), consent.at), ("Согласен на обработку данных.", fixture::at(NOW)));
}

#[test]
fn a_message_without_an_address_is_answered_by_phone() {
    let draft = Draft { email: None, phone: given("8 916 123-45-67"), ..message() };
    let submission = checked(&draft).expect("a submission");
    assert_eq!(submission.reply_by, ReplyBy::Phone);
    assert_eq!(submission.requester.phone.map(|phone| phone.as_str().to_owned()), given("+79161234567"));
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_form() {
    let draft = Draft {
        name: given(&"я".repeat(101)),
        phone: given("+7 (000)"),
        slot: given("soon"),
        email: given("anna@"),
        text: given("\0"),
        reply_by: given("pigeon"),
        locale: given("not a tag"),
        page: given("javascript:alert(1)"),
        ..callback()
    };
    let found = problems(&draft);
    let fields: Vec<&str> = found.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["slot", "phone", "name", "email", "text", "reply_by", "locale", "page"]);
    assert_eq!(found[0].1, ProblemCode::SlotInvalid);
    assert_eq!(found[2].1, ProblemCode::TooLong(100));
    assert_eq!(found[4].1, ProblemCode::ControlCharacter);
    assert_eq!(found[7].1, ProblemCode::PageInvalid);
}

#[test]
fn an_empty_draft_lacks_its_kind() {
    assert_eq!(problem(&Draft::default()), at("kind", ProblemCode::Required));
}

#[test]
fn an_unknown_kind_is_no_value() {
    assert_eq!(problem(&Draft { kind: given("fax"), ..callback() }), at("kind", ProblemCode::UnknownValue));
}

#[test]
fn a_form_the_site_lacks_is_told_apart() {
    let site = Site { callback: None, ..fixture::site() };
    let found = validate(&callback(), &site, fixture::at(NOW)).expect_err("a problem");
    assert_eq!(found, [Problem { field: "kind".to_owned(), code: ProblemCode::NoSuchForm }]);
}

#[test]
fn a_callback_needs_phone_and_slot_and_blanks_are_nothing() {
    let draft = Draft { phone: given(" \u{a0} "), slot: None, ..callback() };
    assert_eq!(problems(&draft), [at("slot", ProblemCode::Required), at("phone", ProblemCode::Required)]);
}

#[test]
fn a_message_needs_a_text_and_one_contact() {
    let draft = Draft { email: None, text: given("\n\n"), ..message() };
    assert_eq!(problems(&draft), [at("email", ProblemCode::ContactRequired), at("text", ProblemCode::Required)]);
}

#[test]
fn whoever_wants_an_answer_by_phone_leaves_a_number() {
    let draft = Draft { reply_by: given("phone"), ..message() };
    assert_eq!(problem(&draft), at("phone", ProblemCode::Required));
    let draft = Draft { reply_by: given("email"), ..callback() };
    assert_eq!(problem(&draft), at("email", ProblemCode::Required));
}

#[test]
fn a_malformed_contact_is_not_missing_too() {
    let draft = Draft { email: given("anna@localhost"), ..message() };
    assert_eq!(problem(&draft), at("email", ProblemCode::EmailInvalid));
}

#[test]
fn a_sentence_to_agree_to_has_to_be_agreed_to() {
    for consent in [None, Some(false)] {
        let draft = Draft { consent, ..message() };
        assert_eq!(problem(&draft), at("consent", ProblemCode::ConsentRequired));
    }
}

#[test]
fn where_there_is_no_sentence_nothing_is_agreed_to() {
    let draft = Draft { consent: Some(true), ..callback() };
    assert_eq!(checked(&draft).expect("a submission").consent, None);
}

#[test]
fn a_slot_is_refused_for_what_is_wrong_with_it() {
    let slot = |moment: &str| problem(&Draft { slot: given(moment), ..callback() }).1;
    assert_eq!(slot("2026-11-20T07:00:00Z"), ProblemCode::SlotPast);
    assert_eq!(slot("9999-12-01T07:00:00Z"), ProblemCode::SlotTooFar);
    assert_eq!(slot("2026-11-23T07:10:00Z"), ProblemCode::SlotNone);
    assert_eq!(slot("2026-11-23"), ProblemCode::SlotInvalid);
}

#[test]
fn a_message_has_no_slot() {
    let draft = Draft { slot: given("2026-11-23T07:00:00Z"), ..message() };
    assert_eq!(problem(&draft), at("slot", ProblemCode::UnknownField));
}

#[test]
fn a_short_number_is_told_how_many_digits_are_missing() {
    let code = problem(&Draft { phone: given("+7 916 12"), ..callback() }).1;
    assert_eq!(code, ProblemCode::PhoneTooShort(5));
}

#[test]
fn lines_cannot_be_broken_into() {
    for text in ["a\nb@example.com", "anna@example.com\r\nBcc: all@example.com", "anna@example.com\n"] {
        assert_eq!(problem(&Draft { email: given(text), ..message() }), at("email", ProblemCode::ControlCharacter));
    }
    for name in ["Анна\nBcc: x", "Анна\u{2028}", "Анна\u{85}", "Анна\t", "\u{1b}[31m"] {
        assert_eq!(problem(&Draft { name: given(name), ..callback() }), at("name", ProblemCode::ControlCharacter));
    }
    let page = Draft { page: given("https://shop.example/\r\nX: y"), ..callback() };
    assert_eq!(problem(&page), at("page", ProblemCode::ControlCharacter));
}

#[test]
fn a_text_with_nothing_to_see_is_no_text() {
    for text in
        ["\u{200b}", "\u{feff}", " \u{200b}\u{200d}\n\u{2060}", "\u{202e}\u{202c}", "\u{ad}", "\u{3164}", "\u{e0041}"]
    {
        assert_eq!(problem(&Draft { text: given(text), ..message() }), at("text", ProblemCode::Required), "{text:?}");
    }
    let text = "Семья: 👨\u{200d}👩\u{200d}👧 \u{200b}";
    let draft = Draft { text: given(text), ..message() };
    assert_eq!(checked(&draft).expect("a submission").text.as_deref(), Some(text));
}

#[test]
fn a_line_cannot_turn_the_words_around_it() {
    for c in
        ['\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}']
    {
        let name = given(&format!("Анна{c}gpj.exe"));
        assert_eq!(problem(&Draft { name, ..callback() }), at("name", ProblemCode::ControlCharacter));
        let page = given(&format!("https://shop.example/{c}a"));
        assert_eq!(problem(&Draft { page, ..callback() }), at("page", ProblemCode::ControlCharacter));
        let text = format!("Слово {c}слово");
        let draft = Draft { text: given(&text), ..message() };
        assert_eq!(checked(&draft).expect("a submission").text, Some(text));
    }
}

#[test]
fn a_text_may_have_lines_and_tabs_and_is_kept_as_sent() {
    let text = " Здравствуйте!\r\n\tГде мой заказ? <img onerror=alert(1)>\n";
    let draft = Draft { text: given(text), ..message() };
    assert_eq!(checked(&draft).expect("a submission").text.as_deref(), Some(text));
}

#[test]
fn a_text_of_5000_characters_is_the_longest() {
    let taken = Draft { text: given(&"ё".repeat(5_000)), ..message() };
    assert!(checked(&taken).is_ok());
    let refused = Draft { text: given(&"ё".repeat(5_001)), ..message() };
    assert_eq!(problem(&refused), at("text", ProblemCode::TooLong(5_000)));
}

#[test]
fn too_long_contacts_are_refused_before_they_are_read() {
    let draft = Draft {
        email: given(&format!("{}@example.com", "a".repeat(250))),
        phone: given(&"1".repeat(65)),
        page: given(&format!("https://shop.example/{}", "a".repeat(2_048))),
        ..message()
    };
    let expected = [("phone", 64), ("email", 254), ("page", 2_048)];
    assert_eq!(problems(&draft), expected.map(|(field, limit)| at(field, ProblemCode::TooLong(limit))));
}

#[test]
fn a_name_is_kept_letter_for_letter() {
    let draft = Draft { name: given("<img src=x onerror=alert(1)>"), ..callback() };
    let name = checked(&draft).expect("a submission").requester.name;
    assert_eq!(name.as_deref(), Some("<img src=x onerror=alert(1)>"));
}

#[test]
fn a_language_without_texts_is_answered_in_the_sites() {
    let draft = Draft { locale: given("de-AT"), ..callback() };
    assert_eq!(checked(&draft).expect("a submission").locale, Locale::Ru);
    let draft = Draft { locale: given("bg-BG"), ..callback() };
    assert_eq!(checked(&draft).expect("a submission").locale, Locale::Bg);
}

#[test]
fn codes_are_kebab_case_and_tell_problems_apart() {
    let codes: std::collections::BTreeSet<&str> = ProblemCode::examples().iter().map(ProblemCode::as_str).collect();
    assert_eq!(codes.len(), ProblemCode::examples().len());
    assert!(codes.iter().all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
}
