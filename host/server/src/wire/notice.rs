//! What webhooks say: the payload of the Standard Webhooks specification, `type`, `timestamp` and `data`.
//!
//! `data` is the request as the business may see it when the notice is sent, and the event that the notice tells of.

use jiff::Timestamp;
use porchlight_model::{
    form::FormKind,
    locale::Locale,
    notices,
    plugin::Priority,
    reference::Reference,
    reply::Basis,
    request::{self as model, Actor, CallOutcome, Happening, ReplyBy, Request as Kept, RequestId, Status},
    site::Site,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Instant, Slot,
    attachment::{self, Attachment},
};

/// The body of a webhook.
#[derive(Debug, Serialize)]
pub struct Notice<'a> {
    r#type: String,
    timestamp: Instant,
    data: Data<'a>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Request(Box<Request<'a>>),
    Erased(Erased<'a>),
}

/// What is left of an erased request.
#[derive(Debug, Serialize)]
struct Erased<'a> {
    site: &'a str,
    reference: &'a str,
    id: Uuid,
}

/// A request as the business sees it.
#[derive(Debug, Serialize)]
struct Request<'a> {
    site: &'a str,
    reference: &'a str,
    id: Uuid,
    kind: FormKind,
    status: Status,
    /// Grows with each change: of two notices, the one with the greater revision is the later one.
    revision: u32,
    event: Event,
    received_at: Instant,
    requester: Requester<'a>,
    reply_by: ReplyBy,
    locale: Locale,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<Consent<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<Slot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reply: Option<ExpectedReply>,
    routing: Routing<'a>,
    steps: Vec<Step>,
    entries: Vec<Entry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<Rating<'a>>,
}

/// What happened, and what belongs to that alone.
#[derive(Debug, Serialize)]
struct Event {
    by: Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<CallOutcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<Slot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_by: Option<ReplyBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stars: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Instant>,
}

#[derive(Debug, Serialize)]
struct Requester<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Consent<'a> {
    text: &'a str,
    at: Instant,
}

/// What was promised to the requester.
#[derive(Debug, Serialize)]
struct ExpectedReply {
    seconds: u64,
    by: Instant,
    basis: Basis,
}

/// What plugins decided.
#[derive(Debug, Serialize)]
struct Routing<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<&'a str>,
    tags: &'a [String],
    priority: Priority,
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
struct Entry<'a> {
    id: Uuid,
    from: Actor,
    at: Instant,
    text: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
}

#[derive(Debug, Serialize)]
struct Rating<'a> {
    stars: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<&'a str>,
}

impl<'a> Notice<'a> {
    /// Tells of an event of a request, with the request as it is now.
    pub fn new(request: &'a Kept, event: &model::Event) -> Self {
        let data = Data::Request(Box::new(Request::of(request, event)));
        Self { r#type: notices::event_name(&event.what), timestamp: Instant(event.at), data }
    }

    /// Tells that a request is there no more.
    pub fn erased(site: &'a Site, reference: &'a Reference, id: RequestId, at: Timestamp) -> Self {
        let data = Data::Erased(Erased { site: &site.key, reference: reference.as_str(), id: id.0 });
        Self { r#type: notices::ERASED.to_owned(), timestamp: Instant(at), data }
    }
}

impl<'a> Request<'a> {
    fn of(request: &'a Kept, event: &model::Event) -> Self {
        Self {
            site: &request.site,
            reference: request.reference.as_str(),
            id: request.id.0,
            kind: request.kind,
            status: request.status,
            revision: request.revision,
            event: Event::from(event),
            received_at: Instant(request.received_at()),
            requester: requester(&request.requester),
            reply_by: request.reply_by,
            locale: request.locale,
            page: request.page.as_deref(),
            consent: request.consent.as_ref().map(|consent| Consent { text: &consent.text, at: Instant(consent.at) }),
            slot: request.slot.map(Slot::from),
            expected_reply: request.open_promise().map(|promise| ExpectedReply {
                seconds: promise.seconds,
                by: Instant(promise.by),
                basis: promise.basis,
            }),
            routing: Routing {
                team: request.routing.team.as_deref(),
                topic: request.routing.topic.as_deref(),
                tags: &request.routing.tags,
                priority: request.routing.priority,
            },
            steps: request.steps().into_iter().map(step).collect(),
            entries: request.entries.iter().map(entry).collect(),
            rating: request.rating.as_ref().map(rating),
        }
    }
}

impl From<&model::Event> for Event {
    fn from(event: &model::Event) -> Self {
        let bare =
            Self { by: event.by, outcome: None, slot: None, reply_by: None, entry: None, stars: None, until: None };
        match event.what {
            Happening::Attempted { outcome } => Self { outcome: Some(outcome), ..bare },
            Happening::Rescheduled { slot } => Self { slot: Some(slot.into()), ..bare },
            Happening::ReplyByChanged { reply_by } => Self { reply_by: Some(reply_by), ..bare },
            Happening::EntryAdded { entry } => Self { entry: Some(entry), ..bare },
            Happening::Rated { stars } => Self { stars: Some(stars.into()), ..bare },
            Happening::Postponed { until } => Self { until: Some(Instant(until)), ..bare },
            Happening::Received
            | Happening::Accepted
            | Happening::InProgress
            | Happening::Resolved
            | Happening::Reopened
            | Happening::Cancelled
            | Happening::DueSoon
            | Happening::Overdue => bare,
        }
    }
}

fn requester(requester: &model::Requester) -> Requester<'_> {
    Requester {
        name: requester.name.as_deref(),
        phone: requester.phone.as_ref().map(|phone| phone.as_str()),
        email: requester.email.as_ref().map(|email| email.as_str()),
    }
}

fn step(step: model::Step) -> Step {
    Step { status: step.status, at: step.at.map(Instant), due: step.due.map(Instant) }
}

fn entry(entry: &model::Entry) -> Entry<'_> {
    Entry {
        id: entry.id,
        from: entry.from,
        at: Instant(entry.at),
        text: &entry.text,
        attachments: attachment::all(&entry.attachments),
    }
}

fn rating(rating: &model::Rating) -> Rating<'_> {
    Rating { stars: rating.stars.into(), comment: rating.comment.as_deref() }
}
