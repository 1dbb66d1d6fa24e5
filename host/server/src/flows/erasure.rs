//! Erasure: a request goes with all that belongs to it, whoever wishes it: its requester, the operator, or the site's retention.
//!
//! The one place where it is decided who is told. Whatever tells of an erasure names nobody, and belongs to no request.

use jiff::Timestamp;
use porchlight_model::{
    delivery::{Delivery, Erased, Payload},
    notices,
    request::{Request, RequestId},
    site::Site,
};
use porchlight_store::{Erasure, Store, StoreError};

use super::change::{delivery, noticed};

/// Requests that are erased in one transaction: a short one, so that nobody waits for it.
pub const BATCH: u32 = 20;

/// Why a request is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Its person wishes it.
    Wish,
    /// It was kept for as long as the site keeps requests.
    Age,
}

/// What erasing a request takes: who may still be waiting to answer it is told. Without a site nobody is.
pub fn of(site: Option<&Site>, request: &Request, reason: Reason, now: Timestamp) -> Erasure {
    let has_mail = site.is_some_and(|site| site.mail.is_some());
    let is_waited_for = reason == Reason::Wish && has_mail && !request.status.is_final();
    let mut deliveries: Vec<Delivery> = is_waited_for.then(|| told(request, now)).into_iter().collect();
    let notices = site.map(|site| notices::of_erasure(site, request, now)).unwrap_or_default();
    deliveries.extend(noticed(request, notices, now).map(|notice| Delivery { request: None, ..notice }));
    // What is old enough to go may be reopened before it goes.
    let revision = (reason == Reason::Age).then_some(request.revision);
    Erasure { id: request.id, revision, deliveries }
}

/// The same for a request that cannot be read: nothing is known that could be told.
pub fn of_unreadable(id: RequestId) -> Erasure {
    Erasure { id, revision: None, deliveries: vec![] }
}

fn told(request: &Request, now: Timestamp) -> Delivery {
    let payload = Payload::Erased(Erased { reference: request.reference.clone(), slot: request.slot });
    Delivery { request: None, ..delivery(request, payload, now) }
}

/// Erases, a few at a time. Returns, once nothing of them is left in any file, how many there were.
pub async fn erase(store: &dyn Store, erasures: Vec<Erasure>) -> Result<u64, StoreError> {
    let mut erased = 0;
    for batch in erasures.chunks(BATCH as usize) {
        erased += store.erase_requests(batch.to_vec()).await?;
    }
    Ok(erased)
}
