//! Where a request stands: the way behind it and ahead, and whether its promise holds.

use jiff::{SignedDuration, Timestamp};

use super::{Actor, Event, Happening, Request, Status};
use crate::reply::ExpectedReply;

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

    /// When it reached this status or one behind it, if it did.
    fn reached(&self, status: Status) -> Option<Timestamp> {
        let is_there = |event: &&Event| event.what.status().is_some_and(|reached| includes(reached, status));
        self.events.iter().find(is_there).map(|event| event.at)
    }

    /// What is promised to its requester and not kept yet. A call that was tried keeps its promise, whoever took it; another
    /// slot is promised anew.
    pub fn open_promise(&self) -> Option<ExpectedReply> {
        let promised = self.events.iter().rposition(|event| matches!(event.what, Happening::Rescheduled { .. }));
        let since = self.events.get(promised.unwrap_or(0)..).unwrap_or_default();
        let is_answer = |event: &Event| event.by == Actor::Agent && event.what != Happening::Accepted;
        self.promise.filter(|_| !self.status.is_final() && !since.iter().any(is_answer))
    }

    /// How pressing the promise to its requester is.
    pub fn urgency(&self, now: Timestamp) -> Urgency {
        let Some(promise) = self.open_promise() else { return Urgency::Calm };
        // A call is made within its slot.
        let end = self.slot.map_or(promise.by, |slot| slot.to.max(promise.by));
        let whole = SignedDuration::from_secs(i64::try_from(promise.seconds).unwrap_or(i64::MAX));
        let soon = (whole / 4).clamp(SOON.0, SOON.1);
        match promise.by.duration_since(now) {
            _ if end < now => Urgency::Overdue,
            left if left <= soon => Urgency::DueSoon,
            _ => Urgency::Calm,
        }
    }
}

/// Whether a request that is `reached` has been `status` too, or is behind it on the way.
fn includes(reached: Status, status: Status) -> bool {
    let place = |status| Status::STEPS.into_iter().position(|step| step == status);
    reached == status || place(status).is_some_and(|step| place(reached).is_some_and(|place| place >= step))
}
