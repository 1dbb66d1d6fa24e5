//! Requests: what a visitor submitted, and what became of it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    contact::{EmailAddress, Phone},
    form::FormKind,
    locale::Locale,
    plugin::Routing,
    reference::Reference,
    reply::ExpectedReply,
    slots::Slot,
};

/// Identifies a request. Random (UUID v4): it tells nothing about time or count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RequestId(pub Uuid);

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Who wrote an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Author {
    /// The person who asked.
    Requester,
    /// A person of the business.
    Agent,
}

/// One contribution to a request's conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Random (UUID v4).
    pub id: Uuid,
    /// Who wrote it.
    pub from: Author,
    /// When it was kept.
    pub at: Timestamp,
    /// Plain text.
    pub text: String,
}

/// When a request reached a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// The status reached.
    pub status: Status,
    /// When.
    pub at: Timestamp,
}

/// One status on a request's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The status.
    pub status: Status,
    /// When it was reached, if it was.
    pub at: Option<Timestamp>,
    /// When it is promised; at the next step alone.
    pub due: Option<Timestamp>,
}

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
    /// Every status it reached, oldest first; the first is `received`.
    pub history: Vec<StatusChange>,
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
    /// Grows by one with each change: two changes made from the same revision cannot both be kept.
    pub revision: u32,
}

impl Request {
    /// When it was kept.
    pub fn received_at(&self) -> Timestamp {
        self.history.first().map_or(Timestamp::UNIX_EPOCH, |change| change.at)
    }

    /// The way behind and ahead: every status with when it was reached; the promise is due at the first one not reached. A
    /// cancelled request has no way ahead.
    pub fn steps(&self) -> Vec<Step> {
        if self.status == Status::Cancelled {
            let reached = |change: &StatusChange| Step { status: change.status, at: Some(change.at), due: None };
            return self.history.iter().map(reached).collect();
        }
        let next = Status::STEPS.into_iter().find(|status| self.reached(*status).is_none());
        let due = |status| self.promise.filter(|_| Some(status) == next).map(|promise| promise.by);
        Status::STEPS.into_iter().map(|status| Step { status, at: self.reached(status), due: due(status) }).collect()
    }

    /// When it reached this status, if it did.
    pub fn reached(&self, status: Status) -> Option<Timestamp> {
        self.history.iter().find(|change| change.status == status).map(|change| change.at)
    }
}

/// A change that its requester may make to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum RequesterChange {
    /// Another callback slot.
    Slot(Slot),
    /// Another way to be answered.
    ReplyBy(ReplyBy),
    /// Not needed any more.
    Cancel,
}

/// Why a requester's change was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefused {
    /// Resolved and cancelled requests stay as they are.
    #[error("the request is `{}` and stays so", .0.as_str())]
    Final(Status),
    /// Only callbacks have slots.
    #[error("a message has no slot")]
    NoSlot,
    /// There is no address or number to answer to.
    #[error("no contact detail was left to answer that way")]
    NoContact,
}

/// The request after its requester's change, one revision on.
///
/// A new slot moves the promise with it. Whether the slot is free is the store's to say, in the same transaction.
pub fn change(request: &Request, change: RequesterChange, now: Timestamp) -> Result<Request, ChangeRefused> {
    if request.status.is_final() {
        return Err(ChangeRefused::Final(request.status));
    }
    let mut next = request.clone();
    match change {
        RequesterChange::Slot(_) if request.kind != FormKind::Callback => return Err(ChangeRefused::NoSlot),
        RequesterChange::Slot(slot) => {
            next.promise = Some(ExpectedReply::at_slot(slot, now));
            next.slot = Some(slot);
        }
        RequesterChange::ReplyBy(by) => {
            require_contact(&request.requester, by)?;
            next.reply_by = by;
        }
        RequesterChange::Cancel => {
            next.status = Status::Cancelled;
            next.history.push(StatusChange { status: Status::Cancelled, at: now });
        }
    }
    next.revision += 1;
    Ok(next)
}

fn require_contact(requester: &Requester, by: ReplyBy) -> Result<(), ChangeRefused> {
    let present = match by {
        ReplyBy::Phone => requester.phone.is_some(),
        ReplyBy::Email => requester.email.is_some(),
    };
    if present { Ok(()) } else { Err(ChangeRefused::NoContact) }
}
