//! The ports to where deliveries wait, and to whoever writes what they say.

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_model::delivery::{Delivery, Mail, Rooms, Target};

/// Where deliveries wait. The server joins it to the store.
#[async_trait]
pub trait Outbox: Send + Sync + 'static {
    /// Takes deliveries that are due, of each target as many as there is room for, so that nobody else gets them before
    /// `lease_until`.
    async fn claim(&self, now: Timestamp, lease_until: Timestamp, rooms: Rooms) -> Result<Vec<Delivery>, OutboxError>;

    /// Marks a delivery as sent.
    async fn mark_sent(&self, delivery: uuid::Uuid, now: Timestamp) -> Result<(), OutboxError>;

    /// Marks an attempt as failed; the delivery is due again at `retry_at`. The error tells nothing of any person.
    async fn mark_failed(&self, delivery: uuid::Uuid, error: &str, retry_at: Timestamp) -> Result<(), OutboxError>;

    /// Marks a delivery as dead: it is not tried again unless somebody asks for it. The error tells nothing of any person.
    async fn mark_dead(&self, delivery: uuid::Uuid, error: &str, now: Timestamp) -> Result<(), OutboxError>;

    /// Gives up, without another try, what has waited for a target `since` then or longer and is not claimed; returns how many
    /// that were.
    async fn give_up(&self, target: &Target, since: Timestamp, error: &str, now: Timestamp)
    -> Result<u64, OutboxError>;
}

/// The outbox could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the outbox failed")]
pub struct OutboxError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Writes letters when they are sent. The server joins it to the sites and the requests they are about.
#[async_trait]
pub trait Letters: Send + Sync + 'static {
    /// What a delivery says; `None` where there is nothing to say any more, because the request is gone or its address.
    async fn write(&self, delivery: &Delivery, now: Timestamp) -> Result<Option<Mail>, LetterError>;
}

/// A letter could not be written now. None of these texts names a person.
#[derive(Debug, thiserror::Error)]
pub enum LetterError {
    /// Its site is not served: it cannot be read, or its key was given up.
    #[error("its site is not served")]
    NoSite,
    /// Its site names no address for it any more.
    #[error("its site has no `mail` to write to")]
    NoAddress,
    /// Its request could not be read.
    #[error("its request could not be read")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
}
