//! Deliveries: outgoing notifications of the outbox.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{contact::EmailAddress, request::RequestId};

/// One outgoing notification. It keeps its id however often it is tried, so that a receiver can tell a repetition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// Random (UUID v4), chosen when the delivery is decided.
    pub id: Uuid,
    /// Key of the site it is sent for.
    pub site: String,
    /// The request it tells of; erasing the request erases its deliveries.
    pub request: Option<RequestId>,
    /// Not to be tried before this moment.
    pub due_at: Timestamp,
    /// How often it was tried without success.
    pub attempts: u32,
    /// What is sent.
    pub payload: Payload,
}

/// What a delivery carries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Payload {
    /// An e-mail.
    Mail(Mail),
}

/// An e-mail as decided; sender and `Message-ID` are added when it is sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
