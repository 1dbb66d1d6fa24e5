//! Inbox: a mail → read → whose answer is it, or which site is it for? → a program's? → is its writer who they should be? → walls →
//! an entry of that conversation, or a request of its own, in one transaction.
//!
//! What a mail says of its writer proves nothing. The mark in the address it was sent to does, together with that: it was mailed
//! to one address alone, and counts where an answer comes from there. Whoever was forwarded a letter holds its mark too.

mod entry;
mod files;
mod outcome;
mod text;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use jiff::Timestamp;
use porchlight_delivery::inbox::{self, Incoming, Unreadable};
use porchlight_model::{
    agent::{Agent, Permission},
    contact::EmailAddress,
    delivery::Reader,
    form::FormKind,
    request::{self, ChangeRefused, ReplyBy, Request, RequestId, Requester},
    site::Site,
    submission::Submission,
};
use porchlight_store::{Spent, StoreError};
use uuid::Uuid;

use super::{
    brought::Brought,
    change::{self, ChangeFailed},
    request::{Came, SubmitError, take},
};
use crate::{
    app::App,
    keys::{Key, Keys},
    replies::{Recipient, folded},
    sites::LiveSite,
};

use self::entry::{MailedEntry, Writer, has};

pub use outcome::{Dropped, Taken};

/// The time that a request by e-mail is remembered at least, so that the same mail does not become another.
const REMEMBERED: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A mail that a person wrote who can be answered.
struct Mail {
    says: Incoming,
    from: EmailAddress,
    /// What tells it from others: its `Message-ID`, or else all of it.
    identity: Vec<u8>,
}

impl Mail {
    /// What tells it from others, its sender's and everybody's, under each key that is kept, the current one first.
    fn hashes(&self, keys: &Keys, about: &[&[u8]]) -> Vec<[u8; 16]> {
        let from = folded(self.from.as_str()).unwrap_or_default();
        let pieces = [about, &[b"\n", from.as_bytes(), b"\n", &self.identity]].concat();
        let hash = |key: &Key| {
            let full = key.hmac(&pieces);
            let mut hash = [0; 16];
            hash.copy_from_slice(&full[..16]);
            hash
        };
        keys.iter().map(hash).collect()
    }
}

/// Takes a mail in. Returns only once what became of it is durable.
///
/// # Errors
/// It could not be kept: it should come again.
pub async fn take_in(app: &App, mail: Bytes) -> Result<Taken, StoreError> {
    let taken = match read(app, mail.clone()).await.map_err(Dropped::Unreadable) {
        Ok(says) => taken(app, says, &mail).await?,
        Err(dropped) => Taken::Dropped(dropped),
    };
    app.metrics.mail_came(taken.class());
    tracing::info!(outcome = taken.class(), "a mail came in");
    Ok(taken)
}

/// Reads a mail where it holds up nobody else.
async fn read(app: &App, mail: Bytes) -> Result<Incoming, Unreadable> {
    let limit = app.inbound.bytes;
    tokio::task::spawn_blocking(move || inbox::read(&mail, limit)).await.unwrap_or(Err(Unreadable::Broken))
}

async fn taken(app: &App, says: Incoming, bytes: &[u8]) -> Result<Taken, StoreError> {
    let addressee = match addressee(app, &says) {
        Ok(addressee) => addressee,
        Err(dropped) => return Ok(Taken::Dropped(dropped)),
    };
    let mut mail = match by_a_person(says, bytes) {
        Ok(mail) => mail,
        Err(dropped) => return Ok(Taken::Dropped(dropped)),
    };
    // Before anything is counted: where there is no place in time, the mail should come again.
    let _place = files::place(app, &mail.says).await?;
    match addressee {
        Addressee::Reply(request, Reader::Business) => answered(app, request, &mut mail).await,
        Addressee::Reply(request, Reader::Requester) => written(app, request, &mut mail).await,
        Addressee::Site(live) => asked(app, &live, &mut mail).await,
    }
}

fn by_a_person(says: Incoming, bytes: &[u8]) -> Result<Mail, Dropped> {
    if let Some(automatic) = says.automatic {
        return Err(Dropped::Automatic(automatic));
    }
    let from = says.from.as_ref().and_then(|from| EmailAddress::parse(&from.address).ok()).ok_or(Dropped::NoSender)?;
    let identity = says.message_id.as_ref().map_or(bytes, |id| id.as_bytes()).to_vec();
    Ok(Mail { says, from, identity })
}

/// Whom a mail is for.
enum Addressee {
    /// A conversation, in which it is an answer of this reader.
    Reply(RequestId, Reader),
    /// A site, which is asked something.
    Site(Arc<LiveSite>),
}

/// A mark of ours goes before a site's address, and that before a mark which is not ours.
fn addressee(app: &App, says: &Incoming) -> Result<Addressee, Dropped> {
    let meant = |recipient: &String| match &app.inbound.replies {
        Some(replies) => replies.read(&app.keys, recipient),
        None => Recipient::Other,
    };
    let meant: Vec<Recipient> = says.recipients.iter().map(meant).collect();
    let reply = meant.iter().find_map(|meant| match meant {
        Recipient::Reply(request, reader) => Some(Addressee::Reply(*request, *reader)),
        Recipient::Forged | Recipient::Other => None,
    });
    let site = || says.recipients.iter().find_map(|recipient| app.sites.of_inbox(recipient)).map(Addressee::Site);
    let nobody = if meant.contains(&Recipient::Forged) { Dropped::Forged } else { Dropped::Nobody };
    reply.or_else(site).ok_or(nobody)
}

/// The business answers: an entry of the conversation, which its requester gets by a letter. Only from the address that the mark
/// was mailed to, or from that of an agent of the site: then it is theirs.
async fn answered(app: &App, id: RequestId, mail: &mut Mail) -> Result<Taken, StoreError> {
    let Some((live, request)) = conversation(app, id).await? else { return Ok(Taken::Dropped(Dropped::Gone)) };
    let agent = agent(app, &live, &mail.from).await?;
    if agent.is_none() && !is_same(live.site.mail.as_ref(), &mail.from) {
        tracing::warn!(
            site = live.site.key,
            reference = request.reference.as_str(),
            "an answer by e-mail is not taken: it comes neither from the site's `mail` nor from an agent's address"
        );
        return Ok(Taken::Dropped(Dropped::Stranger));
    }
    let entries = entry_ids(&app.keys, mail, id, Reader::Business);
    if text::of_entry(&mail.says, request.locale).is_none() {
        return Ok(Taken::Dropped(Dropped::Empty));
    }
    if let Some(known) = known_or_too_many(app, &request, &entries).await? {
        return Ok(known);
    }
    let by = agent.as_ref().map_or(Writer::Owner, Writer::Agent);
    let entry = MailedEntry { app, live: &live, request: &request, ids: &entries, reader: request.locale, by };
    became(entry.write(&mut mail.says).await?)
}

/// The agent who signs in by an address, if they have taken the account up and may answer at a site.
async fn agent(app: &App, live: &LiveSite, from: &EmailAddress) -> Result<Option<Agent>, StoreError> {
    let found = app.store.lookup_sign_in(from.as_str()).await?;
    let agent = found.filter(|(_, credentials)| credentials.password.is_some()).map(|(agent, _)| agent);
    Ok(agent.filter(|agent| agent.may(Permission::Answer, &live.site.key)))
}

/// The requester writes again: an entry of the conversation, of which the business hears by a letter.
///
/// From another address than the mark was mailed to, nobody knows whether it is the same person. Such a mail is a question of its
/// own, as if it had been sent to the site: nothing in it is lost, and nobody speaks in another's name. The same goes for what is
/// written about a request that was cancelled.
async fn written(app: &App, id: RequestId, mail: &mut Mail) -> Result<Taken, StoreError> {
    let Some((live, request)) = conversation(app, id).await? else { return Ok(Taken::Dropped(Dropped::Gone)) };
    if !is_same(request.requester.email.as_ref(), &mail.from) || request.status == request::Status::Cancelled {
        return asked(app, &live, mail).await;
    }
    let entries = entry_ids(&app.keys, mail, id, Reader::Requester);
    if text::of_entry(&mail.says, live.site.locale).is_none() {
        return Ok(Taken::Dropped(Dropped::Empty));
    }
    if let Some(known) = known_or_too_many(app, &request, &entries).await? {
        return Ok(known);
    }
    let (reader, by) = (live.site.locale, Writer::Requester);
    let entry = MailedEntry { app, live: &live, request: &request, ids: &entries, reader, by };
    became(entry.write(&mut mail.says).await?)
}

async fn conversation(app: &App, id: RequestId) -> Result<Option<(Arc<LiveSite>, Request)>, StoreError> {
    let request = match change::require(app, id).await {
        Ok(request) => request,
        Err(ChangeFailed::Store(error)) => return Err(error),
        Err(_) => return Ok(None),
    };
    // A site that is not served now may be so again: the mail should come again.
    let live =
        app.sites.lookup(&request.site).ok_or_else(|| StoreError::Failed("its site is not served now".into()))?;
    Ok(Some((live, request)))
}

/// Whether an address is the one that somebody has.
fn is_same(known: Option<&EmailAddress>, from: &EmailAddress) -> bool {
    let known = known.and_then(|known| folded(known.as_str()));
    known.is_some() && known == folded(from.as_str())
}

/// The same mail gives the same entry, however often it comes, and also after the key was replaced: the first of these is the one it
/// is kept by, the others are those it was kept by before. Two people who call their mails the same write two.
fn entry_ids(keys: &Keys, mail: &Mail, request: RequestId, reader: Reader) -> Vec<Uuid> {
    let reader: &[u8] = match reader {
        Reader::Business => b"business",
        Reader::Requester => b"requester",
    };
    let hashes = mail.hashes(keys, &[b"porchlight mail entry 1", request.0.as_bytes(), reader]);
    hashes.into_iter().map(|hash| uuid::Builder::from_random_bytes(hash).into_uuid()).collect()
}

async fn known_or_too_many(app: &App, request: &Request, entries: &[Uuid]) -> Result<Option<Taken>, StoreError> {
    if has(request, entries) {
        return Ok(Some(Taken::Kept));
    }
    app.store.probe().await?;
    Ok((!app.walls.reply(request.id)).then_some(Taken::Dropped(Dropped::TooMany)))
}

fn became(change: Result<Request, ChangeFailed>) -> Result<Taken, StoreError> {
    match change {
        // Another entry of the same id is the same mail, of which a newer version of us keeps other words.
        Ok(_) | Err(ChangeFailed::KeyReused) => Ok(Taken::Kept),
        Err(ChangeFailed::Gone) => Ok(Taken::Dropped(Dropped::Gone)),
        Err(ChangeFailed::Refused(ChangeRefused::Final(_))) => Ok(Taken::Dropped(Dropped::Cancelled)),
        Err(ChangeFailed::Refused(ChangeRefused::TooOften)) => Ok(Taken::Dropped(Dropped::TooMany)),
        Err(ChangeFailed::Refused(_) | ChangeFailed::Field(_) | ChangeFailed::SiteFull) => {
            Ok(Taken::Dropped(Dropped::Refused))
        }
        Err(ChangeFailed::Busy) => Err(StoreError::Failed("the request was changed again and again".into())),
        Err(ChangeFailed::Store(error)) => Err(error),
    }
}

/// Somebody asks by e-mail: a message, as the form's is, but for what a form alone has. Its sender gets a letter with its reference.
async fn asked(app: &App, live: &LiveSite, mail: &mut Mail) -> Result<Taken, StoreError> {
    if live.site.message.is_none() {
        return Ok(Taken::Dropped(Dropped::NoForm));
    }
    let now = app.now();
    let spent = spent(&app.keys, &live.site.key, mail, now);
    if app.store.lookup_spent(spent.clone()).await?.is_some() {
        return Ok(Taken::Kept);
    }
    if text::of_request(&mail.says, live.site.locale).is_none() {
        return Ok(Taken::Dropped(Dropped::Empty));
    }
    // Mail that comes again because it could not be kept is not counted each time.
    app.store.probe().await?;
    if !app.walls.sender(&mail.from) {
        return Ok(Taken::Dropped(Dropped::TooMany));
    }
    let brought = Brought { mail: spent.first().copied(), ..Brought::default() };
    let attachments = files::keep(app, live, None, &mut mail.says).await?;
    let came = Came { brought, attachments: attachments.clone(), ..Came::default() };
    let taken = take(app, live, submission(&live.site, mail), came, now).await;
    files::settle(app, &attachments, taken.as_ref().ok().map(|submitted| &submitted.request)).await?;
    match taken {
        Ok(_) | Err(SubmitError::TakenBefore | SubmitError::KeyReused) => Ok(Taken::Kept),
        Err(SubmitError::Fields(_) | SubmitError::Unproven(_)) => Ok(Taken::Dropped(Dropped::Refused)),
        // Too much for the whole site is not this sender's doing: the mail should come again.
        Err(SubmitError::TooMany(_)) => Err(StoreError::Failed("the site takes no more for now".into())),
        Err(SubmitError::Store(error)) => Err(error),
    }
}

/// What a mail to a site uses up, first, and what it would have used up in the time before, or under another key: what it is told by
/// has to end at the same moment however often it comes, and yet be remembered for a while.
fn spent(keys: &Keys, site: &str, mail: &Mail, now: Timestamp) -> Vec<Spent> {
    let period = REMEMBERED.as_secs().cast_signed();
    let begun = now.as_second().div_euclid(period);
    let ends = [2, 1].map(|periods| {
        let end = begun.saturating_add(periods).saturating_mul(period);
        Timestamp::from_second(end).unwrap_or(Timestamp::MAX)
    });
    let hashes = mail.hashes(keys, &[b"porchlight mail request 1", site.as_bytes()]);
    hashes.into_iter().flat_map(|hash| ends.map(|expires_at| Spent { hash, expires_at })).collect()
}

/// A message by e-mail. Nobody was asked for consent: the mail was sent of its writer's own accord, and says so by what it is.
fn submission(site: &Site, mail: &Mail) -> Submission {
    let name = mail.says.from.as_ref().and_then(|from| text::name(from.name.as_deref()?));
    Submission {
        kind: FormKind::Message,
        requester: Requester { name, phone: None, email: Some(mail.from.clone()) },
        slot: None,
        text: text::of_request(&mail.says, site.locale),
        reply_by: ReplyBy::Email,
        locale: site.locale,
        page: None,
        consent: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mail(from: &str, id: &str) -> Mail {
        let raw = format!("From: {from}\r\nTo: ask@shop.example\r\nMessage-ID: <{id}>\r\n\r\nHello\r\n");
        let says = inbox::read(raw.as_bytes(), raw.len()).expect("a mail");
        by_a_person(says, raw.as_bytes()).unwrap_or_else(|dropped| panic!("{dropped:?}"))
    }

    #[test]
    fn mail_is_known_again_after_its_key_was_replaced() {
        let (mail, now) = (mail("anna@example.com", "1@example.com"), Timestamp::UNIX_EPOCH);
        let (old, new) = (Keys::fixed(&[1]), Keys::fixed(&[2, 1]));
        let kept = spent(&old, "shop", &mail, now)[0];
        assert!(spent(&new, "shop", &mail, now).contains(&kept));
        assert_ne!(spent(&new, "shop", &mail, now)[0], kept, "it is kept by the current one");
        let request = RequestId(Uuid::from_u128(7));
        let entry = entry_ids(&old, &mail, request, Reader::Business)[0];
        assert!(entry_ids(&new, &mail, request, Reader::Business).contains(&entry));
        assert!(!entry_ids(&new, &mail, request, Reader::Requester).contains(&entry));
    }

    #[test]
    fn two_senders_who_call_their_mails_the_same_write_two() {
        let keys = Keys::fixed(&[1]);
        let used = |from| spent(&keys, "shop", &mail(from, "1@example.com"), Timestamp::UNIX_EPOCH);
        assert_eq!(used("anna@example.com"), used("Anna@EXAMPLE.com"));
        assert_ne!(used("anna@example.com"), used("boris@example.com"));
    }
}
