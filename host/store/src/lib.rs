//! What Porchlight keeps: sites, requests, deliveries and assets, behind [`Store`].
//!
//! This crate alone knows SQL. Every adaptor passes the suite in `contract` (compiled for tests, and with the feature of that
//! name for adaptors elsewhere).

mod agents;
mod attachments;
mod error;
mod finding;
mod measuring;
mod records;
mod sqlite;

#[cfg(any(test, feature = "contract"))]
pub mod contract;

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_model::{
    delivery::{Delivery, Rooms, Target},
    request::{Request, RequestId},
    slots::Bookings,
};

pub use agents::{
    AddAgentError, AgentStore, AuditLine, Audited, Credentials, Ending, Invitation, Session, TokenHash, Totp,
};
pub use attachments::{AttachmentStore, NewAttachment, PIECE};
pub use error::{AcceptError, ChangeError, KeepAttachmentError, StoreError};
pub use finding::{DeliveryState, Dossier, FoundRequests, LookedFor, RequestQuery, SEARCHED, Searched};
pub use measuring::{Days, Feedback, MeasureStore, Unfound};
pub use records::{
    Acceptance, Accepted, AgeFilter, Asset, Booking, Change, Contact, Damaged, DeadLetter, Erasure, Held, HeldDelivery,
    IdempotencyKey, Listing, Page, PersonFilter, Place, Replay, RequestFilter, SiteFile, SiteVersion, Spending, Spent,
    Unindexed, Waiting,
};
pub use sqlite::{Settings, SqliteStore};

/// Everything that is kept. A method that changes something returns only once the change is durable.
#[async_trait]
pub trait Store: AgentStore + AttachmentStore + MeasureStore {
    /// Keeps a new version of a site's files; an identical one is not kept again. Returns the version that is current now.
    async fn apply_site(&self, key: &str, files: Vec<SiteFile>, now: Timestamp) -> Result<SiteVersion, StoreError>;

    /// The current version of one site.
    async fn lookup_site(&self, key: &str) -> Result<Option<SiteVersion>, StoreError>;

    /// Key and current version of every site: cheap, to see whether something new was applied.
    async fn site_versions(&self) -> Result<Vec<(String, u32)>, StoreError>;

    /// What an idempotency key was used for within the last 24 hours, if it was.
    async fn lookup_replay(&self, key: &IdempotencyKey, now: Timestamp) -> Result<Option<Replay>, StoreError>;

    /// The first of these that was used up by a request: cheap, to refuse before more is done. [`accept`](Self::accept) has the
    /// last word.
    async fn lookup_spent(&self, spends: Vec<Spent>) -> Result<Option<Spent>, StoreError>;

    /// When something that is good once was used up, if it was.
    async fn spent_at(&self, spent: Spent) -> Result<Option<Timestamp>, StoreError>;

    /// Uses up something that is good once: only the first call gets [`Spending::Now`].
    async fn spend(&self, spent: Spent, now: Timestamp) -> Result<Spending, StoreError>;

    /// Keeps a request with all that belongs to it, in one transaction: idempotency key, slot, deliveries, provenance, whose it
    /// is, and what it uses up.
    ///
    /// The same key again answers [`Accepted::Replayed`], or [`AcceptError::KeyReused`] with another body, before anything else
    /// is looked at. What another request used up is [`AcceptError::Spent`], a full slot, or any while as many are booked as may
    /// be at once, [`AcceptError::SlotTaken`], a reference in use [`AcceptError::ReferenceTaken`].
    async fn accept(&self, acceptance: Acceptance) -> Result<Accepted, AcceptError>;

    /// A request by its id; an erased one is gone.
    async fn lookup_request(&self, id: RequestId) -> Result<Option<Request>, StoreError>;

    /// Requests, the one kept last first. One that cannot be read does not hide the others.
    async fn requests(&self, filter: &RequestFilter) -> Result<Listing, StoreError>;

    /// Up to `limit` requests of a site about whose promise there is something to note by now
    /// ([`next_due`](Request::next_due)), the one that waits longest first. One that cannot be read is left aside for a day, and named
    /// in the log: it does not hold up the others.
    async fn due_requests(&self, site: &str, now: Timestamp, limit: u32) -> Result<Vec<RequestId>, StoreError>;

    /// Replaces a request by its next revision, with its deliveries, in one transaction; a moved slot is freed and taken in
    /// it, a final status frees it. [`ChangeError::Stale`] where somebody else changed the request in between.
    async fn change_request(&self, change: Change) -> Result<(), ChangeError>;

    /// Erases a request with its slot, idempotency keys, deliveries, provenance and files, leaving nothing in the file, and keeps what
    /// is to be sent about that; those deliveries belong to no request. `false`, and nothing kept, where there was none.
    async fn erase_request(&self, id: RequestId, deliveries: Vec<Delivery>) -> Result<bool, StoreError>;

    /// Erases some requests in one transaction, each as [`erase_request`](Self::erase_request) does; returns how many were
    /// there, at the revision that is asked for. Nobody else's change is kept while it works: take a few at a time.
    async fn erase_requests(&self, erasures: Vec<Erasure>) -> Result<u64, StoreError>;

    /// Requests of one person, the one received last first. One that cannot be read does not hide the others.
    async fn requests_of(&self, filter: &PersonFilter) -> Result<Page, StoreError>;

    /// Old requests, the oldest first. One that cannot be read does not hide the others.
    async fn aged_requests(&self, filter: &AgeFilter) -> Result<Page, StoreError>;

    /// All that is kept about a request; an erased one is gone.
    async fn held(&self, id: RequestId) -> Result<Option<Held>, StoreError>;

    /// Requests, behind what was given before, that are found by no hash under this key; at most `limit`.
    async fn unindexed_requests(&self, key: u8, after: u64, limit: u32) -> Result<Unindexed, StoreError>;

    /// Lets requests be found by further hashes; those that are gone are passed over.
    async fn keep_contacts(&self, contacts: Vec<(RequestId, Vec<Contact>)>) -> Result<(), StoreError>;

    /// Keeps deliveries about requests that are there, without changing them; one whose request is gone is not kept.
    async fn keep_deliveries(&self, deliveries: Vec<Delivery>) -> Result<(), StoreError>;

    /// How many callbacks are booked in the slots of a site that begin in `from..to`.
    async fn bookings(&self, site: &str, from: Timestamp, to: Timestamp) -> Result<Bookings, StoreError>;

    /// Takes deliveries that are due, of each target as many as there is room for, so that nobody else gets them before
    /// `lease_until`. However many wait for one target, those for others are found at once. One that cannot be read is left
    /// aside, and does not hold up the others.
    async fn claim_deliveries(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        rooms: Rooms,
    ) -> Result<Vec<Delivery>, StoreError>;

    /// Marks a claimed delivery as sent; one that nobody has claimed stays as it is.
    async fn mark_sent(&self, delivery: uuid::Uuid, now: Timestamp) -> Result<(), StoreError>;

    /// Marks the attempt of a claimed delivery as failed; it is due again at `retry_at`. The error must tell nothing of a person.
    async fn mark_failed(&self, delivery: uuid::Uuid, error: &str, retry_at: Timestamp) -> Result<(), StoreError>;

    /// Gives a claimed delivery up: it is not claimed again unless it is [revived](Self::revive_deliveries). The error must tell
    /// nothing of a person.
    async fn mark_dead(&self, delivery: uuid::Uuid, error: &str, now: Timestamp) -> Result<(), StoreError>;

    /// Gives up, without another try, what has waited for a target `since` then or longer and nobody has claimed; returns how
    /// many that were. The error must tell nothing of a person.
    async fn give_up_deliveries(
        &self,
        target: &Target,
        since: Timestamp,
        error: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Deliveries that were given up, the last first.
    async fn dead_letters(&self) -> Result<Vec<DeadLetter>, StoreError>;

    /// Lets one delivery that was given up be tried again from now on, or all of them; returns how many.
    async fn revive_deliveries(&self, delivery: Option<uuid::Uuid>, now: Timestamp) -> Result<u64, StoreError>;

    /// Lets go of all that was claimed and not marked, for a host that starts: whoever had claimed it has ended.
    async fn release_deliveries(&self) -> Result<(), StoreError>;

    /// How many deliveries wait to be sent, and since when the oldest does, target by target.
    async fn waiting_deliveries(&self) -> Result<Vec<Waiting>, StoreError>;

    /// Keeps the assets now served, and forgets those that were not among them for 30 days.
    async fn keep_assets(&self, assets: Vec<Asset>, now: Timestamp) -> Result<(), StoreError>;

    /// An asset by its path, of this version or an earlier one.
    async fn lookup_asset(&self, path: &str) -> Result<Option<Asset>, StoreError>;

    /// Whether the store can keep something now: writes and syncs a row.
    async fn probe(&self) -> Result<(), StoreError>;
}
