//! Own request: what its requester may do with it.

use jiff::Timestamp;
use porchlight_model::{
    delivery::{Delivery, Erased, Letter, Payload},
    request::{self, ChangeRefused, ReplyBy, Request, RequestId, RequesterChange},
    slots::{self, NotASlot},
    submission::{Problem, ProblemCode},
};
use porchlight_store::{Change, ChangeError, StoreError};

use super::request::delivery;
use crate::{app::App, sites::LiveSite};

/// How often a change is made again when somebody else changed the request in between.
const ATTEMPTS: u32 = 4;

/// What a requester wants changed, as they said it.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// Another slot, by its beginning.
    Slot(Timestamp),
    /// Another way to be answered.
    ReplyBy(ReplyBy),
    /// Not needed any more.
    Cancel,
}

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    /// There is no such request any more.
    #[error("there is no such request")]
    Gone,
    /// A field has to be mended.
    #[error("a field has to be mended")]
    Field(Problem),
    /// The request's state does not allow it.
    #[error(transparent)]
    Refused(#[from] ChangeRefused),
    /// Others keep changing it.
    #[error("the request was changed in between")]
    Busy,
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The request of an id, if it is there and of a site that is served.
pub async fn require(app: &App, id: RequestId) -> Result<Request, OwnError> {
    app.store.lookup_request(id).await?.ok_or(OwnError::Gone)
}

/// Makes a change. Returns only once it is durable.
pub async fn change(app: &App, live: &LiveSite, id: RequestId, wish: &Wish) -> Result<Request, OwnError> {
    revised(app, id, |current, now| {
        let next = request::change(current, resolved(live, wish, now)?, now)?;
        Ok(prepared(live, current, &next, now))
    })
    .await
}

/// Makes the next revision of a request, once more where somebody else changed it in between. Returns only once it is durable.
pub async fn revised(
    app: &App,
    id: RequestId,
    next: impl Fn(&Request, Timestamp) -> Result<Change, OwnError>,
) -> Result<Request, OwnError> {
    for _ in 0..ATTEMPTS {
        let current = require(app, id).await?;
        let change = next(&current, app.now())?;
        let next = change.request.clone();
        match app.store.change_request(change).await {
            Ok(()) => {
                app.outbox.notify_one();
                if current.slot != next.slot || next.status.is_final() {
                    app.offers.forget();
                }
                return Ok(next);
            }
            Err(ChangeError::Stale) => {}
            Err(ChangeError::SlotTaken) => return Err(field(ProblemCode::SlotTaken)),
            Err(ChangeError::Store(error)) => return Err(error.into()),
        }
    }
    Err(OwnError::Busy)
}

/// Erases a request and all that belongs to it; whoever may still be waiting to answer it is told, in the same transaction.
pub async fn erase(app: &App, live: &LiveSite, request: &Request) -> Result<(), OwnError> {
    let now = app.now();
    let waited_for = live.site.mail.is_some() && !request.status.is_final();
    let deliveries = if waited_for { vec![told_of_erasure(request, now)] } else { vec![] };
    if !app.store.erase_request(request.id, deliveries).await? {
        return Err(OwnError::Gone);
    }
    app.outbox.notify_one();
    if request.slot.is_some() {
        app.offers.forget();
    }
    Ok(())
}

fn told_of_erasure(request: &Request, now: Timestamp) -> Delivery {
    let payload = Payload::Erased(Erased { reference: request.reference.clone(), slot: request.slot });
    Delivery { request: None, payload, ..delivery(request, Letter::ChangedToBusiness, now) }
}

fn resolved(live: &LiveSite, wish: &Wish, now: Timestamp) -> Result<RequesterChange, OwnError> {
    match wish {
        Wish::ReplyBy(by) => Ok(RequesterChange::ReplyBy(*by)),
        Wish::Cancel => Ok(RequesterChange::Cancel),
        Wish::Slot(from) => {
            let form = live.site.callback.as_ref().ok_or_else(|| field(ProblemCode::NoSuchForm))?;
            let slot = slots::slot_at(form, *from, now).map_err(|why| field(not_a_slot(why)))?;
            Ok(RequesterChange::Slot(slot))
        }
    }
}

fn not_a_slot(why: NotASlot) -> ProblemCode {
    match why {
        NotASlot::Past => ProblemCode::SlotPast,
        NotASlot::TooFar => ProblemCode::SlotTooFar,
        NotASlot::None => ProblemCode::SlotNone,
    }
}

fn field(code: ProblemCode) -> OwnError {
    OwnError::Field(Problem { field: "slot".to_owned(), code })
}

fn prepared(live: &LiveSite, current: &Request, next: &Request, now: Timestamp) -> Change {
    let moved = (next.slot != current.slot).then_some(next.slot).flatten();
    let capacity = live.site.callback.as_ref().map(|form| form.slots.capacity);
    let news = (next.slot, next.status, next.reply_by) != (current.slot, current.status, current.reply_by);
    let tells = news && live.site.mail.is_some();
    let deliveries = if tells { vec![delivery(next, Letter::ChangedToBusiness, now)] } else { vec![] };
    Change { request: next.clone(), slot: moved.zip(capacity), deliveries }
}
