//! The port to what sends deliveries of one kind, and its adaptor for letters.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_model::delivery::{Delivery, Payload};

use crate::{Letters, Mailer, SendError};

/// Sends deliveries of one kind.
#[async_trait]
pub trait Sender: Send + Sync + 'static {
    /// Has a delivery written, and sends it. The same delivery may come again; its receiver knows it by its id.
    async fn send(&self, delivery: &Delivery, now: Timestamp) -> Result<Sent, SendError>;
}

/// What became of a delivery that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// Its receiver has it.
    Taken,
    /// There was nothing to say any more.
    NothingToSay,
}

/// Who sends what.
#[derive(Clone)]
pub struct Senders {
    /// Letters; without it they wait.
    pub mail: Option<Arc<dyn Sender>>,
    /// Notices.
    pub webhooks: Arc<dyn Sender>,
}

impl Senders {
    /// Who sends this delivery.
    pub(crate) fn of(&self, delivery: &Delivery) -> Option<&dyn Sender> {
        match delivery.payload {
            Payload::Letter { .. } | Payload::Erased(_) | Payload::Links { .. } => self.mail.as_deref(),
            Payload::Notice(_) => Some(self.webhooks.as_ref()),
        }
    }
}

/// Has letters written and gives them to a mail server.
pub struct LetterSender {
    letters: Arc<dyn Letters>,
    mailer: Arc<dyn Mailer>,
}

impl LetterSender {
    /// Who writes, and who takes what is written.
    pub fn new(letters: Arc<dyn Letters>, mailer: Arc<dyn Mailer>) -> Self {
        Self { letters, mailer }
    }
}

#[async_trait]
impl Sender for LetterSender {
    async fn send(&self, delivery: &Delivery, now: Timestamp) -> Result<Sent, SendError> {
        let Some(mail) = self.letters.write(delivery, now).await? else { return Ok(Sent::NothingToSay) };
        self.mailer.send(delivery, &mail, now).await?;
        Ok(Sent::Taken)
    }
}
