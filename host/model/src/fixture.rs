//! A small shop in Moscow, for the tests of this crate.

use jiff::{Timestamp, tz::TimeZone};
use uuid::Uuid;

use crate::{
    answers::{Answer, Guide, PagePattern},
    channel::{Channel, ChannelKind},
    contact::{EmailAddress, Phone},
    form::{CallbackForm, FormKind, MessageForm, SlotRules},
    holidays::Calendar,
    hours::SupportHours,
    locale::Locale,
    plugin::{Priority, Routing},
    reference::Reference,
    reply::{Basis, ExpectedReply, ReplyPromise},
    request::{Actor, Consent, Entry, Event, Handling, Happening, ReplyBy, Request, RequestId, Requester, Status},
    retention::Retention,
    site::{Look, Side, Site},
    slots::Slot,
};

pub(crate) fn at(written: &str) -> Timestamp {
    written.parse().expect("a moment")
}

pub(crate) fn moscow() -> TimeZone {
    TimeZone::get("Europe/Moscow").expect("a zone")
}

/// Open on weekdays from 10 to 20 and on Saturdays from 11 to 18; the phone on weekdays from 9 to 18.
pub(crate) fn site() -> Site {
    site_with_hours("Mo-Fr 10:00-20:00; Sa 11:00-18:00")
}

pub(crate) fn site_with_hours(expression: &str) -> Site {
    Site {
        key: "pet-shop".to_owned(),
        name: "Пёс и Кот".to_owned(),
        reference_prefix: "PS".to_owned(),
        origins: vec!["https://shop.example".to_owned()],
        locale: Locale::Ru,
        time_zone: moscow(),
        time_zone_name: "Europe/Moscow".to_owned(),
        region: Some("RU".to_owned()),
        hours: hours(expression),
        mail: Some(EmailAddress::parse("owner@shop.example").expect("an address")),
        retention: Retention::default(),
        inbox: None,
        look: Look { accent: "#b4530a".to_owned(), side: Side::Right },
        channels: channels(),
        callback: Some(callback(expression)),
        message: Some(message(expression)),
        answers: answers(),
        guides: guides(),
        plugins: vec![],
        webhooks: vec![],
    }
}

fn hours(expression: &str) -> SupportHours {
    SupportHours::parse(expression, &moscow(), &Calendar::default(), &[]).expect("hours")
}

fn channels() -> Vec<Channel> {
    vec![
        Channel {
            id: "phone".to_owned(),
            kind: ChannelKind::Phone,
            label: None,
            value: "+7 495 495-49-41".to_owned(),
            href: "tel:+74954954941".to_owned(),
            hours: hours("Mo-Fr 09:00-18:00"),
            promise: Some(ReplyPromise::Within(60)),
            needs_duty: false,
        },
        Channel {
            id: "email".to_owned(),
            kind: ChannelKind::Email,
            label: Some("Пишите смело".to_owned()),
            value: "help@shop.example".to_owned(),
            href: "mailto:help@shop.example".to_owned(),
            hours: hours("24/7"),
            promise: None,
            needs_duty: false,
        },
    ]
}

fn callback(expression: &str) -> CallbackForm {
    CallbackForm {
        hours: hours(expression),
        slots: SlotRules { length: 1_800, lead: 3_600, days_ahead: 7, capacity: 2 },
        open_at_most: None,
        promise: Some(ReplyPromise::Slot),
        consent: None,
    }
}

fn message(expression: &str) -> MessageForm {
    MessageForm {
        hours: hours(expression),
        promise: Some(ReplyPromise::Within(7_200)),
        consent: Some("Согласен на обработку данных.".to_owned()),
    }
}

fn answers() -> Vec<Answer> {
    let dog_houses = vec![PagePattern::new("/dog-houses/*")];
    vec![
        answer("returns", "Как вернуть товар?", vec![]),
        answer("delivery", "Сколько стоит доставка?", vec![]),
        answer("kennel", "Какую будку выбрать?", dog_houses),
    ]
}

fn answer(id: &str, question: &str, pages: Vec<PagePattern>) -> Answer {
    let (html, text) = ("<p>Легко.</p>".to_owned(), "Легко.".to_owned());
    Answer { id: id.to_owned(), question: question.to_owned(), locale: Locale::Ru, pages, url: None, html, text }
}

fn guides() -> Vec<Guide> {
    let url = "https://shop.example/guides".to_owned();
    let dog_houses = vec![PagePattern::new("/dog-houses/*")];
    vec![
        Guide {
            pages: dog_houses,
            title: "Как приучить щенка к будке".to_owned(),
            url: url.clone(),
            locale: Some(Locale::Ru),
        },
        Guide { pages: vec![], title: "Blog".to_owned(), url, locale: None },
    ]
}

fn received() -> Timestamp {
    at("2026-11-22T19:30:00Z")
}

/// Half past ten on a Monday morning in Moscow.
pub(crate) fn slot() -> Slot {
    Slot { from: at("2026-11-23T07:30:00Z"), to: at("2026-11-23T08:00:00Z") }
}

pub(crate) fn reference() -> Reference {
    serde_json::from_str("\"PS-7K4Q2MX\"").expect("a reference")
}

/// A message left on a Sunday evening, answered by Monday noon.
pub(crate) fn message_request() -> Request {
    let by = at("2026-11-23T09:00:00Z");
    Request {
        id: RequestId(Uuid::nil()),
        site: "pet-shop".to_owned(),
        reference: reference(),
        kind: FormKind::Message,
        status: Status::Received,
        events: vec![Event { at: received(), by: Actor::Requester, agent: None, what: Happening::Received }],
        requester: Requester {
            name: Some("Анна".to_owned()),
            phone: None,
            email: Some(EmailAddress::parse("anna@example.com").expect("an address")),
        },
        slot: None,
        reply_by: ReplyBy::Email,
        locale: Locale::En,
        page: Some("https://shop.example/dog-houses/lux".to_owned()),
        consent: Some(Consent { text: "Согласен.".to_owned(), at: received() }),
        promise: Some(ExpectedReply { by, seconds: 48_600, basis: Basis::Promised }),
        routing: Routing {
            team: Some("returns".to_owned()),
            topic: Some("Возврат".to_owned()),
            tags: vec!["kennel".to_owned(), "urgent".to_owned()],
            priority: Priority::High,
        },
        entries: vec![Entry {
            id: Uuid::nil(),
            from: Actor::Requester,
            at: received(),
            text: "Щенок боится будки.\nМожно вернуть?".to_owned(),
            attachments: vec![],
        }],
        rating: None,
        handling: Handling::default(),
        revision: 1,
    }
}

/// A call asked for by the same person.
pub(crate) fn callback_request() -> Request {
    let phone = Phone::parse("+7 916 123-45-67", None).expect("a number");
    Request {
        kind: FormKind::Callback,
        slot: Some(slot()),
        reply_by: ReplyBy::Phone,
        promise: Some(ExpectedReply::at_slot(slot(), received())),
        requester: Requester { phone: Some(phone), ..message_request().requester },
        entries: vec![],
        ..message_request()
    }
}
