//! The delivery worker, joined to the store, the clock and chance.

use std::sync::Arc;

use porchlight_delivery::{Mailer, Worker};
use tokio_util::sync::CancellationToken;

use super::{chance, letters::HostLetters, outbox::StoreOutbox};
use crate::{app::App, http::problem::chain};

/// Sends what waits in the outbox, until told to stop. What an earlier process was sending when it ended is sent at once.
pub async fn delivering(app: App, mailer: Arc<dyn Mailer>, stop: CancellationToken) {
    let clock = app.clock;
    let now = Arc::new(move || clock.now());
    let bits = Arc::new(|| u64::from_ne_bytes(chance::bytes()));
    if let Err(error) = app.store.release_deliveries().await {
        tracing::error!(error = %chain(&error), "what was being sent before the start waits until its lease ends");
    }
    let outbox = Arc::new(StoreOutbox(app.store.clone()));
    let letters = Arc::new(HostLetters(app.clone()));
    Worker::new(outbox, letters, mailer, now, bits).run(app.outbox.clone(), stop).await;
}
