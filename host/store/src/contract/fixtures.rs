//! What the checks keep: requests and deliveries, told apart by a number.

use std::{future::Future, sync::Arc};

use jiff::{Timestamp, ToSpan};
use porchlight_model::{
    contact::{EmailAddress, Phone},
    delivery::{Delivery, Letter, News, Notice, Payload},
    form::FormKind,
    locale::Locale,
    plugin::{Outcome, Provenance, Routing},
    reference::Reference,
    reply::ExpectedReply,
    request::{
        Actor, CallOutcome, Consent, Entry, Event, Handling, Happening, ReplyBy, Request, RequestId, Requester, Status,
    },
    slots::Slot,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{Acceptance, Accepted, Booking, Change, Contact, IdempotencyKey, Spent, Store};

pub(crate) const SITE: &str = "pet-shop";

/// A moment in 2026, in seconds after noon of 22 November.
pub(crate) fn at(seconds: i64) -> Timestamp {
    let noon: Timestamp = "2026-11-22T12:00:00Z".parse().expect("a moment");
    noon + seconds.seconds()
}

/// A request that was received `number` seconds after noon, and has everything that one can have.
pub(crate) fn request(number: u16) -> Request {
    let received = at(i64::from(number));
    Request {
        id: RequestId(uuid(1, number)),
        site: SITE.to_owned(),
        reference: reference(number),
        kind: FormKind::Callback,
        status: Status::Received,
        events: vec![Event { at: received, by: Actor::Requester, agent: None, what: Happening::Received }],
        requester: Requester {
            name: Some(format!("Анна {number}")),
            phone: Some(read::<Phone>(&format!("+7916{number:07}"))),
            email: Some(read::<EmailAddress>(&format!("anna{number}@example.com"))),
        },
        slot: None,
        reply_by: ReplyBy::Phone,
        locale: Locale::Ru,
        page: Some("https://shop.example/dog-houses/3".to_owned()),
        consent: Some(Consent { text: "Согласна".to_owned(), at: received }),
        promise: Some(ExpectedReply::at_slot(slot(9), received)),
        routing: Routing { team: Some("sales".to_owned()), tags: vec!["vip".to_owned()], ..Routing::default() },
        entries: vec![Entry {
            id: uuid(2, number),
            from: Actor::Requester,
            at: received,
            text: format!("Вопрос {number}"),
            attachments: vec![],
        }],
        rating: None,
        handling: Handling::default(),
        revision: 0,
    }
}

/// The request and nothing else.
pub(crate) fn plain(request: Request) -> Acceptance {
    Acceptance {
        request,
        slot: None,
        idempotency: None,
        spends: vec![],
        deliveries: vec![],
        provenance: vec![],
        contacts: vec![],
        audited: None,
        measures: None,
    }
}

/// The request with a booked slot of a capacity.
pub(crate) fn booked(mut request: Request, slot: Slot, capacity: u32) -> Acceptance {
    request.slot = Some(slot);
    Acceptance { slot: Some(Booking { slot, capacity, open_at_most: None }), ..plain(request) }
}

/// The request with a key, a form, a delivery and a plugin's decision of the same number.
pub(crate) fn complete(number: u16) -> Acceptance {
    let request = request(number);
    Acceptance {
        idempotency: Some(key(&number.to_string(), 1)),
        spends: vec![Spent { hash: uuid(4, number).into_bytes(), expires_at: at(3600) }],
        deliveries: vec![delivery(number, Some(request.id), at(0))],
        provenance: vec![provenance()],
        contacts: vec![contact(1, u8::try_from(number % 251).expect("a byte"))],
        ..booked(request, slot(1), 100)
    }
}

/// The next revision with another status.
pub(crate) fn stepped(request: &Request, status: Status) -> Request {
    let mut next = request.clone();
    let what = match status {
        Status::Received => Happening::Received,
        Status::Accepted => Happening::Accepted,
        Status::InProgress => Happening::Attempted { outcome: CallOutcome::NoAnswer },
        Status::Resolved => Happening::Resolved,
        Status::Cancelled => Happening::Cancelled,
    };
    next.status = status;
    next.events.push(Event { at: at(60), by: Actor::Agent, agent: None, what });
    next.revision += 1;
    next
}

/// A change to the next revision that takes a slot instead of the one held.
pub(crate) fn moved(request: &Request, slot: Slot, capacity: u32) -> Change {
    let mut next = request.clone();
    next.slot = Some(slot);
    next.revision += 1;
    let slot = Some((slot, capacity));
    Change { slot, ..only(next) }
}

/// A change that moves no slot and sends nothing.
pub(crate) fn only(request: Request) -> Change {
    Change { request, slot: None, deliveries: vec![], audited: None, measures: None }
}

/// The half hour that begins this many hours after noon.
pub(crate) fn slot(hours: i64) -> Slot {
    Slot { from: at(hours * 3600), to: at(hours * 3600 + 1800) }
}

pub(crate) fn key(key: &str, body: u8) -> IdempotencyKey {
    IdempotencyKey { site: SITE.to_owned(), key: key.to_owned(), body: [body; 32] }
}

/// The hash of a person under a key.
pub(crate) fn contact(key: u8, person: u8) -> Contact {
    Contact { key, hash: [person; 16] }
}

/// Something that is good until a moment.
pub(crate) fn spent(number: u8, expires_at: Timestamp) -> Spent {
    Spent { hash: [number; 16], expires_at }
}

pub(crate) fn delivery(number: u16, request: Option<RequestId>, due_at: Timestamp) -> Delivery {
    let payload = Payload::Letter { letter: Letter::NewToBusiness };
    Delivery { id: uuid(3, number), site: SITE.to_owned(), request, since: due_at, due_at, attempts: 0, payload }
}

/// A delivery to an endpoint.
pub(crate) fn notice(number: u16, endpoint: &str, due_at: Timestamp) -> Delivery {
    let notice = Notice { endpoint: endpoint.to_owned(), news: News::Event { place: 0 } };
    Delivery { payload: Payload::Notice(notice), ..delivery(number, Some(request(1).id), due_at) }
}

fn provenance() -> Provenance {
    Provenance {
        plugin: "request-routing".to_owned(),
        version: "0.1.0".to_owned(),
        sha256: "00".repeat(32),
        hook: "receive-request".to_owned(),
        wall_us: 42,
        outcome: Outcome::Answered { changes: vec!["team=sales".to_owned()] },
        facts: [("fuel".to_owned(), "17".to_owned())].into(),
    }
}

fn reference(number: u16) -> Reference {
    read(&format!("PS-{number:07}"))
}

/// An id that tells what it is of: requests 1, entries 2, deliveries 3, what is spent 4.
pub(crate) fn uuid(of: u8, number: u16) -> Uuid {
    let mut bytes = [of; 16];
    bytes[14..].copy_from_slice(&number.to_be_bytes());
    Uuid::from_bytes(bytes)
}

/// A value of the model that is written as a text.
fn read<T: DeserializeOwned>(text: &str) -> T {
    serde_json::from_value(text.into()).expect("a text")
}

/// Keeps what must be keepable, for the first time.
pub(crate) async fn accept(store: &Arc<dyn Store>, acceptance: Acceptance) -> Request {
    let request = acceptance.request.clone();
    assert_eq!(store.accept(acceptance).await.expect("accepted"), Accepted::New);
    request
}

/// Runs something `count` times at once, and gives all results.
pub(crate) async fn at_once<T, F>(count: u16, run: impl Fn(u16) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let running: Vec<_> = (0..count).map(|number| tokio::spawn(run(number))).collect();
    let mut results = Vec::new();
    for task in running {
        results.push(task.await.expect("not cancelled"));
    }
    results
}
