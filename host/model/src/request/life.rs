//! A request's life: received → accepted → in progress → resolved, or cancelled; reopened when its requester writes again.
//!
//! Every function here gives the request one revision on, with what happened added to its events, or says why it may not
//! happen; a wish that is fulfilled already gives the request as it is. Whether a slot is free is the store's to say, in the same transaction.

use jiff::Timestamp;
use schemars::JsonSchema;

use super::{
    Actor, CONVERSATION, CallOutcome, EVENTS, Entry, Event, Happening, OF_AGENTS, Rating, ReplyBy, Request, Requester,
    Status, Urgency,
};
use crate::{
    form::FormKind,
    reply::{Basis, ExpectedReply},
    slots::Slot,
};

/// A change that its requester may make to a request.
#[derive(Clone, Debug, PartialEq)]
pub enum RequesterChange {
    /// Another callback slot.
    Slot(Slot),
    /// Another way to be answered.
    ReplyBy(ReplyBy),
    /// Not needed any more.
    Cancel,
    /// Something to add, with what is promised to whoever asks now. It reopens what was answered.
    Entry(Entry, Option<ExpectedReply>),
    /// How good the answer was.
    Rate(Rating),
}

/// Where a request stands once somebody of the business has written to its requester.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// More may follow.
    Open,
    /// That was all.
    Resolved,
}

/// What a person of the business may do about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, JsonSchema)]
#[schemars(rename_all = "kebab-case")]
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
    /// There is no answer yet that could be rated.
    #[error("the request is not answered yet")]
    NotAnswered,
    /// Somebody else was quicker: it is not as it was when the action was chosen.
    #[error("the request was changed in between")]
    Changed,
    /// It was changed too often for one request.
    #[error("the request was changed too often")]
    TooOften,
    /// Only callbacks have slots and calls.
    #[error("a message has no slot and no call")]
    NoCallback,
    /// It has as many files as it may have, or they would be too large together.
    #[error("there is no room for another file")]
    NoRoom,
    /// There is no address or number to answer to.
    #[error("no contact detail was left to answer that way")]
    NoContact,
}

/// The request after its requester's change. A new slot moves the promise with it; where nothing is promised any more, an entry
/// is promised an answer anew.
pub fn change(request: &Request, change: RequesterChange, now: Timestamp) -> Result<Request, ChangeRefused> {
    match change {
        RequesterChange::Slot(slot) if request.slot == Some(slot) && !request.status.is_final() => Ok(request.clone()),
        RequesterChange::ReplyBy(reply_by) if request.reply_by == reply_by && !request.status.is_final() => {
            Ok(request.clone())
        }
        RequesterChange::Slot(slot) => reschedule(request, slot, now),
        RequesterChange::ReplyBy(reply_by) => choose_reply(request, reply_by, now),
        RequesterChange::Cancel => {
            require_open(request)?;
            revised(request.clone(), Actor::Requester, &[Happening::Cancelled], now)
        }
        RequesterChange::Entry(entry, promise) => write(request, entry, promise, now),
        RequesterChange::Rate(rating) => rate(request, rating, now),
    }
}

fn reschedule(request: &Request, slot: Slot, now: Timestamp) -> Result<Request, ChangeRefused> {
    require_open(request)?;
    require_callback(request)?;
    let next = Request { promise: Some(ExpectedReply::at_slot(slot, now)), slot: Some(slot), ..request.clone() };
    revised(next, Actor::Requester, &[Happening::Rescheduled { slot }], now)
}

fn choose_reply(request: &Request, reply_by: ReplyBy, now: Timestamp) -> Result<Request, ChangeRefused> {
    require_open(request)?;
    require_contact(&request.requester, reply_by)?;
    let next = Request { reply_by, ..request.clone() };
    revised(next, Actor::Requester, &[Happening::ReplyByChanged { reply_by }], now)
}

fn write(
    request: &Request,
    entry: Entry,
    promise: Option<ExpectedReply>,
    now: Timestamp,
) -> Result<Request, ChangeRefused> {
    require_not_cancelled(request)?;
    let written: usize = request.entries.iter().map(|entry| entry.text.len()).sum();
    if written + entry.text.len() > CONVERSATION {
        return Err(ChangeRefused::TooOften);
    }
    let reopened = (request.status == Status::Resolved).then_some(Happening::Reopened);
    let happenings: Vec<Happening> = reopened.into_iter().chain([Happening::EntryAdded { entry: entry.id }]).collect();
    let mut next = request.clone();
    if next.open_promise().is_none() {
        next.promise = promise;
    }
    next.entries.push(entry);
    revised(next, Actor::Requester, &happenings, now)
}

fn rate(request: &Request, rating: Rating, now: Timestamp) -> Result<Request, ChangeRefused> {
    require_not_cancelled(request)?;
    if request.status != Status::Resolved {
        return Err(ChangeRefused::NotAnswered);
    }
    if request.rating.as_ref() == Some(&rating) {
        return Ok(request.clone());
    }
    let stars = rating.stars;
    let next = Request { rating: Some(rating), ..request.clone() };
    revised(next, Actor::Requester, &[Happening::Rated { stars }], now)
}

/// The request after somebody of the business wrote to its requester. What was answered already stays so.
pub fn answer(request: &Request, entry: Entry, then: Answered, now: Timestamp) -> Result<Request, ChangeRefused> {
    require_not_cancelled(request)?;
    let begins = matches!(request.status, Status::Received | Status::Accepted).then_some(Happening::InProgress);
    let ends = (then == Answered::Resolved && request.status != Status::Resolved).then_some(Happening::Resolved);
    let said = Happening::EntryAdded { entry: entry.id };
    let happenings: Vec<Happening> = begins.into_iter().chain([said]).chain(ends).collect();
    let mut next = request.clone();
    next.entries.push(entry);
    revised(next, Actor::Agent, &happenings, now)
}

/// The request once what is due by now has been noted: that its promise is due soon, that it is put off to `later`, or overdue;
/// each once for each promise.
pub fn pass_time(request: &Request, later: Option<ExpectedReply>, now: Timestamp) -> Result<Request, ChangeRefused> {
    let by_host = |next: Request, noted| revised(next, Actor::Host, &[noted], now);
    match request.urgency(now) {
        Urgency::Calm => Ok(request.clone()),
        Urgency::DueSoon if !request.has_noted(Happening::DueSoon) => by_host(request.clone(), Happening::DueSoon),
        Urgency::DueSoon => match later.filter(|later| request.can_be_put_off(later, now)) {
            Some(later) => {
                by_host(Request { promise: Some(later), ..request.clone() }, Happening::Postponed { until: later.by })
            }
            None => Ok(request.clone()),
        },
        Urgency::Overdue if !request.has_noted(Happening::Overdue) => by_host(request.clone(), Happening::Overdue),
        Urgency::Overdue => Ok(request.clone()),
    }
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
        let wants_a_call = self.promise.is_none_or(|promise| promise.basis == Basis::Slot);
        let answer: &[AgentAction] = match self.kind {
            _ if self.status.is_final() => &[],
            FormKind::Callback if wants_a_call => &[AgentAction::Reached, AgentAction::NoAnswer],
            FormKind::Callback => &[AgentAction::Reached, AgentAction::NoAnswer, AgentAction::Resolve],
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
    let ends = happenings.iter().any(|what| matches!(what, Happening::Resolved | Happening::Cancelled));
    let room = if by == Actor::Agent { EVENTS } else { EVENTS - OF_AGENTS };
    if next.events.len() >= room && !ends {
        return Err(ChangeRefused::TooOften);
    }
    for &what in happenings {
        next.status = what.status().unwrap_or(next.status);
        next.events.push(Event { at, by, agent: None, what });
    }
    next.revision += 1;
    Ok(next)
}

fn require_open(request: &Request) -> Result<(), ChangeRefused> {
    if request.status.is_final() { Err(ChangeRefused::Final(request.status)) } else { Ok(()) }
}

fn require_not_cancelled(request: &Request) -> Result<(), ChangeRefused> {
    if request.status == Status::Cancelled { Err(ChangeRefused::Final(Status::Cancelled)) } else { Ok(()) }
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
