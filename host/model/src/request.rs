//! Requests: what a visitor submitted, and what became of it. `life` says what may happen to one, `course` where it stands.

mod course;
mod handling;
mod life;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    agent::AgentId,
    attachment::Attachment,
    contact::{EmailAddress, Phone},
    form::FormKind,
    locale::Locale,
    plugin::Routing,
    reference::Reference,
    reply::ExpectedReply,
    slots::Slot,
};

pub use course::{Step, Urgency};
pub use handling::{Handling, Note, Origin};
pub use life::{AgentAction, Answered, ChangeRefused, RequesterChange, act, answer, change, pass_time};

/// How many events a request may have: many times what people do, and few enough to be written anew with each change.
const EVENTS: usize = 200;

/// How many of these are kept for the business, so that no requester can keep it from answering.
const OF_AGENTS: usize = 40;

/// How many bytes of text a conversation has at which its requester adds no more.
const CONVERSATION: usize = 256 * 1024;

/// Identifies a request. Random (UUID v4): it tells nothing about time or count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct RequestId(pub Uuid);

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Kept by us; nobody has looked yet.
    Received,
    /// Somebody took it on.
    Accepted,
    /// Somebody is working on it.
    InProgress,
    /// Answered.
    Resolved,
    /// Withdrawn by the requester.
    Cancelled,
}

impl Status {
    /// The way every request goes, in order.
    pub const STEPS: [Self; 4] = [Self::Received, Self::Accepted, Self::InProgress, Self::Resolved];

    /// Every status there is.
    pub const ALL: [Self; 5] = [Self::Received, Self::Accepted, Self::InProgress, Self::Resolved, Self::Cancelled];

    /// The name used in JSON, SQL and texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::InProgress => "in-progress",
            Self::Resolved => "resolved",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more is expected to happen.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Resolved | Self::Cancelled)
    }
}

/// How the requester wants to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReplyBy {
    /// By a call.
    Phone,
    /// By e-mail.
    Email,
}

/// Who left the request, as far as they said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Requester {
    /// How to address them.
    pub name: Option<String>,
    /// Their telephone number.
    pub phone: Option<Phone>,
    /// Their e-mail address.
    pub email: Option<EmailAddress>,
}

/// What was agreed to, word for word, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consent {
    /// The sentence shown beside the button.
    pub text: String,
    /// When it was sent.
    pub at: Timestamp,
}

/// One contribution to a request's conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Random (UUID v4).
    pub id: Uuid,
    /// Who wrote it.
    pub from: Actor,
    /// When it was kept.
    pub at: Timestamp,
    /// Plain text; empty where files say it all.
    pub text: String,
    /// Files that came with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// Something that happened to a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Whose doing it was.
    pub by: Actor,
    /// Which agent did it, or wrote it down for its requester; none where nobody was signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// What.
    #[serde(flatten)]
    pub what: Happening,
}

/// Who does something to a request, or says something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The person who asked.
    Requester,
    /// A person of the business.
    Agent,
    /// The host itself, because a moment has come.
    Host,
}

/// What can happen to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Happening {
    /// It was kept.
    Received,
    /// Somebody took it on.
    Accepted,
    /// A call was tried.
    Attempted {
        /// How it went.
        outcome: CallOutcome,
    },
    /// Another slot was chosen.
    Rescheduled {
        /// The new one.
        slot: Slot,
    },
    /// Another way to be answered was chosen.
    ReplyByChanged {
        /// The new one.
        reply_by: ReplyBy,
    },
    /// Somebody began to work on it, by writing to its requester.
    InProgress,
    /// Something was added to the conversation.
    EntryAdded {
        /// Its id.
        entry: Uuid,
    },
    /// It was answered.
    Resolved,
    /// Its requester wrote again after it was answered.
    Reopened,
    /// Its requester said how good the answer was.
    Rated {
        /// One (bad) to five (good).
        stars: Stars,
    },
    /// Its requester does not need it any more.
    Cancelled,
    /// What was promised is due soon, and nobody has answered.
    DueSoon,
    /// What was promised could not be kept in time: its requester was given a later moment before it was over.
    Postponed {
        /// The later moment.
        until: Timestamp,
    },
    /// The moment promised is over, and nobody has answered.
    Overdue,
}

impl Happening {
    /// The status that a request has from then on, where it is another.
    pub fn status(self) -> Option<Status> {
        match self {
            Self::Received => Some(Status::Received),
            Self::Accepted => Some(Status::Accepted),
            Self::InProgress | Self::Reopened | Self::Attempted { outcome: CallOutcome::NoAnswer } => {
                Some(Status::InProgress)
            }
            Self::Resolved => Some(Status::Resolved),
            Self::Cancelled => Some(Status::Cancelled),
            Self::Attempted { outcome: CallOutcome::Reached }
            | Self::Rescheduled { .. }
            | Self::ReplyByChanged { .. }
            | Self::EntryAdded { .. }
            | Self::Rated { .. }
            | Self::DueSoon
            | Self::Postponed { .. }
            | Self::Overdue => None,
        }
    }
}

/// How a call went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CallOutcome {
    /// The requester was spoken to.
    Reached,
    /// Nobody answered.
    NoAnswer,
}

/// How good its requester found the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// One (bad) to five (good).
    pub stars: Stars,
    /// Why, in their words.
    pub comment: Option<String>,
}

/// One (bad) to five (good).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Stars(u8);

impl TryFrom<u8> for Stars {
    type Error = NotStars;

    fn try_from(count: u8) -> Result<Self, NotStars> {
        if (1..=5).contains(&count) { Ok(Self(count)) } else { Err(NotStars) }
    }
}

impl From<Stars> for u8 {
    fn from(stars: Stars) -> Self {
        stars.0
    }
}

/// There are one to five stars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a rating has one to five stars")]
pub struct NotStars;

/// What a visitor submitted, and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Its identity; the tracking token is made from it.
    pub id: RequestId,
    /// Key of the site it was left at.
    pub site: String,
    /// Short name, to read out loud.
    pub reference: Reference,
    /// Which form it came by.
    pub kind: FormKind,
    /// Where it stands.
    pub status: Status,
    /// All that happened to it, oldest first; the first is that it was received.
    pub events: Vec<Event>,
    /// Who left it.
    pub requester: Requester,
    /// When a call is wanted (callbacks only).
    pub slot: Option<Slot>,
    /// How the requester wants to be answered.
    pub reply_by: ReplyBy,
    /// The requester's language.
    pub locale: Locale,
    /// The page it was left on.
    pub page: Option<String>,
    /// What was agreed to.
    pub consent: Option<Consent>,
    /// What was promised to this requester.
    pub promise: Option<ExpectedReply>,
    /// What plugins decided about team, topic, tags and priority.
    pub routing: Routing,
    /// The conversation, oldest first.
    pub entries: Vec<Entry>,
    /// How good its requester found the answer, where they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// How the business handles it among its own people: nobody else sees that.
    #[serde(default)]
    pub handling: Handling,
    /// Grows by one with each change: two changes made from the same revision cannot both be kept.
    pub revision: u32,
}

impl Request {
    /// When it was kept.
    pub fn received_at(&self) -> Timestamp {
        self.events.first().map_or(Timestamp::UNIX_EPOCH, |event| event.at)
    }
}

#[cfg(test)]
mod tests;
