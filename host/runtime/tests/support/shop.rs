//! A shop at half past ten at night.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use porchlight_model::{
    answers::Answer,
    channel::ChannelKind,
    contact::Phone,
    form::FormKind,
    holidays::Calendar,
    hours::{Availability, State, SupportHours},
    locale::Locale,
    offer::{Offer, OfferedChannel, OfferedMessage, VisitorContext},
    reply::ReplyPromise,
    request::{ReplyBy, Requester},
    site::{Look, Side, Site},
    submission::Submission,
};

pub fn now() -> Timestamp {
    "2026-11-22T19:30:00Z".parse().expect("a moment")
}

pub fn site() -> Site {
    let zone = TimeZone::get("Europe/Moscow").expect("a zone");
    Site {
        key: "pet-shop".to_owned(),
        name: "Пёс и Кот".to_owned(),
        reference_prefix: "PS".to_owned(),
        origins: Vec::new(),
        locale: Locale::Ru,
        hours: SupportHours::parse("Mo-Fr 10:00-20:00", &zone, &Calendar::default(), &[]).expect("hours"),
        time_zone: zone,
        time_zone_name: "Europe/Moscow".to_owned(),
        region: None,
        mail: None,
        retention: porchlight_model::retention::Retention::default(),
        inbox: None,
        look: Look { accent: "#8a4b2a".to_owned(), side: Side::Right },
        channels: Vec::new(),
        callback: None,
        message: None,
        answers: Vec::new(),
        guides: Vec::new(),
        plugins: Vec::new(),
        webhooks: Vec::new(),
    }
}

pub fn visitor() -> VisitorContext {
    VisitorContext { locale: Locale::Ru, page: Some("https://shop.example/delivery".to_owned()), time_zone: None }
}

pub fn offer() -> Offer {
    let closed = Availability { state: State::Closed, changes_at: None };
    let phone = OfferedChannel {
        id: "phone".to_owned(),
        kind: ChannelKind::Phone,
        label: "Позвонить".to_owned(),
        value: "+7 495 495-49-41".to_owned(),
        href: "tel:+74954954941".to_owned(),
        availability: closed,
        promise: Some(ReplyPromise::Within(60)),
    };
    let message = OfferedMessage { availability: closed, promise: Some(ReplyPromise::Within(7_200)), consent: None };
    Offer {
        now: now(),
        availability: closed,
        channels: vec![phone.into()],
        callback: None,
        message: Some(message.into()),
        answers: [answer("returns"), answer("delivery")].map(Arc::new).into(),
        guides: Vec::new(),
        notices: Vec::new(),
    }
}

fn answer(id: &str) -> Answer {
    Answer {
        id: id.to_owned(),
        question: "Как вернуть товар?".to_owned(),
        locale: Locale::Ru,
        pages: Vec::new(),
        url: None,
        html: "<p>…</p>".to_owned(),
        text: "…".to_owned(),
    }
}

pub fn submission(text: &str) -> Submission {
    let phone = serde_json::from_str::<Phone>("\"+79161234567\"").expect("a phone");
    Submission {
        kind: FormKind::Message,
        requester: Requester { name: Some("Анна".to_owned()), phone: Some(phone), email: None },
        slot: None,
        text: Some(text.to_owned()),
        reply_by: ReplyBy::Phone,
        locale: Locale::Ru,
        page: None,
        consent: None,
    }
}
