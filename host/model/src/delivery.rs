//! Deliveries: outgoing notifications of the outbox.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{contact::EmailAddress, locale::Locale, reference::Reference, request::RequestId, slots::Slot};

/// One outgoing notification. It keeps its id however often it is tried, so that a receiver can tell a repetition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Random (UUID v4), chosen when the delivery is decided.
    pub id: Uuid,
    /// Key of the site it is sent for.
    pub site: String,
    /// The request it tells of; erasing the request erases its deliveries.
    pub request: Option<RequestId>,
    /// When it was to be sent first, and since when it is tried.
    pub since: Timestamp,
    /// Not to be tried before this moment.
    pub due_at: Timestamp,
    /// How often it was tried without success.
    pub attempts: u32,
    /// What it tells, and whom.
    pub payload: Payload,
}

impl Delivery {
    /// Where it goes.
    pub fn target(&self) -> Target {
        match &self.payload {
            Payload::Letter { .. } | Payload::Erased(_) | Payload::Links { .. } => Target::mail(),
            Payload::Notice(notice) => Target::endpoint(&self.site, &notice.endpoint),
        }
    }
}

/// Where deliveries go: one that is slow or gone holds up its own deliveries alone. It says nothing of any person, and holds no
/// secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target(String);

impl Target {
    /// The mail server.
    pub fn mail() -> Self {
        Self("mail".to_owned())
    }

    /// An endpoint of a site.
    pub fn endpoint(site: &str, endpoint: &str) -> Self {
        Self(format!("webhook {site} {endpoint}"))
    }

    /// One that was kept by its name.
    pub fn named(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How many deliveries the targets take now, at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rooms {
    /// Every target, but for the others.
    pub each: u32,
    /// Those that take another number.
    pub others: BTreeMap<Target, u32>,
}

impl Rooms {
    /// The same number for every target.
    pub fn each(count: u32) -> Self {
        Self { each: count, others: BTreeMap::new() }
    }

    /// How many a target takes.
    pub fn of(&self, target: &Target) -> u32 {
        self.others.get(target).copied().unwrap_or(self.each)
    }
}

/// What a delivery tells, and whom. It names nobody: a letter is written when it is sent, from its request and its site as
/// they are then, so that the outbox holds nothing of a person, and nothing that an erasure could forget there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Payload {
    /// An e-mail about the delivery's request.
    Letter {
        /// Which one.
        letter: Letter,
    },
    /// Tells the business of a request that is there no more.
    Erased(Erased),
    /// An e-mail to the delivery's requester with a link to all that they asked the site.
    Links {
        /// The language they asked for it in.
        locale: Locale,
    },
    /// Tells a program of the business, by webhook.
    Notice(Notice),
}

impl Payload {
    /// Who gets it.
    pub fn reader(&self) -> Reader {
        match self {
            Self::Letter { letter } => letter.reader(),
            Self::Erased(_) | Self::Notice(_) => Reader::Business,
            Self::Links { .. } => Reader::Requester,
        }
    }
}

/// A webhook: what it tells of, and to which of the site's endpoints. Like a letter it is written when it is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Which endpoint, by [`Webhook::endpoint`](crate::site::Webhook::endpoint).
    pub endpoint: String,
    /// What it tells of.
    pub news: News,
}

/// What a notice tells of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "kebab-case")]
pub enum News {
    /// Something that happened to the delivery's request.
    Event {
        /// Its place among the request's events; they only grow in number.
        place: usize,
    },
    /// A request is there no more.
    Erasure {
        /// Its reference.
        reference: Reference,
        /// Its id.
        id: RequestId,
        /// When it was erased.
        at: Timestamp,
    },
}

/// The e-mails there are about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Letter {
    /// To the business: somebody asks.
    NewToBusiness,
    /// To the requester: it is kept, with what was promised and a link to its status.
    NewToRequester,
    /// To the business: its requester changed or cancelled it.
    ChangedToBusiness,
    /// To the requester: the call was tried, and nobody answered.
    MissedToRequester,
    /// To the business: its requester wrote again.
    EntryToBusiness {
        /// What they wrote, by its id.
        entry: Uuid,
    },
    /// To the requester: what somebody of the business wrote.
    AnswerToRequester {
        /// What they wrote, by its id.
        entry: Uuid,
    },
    /// To the requester: what was promised takes longer.
    LaterToRequester,
    /// To the business: how good its requester found the answer.
    RatedToBusiness,
    /// To the business: what was promised is due soon.
    DueSoonToBusiness,
    /// To the business: what was promised is overdue.
    OverdueToBusiness,
}

impl Letter {
    /// Who gets it.
    pub fn reader(self) -> Reader {
        match self {
            Self::NewToBusiness
            | Self::ChangedToBusiness
            | Self::EntryToBusiness { .. }
            | Self::RatedToBusiness
            | Self::DueSoonToBusiness
            | Self::OverdueToBusiness => Reader::Business,
            Self::NewToRequester
            | Self::MissedToRequester
            | Self::AnswerToRequester { .. }
            | Self::LaterToRequester => Reader::Requester,
        }
    }
}

/// Who gets a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reader {
    /// The people who answer for the site.
    Business,
    /// Who asked.
    Requester,
}

/// What may still be said of an erased request that somebody may be waiting to answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Erased {
    /// Its reference.
    pub reference: Reference,
    /// The call that is not needed any more.
    pub slot: Option<Slot>,
}

/// An e-mail as written; sender and `Message-ID` are added when it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Mail {
    /// Who gets it.
    pub to: EmailAddress,
    /// Where an answer should go.
    pub reply_to: Option<EmailAddress>,
    /// Display name of the sender: the site's name.
    pub from_name: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}
