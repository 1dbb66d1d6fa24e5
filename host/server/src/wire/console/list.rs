//! Requests in a list, as those see them who answer.

use jiff::Timestamp;
use porchlight_model::{
    form::FormKind,
    plugin::Priority,
    request::{Actor, Entry, Origin, Request as Kept, RequestId, Status, Urgency},
};
use porchlight_store::FoundRequests;
use schemars::JsonSchema;
use serde::Serialize;

use super::agent::{Names, Said};
use crate::wire::{Instant, Slot};

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
    #[schemars(extend("enum" = Origin::ALL.map(Origin::as_str)))]
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
fn preview(entry: &Entry) -> String {
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
