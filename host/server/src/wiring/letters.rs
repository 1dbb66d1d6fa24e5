//! The delivery worker's letters, joined to the sites and the store.

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_delivery::{LetterError, Letters};
use porchlight_model::{
    delivery::{Delivery, Letter, Mail, Payload, Reader},
    letters,
    locale::Locale,
    request::Request,
};
use uuid::Uuid;

use crate::{
    app::App,
    flows::{links, mailbox},
    sites::LiveSite,
};

/// Writes letters from the site and the request as they are when they are sent.
pub struct HostLetters(pub App);

#[async_trait]
impl Letters for HostLetters {
    async fn write(&self, delivery: &Delivery, now: Timestamp) -> Result<Option<Mail>, LetterError> {
        let live = self.0.sites.lookup(&delivery.site).ok_or(LetterError::NoSite)?;
        if delivery.payload.reader() == Reader::Business && live.site.mail.is_none() {
            return Err(LetterError::NoAddress);
        }
        match &delivery.payload {
            // No letter: it goes to an endpoint.
            Payload::Notice(_) => Ok(None),
            Payload::Erased(erased) => Ok(letters::erased_to_business(&live.site, erased, now)),
            Payload::Links { locale } => {
                let request = self.request(delivery).await?;
                Ok(request.and_then(|request| self.to_all(&live, &request, *locale, delivery)))
            }
            Payload::Letter { letter } => {
                let request = self.request(delivery).await?;
                Ok(request.and_then(|request| self.about(&live, &request, *letter, delivery, now)))
            }
        }
    }
}

impl HostLetters {
    async fn request(&self, delivery: &Delivery) -> Result<Option<Request>, LetterError> {
        let Some(id) = delivery.request else { return Ok(None) };
        self.0.store.lookup_request(id).await.map_err(|error| LetterError::Unreadable(Box::new(error)))
    }

    /// The letter with a link to all requests of the mailbox that this one was left with.
    fn to_all(&self, live: &LiveSite, request: &Request, locale: Locale, delivery: &Delivery) -> Option<Mail> {
        let (site, to) = (&live.site, request.requester.email.as_ref()?);
        let id = mailbox::link(&self.0.keys, &site.key, to, nonce(delivery.id), delivery.since);
        let link = format!("{}{}", self.0.public_url, mailbox::path_of(&site.key, &id));
        Some(letters::links_to_requester(site, to, locale, &link))
    }

    fn about(
        &self,
        live: &LiveSite,
        request: &Request,
        letter: Letter,
        delivery: &Delivery,
        now: Timestamp,
    ) -> Option<Mail> {
        let link = links::link(request, nonce(delivery.id), delivery.since);
        let path = links::path(&self.0.keys, letter.reader(), &live.site.key, link);
        let mail = letters::written(letter, &live.site, request, &format!("{}{path}", self.0.public_url), now)?;
        let replies = self.0.inbound.replies.as_ref();
        let reply_to = replies.and_then(|replies| replies.of(&self.0.keys, request.id, letter.reader()));
        Some(Mail { reply_to: reply_to.or(mail.reply_to), ..mail })
    }
}

/// A delivery that is tried again writes the same link.
fn nonce(delivery: Uuid) -> [u8; 8] {
    let mut nonce = [0; 8];
    nonce.copy_from_slice(&delivery.as_bytes()[..8]);
    nonce
}
