//! Where a request stands: the way behind it and ahead, and whether its promise holds.

use jiff::{SignedDuration, Timestamp};

use super::{Actor, EVENTS, Event, Happening, OF_AGENTS, Request, Status};
use crate::reply::{Basis, ExpectedReply};

/// One status on a request's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The status.
    pub status: Status,
    /// When it was reached, if it was.
    pub at: Option<Timestamp>,
    /// When it is promised; at the next step alone, and only until somebody has answered.
    pub due: Option<Timestamp>,
}

/// How pressing a promise is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Nothing was promised, or it was kept, or there is time.
    Calm,
    /// The last quarter of the time promised has begun: at most an hour before its end, at least five minutes.
    DueSoon,
    /// It is over, and nobody has answered.
    Overdue,
}

/// The smallest step of time that is kept: a promise that ends at a moment is overdue one later.
const TICK: SignedDuration = SignedDuration::from_micros(1);

/// The time before a promise's end that counts as soon is between these.
const SOON: (SignedDuration, SignedDuration) = (SignedDuration::from_mins(5), SignedDuration::from_hours(1));

impl Request {
    /// The way behind and ahead: every status with when it was reached; the promise is due at the first one not reached. A
    /// cancelled request has no way ahead.
    pub fn steps(&self) -> Vec<Step> {
        let step = |status| Step { status, at: self.reached(status), due: None };
        if self.status == Status::Cancelled {
            let behind = Status::STEPS.into_iter().chain([Status::Cancelled]).map(step);
            return behind.filter(|step| step.at.is_some()).collect();
        }
        let mut steps = Status::STEPS.map(step).to_vec();
        if let Some(next) = steps.iter_mut().find(|step| step.at.is_none()) {
            next.due = self.open_promise().map(|promise| promise.by);
        }
        steps
    }

    /// When it reached this status or one behind it, if it did. What was reopened is not resolved any more.
    fn reached(&self, status: Status) -> Option<Timestamp> {
        let is_there = |event: &&Event| event.what.status().is_some_and(|reached| includes(reached, status));
        let reopened = self.events.iter().rposition(|event| event.what == Happening::Reopened);
        let start = reopened.filter(|_| status == Status::Resolved).unwrap_or(0);
        self.events[start..].iter().find(is_there).map(|event| event.at)
    }

    /// What is promised to its requester and not kept yet. Whatever they ask for is promised anew: another slot, an answer to
    /// what they wrote. A call that was tried keeps the promise of its slot, whoever took it.
    pub fn open_promise(&self) -> Option<ExpectedReply> {
        let promise = self.promise.filter(|_| !self.status.is_final())?;
        let is_kept = self.since_promised(promise.basis).iter().any(|event| keeps(event, promise.basis));
        (!is_kept).then_some(promise)
    }

    /// What happened since the promise was made that stands now: when the request came, when its requester chose another slot, or
    /// wrote again after an answer.
    fn since_promised(&self, basis: Basis) -> &[Event] {
        let (mut start, mut kept) = (0, false);
        for (place, event) in self.events.iter().enumerate() {
            kept |= keeps(event, basis);
            let wrote = event.by == Actor::Requester && matches!(event.what, Happening::EntryAdded { .. });
            if (kept && wrote) || matches!(event.what, Happening::Rescheduled { .. } | Happening::Postponed { .. }) {
                (start, kept) = (place, false);
            }
        }
        &self.events[start..]
    }

    /// Whether it was noted already, of the promise as it stands, that it is due soon or overdue.
    pub(super) fn has_noted(&self, what: Happening) -> bool {
        let basis = self.promise.map_or(Basis::Promised, |promise| promise.basis);
        self.since_promised(basis).iter().any(|event| event.what == what)
    }

    /// How pressing the promise to its requester is.
    pub fn urgency(&self, now: Timestamp) -> Urgency {
        match (self.soon_from(), self.promised_until()) {
            (_, Some(end)) if end < now => Urgency::Overdue,
            (Some(soon), _) if soon <= now => Urgency::DueSoon,
            _ => Urgency::Calm,
        }
    }

    /// When there is something to note about its promise next, if there will be: that it is due soon, or overdue.
    pub fn next_due(&self) -> Option<Timestamp> {
        if self.events.len() >= EVENTS - OF_AGENTS || self.has_noted(Happening::Overdue) {
            return None;
        }
        let soon = self.soon_from().filter(|_| !self.has_noted(Happening::DueSoon));
        let overdue = || self.promised_until()?.checked_add(TICK).ok();
        soon.or_else(|| self.putting_off_from()).or_else(overdue)
    }

    /// Whether what is promised may be put off to a later moment now.
    pub(super) fn can_be_put_off(&self, later: &ExpectedReply, now: Timestamp) -> bool {
        let is_time = self.putting_off_from().is_some_and(|from| from <= now);
        is_time && self.open_promise().is_some_and(|promise| promise.by < later.by)
    }

    /// From when on its requester is to be told a later moment, rather than wait in vain. A promise is put off once; a call in its
    /// slot is not.
    fn putting_off_from(&self) -> Option<Timestamp> {
        let promise = self.open_promise().filter(|promise| promise.basis != Basis::Slot)?;
        let is_later = matches!(self.since_promised(promise.basis).first()?.what, Happening::Postponed { .. });
        promise.by.checked_sub(SOON.0).ok().filter(|_| !is_later)
    }

    /// The end of what is promised: a call is made within its slot.
    pub fn promised_until(&self) -> Option<Timestamp> {
        let promise = self.open_promise()?;
        Some(self.slot.filter(|_| promise.basis == Basis::Slot).map_or(promise.by, |slot| slot.to.max(promise.by)))
    }

    /// From when on the promise is due soon.
    fn soon_from(&self) -> Option<Timestamp> {
        let promise = self.open_promise()?;
        let whole = SignedDuration::from_secs(i64::try_from(promise.seconds).unwrap_or(i64::MAX));
        promise.by.checked_sub((whole / 4).clamp(SOON.0, SOON.1)).ok()
    }
}

/// Whether it is something of the business's that keeps a promise: that of a slot by the call, any other by writing too.
fn keeps(event: &Event, basis: Basis) -> bool {
    match event.what {
        _ if event.by != Actor::Agent => false,
        Happening::Attempted { .. } | Happening::Resolved => true,
        Happening::EntryAdded { .. } => basis != Basis::Slot,
        _ => false,
    }
}

/// Whether a request that is `reached` has been `status` too, or is behind it on the way.
fn includes(reached: Status, status: Status) -> bool {
    let place = |status| Status::STEPS.into_iter().position(|step| step == status);
    reached == status || place(status).is_some_and(|step| place(reached).is_some_and(|place| place >= step))
}
