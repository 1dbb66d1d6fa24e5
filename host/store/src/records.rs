//! What goes into the store and comes out of it, beside the model's own nouns.

use jiff::Timestamp;
use porchlight_model::{
    delivery::{Delivery, Target},
    measure::Measures,
    plugin::Provenance,
    request::{Request, RequestId, Status},
    slots::Slot,
};

use crate::Audited;

/// One file of a site: its `site.toml`, an answer, a plugin's component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteFile {
    /// Path relative to the site's folder, with forward slashes.
    pub path: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// One version of a site, as it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteVersion {
    /// The site's key.
    pub key: String,
    /// Counts up from 1.
    pub version: u32,
    /// When it was applied.
    pub applied_at: Timestamp,
    /// All its files, by path; equal content is kept once.
    pub files: Vec<SiteFile>,
}

/// What makes a repeated submission recognisable, for 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Key of the site.
    pub site: String,
    /// The client's key.
    pub key: String,
    /// SHA-256 of the body.
    pub body: [u8; 32],
}

/// What an idempotency key was used for.
#[derive(Clone, Debug, PartialEq)]
pub enum Replay {
    /// The same body, which became this request.
    Same(Box<Request>),
    /// Another body.
    Other,
}

/// A request to keep, with all that belongs to it.
#[derive(Clone, Debug)]
pub struct Acceptance {
    /// The request.
    pub request: Request,
    /// The slot that it books, if it books one.
    pub slot: Option<Booking>,
    /// The client's key, if it gave one.
    pub idempotency: Option<IdempotencyKey>,
    /// What it uses up: no two requests can bring the same.
    pub spends: Vec<Spent>,
    /// What is to be sent.
    pub deliveries: Vec<Delivery>,
    /// What plugins decided.
    pub provenance: Vec<Provenance>,
    /// By what its person's requests are found.
    pub contacts: Vec<Contact>,
    /// Which agent entered it by hand, for the audit log.
    pub audited: Option<Audited>,
    /// What it adds to its site's report; without it, nothing.
    pub measures: Option<Measures>,
}

/// A slot to book, and what bounds that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booking {
    /// The slot.
    pub slot: Slot,
    /// How many callbacks it holds.
    pub capacity: u32,
    /// How many callbacks of the site may be booked at once, in whatever slots; without it, any number.
    pub open_at_most: Option<u32>,
}

/// A keyed hash of an e-mail address or a telephone number. The host makes it: the store never sees a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Id of the key.
    pub key: u8,
    /// The hash.
    pub hash: [u8; 16],
}

/// Something that is good once, until it runs out: the token of a form, a proof of work, a mailed link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    /// What tells it from others that run out at the same moment.
    pub hash: [u8; 16],
    /// When it runs out, and need not be remembered any longer. The same for the same thing, whenever it is brought.
    pub expires_at: Timestamp,
}

/// What using something up gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spending {
    /// Ours is the first use; it is used up now.
    Now,
    /// It was used before, at this moment.
    Before(Timestamp),
}

/// A request that is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Accepted {
    /// Now, for the first time.
    New,
    /// Before: the same idempotency key had the same body. This is the request it became.
    Replayed(Box<Request>),
}

/// A change to keep.
#[derive(Clone, Debug)]
pub struct Change {
    /// The next revision; the store must hold the one before it.
    pub request: Request,
    /// A slot to take instead of the one held, and how many callbacks it holds.
    pub slot: Option<(Slot, u32)>,
    /// What is to be sent.
    pub deliveries: Vec<Delivery>,
    /// Which signed-in agent made it, for the audit log.
    pub audited: Option<Audited>,
    /// What it adds to its site's report from now on, instead of what it added before; without it, the same as before.
    pub measures: Option<Measures>,
}

/// A delivery that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its id.
    pub delivery: uuid::Uuid,
    /// Key of the site it was to be sent for.
    pub site: String,
    /// Where it was to go.
    pub target: Target,
    /// Reference of the request it tells of, if that is still there.
    pub reference: Option<String>,
    /// How often it was tried.
    pub attempts: u32,
    /// When it was given up.
    pub dead_at: Timestamp,
    /// Why it failed the last time.
    pub error: String,
}

/// Which requests to list.
#[derive(Clone, Debug, Default)]
pub struct RequestFilter {
    /// Only this site's.
    pub site: Option<String>,
    /// Only the one with this reference.
    pub reference: Option<String>,
    /// At most this many.
    pub limit: Option<u32>,
}

/// What a search for requests found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The requests.
    pub requests: Vec<Request>,
    /// Those that are there and cannot be read: damaged, or written by a newer version.
    pub damaged: Vec<Damaged>,
}

/// Where a request stands among others, by age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// When it was received, to the microsecond.
    pub received_at: Timestamp,
    /// Its id, which tells it from others of the same moment.
    pub id: RequestId,
}

/// A part of what a search for requests found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The part.
    pub listing: Listing,
    /// Its last place, where there is more behind it.
    pub next: Option<Place>,
}

/// Which requests of one person to list, the one received last first.
#[derive(Clone, Debug)]
pub struct PersonFilter {
    /// Hashes of how the person can be reached; any of them will do.
    pub hashes: Vec<[u8; 16]>,
    /// Only this site's.
    pub site: Option<String>,
    /// Only those before this place.
    pub before: Option<Place>,
    /// At most this many.
    pub limit: u32,
}

/// Which old requests to list, the oldest first.
#[derive(Clone, Debug)]
pub struct AgeFilter {
    /// Of this site.
    pub site: String,
    /// Received by this moment.
    pub received_by: Timestamp,
    /// In one of these.
    pub statuses: Vec<Status>,
    /// Only those behind this place.
    pub after: Option<Place>,
    /// At most this many.
    pub limit: u32,
}

/// Requests that are not found by a person's hash under some key yet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unindexed {
    /// Those that can be read.
    pub requests: Vec<Request>,
    /// Where to go on; `None` at the end.
    pub next: Option<u64>,
}

/// What waits for a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Where it is to go.
    pub target: Target,
    /// How many deliveries.
    pub count: u64,
    /// When the oldest of them was to be sent first.
    pub since: Timestamp,
}

/// A request to erase, and what is to be sent about that.
#[derive(Clone, Debug)]
pub struct Erasure {
    /// Its id.
    pub id: RequestId,
    /// Only where it is at this revision: what was decided of it holds no more once somebody has changed it.
    pub revision: Option<u32>,
    /// What is to be sent; kept only if the request was there, and belongs to no request.
    pub deliveries: Vec<Delivery>,
}

/// All that is kept about a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The request.
    pub request: Request,
    /// What plugins decided about it, for each transaction that they took part in.
    pub provenance: Vec<Vec<Provenance>>,
    /// What was or is to be sent about it, the first decided first.
    pub deliveries: Vec<HeldDelivery>,
}

/// How a delivery stands.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldDelivery {
    /// What it tells, and since when.
    pub delivery: Delivery,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
    /// Why it failed the last time.
    pub error: Option<String>,
}

/// A request that is there and cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// Its id, to erase it by.
    pub id: RequestId,
    /// Its reference.
    pub reference: String,
    /// What is wrong with it, without anything of what it holds.
    pub error: String,
}

/// A file of the widget, kept so that pages loaded before an update still find theirs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Path below `/assets/`, its hash included.
    pub path: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}
