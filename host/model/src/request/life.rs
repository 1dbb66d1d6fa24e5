//! A request's life: received → accepted → in progress → resolved, or cancelled.
//!
//! Every function here gives the request one revision on, with what happened added to its events, or says why it may not
//! happen; a wish that is fulfilled already gives the request as it is. Whether a slot is free is the store's to say, in the same transaction.

use jiff::Timestamp;

use super::{Actor, CallOutcome, Event, Happening, ReplyBy, Request, Requester, Status};
use crate::{form::FormKind, reply::ExpectedReply, slots::Slot};

/// How many events a request may have: many times what people do, and few enough to be written anew with each change.
const EVENTS: usize = 200;

/// A change that its requester may make to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum RequesterChange {
    /// Another callback slot.
    Slot(Slot),
    /// Another way to be answered.
    ReplyBy(ReplyBy),
    /// Not needed any more.
    Cancel,
}

/// What a person of the business may do about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentAction {
    /// Take it on.
    Accept,
    /// Say that the call was made, and the requester spoken to: that answers a callback.
    Reached,
    /// Say that the call was tried, and nobody answered.
    NoAnswer,
    /// Say that it is answered.
    Resolve,
}

/// Why a change was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeRefused {
    /// Resolved and cancelled requests stay as they are.
    #[error("the request is `{}` and stays so", .0.as_str())]
    Final(Status),
    /// Somebody else was quicker: it is not as it was when the action was chosen.
    #[error("the request was changed in between")]
    Changed,
    /// It was changed too often for one request.
    #[error("the request was changed too often")]
    TooOften,
    /// Only callbacks have slots and calls.
    #[error("a message has no slot and no call")]
    NoCallback,
    /// There is no address or number to answer to.
    #[error("no contact detail was left to answer that way")]
    NoContact,
}

/// The request after its requester's change. A new slot moves the promise with it.
pub fn change(request: &Request, change: RequesterChange, now: Timestamp) -> Result<Request, ChangeRefused> {
    require_open(request)?;
    let mut next = request.clone();
    let happening = match change {
        RequesterChange::Slot(slot) if request.slot == Some(slot) => return Ok(next),
        RequesterChange::ReplyBy(reply_by) if request.reply_by == reply_by => return Ok(next),
        RequesterChange::Slot(slot) => {
            require_callback(request)?;
            next.promise = Some(ExpectedReply::at_slot(slot, now));
            next.slot = Some(slot);
            Happening::Rescheduled { slot }
        }
        RequesterChange::ReplyBy(reply_by) => {
            require_contact(&request.requester, reply_by)?;
            next.reply_by = reply_by;
            Happening::ReplyByChanged { reply_by }
        }
        RequesterChange::Cancel => Happening::Cancelled,
    };
    revised(next, Actor::Requester, &[happening], now)
}

/// The request after somebody of the business did something about it, who saw it at `revision`.
pub fn act(request: &Request, action: AgentAction, revision: u32, now: Timestamp) -> Result<Request, ChangeRefused> {
    require_open(request)?;
    if request.revision != revision || !request.agent_actions().contains(&action) {
        return Err(ChangeRefused::Changed);
    }
    let happenings: &[Happening] = match action {
        AgentAction::Accept => &[Happening::Accepted],
        AgentAction::Resolve => &[Happening::Resolved],
        AgentAction::Reached => &[Happening::Attempted { outcome: CallOutcome::Reached }, Happening::Resolved],
        AgentAction::NoAnswer => &[Happening::Attempted { outcome: CallOutcome::NoAnswer }],
    };
    revised(request.clone(), Actor::Agent, happenings, now)
}

impl Request {
    /// What a person of the business may do about it now: a message is answered, a call is made.
    pub fn agent_actions(&self) -> Vec<AgentAction> {
        let accept = (self.status == Status::Received).then_some(AgentAction::Accept);
        let answer: &[AgentAction] = match self.kind {
            _ if self.status.is_final() => &[],
            FormKind::Callback => &[AgentAction::Reached, AgentAction::NoAnswer],
            FormKind::Message => &[AgentAction::Resolve],
        };
        accept.into_iter().chain(answer.iter().copied()).collect()
    }
}

impl AgentAction {
    /// Every action.
    pub const ALL: [Self; 4] = [Self::Accept, Self::Reached, Self::NoAnswer, Self::Resolve];

    /// The name used in forms and texts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reached => "reached",
            Self::NoAnswer => "no-answer",
            Self::Resolve => "resolve",
        }
    }
}

fn revised(mut next: Request, by: Actor, happenings: &[Happening], at: Timestamp) -> Result<Request, ChangeRefused> {
    if next.events.len() >= EVENTS {
        return Err(ChangeRefused::TooOften);
    }
    for &what in happenings {
        next.status = what.status().unwrap_or(next.status);
        next.events.push(Event { at, by, what });
    }
    next.revision += 1;
    Ok(next)
}

fn require_open(request: &Request) -> Result<(), ChangeRefused> {
    if request.status.is_final() { Err(ChangeRefused::Final(request.status)) } else { Ok(()) }
}

fn require_callback(request: &Request) -> Result<(), ChangeRefused> {
    if request.kind == FormKind::Callback { Ok(()) } else { Err(ChangeRefused::NoCallback) }
}

fn require_contact(requester: &Requester, by: ReplyBy) -> Result<(), ChangeRefused> {
    let present = match by {
        ReplyBy::Phone => requester.phone.is_some(),
        ReplyBy::Email => requester.email.is_some(),
    };
    if present { Ok(()) } else { Err(ChangeRefused::NoContact) }
}
