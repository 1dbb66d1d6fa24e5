//! The delivery worker, joined to the store, the clock and chance.

use porchlight_delivery::Mailer;
use tokio_util::sync::CancellationToken;

use super::{chance, outbox::StoreOutbox};
use crate::app::App;

/// Sends what waits in the outbox, until told to stop.
pub async fn delivering(app: App, mailer: Box<dyn Mailer>, stop: CancellationToken) {
    let _ = (app, mailer, stop, StoreOutbox, chance::uuid);
}
