//! Deliveries: outgoing notifications of the outbox.

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
}

impl Payload {
    /// Who gets it.
    pub fn reader(&self) -> Reader {
        match self {
            Self::Letter { letter } => letter.reader(),
            Self::Erased(_) => Reader::Business,
            Self::Links { .. } => Reader::Requester,
        }
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
