//! Where a request stands: the way behind it and ahead, and whether its promise holds.

use jiff::{SignedDuration, Timestamp};

use super::{Actor, Event, Happening, Request, Status};

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
        if self.status == Status::Cancelled {
            let reached = |event: &Event| Some(Step { status: event.what.status()?, at: Some(event.at), due: None });
            return self.events.iter().filter_map(reached).collect();
        }
        let next = Status::STEPS.into_iter().find(|status| self.reached(*status).is_none());
        let promised = self.promise.filter(|_| self.answered_at().is_none());
        let due = |status| promised.filter(|_| Some(status) == next).map(|promise| promise.by);
        Status::STEPS.into_iter().map(|status| Step { status, at: self.reached(status), due: due(status) }).collect()
    }

    /// When it reached this status or one behind it, if it did.
    pub fn reached(&self, status: Status) -> Option<Timestamp> {
        let is_there = |event: &&Event| event.what.status().is_some_and(|reached| place(reached) >= place(status));
        self.events.iter().find(is_there).map(|event| event.at)
    }

    /// When somebody of the business first answered, or tried to. Taking it on is no answer.
    pub fn answered_at(&self) -> Option<Timestamp> {
        let is_answer = |event: &&Event| event.by == Actor::Agent && event.what != Happening::Accepted;
        self.events.iter().find(is_answer).map(|event| event.at)
    }

    /// How pressing the promise to its requester is.
    pub fn urgency(&self, now: Timestamp) -> Urgency {
        let Some(promise) = self.promise.filter(|_| !self.status.is_final() && self.answered_at().is_none()) else {
            return Urgency::Calm;
        };
        let whole = SignedDuration::from_secs(i64::try_from(promise.seconds).unwrap_or(i64::MAX));
        let soon = (whole / 4).clamp(SOON.0, SOON.1);
        match promise.by.duration_since(now) {
            left if left.is_negative() => Urgency::Overdue,
            left if left <= soon => Urgency::DueSoon,
            _ => Urgency::Calm,
        }
    }
}

/// Where on the way a status is; a cancelled request went none of it.
fn place(status: Status) -> Option<usize> {
    Status::STEPS.into_iter().position(|step| step == status)
}
