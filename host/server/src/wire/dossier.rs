//! All that is kept of one person, as it is handed over.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use porchlight_model::{delivery::Payload, plugin::Provenance, request::Request};
use porchlight_store::{Held, HeldDelivery};
use serde::Serialize;
use uuid::Uuid;

use crate::flows::person;

/// All that is kept of one person.
#[derive(Debug, Serialize)]
pub struct Dossier<'a> {
    /// Requests, the one received last first.
    requests: Vec<Entry<'a>>,
    /// References of requests that are there and cannot be read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unreadable: Vec<&'a str>,
}

/// A request with all that belongs to it.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    /// The request with its events, its conversation, and what was agreed to, word for word and when.
    request: Request,
    /// The content of the files that its conversation names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<File>,
    /// What plugins decided about it.
    decisions: &'a [Vec<Provenance>],
    /// What was or is to be sent about it.
    deliveries: Vec<Delivery<'a>>,
}

/// A file's content.
#[derive(Debug, Serialize)]
struct File {
    id: Uuid,
    /// In base64 (RFC 4648, section 4).
    content: String,
}

#[derive(Debug, Serialize)]
struct Delivery<'a> {
    id: Uuid,
    tells: &'a Payload,
    decided_at: Timestamp,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sent_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_up_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

impl<'a> From<&'a person::Dossier> for Dossier<'a> {
    fn from(dossier: &'a person::Dossier) -> Self {
        let unreadable = dossier.damaged.iter().map(|damaged| damaged.reference.as_str()).collect();
        Self { requests: dossier.requests.iter().map(|held| entry(held, &dossier.files)).collect(), unreadable }
    }
}

fn entry<'a>(held: &'a Held, contents: &HashMap<Uuid, Vec<u8>>) -> Entry<'a> {
    let file = |(id, content): (Uuid, &Vec<u8>)| File { id, content: STANDARD.encode(content) };
    let named = held.request.attachments().filter_map(|named| Some((named.id, contents.get(&named.id)?)));
    let deliveries = held.deliveries.iter().map(delivery).collect();
    Entry {
        request: held.request.for_its_person(),
        files: named.map(file).collect(),
        decisions: &held.provenance,
        deliveries,
    }
}

fn delivery(held: &HeldDelivery) -> Delivery<'_> {
    let HeldDelivery { delivery, sent_at, dead_at, error } = held;
    let is_waiting = sent_at.is_none() && dead_at.is_none();
    Delivery {
        id: delivery.id,
        tells: &delivery.payload,
        decided_at: delivery.since,
        attempts: delivery.attempts,
        due_at: is_waiting.then_some(delivery.due_at),
        sent_at: *sent_at,
        given_up_at: *dead_at,
        error: error.as_deref(),
    }
}
