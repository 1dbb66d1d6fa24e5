//! A requester's own request.

use jiff::Timestamp;
use porchlight_model::{
    form::FormKind,
    request::{Author, ReplyBy, Request as Kept, Status},
    site::Site,
    texts::Texts,
};
use serde::Serialize;
use uuid::Uuid;

use super::{ExpectedReply, Instant};

/// The answer to a submission that is kept.
#[derive(Debug, Serialize)]
pub struct Receipt {
    reference: String,
    tracking_token: String,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reply: Option<ExpectedReply>,
}

impl Receipt {
    /// The receipt of a request: always the one it got when it was kept, however often it is asked for.
    pub fn new(request: &Kept, tracking_token: String, site: &Site, texts: &Texts) -> Self {
        let (reference, at) = (request.reference.as_str().to_owned(), request.received_at());
        let expected_reply = request.promise.map(|reply| ExpectedReply::new(reply, None, texts, at, &site.time_zone));
        Self { reference, tracking_token, status: Status::Received, expected_reply }
    }
}

/// A request as its requester sees it.
#[derive(Debug, Serialize)]
pub struct Request {
    reference: String,
    kind: FormKind,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<Instant>,
    reply_by: ReplyBy,
    steps: Vec<Step>,
    entries: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reply: Option<ExpectedReply>,
}

#[derive(Debug, Serialize)]
struct Step {
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Instant>,
}

#[derive(Debug, Serialize)]
struct Entry {
    id: Uuid,
    from: Author,
    at: Instant,
    text: String,
}

impl Request {
    /// Says a request in a language, seen from `now`.
    pub fn new(request: &Kept, site: &Site, texts: &Texts, now: Timestamp) -> Self {
        let promise = request.promise.filter(|_| !request.status.is_final());
        Self {
            reference: request.reference.as_str().to_owned(),
            kind: request.kind,
            status: request.status,
            slot: request.slot.map(|slot| Instant(slot.from)),
            reply_by: request.reply_by,
            steps: steps(request),
            entries: request.entries.iter().map(entry).collect(),
            expected_reply: promise.map(|reply| ExpectedReply::new(reply, None, texts, now, &site.time_zone)),
        }
    }
}

/// The way ahead with what is behind; the promise is due at the first step not reached. A cancelled request ends there.
fn steps(request: &Kept) -> Vec<Step> {
    let step = |status, due| Step { status, at: request.reached(status).map(Instant), due };
    if request.status == Status::Cancelled {
        let reached = request.history.iter().map(|change| step(change.status, None));
        return reached.collect();
    }
    let next = Status::STEPS.into_iter().find(|status| request.reached(*status).is_none());
    let due = |status| request.promise.filter(|_| Some(status) == next).map(|promise| Instant(promise.by));
    Status::STEPS.into_iter().map(|status| step(status, due(status))).collect()
}

fn entry(entry: &porchlight_model::request::Entry) -> Entry {
    Entry { id: entry.id, from: entry.from, at: Instant(entry.at), text: entry.text.clone() }
}
