//! What every route works with.

use std::{net::IpAddr, ops::Deref, sync::Arc};

use jiff::Timestamp;
use porchlight_delivery::Circuits;
use porchlight_runtime::Runtime;
use porchlight_store::Store;
use tokio::sync::{Notify, mpsc};

use crate::{
    abuse::Walls, changes::Changes, config::host::LimitsConfig, flows::mailbox::Wanted, keys::Keys, metrics::Metrics,
    outgoing::Outgoing, recent::RecentOffers, replies::ReplyAddress, search::Indexes, searches::Searches,
    sign_in::passwords::Passwords, sites::Sites, squeezed::Squeezed, uploads::Uploads, wiring::clock::Clock,
};

/// What every route works with. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// The parts of the host.
pub struct Parts {
    /// Everything that is kept.
    pub store: Arc<dyn Store>,
    /// Where plugins run.
    pub runtime: Runtime,
    /// The sites being served.
    pub sites: Sites,
    /// The offers made within this second, and what they stand on.
    pub recent: RecentOffers,
    /// Search in answers.
    pub indexes: Indexes,
    /// Searches that found nothing.
    pub searches: Searches,
    /// The widget's files, compressed.
    pub squeezed: Squeezed,
    /// What tokens are signed with.
    pub keys: Keys,
    /// What may go out to endpoints, and by which secrets.
    pub outgoing: Arc<Outgoing>,
    /// The time.
    pub clock: Clock,
    /// Tells whoever follows a request that it has changed.
    pub changes: Changes,
    /// Where deliveries are not taken now.
    pub circuits: Circuits,
    /// Wakes the delivery worker.
    pub outbox: Arc<Notify>,
    /// Who wants a link to all requests of an address.
    pub wanted: mpsc::Sender<Wanted>,
    /// How browsers reach this host, without a slash at the end.
    pub public_url: String,
    /// Reverse proxies whose word on a client's address is taken.
    pub trusted_proxies: Vec<IpAddr>,
    /// What one client may use.
    pub limits: LimitsConfig,
    /// Files on their way in.
    pub uploads: Uploads,
    /// How e-mail comes in.
    pub inbound: Inbound,
    /// Walls against abuse.
    pub walls: Walls,
    /// Checks passwords.
    pub passwords: Passwords,
    /// What is counted.
    pub metrics: Metrics,
}

/// How e-mail comes in.
pub struct Inbound {
    /// What letters are answered to.
    pub replies: Option<ReplyAddress>,
    /// What a mail provider shows when it brings mail.
    pub secret: Option<String>,
    /// The most bytes of a mail.
    pub bytes: usize,
}

impl App {
    /// An app out of its parts.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
