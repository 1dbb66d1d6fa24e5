//! Own request: what its requester may do with it.

use jiff::Timestamp;
use porchlight_model::{
    attachment::Attachment,
    reply::{self, ExpectedReply},
    request::{self, Actor, Entry, Rating, ReplyBy, Request, RequestId, RequesterChange},
    slots::{self, NotASlot},
    submission::ProblemCode,
};

use uuid::Uuid;

use super::{
    attach::require_room,
    change::{ChangeFailed, revised, slot_problem},
    erasure::{self, Reason},
};
use crate::{app::App, sites::LiveSite};

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

/// Makes a change. Returns only once it is durable.
pub async fn change(app: &App, live: &LiveSite, id: RequestId, wish: &Wish) -> Result<Request, ChangeFailed> {
    let capacity = live.site.callback.as_ref().map(|form| form.slots.capacity);
    revised(app, live, id, |current, now| {
        let next = request::change(current, resolved(live, wish, now)?, now)?;
        let moved = next.slot.filter(|slot| current.slot != Some(*slot));
        Ok((next, moved.zip(capacity)))
    })
    .await
}

/// Adds to the conversation; what was answered is reopened. `text` is checked. Returns only once it is durable. An entry of an
/// id that is there already is not added again.
pub async fn write(
    app: &App,
    live: &LiveSite,
    id: RequestId,
    entry: Uuid,
    text: &str,
) -> Result<Request, ChangeFailed> {
    write_with(app, live, id, entry, text, &[]).await
}

/// The same, with files that were kept before, if there is room for them all. `text` may be empty beside them.
pub async fn write_with(
    app: &App,
    live: &LiveSite,
    id: RequestId,
    entry: Uuid,
    text: &str,
    attachments: &[Attachment],
) -> Result<Request, ChangeFailed> {
    revised(app, live, id, |current, now| {
        match current.entries.iter().find(|known| known.id == entry) {
            Some(known) if known.text == text => return Ok((current.clone(), None)),
            Some(_) => return Err(ChangeFailed::KeyReused),
            None => {}
        }
        require_room(app, current, attachments)?;
        let entry = Entry {
            id: entry,
            from: Actor::Requester,
            at: now,
            text: text.to_owned(),
            attachments: attachments.to_vec(),
        };
        let written = RequesterChange::Entry(entry, promised_anew(live, now));
        Ok((request::change(current, written, now)?, None))
    })
    .await
}

/// Says how good the answer was. `rating` is checked. Returns only once it is durable.
pub async fn rate(app: &App, live: &LiveSite, id: RequestId, rating: &Rating) -> Result<Request, ChangeFailed> {
    let rated = RequesterChange::Rate(rating.clone());
    revised(app, live, id, |current, now| Ok((request::change(current, rated.clone(), now)?, None))).await
}

/// What is promised to who writes now: what the message form promises everybody.
pub fn promised_anew(live: &LiveSite, now: Timestamp) -> Option<ExpectedReply> {
    let form = live.site.message.as_ref()?;
    let promise = form.promise?.measured(live.history().message);
    reply::expected_reply(promise, &form.hours, now)
}

/// Erases a request and all that belongs to it; whoever may still be waiting to answer it is told, in the same transaction.
pub async fn erase(app: &App, live: &LiveSite, request: &Request) -> Result<(), ChangeFailed> {
    let erasure = erasure::of(Some(&live.site), request, Reason::Wish, app.now());
    if erasure::erase(app.store.as_ref(), vec![erasure]).await? == 0 {
        return Err(ChangeFailed::Gone);
    }
    app.outbox.notify_one();
    app.changes.tell(request.id);
    if request.slot.is_some() {
        app.recent.forget();
    }
    Ok(())
}

fn resolved(live: &LiveSite, wish: &Wish, now: Timestamp) -> Result<RequesterChange, ChangeFailed> {
    match wish {
        Wish::ReplyBy(by) => Ok(RequesterChange::ReplyBy(*by)),
        Wish::Cancel => Ok(RequesterChange::Cancel),
        Wish::Slot(from) => {
            let form = live.site.callback.as_ref().ok_or_else(|| slot_problem(ProblemCode::NoSuchForm))?;
            let slot = slots::slot_at(form, *from, now).map_err(|why| slot_problem(not_a_slot(why)))?;
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
