//! Requests, as those see them who answer.

use jiff::Timestamp;
use porchlight_model::{
    agent::{CannedReply, ReplyId, Spoken},
    delivery::{Payload, Reader},
    form::FormKind,
    plugin::{Outcome, Priority, Provenance as Decided},
    request::{
        Actor, AgentAction, CallOutcome, Entry as KeptEntry, Event as KeptEvent, Happening, Note as KeptNote, Origin,
        ReplyBy, Request as Kept, RequestId, Status, Urgency,
    },
    site::Site,
    texts::Texts,
};
use porchlight_store::{DeliveryState, Dossier, FoundRequests};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::agent::{Names, Said};
use crate::wire::{
    ExpectedReply, Instant, Slot,
    attachment::{self, Attachment},
    request::Rating,
};

/// How much of a conversation a list shows, in characters.
const PREVIEW: usize = 140;

/// A page of a list, the request kept last first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RequestPage")]
pub struct Page {
    requests: Vec<Row>,
    /// What to give as `before` for the next page, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// Given where older, closed requests were not looked through for the text.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    partial: bool,
}

/// A request in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RequestRow")]
pub struct Row {
    id: RequestId,
    reference: String,
    kind: FormKind,
    status: Status,
    revision: u32,
    received_at: Instant,
    #[schemars(extend("enum" = ["web", "phone", "walk-in"]))]
    origin: &'static str,
    /// Whose turn it is, while the request is open: `business` or `requester`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["business", "requester"]))]
    waiting: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<Instant>,
    #[schemars(extend("enum" = ["calm", "due-soon", "overdue"]))]
    urgency: &'static str,
    priority: Priority,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<Slot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    assignee: Option<Said>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
}

impl Page {
    /// What a query found, seen from `now`.
    pub fn new(found: &FoundRequests, names: &Names<'_>, now: Timestamp) -> Self {
        let requests = found.requests.iter().map(|(_, request)| Row::new(request, names, now)).collect();
        Self { requests, next: found.next.map(|number| number.to_string()), partial: found.is_partial }
    }
}

impl Row {
    /// A request in short.
    pub fn new(request: &Kept, names: &Names<'_>, now: Timestamp) -> Self {
        Self {
            id: request.id,
            reference: request.reference.as_str().to_owned(),
            kind: request.kind,
            status: request.status,
            revision: request.revision,
            received_at: Instant(request.received_at()),
            origin: request.handling.origin.as_str(),
            waiting: request.turn().map(waiting),
            due_at: request.promised_until().map(Instant),
            urgency: urgency(request.urgency(now)),
            priority: request.routing.priority,
            slot: request.slot.map(Slot::from),
            name: request.requester.name.clone(),
            preview: request.entries.last().map(preview),
            assignee: request.handling.assignee.map(|agent| names.of(agent)),
            tags: request.handling.tags.clone(),
        }
    }
}

/// The beginning of what an entry says; of one that says nothing, what its files are called.
fn preview(entry: &KeptEntry) -> String {
    let names = || entry.attachments.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
    let said = if entry.text.is_empty() { names() } else { entry.text.clone() };
    said.chars().take(PREVIEW).collect()
}

/// The name of whose turn it is.
pub fn waiting(turn: Actor) -> &'static str {
    if turn == Actor::Agent { "business" } else { "requester" }
}

fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Calm => "calm",
        Urgency::DueSoon => "due-soon",
        Urgency::Overdue => "overdue",
    }
}

/// A request with all that is known of it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WholeRequest")]
pub struct Whole {
    #[serde(flatten)]
    row: Row,
    site: String,
    requester: Requester,
    reply_by: ReplyBy,
    locale: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<Consent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    promise: Option<ExpectedReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    plugin_tags: Vec<String>,
    #[schemars(with = "Vec<AgentAction>")]
    actions: Vec<&'static str>,
    events: Vec<Event>,
    entries: Vec<Entry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<Rating>,
    notes: Vec<Note>,
    provenance: Vec<Provenance>,
    deliveries: Vec<Delivery>,
    /// Other requests of whoever left this one, the last first.
    others: Vec<Row>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Requester {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Consent {
    text: String,
    at: Instant,
}

/// What happened, with what belongs to it: the outcome of a call, the new slot, and so on.
#[derive(Debug, Serialize, JsonSchema)]
struct Event {
    at: Instant,
    by: Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<Said>,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<CallOutcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<Slot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply_by: Option<ReplyBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 5))]
    stars: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Instant>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AgentsEntry")]
struct Entry {
    id: Uuid,
    from: Actor,
    #[serde(skip_serializing_if = "Option::is_none")]
    agent: Option<Said>,
    at: Instant,
    text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Note {
    id: Uuid,
    at: Instant,
    agent: Said,
    text: String,
}

/// What a plugin decided, and what it cost.
#[derive(Debug, Serialize, JsonSchema)]
struct Provenance {
    plugin: String,
    version: String,
    sha256: String,
    hook: String,
    wall_us: u64,
    #[schemars(extend("enum" = ["answered", "error", "trap", "limit", "missing"]))]
    outcome: &'static str,
    /// What it changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<String>,
    /// Why it changed nothing: an error's code and message, a trap, the limit that was hit and what was allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// How far a delivery has come. Whom it goes to is said, their address is not.
#[derive(Debug, Serialize, JsonSchema)]
struct Delivery {
    id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["business", "requester"]))]
    to: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    letter: Option<String>,
    #[schemars(extend("enum" = ["sent", "given-up", "waiting"]))]
    state: &'static str,
    since: Instant,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_at: Option<Instant>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Whole {
    /// A request at its site, seen from `now`; `others` are its requester's.
    pub fn new(
        dossier: &Dossier,
        others: &[Kept],
        site: &Site,
        names: &Names<'_>,
        texts: &Texts,
        now: Timestamp,
    ) -> Self {
        let request = &dossier.request;
        let promise = request.open_promise();
        Self {
            row: Row::new(request, names, now),
            site: request.site.clone(),
            requester: Requester {
                name: request.requester.name.clone(),
                phone: request.requester.phone.as_ref().map(|phone| phone.as_str().to_owned()),
                email: request.requester.email.as_ref().map(|email| email.as_str().to_owned()),
            },
            reply_by: request.reply_by,
            locale: request.locale.tag(),
            page: request.page.clone(),
            consent: request.consent.as_ref().map(|it| Consent { text: it.text.clone(), at: Instant(it.at) }),
            promise: promise.map(|reply| ExpectedReply::new(reply, None, texts, now, &site.time_zone)),
            team: request.routing.team.clone(),
            topic: request.routing.topic.clone(),
            plugin_tags: request.routing.tags.clone(),
            actions: request.agent_actions().into_iter().map(AgentAction::as_str).collect(),
            events: request.events.iter().map(|it| event(it, names)).collect(),
            entries: request.entries.iter().map(|it| entry(it, &request.events, names)).collect(),
            rating: request.rating.as_ref().map(Rating::new),
            notes: request.handling.notes.iter().map(|note| self::note(note, names)).collect(),
            provenance: dossier.provenance.iter().flatten().map(provenance).collect(),
            deliveries: dossier.deliveries.iter().map(delivery).collect(),
            others: others.iter().map(|other| Row::new(other, names, now)).collect(),
        }
    }
}

fn event(event: &KeptEvent, names: &Names<'_>) -> Event {
    let agent = event.agent.map(|agent| names.of(agent));
    let (at, by) = (Instant(event.at), event.by);
    let bare = Event {
        at,
        by,
        agent,
        event: "",
        outcome: None,
        slot: None,
        reply_by: None,
        entry: None,
        stars: None,
        until: None,
    };
    let plain = |event| Event { event, ..bare };
    match event.what {
        Happening::Received => plain("received"),
        Happening::Accepted => plain("accepted"),
        Happening::Attempted { outcome } => Event { outcome: Some(outcome), ..plain("attempted") },
        Happening::Rescheduled { slot } => Event { slot: Some(slot.into()), ..plain("rescheduled") },
        Happening::ReplyByChanged { reply_by } => Event { reply_by: Some(reply_by), ..plain("reply-by-changed") },
        Happening::InProgress => plain("in-progress"),
        Happening::EntryAdded { entry } => Event { entry: Some(entry), ..plain("entry-added") },
        Happening::Resolved => plain("resolved"),
        Happening::Reopened => plain("reopened"),
        Happening::Rated { stars } => Event { stars: Some(stars.into()), ..plain("rated") },
        Happening::Cancelled => plain("cancelled"),
        Happening::DueSoon => plain("due-soon"),
        Happening::Postponed { until } => Event { until: Some(Instant(until)), ..plain("postponed") },
        Happening::Overdue => plain("overdue"),
    }
}

/// An entry, with the agent whose it is by what happened when it was added.
fn entry(entry: &KeptEntry, events: &[KeptEvent], names: &Names<'_>) -> Entry {
    let added = events.iter().find(|event| event.what == Happening::EntryAdded { entry: entry.id });
    let agent = added.and_then(|event| event.agent).map(|agent| names.of(agent));
    Entry {
        id: entry.id,
        from: entry.from,
        agent,
        at: Instant(entry.at),
        text: entry.text.clone(),
        attachments: attachment::all(&entry.attachments),
    }
}

fn note(note: &KeptNote, names: &Names<'_>) -> Note {
    Note { id: note.id, at: Instant(note.at), agent: names.of(note.agent), text: note.text.clone() }
}

fn provenance(decided: &Decided) -> Provenance {
    let (outcome, changes, reason) = match &decided.outcome {
        Outcome::Answered { changes } => ("answered", changes.clone(), None),
        Outcome::Error { code, message } => ("error", vec![], Some(format!("{code}: {message}"))),
        Outcome::Trap { message } => ("trap", vec![], Some(message.clone())),
        Outcome::Limit { limit, allowed } => ("limit", vec![], Some(format!("{limit}: {allowed}"))),
        Outcome::Missing { message } => ("missing", vec![], Some(message.clone())),
    };
    Provenance {
        plugin: decided.plugin.clone(),
        version: decided.version.clone(),
        sha256: decided.sha256.clone(),
        hook: decided.hook.clone(),
        wall_us: decided.wall_us,
        outcome,
        changes,
        reason,
    }
}

fn delivery(state: &DeliveryState) -> Delivery {
    let to = state.payload.as_ref().map(|payload| match payload.reader() {
        Reader::Business => "business",
        Reader::Requester => "requester",
    });
    let letter = state.payload.as_ref().and_then(letter);
    let said = match (state.sent_at, state.dead_at) {
        (Some(_), _) => "sent",
        (None, Some(_)) => "given-up",
        (None, None) => "waiting",
    };
    Delivery {
        id: state.id,
        to,
        letter,
        state: said,
        since: Instant(state.since),
        attempts: state.attempts,
        sent_at: state.sent_at.map(Instant),
        next_at: (said == "waiting").then_some(Instant(state.due_at)),
        error: state.error.clone(),
    }
}

/// The name of a letter, as it is kept.
fn letter(payload: &Payload) -> Option<String> {
    let Payload::Letter { letter } = payload else { return None };
    match serde_json::to_value(letter).ok()? {
        Value::String(name) => Some(name),
        Value::Object(named) => named.into_iter().next().map(|(name, _)| name),
        _ => None,
    }
}

/// A canned reply as it was written.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CannedReply")]
pub struct Reply {
    id: ReplyId,
    title: String,
    text: String,
    /// Variables that stand for nothing here: they are left in the text. Given where it was filled in for a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<&'static str>>,
}

/// Canned replies.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CannedReplies")]
pub struct Replies {
    /// In the order they were written.
    pub replies: Vec<Reply>,
}

impl From<&CannedReply> for Reply {
    fn from(reply: &CannedReply) -> Self {
        Self { id: reply.id, title: reply.title.clone(), text: reply.text.clone(), missing: None }
    }
}

impl Reply {
    /// A canned reply filled in for a request.
    pub fn rendered(reply: &CannedReply, spoken: &Spoken<'_>) -> Self {
        let rendered = reply.rendered(spoken);
        let missing = rendered.missing.into_iter().map(|variable| variable.as_str()).collect();
        Self { text: rendered.text, missing: Some(missing), ..Self::from(reply) }
    }
}

/// What origins may be given for a request that is entered by hand.
pub const BY_HAND: [Origin; 2] = [Origin::Phone, Origin::WalkIn];
