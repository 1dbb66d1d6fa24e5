//! A requester's own request.

use jiff::Timestamp;
use porchlight_model::{
    form::FormKind,
    request::{self as model, Actor, ReplyBy, Request as Kept, Status},
    site::Site,
    texts::Texts,
};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::{
    ExpectedReply, Instant,
    attachment::{self, Attachment},
};

/// The answer to a submission that is kept.
#[derive(Debug, Serialize, JsonSchema)]
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
#[derive(Debug, Serialize, JsonSchema)]
pub struct Request {
    reference: String,
    kind: FormKind,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<Instant>,
    /// Given where the requester left both ways to be answered, and can choose.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_by: Option<ReplyBy>,
    steps: Vec<Step>,
    entries: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reply: Option<ExpectedReply>,
    /// How good the requester said the answer was.
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<Rating>,
}

/// How good somebody said the answer was.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rating {
    #[schemars(range(min = 1, max = 5))]
    stars: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Step {
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<Instant>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Entry {
    id: Uuid,
    from: Actor,
    at: Instant,
    text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
}

impl Request {
    /// Says a request in a language, seen from `now`.
    pub fn new(request: &Kept, site: &Site, texts: &Texts, now: Timestamp) -> Self {
        let promise = request.open_promise();
        let has_choice = request.requester.phone.is_some() && request.requester.email.is_some();
        Self {
            reference: request.reference.as_str().to_owned(),
            kind: request.kind,
            status: request.status,
            slot: request.slot.map(|slot| Instant(slot.from)),
            reply_by: has_choice.then_some(request.reply_by),
            steps: request.steps().into_iter().map(step).collect(),
            entries: request.entries.iter().map(entry).collect(),
            expected_reply: promise.map(|reply| ExpectedReply::new(reply, None, texts, now, &site.time_zone)),
            rating: request.rating.as_ref().map(Rating::new),
        }
    }
}

impl Rating {
    /// A rating that was given.
    pub fn new(given: &model::Rating) -> Self {
        Self { stars: given.stars.into(), comment: given.comment.clone() }
    }
}

fn step(step: model::Step) -> Step {
    Step { status: step.status, at: step.at.map(Instant), due: step.due.map(Instant) }
}

fn entry(entry: &model::Entry) -> Entry {
    Entry {
        id: entry.id,
        from: entry.from,
        at: Instant(entry.at),
        text: entry.text.clone(),
        attachments: attachment::all(&entry.attachments),
    }
}
