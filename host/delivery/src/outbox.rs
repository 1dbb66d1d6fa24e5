//! The port to where deliveries wait.

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_model::delivery::Delivery;

/// Where deliveries wait. The server joins it to the store.
#[async_trait]
pub trait Outbox: Send + Sync + 'static {
    /// Takes up to `limit` deliveries that are due, so that nobody else gets them before `lease_until`.
    async fn claim(&self, now: Timestamp, lease_until: Timestamp, limit: u32) -> Result<Vec<Delivery>, OutboxError>;

    /// Marks a delivery as sent.
    async fn mark_sent(&self, delivery: uuid::Uuid, now: Timestamp) -> Result<(), OutboxError>;

    /// Marks an attempt as failed; the delivery is due again at `retry_at`.
    async fn mark_failed(&self, delivery: uuid::Uuid, error: &str, retry_at: Timestamp) -> Result<(), OutboxError>;
}

/// The outbox could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("the outbox failed")]
pub struct OutboxError(#[source] pub Box<dyn std::error::Error + Send + Sync>);
