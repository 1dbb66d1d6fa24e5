//! The delivery worker's notices, joined to the sites and the store.

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_delivery::{NoticeError, Notices, WrittenNotice};
use porchlight_egress::Destination;
use porchlight_model::delivery::{Delivery, News, Notice, Payload};

use crate::{app::App, sites::LiveSite, wire};

/// Writes notices from the site and the request as they are when they are sent.
pub struct HostNotices(pub App);

#[async_trait]
impl Notices for HostNotices {
    async fn write(&self, delivery: &Delivery, _: Timestamp) -> Result<Option<WrittenNotice>, NoticeError> {
        let Payload::Notice(Notice { endpoint, news }) = &delivery.payload else { return Ok(None) };
        let live = self.0.sites.lookup(&delivery.site).ok_or(NoticeError::NoSite)?;
        let Some(webhook) = live.site.webhooks.iter().find(|webhook| webhook.endpoint == *endpoint) else {
            return Ok(None);
        };
        let destination = Destination::parse(&webhook.url).map_err(NoticeError::Url)?;
        let secret = self.0.outgoing.secret(webhook)?;
        let Some(body) = self.body(&live, delivery, news).await? else { return Ok(None) };
        Ok(Some(WrittenNotice { destination, secret, body }))
    }
}

impl HostNotices {
    async fn body(&self, live: &LiveSite, delivery: &Delivery, news: &News) -> Result<Option<String>, NoticeError> {
        let place = match news {
            News::Erasure { reference, id, at } => {
                return json(&wire::notice::Notice::erased(&live.site, reference, *id, *at)).map(Some);
            }
            News::Event { place } => *place,
        };
        let Some(id) = delivery.request else { return Ok(None) };
        let request =
            self.0.store.lookup_request(id).await.map_err(|error| NoticeError::Unreadable(Box::new(error)))?;
        let notice = request.as_ref().and_then(|request| Some((request, request.events.get(place)?)));
        notice.map(|(request, event)| json(&wire::notice::Notice::new(request, event))).transpose()
    }
}

fn json(notice: &wire::notice::Notice<'_>) -> Result<String, NoticeError> {
    serde_json::to_string(notice).map_err(|error| NoticeError::Unreadable(Box::new(error)))
}
