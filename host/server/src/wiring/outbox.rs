//! The delivery worker's outbox, joined to the store.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_delivery::{Outbox, OutboxError};
use porchlight_model::delivery::{Delivery, Rooms, Target};
use porchlight_store::{Store, StoreError};
use uuid::Uuid;

/// The store as the delivery worker sees it.
pub struct StoreOutbox(pub Arc<dyn Store>);

#[async_trait]
impl Outbox for StoreOutbox {
    async fn claim(&self, now: Timestamp, lease_until: Timestamp, rooms: Rooms) -> Result<Vec<Delivery>, OutboxError> {
        self.0.claim_deliveries(now, lease_until, rooms).await.map_err(failed)
    }

    async fn mark_sent(&self, delivery: Uuid, now: Timestamp) -> Result<(), OutboxError> {
        self.0.mark_sent(delivery, now).await.map_err(failed)
    }

    async fn mark_failed(&self, delivery: Uuid, error: &str, retry_at: Timestamp) -> Result<(), OutboxError> {
        self.0.mark_failed(delivery, error, retry_at).await.map_err(failed)
    }

    async fn mark_dead(&self, delivery: Uuid, error: &str, now: Timestamp) -> Result<(), OutboxError> {
        self.0.mark_dead(delivery, error, now).await.map_err(failed)
    }

    async fn give_up(
        &self,
        target: &Target,
        since: Timestamp,
        error: &str,
        now: Timestamp,
    ) -> Result<u64, OutboxError> {
        self.0.give_up_deliveries(target, since, error, now).await.map_err(failed)
    }
}

fn failed(error: StoreError) -> OutboxError {
    OutboxError(Box::new(error))
}
