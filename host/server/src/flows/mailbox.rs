//! Mailbox: all requests of whoever reads the mail of an address, at one site.
//!
//! Anybody may ask for a link to the list; it is mailed to the address, and nowhere else, and nobody is told whether the address
//! is known. The answer is given before anything is looked up, so neither its words nor its time say so.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use porchlight_model::{contact::EmailAddress, delivery::Payload, locale::Locale, request::Request};
use porchlight_store::{Page, PersonFilter, Place, Spent, StoreError};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::change::{delivery, may_link_to};
use crate::{
    app::App,
    contacts::{self, Reach},
    keys::Keys,
    logs::chain,
    sites::LiveSite,
    tokens::{self, Mailbox, MailboxLink},
};

/// How long a link to the list works from when it was asked for: a letter may take three days.
const LINK_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a requester token works.
const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Wishes that may wait; whoever brings more is told to come again.
pub const WAITING: usize = 256;

/// Somebody's wish for a link to all requests of an address.
#[derive(Debug)]
pub struct Wanted {
    /// At which site.
    pub live: Arc<LiveSite>,
    /// Of which address.
    pub email: EmailAddress,
    /// The language it was asked for in.
    pub locale: Locale,
}

/// Fulfils wishes one after the other, until told to stop; those that came before are fulfilled still.
pub async fn fulfilling(app: App, mut wishes: mpsc::Receiver<Wanted>, stop: CancellationToken) {
    while let Some(Some(wanted)) = stop.run_until_cancelled(wishes.recv()).await {
        fulfil(&app, wanted).await;
    }
    while let Ok(wanted) = wishes.try_recv() {
        fulfil(&app, wanted).await;
    }
}

async fn fulfil(app: &App, wanted: Wanted) {
    if let Err(error) = queue(app, &wanted).await {
        let site = &wanted.live.site.key;
        tracing::error!(site, error = %chain(&error), "a link to somebody's requests could not be sent");
    }
}

/// Queues the letter where the address is known. It belongs to the newest request, whose erasure takes it along.
async fn queue(app: &App, wanted: &Wanted) -> Result<(), StoreError> {
    let site = &wanted.live.site.key;
    let newest = newest(app, site, &wanted.email).await?;
    let Some(request) = newest.filter(|_| may_link_to(app, site, &wanted.email)) else { return Ok(()) };
    let letter = delivery(&request, Payload::Links { locale: wanted.locale }, app.now());
    app.store.keep_deliveries(vec![letter]).await?;
    app.outbox.notify_one();
    Ok(())
}

async fn newest(app: &App, site: &str, email: &EmailAddress) -> Result<Option<Request>, StoreError> {
    let hashes = contacts::hashes(&app.keys, [Reach::Email(email)]);
    let filter = PersonFilter { hashes, site: Some(site.to_owned()), before: None, limit: 20 };
    Ok(app.store.requests_of(&filter).await?.listing.requests.into_iter().next())
}

/// The requests of a mailbox behind a place, the one received last first.
pub async fn requests(app: &App, mailbox: &Mailbox, before: Option<Place>, limit: u32) -> Result<Page, StoreError> {
    let filter = PersonFilter { hashes: vec![mailbox.contact], site: Some(mailbox.site.clone()), before, limit };
    app.store.requests_of(&filter).await
}

/// Whether a request is one of a mailbox's.
pub fn owns(keys: &Keys, mailbox: &Mailbox, request: &Request) -> bool {
    let email = request.requester.email.as_ref();
    let hashes = email.into_iter().flat_map(|email| Reach::Email(email).contacts(keys));
    request.site == mailbox.site && hashes.into_iter().any(|contact| contact.hash == mailbox.contact)
}

/// The link that a letter decided on at a moment leads by. It ends with a whole second, as its one-time id says it.
pub fn link(keys: &Keys, site: &str, email: &EmailAddress, nonce: [u8; 8], decided_at: Timestamp) -> String {
    let contact = contacts::current(keys, Reach::Email(email));
    let mailbox = Mailbox { site: site.to_owned(), contact };
    tokens::mailbox_link(keys, &MailboxLink { mailbox, nonce, expires_at: end(decided_at, LINK_LIFE) })
}

/// The link of a one-time id, if it is of this site and works still.
pub fn read_link(app: &App, site: &str, one_time_id: &str) -> Option<MailboxLink> {
    let link = tokens::read_mailbox_link(&app.keys, one_time_id)?;
    (link.mailbox.site == site && app.now() < link.expires_at).then_some(link)
}

/// The path of the page that a one-time id leads to.
pub fn path_of(site: &str, one_time_id: &str) -> String {
    format!("/mine/{site}/{one_time_id}")
}

/// What opening a link uses up.
pub fn spent_by(link: &MailboxLink, one_time_id: &str) -> Spent {
    Spent { hash: tokens::spent_hash(one_time_id.as_bytes()), expires_at: link.expires_at }
}

/// A token for the list of a mailbox, and when it stops working.
pub fn token(app: &App, mailbox: &Mailbox) -> (String, Timestamp) {
    let expires_at = end(app.now(), TOKEN_LIFE);
    (tokens::requester(&app.keys, mailbox, expires_at), expires_at)
}

/// The mailbox that a token opens now.
pub fn read_token(app: &App, token: &str) -> Option<Mailbox> {
    let (mailbox, expires_at) = tokens::read_requester(&app.keys, token)?;
    (app.now() < expires_at).then_some(mailbox)
}

fn end(from: Timestamp, life: SignedDuration) -> Timestamp {
    Timestamp::from_second(from.as_second().saturating_add(life.as_secs())).unwrap_or(Timestamp::MAX)
}
