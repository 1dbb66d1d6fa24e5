//! Finding requests for those who answer them.

use jiff::Timestamp;
use porchlight_model::{
    agent::AgentId,
    delivery::Payload,
    finding::Sought,
    plugin::Provenance,
    reference::Reference,
    request::{Actor, Request, Status},
};
use uuid::Uuid;

/// Which requests of a site to list. What is not given does not narrow the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestQuery {
    /// The site.
    pub site: String,
    /// Only with this status.
    pub status: Option<Status>,
    /// Only where it is this one's turn.
    pub turn: Option<Actor>,
    /// Only what this agent takes care of.
    pub assignee: Option<AgentId>,
    /// Only what was promised until before this moment and is not answered.
    pub promised_before: Option<Timestamp>,
    /// Only callbacks whose slot begins from the first moment until before the second.
    pub slots: Option<(Timestamp, Timestamp)>,
    /// Only what is looked for.
    pub looked_for: Option<LookedFor>,
    /// Only what was kept before the request of this number.
    pub before: Option<i64>,
    /// At most this many.
    pub limit: u32,
}

/// What is looked for.
#[derive(Clone, Debug, PartialEq)]
pub enum LookedFor {
    /// One request, among all.
    Reference(Reference),
    /// Those of whoever can be reached so: requests that are found by any of these hashes, among all.
    Person(Vec<[u8; 16]>),
    /// Those in which this stands, as far as [`SEARCHED`] says.
    Text(Sought),
}

/// How far text is looked for: what is open first, then what came last.
///
/// A million requests or ten, these are read in some 20 ms: `store/tests/many.rs`.
pub const SEARCHED: Searched = Searched { open: 1_000, recent: 500 };

/// How many requests of a site are looked through for a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Searched {
    /// Open ones, the last first.
    pub open: u32,
    /// Of all, the last first.
    pub recent: u32,
}

/// What a query found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FoundRequests {
    /// The requests with their numbers, the one kept last first. One that cannot be read is left out.
    pub requests: Vec<(i64, Request)>,
    /// Number to go on before, where there is more.
    pub next: Option<i64>,
    /// Whether there were more requests than are looked through for a text.
    pub is_partial: bool,
}

/// A request with what is known beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    /// The request.
    pub request: Request,
    /// What plugins decided, transaction by transaction.
    pub provenance: Vec<Vec<Provenance>>,
    /// What was, or is to be, sent because of it, in the order it was decided.
    pub deliveries: Vec<DeliveryState>,
}

/// How far a delivery has come.
#[derive(Clone, Debug, PartialEq)]
pub struct DeliveryState {
    /// Its id.
    pub id: Uuid,
    /// What it tells, and whom; none where that cannot be read.
    pub payload: Option<Payload>,
    /// Since when it is tried.
    pub since: Timestamp,
    /// When it is tried next.
    pub due_at: Timestamp,
    /// How often it was tried without success.
    pub attempts: u32,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
    /// Why it failed the last time.
    pub error: Option<String>,
}

impl RequestQuery {
    /// Whether a request is one of those asked for, but for its place in the list, and for whose it is.
    pub fn admits(&self, request: &Request) -> bool {
        let is_looked_for = |looked_for: &LookedFor| match looked_for {
            LookedFor::Reference(reference) => request.reference == *reference,
            LookedFor::Person(_) => true,
            LookedFor::Text(sought) => sought.is_in(request),
        };
        request.site == self.site
            && self.status.is_none_or(|status| request.status == status)
            && self.turn.is_none_or(|turn| request.turn() == Some(turn))
            && self.assignee.is_none_or(|agent| request.handling.assignee == Some(agent))
            && self.promised_before.is_none_or(|end| request.promised_until().is_some_and(|until| until < end))
            && self.slots.is_none_or(|(from, to)| request.slot.is_some_and(|slot| from <= slot.from && slot.from < to))
            && self.looked_for.as_ref().is_none_or(is_looked_for)
    }
}
