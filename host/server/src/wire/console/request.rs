//! A request, as those see it who answer.

use jiff::Timestamp;
use porchlight_model::{
    delivery::{Payload, Reader},
    plugin::{Outcome, Provenance as Decided},
    request::{
        Actor, AgentAction, CallOutcome, Entry as KeptEntry, Event as KeptEvent, Happening, Note as KeptNote, Origin,
        ReplyBy, Request as Kept,
    },
    site::Site,
    texts::Texts,
};
use porchlight_store::{DeliveryState, Dossier};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{
    agent::{Names, Said},
    list::Row,
};
use crate::wire::{
    ExpectedReply, Instant, Slot,
    attachment::{self, Attachment},
    request::Rating,
};

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

/// What origins may be given for a request that is entered by hand.
pub const BY_HAND: [Origin; 2] = [Origin::Phone, Origin::WalkIn];
