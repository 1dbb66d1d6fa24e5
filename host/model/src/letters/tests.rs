use super::*;
use crate::{
    contact::EmailAddress,
    fixture::{self, callback_request as callback, message_request as message, reference, slot},
    request::{self, AgentAction, Requester, RequesterChange},
};

/// Sunday evening in Moscow.
const NOW: &str = "2026-11-22T19:30:00Z";
const DESK: &str = "https://help.example/desk/pet-shop/xyz";
const LINK: &str = "https://help.example/r/pet-shop/abc";

fn now() -> Timestamp {
    fixture::at(NOW)
}

#[test]
fn the_business_reads_all_of_a_message_in_its_own_language() {
    let mail = to_business(&fixture::site(), &message(), DESK, now()).expect("a letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: новое сообщение");
    assert_eq!(mail.to.as_str(), "owner@shop.example");
    assert_eq!(mail.reply_to.as_ref().map(EmailAddress::as_str), Some("anna@example.com"));
    assert_eq!(mail.from_name, "Пёс и Кот");
    let expected = "\
Вам написали.

Обещан ответ: в понедельник, 23 ноября до 12:00.

Взять в работу или закрыть обращение:
https://help.example/desk/pet-shop/xyz

Имя: Анна
Почта: anna@example.com
Как ответить: по почте
Язык: английский
Страница: https://shop.example/dog-houses/lux
Команда: returns
Тема: Возврат
Метки: kennel, urgent
Важность: высокая
Дано согласие: Согласен.
Получено: в воскресенье, 22 ноября в 22:30
Номер: PS-7K4Q2MX

Что написали:
> Щенок боится будки.
> Можно вернуть?
";
    assert_eq!(mail.text, expected);
}

#[test]
fn the_business_reads_at_once_when_to_call() {
    let mail = to_business(&fixture::site(), &callback(), DESK, now()).expect("a letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: позвонить в понедельник, 23 ноября в 10:30");
    assert!(
        mail.text
            .starts_with("Вашего звонка ждут в понедельник, 23 ноября в 10:30.\n\nВзять в работу или закрыть обращение:\nhttps://help.example/desk/pet-shop/xyz\n\nИмя: Анна\nТелефон: +79161234567\n")
    );
    assert!(!mail.text.contains("Обещан ответ"), "the call is the promise");
    assert!(!mail.text.contains("Что написали"), "nothing was written");
}

#[test]
fn the_requester_reads_reference_promise_and_link_in_their_language() {
    let mail = to_requester(&fixture::site(), &message(), LINK, now()).expect("a letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: we have your message");
    assert_eq!(mail.to.as_str(), "anna@example.com");
    assert_eq!(mail.reply_to.as_ref().map(EmailAddress::as_str), Some("owner@shop.example"));
    let expected = "\
Hello, Анна!

We have your message. We’ll answer on Monday 23 November by 12:00.

Your reference: PS-7K4Q2MX

See how it stands, change it or cancel it (the link works once):
https://help.example/r/pet-shop/abc

All times here are in the time zone Europe/Moscow.

If you asked for nothing, just ignore this letter.

-- 
Пёс и Кот
";
    assert_eq!(mail.text, expected);
}

#[test]
fn the_requester_of_a_call_reads_when_and_where_it_comes() {
    let request = Request { locale: Locale::Bg, ..callback() };
    let mail = to_requester(&fixture::site(), &request, LINK, now()).expect("a letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: ще се обадим в понеделник, на 23 ноември в 10:30");
    assert!(mail.text.contains("Ще ви се обадим в понеделник, на 23 ноември в 10:30 на +79161234567."));
}

#[test]
fn an_answer_within_a_minute_is_said_as_right_away() {
    let promise = Some(ExpectedReply { by: now(), seconds: 60, basis: Basis::Promised });
    let mail = to_requester(&fixture::site(), &Request { promise, ..message() }, LINK, now()).expect("a letter");
    assert!(mail.text.contains("We have your message. We’ll answer right away."));
}

#[test]
fn without_an_address_there_is_no_letter() {
    let site = Site { mail: None, ..fixture::site() };
    assert_eq!(to_business(&site, &message(), DESK, now()), None);
    assert_eq!(changed_to_business(&site, &message(), DESK, now()), None);
    assert_eq!(erased_to_business(&site, &Erased { reference: reference(), slot: None }, now()), None);
    assert_eq!(of_new(&site, &message()), [Letter::NewToRequester]);
    let request = Request { requester: Requester::default(), ..message() };
    assert_eq!(to_requester(&site, &request, LINK, now()), None);
    assert_eq!(of_new(&site, &request), []);
}

#[test]
fn a_letter_is_written_as_it_was_decided() {
    let (site, request) = (fixture::site(), message());
    let write = |letter| written(letter, &site, &request, LINK, now());
    assert_eq!(of_new(&site, &request), [Letter::NewToBusiness, Letter::NewToRequester]);
    assert_eq!(write(Letter::NewToBusiness), to_business(&site, &request, LINK, now()));
    assert_eq!(write(Letter::NewToRequester), to_requester(&site, &request, LINK, now()));
    assert_eq!(write(Letter::ChangedToBusiness), changed_to_business(&site, &request, LINK, now()));
}

#[test]
fn a_late_letter_says_nothing_that_is_no_longer_so() {
    let site = fixture::site();
    let write = |letter, request: &Request| written(letter, &site, request, LINK, now()).is_some();
    let cancelled = request::change(&callback(), RequesterChange::Cancel, now()).expect("a change");
    assert!(!write(Letter::NewToBusiness, &cancelled) && !write(Letter::NewToRequester, &cancelled));
    assert!(write(Letter::ChangedToBusiness, &cancelled));
    let missed = request::act(&callback(), AgentAction::NoAnswer, callback().revision, now()).expect("an action");
    assert!(write(Letter::MissedToRequester, &missed) && write(Letter::NewToBusiness, &missed));
    let later = Slot { from: fixture::at("2026-11-24T08:00:00Z"), to: fixture::at("2026-11-24T08:30:00Z") };
    let moved = request::change(&missed, RequesterChange::Slot(later), now()).expect("a change");
    assert!(!write(Letter::MissedToRequester, &moved), "they chose another time already");
    assert!(!write(Letter::MissedToRequester, &message()), "a message is not called");
}

#[test]
fn each_change_is_told_to_whoever_did_not_make_it() {
    let site = fixture::site();
    let cancelled = request::change(&callback(), RequesterChange::Cancel, now()).expect("a change");
    assert_eq!(of_change(&site, &callback(), &cancelled), [Letter::ChangedToBusiness]);
    let act = |action| request::act(&callback(), action, callback().revision, now()).expect("an action");
    assert_eq!(of_change(&site, &callback(), &act(AgentAction::NoAnswer)), [Letter::MissedToRequester]);
    assert_eq!(of_change(&site, &callback(), &act(AgentAction::Reached)), []);
    assert_eq!(of_change(&site, &callback(), &callback()), []);
    let nobody = Site { mail: None, ..site };
    assert_eq!(of_change(&nobody, &callback(), &cancelled), []);
}

#[test]
fn who_was_called_and_did_not_answer_reads_how_to_choose_another_time() {
    let mail = missed_to_requester(&fixture::site(), &callback(), LINK, now()).expect("a letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: we could not reach you");
    let said = "Hello, Анна!\n\nWe called you at +79161234567, and nobody answered.\n\nYour reference: PS-7K4Q2MX\n\n\
                Choose another time, or tell us that you need no call (the link works once):\n";
    assert!(mail.text.starts_with(&format!("{said}{LINK}\n")), "{}", mail.text);
}

#[test]
fn a_fact_leads_where_a_click_should() {
    let facts = self::facts(&fixture::site(), &callback(), now());
    let leads: Vec<&str> = facts.iter().filter_map(|fact| fact.href.as_deref()).collect();
    assert_eq!(leads, ["tel:+79161234567", "mailto:anna@example.com"]);
    let hostile = EmailAddress::parse("a?bcc=x&subject=y%41@example.com").expect("an address");
    let requester = Requester { email: Some(hostile), ..message().requester };
    let facts = self::facts(&fixture::site(), &Request { requester, ..message() }, now());
    let lead = facts.iter().find_map(|fact| fact.href.as_deref());
    assert_eq!(lead, Some("mailto:a%3Fbcc=x%26subject=y%2541@example.com"));
}

#[test]
fn what_was_written_is_not_sent_to_an_address_nobody_proved() {
    let mail = to_requester(&fixture::site(), &message(), LINK, now()).expect("a letter");
    assert!(!mail.text.contains("Щенок"));
    let requester = Requester { name: Some("win at evil.example".to_owned()), ..message().requester };
    let mail = to_requester(&fixture::site(), &Request { requester, ..message() }, LINK, now()).expect("a letter");
    assert!(mail.text.starts_with("Hello!\n"));
}

#[test]
fn markup_in_a_name_stays_text() {
    let requester = Requester { name: Some("<img src=x onerror=alert(1)>".to_owned()), ..message().requester };
    let request = Request { requester, ..message() };
    let mail = to_business(&fixture::site(), &request, DESK, now()).expect("a letter");
    assert!(mail.text.contains("Имя: <img src=x onerror=alert(1)>\n"));
}

#[test]
fn nobody_can_write_a_line_that_passes_for_ours() {
    let mut request = message();
    request.routing.topic = Some("x\nТелефон: +70000000000".to_owned());
    request.entries[0].text = "x\r\nТелефон: +70000000000".to_owned();
    let mail = to_business(&fixture::site(), &request, DESK, now()).expect("a letter");
    assert!(mail.text.lines().all(|line| !line.starts_with("Телефон:")), "{}", mail.text);
    assert!(mail.text.contains("\n> Телефон: +70000000000\n"));
}

#[test]
fn a_moved_call_is_announced_with_its_new_moment() {
    let later = Slot { from: fixture::at("2026-11-24T08:00:00Z"), to: fixture::at("2026-11-24T08:30:00Z") };
    let moved = request::change(&callback(), RequesterChange::Slot(later), now()).expect("a change");
    let mail = changed_to_business(&fixture::site(), &moved, DESK, now()).expect("a letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: посетитель изменил обращение, позвонить во вторник, 24 ноября в 11:00");
    assert!(mail.text.contains("Вашего звонка ждут во вторник, 24 ноября в 11:00."));
}

#[test]
fn a_message_to_be_answered_otherwise_is_announced_as_changed() {
    let mail = changed_to_business(&fixture::site(), &message(), DESK, now()).expect("a letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: посетитель изменил обращение");
    assert!(mail.text.contains("Как ответить: по почте"));
}

#[test]
fn an_erased_call_is_announced_without_its_person() {
    let erased = Erased { reference: reference(), slot: Some(slot()) };
    let mail = erased_to_business(&fixture::site(), &erased, now()).expect("a letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: посетитель отменил обращение");
    assert_eq!(mail.reply_to, None);
    assert!(mail.text.ends_with("\n\nЗвонок в понедельник, 23 ноября в 10:30 больше не нужен.\n"), "{}", mail.text);
}

#[test]
fn a_cancelled_call_is_announced_as_not_needed() {
    let cancelled = request::change(&callback(), RequesterChange::Cancel, now()).expect("a change");
    let mail = changed_to_business(&fixture::site(), &cancelled, DESK, now()).expect("a letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: посетитель отменил обращение");
    assert!(mail.text.contains("Звонок в понедельник, 23 ноября в 10:30 больше не нужен."));
}

fn entry(from: Actor, text: &str) -> request::Entry {
    let id = uuid::Uuid::from_u128(if from == Actor::Agent { 8 } else { 9 });
    request::Entry { id, from, at: now(), text: text.to_owned(), attachments: vec![] }
}

fn answered(then: request::Answered) -> Request {
    let said = entry(Actor::Agent, "Да, можно.\nПриносите будку.\n");
    request::answer(&message(), said, then, now()).expect("allowed")
}

/// The letters that a change calls for, as they are written.
fn told(before: &Request, after: &Request) -> Vec<Mail> {
    let site = fixture::site();
    let written = |letter: Letter| written(letter, &site, after, LINK, now()).expect("a letter");
    of_change(&site, before, after).into_iter().map(written).collect()
}

#[test]
fn an_answer_reaches_the_requester_in_full_with_a_way_to_answer() {
    let [mail] = told(&message(), &answered(request::Answered::Open)).try_into().expect("one letter");
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("anna@example.com", "PS-7K4Q2MX: an answer to you"));
    let expected = "Hello, Анна!\n\nДа, можно.\nПриносите будку.\n\n";
    assert!(mail.text.starts_with(expected), "{}", mail.text);
    assert!(mail.text.contains("answer here (the link works once):\nhttps://help.example/r/"), "{}", mail.text);
    let [mail] = told(&message(), &answered(request::Answered::Resolved)).try_into().expect("one letter");
    assert!(mail.text.contains("Was that what you needed?"), "{}", mail.text);
}

#[test]
fn what_the_requester_writes_again_reaches_the_business_in_one_letter() {
    let resolved = answered(request::Answered::Resolved);
    let more = RequesterChange::Entry(entry(Actor::Requester, "А доставка?\nX: y"), message().promise);
    let reopened = request::change(&resolved, more, now()).expect("allowed");
    let [mail] = told(&resolved, &reopened).try_into().expect("one letter, though it is reopened too");
    assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("owner@shop.example", "PS-7K4Q2MX: посетитель написал ещё"));
    assert!(mail.text.starts_with("Посетитель написал:\n> А доставка?\n> X: y\n\nОбещан ответ"), "{}", mail.text);
}

#[test]
fn a_rating_reaches_the_business_with_its_comment() {
    let resolved = answered(request::Answered::Resolved);
    let stars = request::Stars::try_from(2).expect("stars");
    let rating = request::Rating { stars, comment: Some("Долго.".to_owned()) };
    let rated = request::change(&resolved, RequesterChange::Rate(rating), now()).expect("allowed");
    let [mail] = told(&resolved, &rated).try_into().expect("one letter");
    assert!(mail.text.starts_with("Посетитель оценил ваш ответ на 2 из 5.\n\nИ написал:\n> Долго.\n"), "{}", mail.text);
}

#[test]
fn the_business_is_reminded_of_a_promise_until_it_has_answered() {
    let by = message().promise.expect("a promise").by;
    let soon = request::pass_time(&message(), None, by).expect("allowed");
    let [mail] = told(&message(), &soon).try_into().expect("one letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: скоро пора ответить");
    let over = request::pass_time(&soon, None, by + jiff::ToSpan::second(1)).expect("allowed");
    let [mail] = told(&soon, &over).try_into().expect("one letter");
    assert_eq!(mail.subject, "PS-7K4Q2MX: обещанное время прошло");
    let answered = request::answer(&over, entry(Actor::Agent, "Да."), request::Answered::Open, by).expect("allowed");
    assert_eq!(written(Letter::OverdueToBusiness, &fixture::site(), &answered, LINK, by), None, "it is answered");
}

#[test]
fn the_requester_hears_a_later_moment_before_the_old_one_passes() {
    let promise = message().promise.expect("a promise");
    let later = crate::reply::ExpectedReply { by: promise.by + jiff::ToSpan::hours(3), ..promise };
    let soon = request::pass_time(&message(), None, promise.by).expect("allowed");
    let put_off = request::pass_time(&soon, Some(later), promise.by).expect("allowed");
    let [mail] = told(&soon, &put_off).try_into().expect("one letter");
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_str()),
        ("anna@example.com", "PS-7K4Q2MX: it takes us a little longer")
    );
    assert!(mail.text.contains("We’ll answer on Monday 23 November by 15:00."), "{}", mail.text);
}

#[test]
fn a_link_to_all_requests_repeats_nothing_that_anybody_wrote() {
    let to = EmailAddress::parse("anna@example.com").expect("an address");
    let mail = links_to_requester(&fixture::site(), &to, Locale::Ru, "https://help.example/mine/pet-shop/abc");
    assert_eq!((mail.to, mail.from_name.as_str()), (to, "Пёс и Кот"));
    assert_eq!(mail.subject, "Ваши обращения в «Пёс и Кот»");
    let expected = "\
Здравствуйте!

Вы попросили показать все ваши обращения в «Пёс и Кот».

Они здесь (ссылка сработает один раз, в течение семи дней):
https://help.example/mine/pet-shop/abc

Если вы об этом не просили, просто не обращайте внимания: без этого письма список никто не увидит.

-- 
Пёс и Кот
";
    assert_eq!(mail.text, expected);
}
