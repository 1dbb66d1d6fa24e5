//! The port to whatever takes e-mails.

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_model::delivery::{Delivery, Mail};

use crate::SendError;

/// Takes e-mails and passes them on.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Sends one e-mail. The delivery's id becomes its `Message-ID`, its request and reader name its thread, `now` is its date;
    /// the same delivery may come again.
    async fn send(&self, delivery: &Delivery, mail: &Mail, now: Timestamp) -> Result<(), SendError>;
}
