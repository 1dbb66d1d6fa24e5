//! The delivery worker, joined to the store, the clock and chance.

use std::sync::Arc;

use porchlight_delivery::{LetterSender, Mailer, Sender, Senders, WebhookSender, Worker};
use porchlight_egress::Client;
use tokio_util::sync::CancellationToken;

use super::{chance, letters::HostLetters, notices::HostNotices, outbox::StoreOutbox};
use crate::{app::App, logs::chain};

/// Who sends letters, if there is a mail server, and notices.
pub fn senders(app: &App, mailer: Option<Arc<dyn Mailer>>, client: Client) -> Senders {
    let letters = |mailer| Arc::new(LetterSender::new(Arc::new(HostLetters(app.clone())), mailer)) as Arc<dyn Sender>;
    let webhooks = Arc::new(WebhookSender::new(Arc::new(HostNotices(app.clone())), client));
    Senders { mail: mailer.map(letters), webhooks }
}

/// Sends what waits in the outbox, until told to stop. What an earlier process was sending when it ended is sent at once.
pub async fn delivering(app: App, senders: Senders, stop: CancellationToken) {
    let clock = app.clock;
    let now = Arc::new(move || clock.now());
    let bits = Arc::new(|| u64::from_ne_bytes(chance::bytes()));
    if let Err(error) = app.store.release_deliveries().await {
        tracing::error!(error = %chain(&error), "what was being sent before the start waits until its lease ends");
    }
    let outbox = Arc::new(StoreOutbox(app.store.clone()));
    Worker::new(outbox, senders, now, bits).seen_by(&app.circuits).run(app.outbox.clone(), stop).await;
}
