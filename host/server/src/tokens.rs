//! Tokens: signed statements that need no row of their own.
//!
//! Every token is `key id (1 byte) ‖ statement ‖ HMAC-SHA-256 of purpose, key id and statement (first 16 bytes)`, in
//! unpadded base64url (RFC 4648, section 5). The purpose keeps one kind from passing for another.
//!
//! Those in e-mail addresses have to be short, and mail servers fold their case: see [`reply`].

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use data_encoding::BASE32_NOPAD;
use jiff::Timestamp;
use porchlight_model::{agent::AgentId, delivery::Reader, request::RequestId};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::keys::{Key, Keys};

const TAG: usize = 16;

/// Bytes of the HMAC in a reply token.
const REPLY_TAG: usize = 10;

/// Characters of a reply token: 27 bytes in base 32.
pub const REPLY_CHARS: usize = 44;

/// What a token is for.
#[derive(Clone, Copy)]
enum Purpose {
    Tracking,
    Form,
    Link,
    Desk,
    LinkVisit,
    MailboxLink,
    Requester,
    RequestersReply,
    BusinessReply,
    Device,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Tracking => b"porchlight tracking 1",
            Self::Form => b"porchlight form 1",
            Self::Link => b"porchlight link 1",
            Self::Desk => b"porchlight desk 1",
            Self::LinkVisit => b"porchlight link visit 1",
            Self::MailboxLink => b"porchlight mailbox link 1",
            Self::Requester => b"porchlight requester 1",
            Self::RequestersReply => b"porchlight requester's reply 1",
            Self::BusinessReply => b"porchlight business's reply 1",
            Self::Device => b"porchlight device 1",
        }
    }
}

/// The tracking token of a request: whoever holds it may read and change the request.
pub fn tracking(keys: &Keys, request: RequestId) -> String {
    sign(keys.current(), Purpose::Tracking, request.0.as_bytes())
}

/// The request a tracking token is for.
pub fn read_tracking(keys: &Keys, token: &str) -> Option<RequestId> {
    let statement = verify(keys, Purpose::Tracking, token)?;
    Uuid::from_slice(&statement).ok().map(RequestId)
}

/// A form that a site showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// When, to the millisecond.
    pub shown_at: Timestamp,
    /// What tells it from others of the same moment.
    pub nonce: [u8; 8],
}

/// The token of a form that a site shows.
pub fn form(keys: &Keys, site: &str, form: Form) -> String {
    let moment = form.shown_at.as_millisecond().to_be_bytes();
    sign(keys.current(), Purpose::Form, &[&moment, form.nonce.as_slice(), site.as_bytes()].concat())
}

/// The form that this site showed with a token.
pub fn read_form(keys: &Keys, site: &str, token: &str) -> Option<Form> {
    let statement = verify(keys, Purpose::Form, token)?;
    let (moment, rest) = statement.split_first_chunk()?;
    let (nonce, shown_by) = rest.split_first_chunk()?;
    let shown_at = Timestamp::from_millisecond(i64::from_be_bytes(*moment)).ok()?;
    (shown_by == site.as_bytes()).then_some(Form { shown_at, nonce: *nonce })
}

/// A mailed link to a page about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Which request.
    pub request: RequestId,
    /// What tells it from others to the same request.
    pub nonce: [u8; 8],
    /// When it stops working, to the second.
    pub expires_at: Timestamp,
}

/// The one-time id of a link for its requester. The same link has the same one, so that a letter can be written again.
pub fn link(keys: &Keys, link: Link) -> String {
    sign_link(keys, Purpose::Link, link)
}

/// The link for its requester that a one-time id stands for.
pub fn read_link(keys: &Keys, one_time_id: &str) -> Option<Link> {
    verify_link(keys, Purpose::Link, one_time_id)
}

/// The id of a link for the business, by which it answers; it opens as often as it is needed.
pub fn desk(keys: &Keys, link: Link) -> String {
    sign_link(keys, Purpose::Desk, link)
}

/// The link for the business that an id stands for.
pub fn read_desk(keys: &Keys, id: &str) -> Option<Link> {
    verify_link(keys, Purpose::Desk, id)
}

fn sign_link(keys: &Keys, purpose: Purpose, link: Link) -> String {
    let end = link.expires_at.as_second().to_be_bytes();
    sign(keys.current(), purpose, &[link.request.0.as_bytes(), link.nonce.as_slice(), &end].concat())
}

fn verify_link(keys: &Keys, purpose: Purpose, id: &str) -> Option<Link> {
    let statement = verify(keys, purpose, id)?;
    let (request, rest) = statement.split_first_chunk()?;
    let (nonce, end) = rest.split_first_chunk()?;
    let expires_at = Timestamp::from_second(i64::from_be_bytes(end.try_into().ok()?)).ok()?;
    Some(Link { request: RequestId(Uuid::from_bytes(*request)), nonce: *nonce, expires_at })
}

/// Whoever reads the mail of one address, at one site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Key of the site.
    pub site: String,
    /// The address's hash.
    pub contact: [u8; 16],
}

/// A mailed link to all requests of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxLink {
    /// Whose.
    pub mailbox: Mailbox,
    /// What tells it from others to the same mailbox.
    pub nonce: [u8; 8],
    /// When it stops working, to the second.
    pub expires_at: Timestamp,
}

/// The one-time id of a link to a mailbox's requests. The same link has the same one.
pub fn mailbox_link(keys: &Keys, link: &MailboxLink) -> String {
    sign(
        keys.current(),
        Purpose::MailboxLink,
        &[&link.nonce, mailbox_until(&link.mailbox, link.expires_at).as_slice()].concat(),
    )
}

/// The link that a one-time id stands for.
pub fn read_mailbox_link(keys: &Keys, one_time_id: &str) -> Option<MailboxLink> {
    let statement = verify(keys, Purpose::MailboxLink, one_time_id)?;
    let (nonce, rest) = statement.split_first_chunk()?;
    let (mailbox, expires_at) = read_mailbox_until(rest)?;
    Some(MailboxLink { mailbox, nonce: *nonce, expires_at })
}

/// The requester token: whoever holds it may list the requests of a mailbox until it ends, to the second.
pub fn requester(keys: &Keys, mailbox: &Mailbox, expires_at: Timestamp) -> String {
    sign(keys.current(), Purpose::Requester, &mailbox_until(mailbox, expires_at))
}

/// The mailbox that a requester token is for, and when it ends.
pub fn read_requester(keys: &Keys, token: &str) -> Option<(Mailbox, Timestamp)> {
    read_mailbox_until(&verify(keys, Purpose::Requester, token)?)
}

fn mailbox_until(mailbox: &Mailbox, end: Timestamp) -> Vec<u8> {
    [mailbox.contact.as_slice(), &end.as_second().to_be_bytes(), mailbox.site.as_bytes()].concat()
}

fn read_mailbox_until(statement: &[u8]) -> Option<(Mailbox, Timestamp)> {
    let (contact, rest) = statement.split_first_chunk()?;
    let (end, site) = rest.split_first_chunk()?;
    let site = std::str::from_utf8(site).ok()?.to_owned();
    Some((Mailbox { site, contact: *contact }, Timestamp::from_second(i64::from_be_bytes(*end)).ok()?))
}

/// What the cookie of a link's page holds: proof that its button was pressed here.
pub fn link_visit(keys: &Keys, one_time_id: &str) -> String {
    sign(keys.current(), Purpose::LinkVisit, &spent_hash(one_time_id.as_bytes()))
}

/// Whether a cookie proves that the button of this link was pressed here.
pub fn is_link_visit(keys: &Keys, one_time_id: &str, token: &str) -> bool {
    verify(keys, Purpose::LinkVisit, token).is_some_and(|statement| statement == spent_hash(one_time_id.as_bytes()))
}

/// What stands behind the plus sign in the address that a letter is answered to: whose answer it is, and to which request.
///
/// Key id, request and the first ten bytes of the HMAC, in lower-case base 32 (RFC 4648, section 6): a local part may have 64 bytes
/// (RFC 5321, section 4.5.3.1.1). It holds as long as its key, as mail is answered after months, too.
pub fn reply(keys: &Keys, request: RequestId, reader: Reader) -> String {
    let key = keys.current();
    let tag = tag(key, replying(reader), request.0.as_bytes());
    let token = [&[key.id], request.0.as_bytes().as_slice(), &tag[..REPLY_TAG]].concat();
    BASE32_NOPAD.encode(&token).to_ascii_lowercase()
}

/// Whose answer to which request a reply token stands for, however its letters are cased.
pub fn read_reply(keys: &Keys, token: &str) -> Option<(RequestId, Reader)> {
    if token.len() != REPLY_CHARS {
        return None;
    }
    let bytes = BASE32_NOPAD.decode(token.to_ascii_uppercase().as_bytes()).ok()?;
    let (id, rest) = bytes.split_first()?;
    let (request, given) = rest.split_first_chunk()?;
    let key = keys.lookup(*id)?;
    let reader = [Reader::Business, Reader::Requester].into_iter().find(|reader| {
        let expected = tag(key, replying(*reader), request);
        bool::from(expected[..REPLY_TAG].ct_eq(given))
    });
    Some((RequestId(Uuid::from_bytes(*request)), reader?))
}

fn replying(reader: Reader) -> Purpose {
    match reader {
        Reader::Requester => Purpose::RequestersReply,
        Reader::Business => Purpose::BusinessReply,
    }
}

/// A device that an agent signed in from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// The agent.
    pub agent: AgentId,
    /// What tells it from the agent's other devices.
    pub nonce: [u8; 8],
}

/// What the cookie of a known device holds: proof that its agent signed in there. It opens nothing.
pub fn device(keys: &Keys, device: Device) -> String {
    sign(keys.current(), Purpose::Device, &[device.agent.0.as_bytes(), device.nonce.as_slice()].concat())
}

/// The device that a cookie proves.
pub fn read_device(keys: &Keys, token: &str) -> Option<Device> {
    let statement = verify(keys, Purpose::Device, token)?;
    let (agent, nonce) = statement.split_first_chunk()?;
    Some(Device { agent: AgentId(Uuid::from_bytes(*agent)), nonce: nonce.try_into().ok()? })
}

/// What is kept of a token that is good once.
pub fn spent_hash(token: &[u8]) -> [u8; 16] {
    let mut hash = [0; 16];
    hash.copy_from_slice(&Sha256::digest(token)[..16]);
    hash
}

fn sign(key: &Key, purpose: Purpose, statement: &[u8]) -> String {
    let mut token = vec![key.id];
    token.extend(statement);
    token.extend(tag(key, purpose, statement));
    URL_SAFE_NO_PAD.encode(token)
}

fn verify(keys: &Keys, purpose: Purpose, token: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, rest) = bytes.split_first()?;
    let (statement, given) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
    let expected = tag(keys.lookup(*id)?, purpose, statement);
    bool::from(expected.as_slice().ct_eq(given)).then(|| statement.to_vec())
}

fn tag(key: &Key, purpose: Purpose, statement: &[u8]) -> [u8; TAG] {
    let full = key.hmac(&[purpose.label(), &[key.id], statement]);
    let mut tag = [0; TAG];
    tag.copy_from_slice(&full[..TAG]);
    tag
}

#[cfg(test)]
mod tests;
