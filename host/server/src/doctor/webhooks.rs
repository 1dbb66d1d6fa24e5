//! Do the programs answer that are told of requests?

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::join_all;
use jiff::Timestamp;
use porchlight_delivery::{NoticeError, Notices, SendError, Sender, WebhookSender, WrittenNotice};
use porchlight_egress::Destination;
use porchlight_model::{
    delivery::{Delivery, News, Notice, Payload},
    site::{Site, Webhook},
};

use super::{Doctor, Finding};
use crate::{logs::chain, outgoing::Outgoing, wiring::chance};

const CHECK: &str = "webhooks";

/// What a test notice says it is.
const KIND: &str = "doctor.ping";

/// Sends a signed test notice to every endpoint of a site.
pub async fn look(doctor: &Doctor, site: &Site) -> Vec<Finding> {
    join_all(site.webhooks.iter().enumerate().map(|(position, webhook)| pinged(doctor, site, position, webhook))).await
}

async fn pinged(doctor: &Doctor, site: &Site, position: usize, webhook: &Webhook) -> Finding {
    let ping = Ping { outgoing: doctor.outgoing.clone(), webhook: webhook.clone(), site: site.key.clone() };
    let now = doctor.clock.now();
    // Nobody keeps it: all that is used of it is its id.
    let delivery = Delivery {
        id: chance::uuid(),
        site: site.key.clone(),
        request: None,
        since: now,
        due_at: now,
        attempts: 0,
        payload: Payload::Notice(Notice { endpoint: webhook.endpoint.clone(), news: News::Event { place: 0 } }),
    };
    let sent = WebhookSender::new(Arc::new(ping), doctor.client.clone()).send(&delivery, now).await;
    let name = format!("`webhooks[{position}]`");
    match sent {
        Ok(_) => Finding::ok(CHECK, format!("{name} took a `{KIND}`")),
        Err(error) => Finding::failed(CHECK, format!("{name}: {}", chain(&error)), mend(&error)),
    }
}

fn mend(error: &SendError) -> &'static str {
    match error {
        SendError::Answered { status: 401 | 403, .. } => "give the endpoint the secret that `[secrets]` has for it",
        SendError::Answered { status: 404, .. } => "write the endpoint's address into the site file as it is",
        SendError::Answered { .. } => "see the endpoint's log: any answer of 2xx means that it has the notice",
        SendError::NoticeUnwritten(_) => "what was sent to it waits for three days, and goes out once that is mended",
        _ => "see whether the endpoint is up, and its address right in the site file",
    }
}

/// Writes the test notice.
struct Ping {
    outgoing: Outgoing,
    webhook: Webhook,
    site: String,
}

#[async_trait]
impl Notices for Ping {
    async fn write(&self, _: &Delivery, now: Timestamp) -> Result<Option<WrittenNotice>, NoticeError> {
        let destination = Destination::parse(&self.webhook.url).map_err(NoticeError::Url)?;
        let secret = self.outgoing.secret(&self.webhook)?;
        let body = serde_json::json!({"type": KIND, "timestamp": now, "data": {"site": self.site}});
        Ok(Some(WrittenNotice { destination, secret, body: body.to_string() }))
    }
}
