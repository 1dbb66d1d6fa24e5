//! The SQLite adaptor: one file, one writing thread, a few readers.
//!
//! | file | what |
//! |---|---|
//! | `open`, `schema`, `migrations/` | whose file it is, how it is written, its versions |
//! | `writer`, `job`, `log` | group commit; emptying the write-ahead log after an erasure |
//! | `readers` | queries, away from the async threads |
//! | `attachment_store`, `attachments` | files, piece by piece |
//! | the others | what each method of the port does inside one transaction |

mod agents;
mod ages;
mod assets;
mod attachment_store;
mod attachments;
mod audit;
mod bookings;
mod check;
mod columns;
mod contacts;
mod copy;
mod counts;
mod fault;
mod idempotency;
mod job;
mod log;
mod margin;
mod measures;
mod open;
mod outbox;
mod probe;
mod readers;
mod replies;
mod requests;
mod schema;
mod self_help;
mod sessions;
mod sites;
mod spent;
mod worklist;
mod writer;

#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_model::{
    agent::{Agent, AgentId, CannedReply, Duty, ReplyId},
    delivery::{Delivery, Rooms, Target},
    request::{Request, RequestId},
    slots::Bookings,
};

use self::{
    fault::{Fault, Stop},
    job::Afterwards,
    readers::Readers,
    writer::{Bounds, Writer},
};
use crate::{
    AcceptError, Acceptance, Accepted, AddAgentError, AgeFilter, AgentStore, Asset, AuditLine, Audited, Change,
    ChangeError, Contact, Credentials, DeadLetter, Dossier, Ending, Erasure, FoundRequests, Held, IdempotencyKey,
    Listing, Page, PersonFilter, Replay, RequestFilter, RequestQuery, Session, SiteFile, SiteVersion, Spending, Spent,
    Store, StoreError, TokenHash, Unindexed, Waiting,
};

/// How much the store does at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Queries that run at the same time; further ones wait their turn.
    pub readers: usize,
    /// Changes that wait for the writing thread; who brings more waits until there is room.
    pub queue: usize,
    /// Changes that are committed together at most.
    pub batch: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { readers: 4, queue: 1024, batch: 256 }
    }
}

/// A store in one SQLite file (and, while it is open, a write-ahead log and an index of that beside it).
///
/// Dropping it waits until every change that was queued is kept.
#[derive(Debug)]
pub struct SqliteStore {
    // Before the writer: the last connection to close clears the log away, and readers cannot.
    readers: Readers,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the database at `path`, makes it if there is none, and brings its schema up to date.
    ///
    /// Fails with [`StoreError::Failed`], whose source names the file and the mend, where the folder is missing or may not
    /// be written to, and where the file is no database, another program's, or written by a newer version.
    pub fn open(path: &Path, settings: Settings) -> Result<Self, StoreError> {
        let path = open::absolute(path)?;
        let connection = open::create_or_migrate(&path)?;
        let bounds = Bounds { queue: settings.queue, batch: settings.batch };
        let writer = Writer::start(path.clone(), connection, bounds).map_err(Fault::of)?;
        Ok(Self { readers: Readers::new(path, settings.readers), writer })
    }

    /// How many transactions wrote something and were committed since the store was opened. Under load it grows slower than
    /// the number of changes: that is group commit at work.
    pub fn commits(&self) -> u64 {
        self.writer.commits()
    }

    /// Goes through the whole database at `path` and fails with what is wrong with it first: a page, an index, a row that
    /// belongs to nothing. Only reads, so that a host may go on working on it.
    pub fn check(path: &Path) -> Result<(), StoreError> {
        Ok(check::check(&open::absolute(path)?)?)
    }

    /// Writes the whole database at `path`, as it stands at one moment, to the new file `to`, which is on the disk when this
    /// returns. A host may go on working meanwhile. Fails where `to` is there already.
    pub fn copy(path: &Path, to: &Path) -> Result<(), StoreError> {
        Ok(copy::copy(&open::absolute(path)?, &open::absolute(to)?)?)
    }

    /// A change that the rules of the port never refuse.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.change(Afterwards::Answer, |connection| Ok(work(connection)?)).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn apply_site(&self, key: &str, files: Vec<SiteFile>, now: Timestamp) -> Result<SiteVersion, StoreError> {
        let key = key.to_owned();
        self.write(move |connection| sites::apply(connection, &key, files, now)).await
    }

    async fn lookup_site(&self, key: &str) -> Result<Option<SiteVersion>, StoreError> {
        let key = key.to_owned();
        self.readers.read(move |connection| sites::lookup(connection, &key)).await
    }

    async fn site_versions(&self) -> Result<Vec<(String, u32)>, StoreError> {
        self.readers.read(sites::versions).await
    }

    async fn lookup_replay(&self, key: &IdempotencyKey, now: Timestamp) -> Result<Option<Replay>, StoreError> {
        self.writer.settle().await?;
        let key = key.clone();
        self.readers.read(move |connection| idempotency::lookup(connection, &key, now)).await
    }

    async fn lookup_spent(&self, spends: Vec<Spent>) -> Result<Option<Spent>, StoreError> {
        if spends.is_empty() {
            return Ok(None);
        }
        self.readers.read(move |connection| spent::first_used(connection, &spends)).await
    }

    async fn accept(&self, acceptance: Acceptance) -> Result<Accepted, AcceptError> {
        self.writer.change(Afterwards::Answer, move |connection| requests::accept(connection, &acceptance)).await
    }

    async fn lookup_request(&self, id: RequestId) -> Result<Option<Request>, StoreError> {
        self.readers.read(move |connection| requests::lookup(connection, id)).await
    }

    async fn requests(&self, filter: &RequestFilter) -> Result<Listing, StoreError> {
        let filter = filter.clone();
        self.readers.read(move |connection| requests::list(connection, &filter)).await
    }

    async fn due_requests(&self, site: &str, now: Timestamp, limit: u32) -> Result<Vec<RequestId>, StoreError> {
        let site = site.to_owned();
        let requests::Due { ids, damaged } =
            self.readers.read(move |connection| requests::due(connection, &site, now, limit)).await?;
        if !damaged.is_empty() {
            self.write(move |connection| requests::park(connection, &damaged, now)).await?;
        }
        Ok(ids)
    }

    async fn change_request(&self, change: Change) -> Result<(), ChangeError> {
        self.writer.change(Afterwards::Answer, move |connection| requests::change(connection, &change)).await
    }

    async fn erase_request(&self, id: RequestId, deliveries: Vec<Delivery>) -> Result<bool, StoreError> {
        let erasure = Erasure { id, revision: None, deliveries };
        let erase = move |connection: &rusqlite::Connection| {
            requests::erase(connection, &erasure).map_err(Stop::<StoreError>::from)
        };
        let erased = self.writer.change(Afterwards::EmptyLog, erase).await?;
        self.clear_attachments().await?;
        Ok(erased)
    }

    async fn erase_requests(&self, erasures: Vec<Erasure>) -> Result<u64, StoreError> {
        let erase = move |connection: &rusqlite::Connection| {
            requests::erase_all(connection, &erasures).map_err(Stop::<StoreError>::from)
        };
        let erased = self.writer.change(Afterwards::EmptyLog, erase).await?;
        self.clear_attachments().await?;
        Ok(erased)
    }

    async fn requests_of(&self, filter: &PersonFilter) -> Result<Page, StoreError> {
        let filter = filter.clone();
        self.readers.read(move |connection| ages::of_person(connection, &filter)).await
    }

    async fn aged_requests(&self, filter: &AgeFilter) -> Result<Page, StoreError> {
        let filter = filter.clone();
        self.readers.read(move |connection| ages::aged(connection, &filter)).await
    }

    async fn held(&self, id: RequestId) -> Result<Option<Held>, StoreError> {
        self.readers.read(move |connection| requests::held(connection, id)).await
    }

    async fn unindexed_requests(&self, key: u8, after: u64, limit: u32) -> Result<Unindexed, StoreError> {
        self.readers.read(move |connection| contacts::lacking(connection, key, after, limit)).await
    }

    async fn keep_contacts(&self, contacts: Vec<(RequestId, Vec<Contact>)>) -> Result<(), StoreError> {
        self.write(move |connection| contacts::keep_of(connection, &contacts)).await
    }

    async fn keep_deliveries(&self, deliveries: Vec<Delivery>) -> Result<(), StoreError> {
        self.write(move |connection| outbox::keep_of(connection, &deliveries)).await
    }

    async fn bookings(&self, site: &str, from: Timestamp, to: Timestamp) -> Result<Bookings, StoreError> {
        let site = site.to_owned();
        self.readers.read(move |connection| bookings::count(connection, &site, from, to)).await
    }

    async fn spent_at(&self, spent: Spent) -> Result<Option<Timestamp>, StoreError> {
        self.readers.read(move |connection| spent::used_at(connection, spent)).await
    }

    async fn spend(&self, spent: Spent, now: Timestamp) -> Result<Spending, StoreError> {
        self.write(move |connection| spent::spend(connection, spent, now)).await
    }

    async fn claim_deliveries(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        rooms: Rooms,
    ) -> Result<Vec<Delivery>, StoreError> {
        self.write(move |connection| outbox::claim(connection, now, lease_until, &rooms)).await
    }

    async fn mark_sent(&self, delivery: uuid::Uuid, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |connection| outbox::mark_sent(connection, delivery, now)).await
    }

    async fn mark_failed(&self, delivery: uuid::Uuid, error: &str, retry_at: Timestamp) -> Result<(), StoreError> {
        let error = error.to_owned();
        self.write(move |connection| outbox::mark_failed(connection, delivery, &error, retry_at)).await
    }

    async fn mark_dead(&self, delivery: uuid::Uuid, error: &str, now: Timestamp) -> Result<(), StoreError> {
        let error = error.to_owned();
        self.write(move |connection| outbox::mark_dead(connection, delivery, &error, now)).await
    }

    async fn give_up_deliveries(
        &self,
        target: &Target,
        since: Timestamp,
        error: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let (target, error) = (target.clone(), error.to_owned());
        self.write(move |connection| outbox::give_up(connection, &target, since, &error, now)).await
    }

    async fn dead_letters(&self) -> Result<Vec<DeadLetter>, StoreError> {
        self.readers.read(outbox::dead).await
    }

    async fn revive_deliveries(&self, delivery: Option<uuid::Uuid>, now: Timestamp) -> Result<u64, StoreError> {
        self.write(move |connection| outbox::revive(connection, delivery, now)).await
    }

    async fn release_deliveries(&self) -> Result<(), StoreError> {
        self.write(outbox::release).await
    }

    async fn waiting_deliveries(&self) -> Result<Vec<Waiting>, StoreError> {
        self.readers.read(outbox::waiting).await
    }

    async fn keep_assets(&self, assets: Vec<Asset>, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |connection| assets::keep(connection, &assets, now)).await
    }

    async fn lookup_asset(&self, path: &str) -> Result<Option<Asset>, StoreError> {
        let path = path.to_owned();
        self.readers.read(move |connection| assets::lookup(connection, &path)).await
    }

    async fn probe(&self) -> Result<(), StoreError> {
        self.write(probe::write).await
    }
}

#[async_trait]
impl AgentStore for SqliteStore {
    async fn add_agent(&self, agent: Agent, credentials: Credentials) -> Result<(), AddAgentError> {
        self.writer.change(Afterwards::Answer, move |connection| agents::add(connection, &agent, &credentials)).await
    }

    async fn agents(&self) -> Result<Vec<Agent>, StoreError> {
        self.readers.read(agents::all).await
    }

    async fn lookup_sign_in(&self, email: &str) -> Result<Option<(Agent, Credentials)>, StoreError> {
        let email = email.to_owned();
        self.readers.read(move |connection| agents::sign_in(connection, &email)).await
    }

    async fn lookup_agent(&self, id: AgentId) -> Result<Option<(Agent, Credentials)>, StoreError> {
        self.readers.read(move |connection| agents::lookup(connection, id)).await
    }

    async fn change_credentials(
        &self,
        agent: AgentId,
        credentials: Credentials,
        ending: Ending,
    ) -> Result<bool, StoreError> {
        self.write(move |connection| agents::change(connection, agent, &credentials, ending)).await
    }

    async fn remove_agent(&self, id: AgentId) -> Result<bool, StoreError> {
        let remove = move |connection: &rusqlite::Connection| agents::remove(connection, id).map_err(Stop::from);
        self.writer.change(Afterwards::EmptyLog, remove).await
    }

    async fn open_session(&self, session: Session, revision: u32) -> Result<bool, StoreError> {
        self.write(move |connection| sessions::open(connection, &session, revision)).await
    }

    async fn lookup_session(&self, token: TokenHash) -> Result<Option<(Session, Agent)>, StoreError> {
        self.readers.read(move |connection| sessions::lookup(connection, token)).await
    }

    async fn see_session(&self, token: TokenHash, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |connection| sessions::see(connection, token, now)).await
    }

    async fn end_sessions(&self, agent: AgentId, ending: Ending) -> Result<(), StoreError> {
        self.write(move |connection| sessions::end(connection, agent, ending)).await
    }

    async fn set_duty(&self, token: TokenHash, duty: Duty) -> Result<bool, StoreError> {
        self.write(move |connection| sessions::set_duty(connection, token, duty)).await
    }

    async fn on_duty(&self) -> Result<Vec<(Session, Agent)>, StoreError> {
        self.readers.read(sessions::on_duty).await
    }

    async fn record(&self, audited: Audited) -> Result<(), StoreError> {
        self.write(move |connection| audit::record(connection, &audited)).await
    }

    async fn audit(&self, site: &str, before: Option<i64>, limit: u32) -> Result<Vec<AuditLine>, StoreError> {
        let site = site.to_owned();
        self.readers.read(move |connection| audit::list(connection, &site, before, limit)).await
    }

    async fn keep_reply(&self, site: &str, reply: CannedReply) -> Result<(), StoreError> {
        let site = site.to_owned();
        self.write(move |connection| replies::keep(connection, &site, &reply)).await
    }

    async fn replies(&self, site: &str) -> Result<Vec<CannedReply>, StoreError> {
        let site = site.to_owned();
        self.readers.read(move |connection| replies::list(connection, &site)).await
    }

    async fn remove_reply(&self, site: &str, id: ReplyId) -> Result<bool, StoreError> {
        let site = site.to_owned();
        self.write(move |connection| replies::remove(connection, &site, id)).await
    }

    async fn find_requests(&self, query: RequestQuery) -> Result<FoundRequests, StoreError> {
        self.readers.read(move |connection| worklist::find(connection, &query)).await
    }

    async fn lookup_dossier(&self, id: RequestId) -> Result<Option<Dossier>, StoreError> {
        self.readers.read(move |connection| worklist::dossier(connection, id)).await
    }
}
