use jiff::ToSpan;

use super::*;
use crate::{
    fixture::{at, callback_request as callback, message_request, slot},
    reply::Basis,
};

const RECEIVED: &str = "2026-11-22T19:30:00Z";

fn message() -> Request {
    Request { revision: 0, ..message_request() }
}

fn done(request: &Request, action: AgentAction, minutes: i64) -> Request {
    act(request, action, request.revision, at(RECEIVED) + minutes.minutes()).expect("allowed")
}

fn way(request: &Request) -> Vec<(Status, Option<i64>, bool)> {
    let minutes = |moment: Timestamp| moment.duration_since(at(RECEIVED)).as_mins();
    request.steps().into_iter().map(|step| (step.status, step.at.map(minutes), step.due.is_some())).collect()
}

#[test]
fn a_message_goes_its_way_step_by_step() {
    use Status::{Accepted, InProgress, Received, Resolved};
    let received = message();
    assert_eq!(
        way(&received),
        [(Received, Some(0), false), (Accepted, None, true), (InProgress, None, false), (Resolved, None, false)]
    );
    let accepted = done(&received, AgentAction::Accept, 5);
    assert_eq!(
        way(&accepted),
        [(Received, Some(0), false), (Accepted, Some(5), false), (InProgress, None, true), (Resolved, None, false)]
    );
    let resolved = done(&accepted, AgentAction::Resolve, 9);
    assert_eq!(
        way(&resolved),
        [
            (Received, Some(0), false),
            (Accepted, Some(5), false),
            (InProgress, Some(9), false),
            (Resolved, Some(9), false)
        ]
    );
    assert_eq!((resolved.status, resolved.revision), (Resolved, received.revision + 2));
}

#[test]
fn every_change_is_an_event_with_who_and_when() {
    let tried = done(&done(&callback(), AgentAction::Accept, 1), AgentAction::NoAnswer, 2);
    let later = Slot { from: slot().from + 1.hour(), to: slot().to + 1.hour() };
    let moved = change(&tried, RequesterChange::Slot(later), at(RECEIVED) + 3.minutes()).expect("allowed");
    let reached = done(&moved, AgentAction::Reached, 4);
    let told: Vec<(Actor, Happening, i64)> = reached
        .events
        .iter()
        .map(|event| (event.by, event.what, event.at.duration_since(at(RECEIVED)).as_mins()))
        .collect();
    assert_eq!(
        told,
        [
            (Actor::Requester, Happening::Received, 0),
            (Actor::Agent, Happening::Accepted, 1),
            (Actor::Agent, Happening::Attempted { outcome: CallOutcome::NoAnswer }, 2),
            (Actor::Requester, Happening::Rescheduled { slot: later }, 3),
            (Actor::Agent, Happening::Attempted { outcome: CallOutcome::Reached }, 4),
            (Actor::Agent, Happening::Resolved, 4),
        ]
    );
    assert_eq!(reached.status, Status::Resolved);
}

#[test]
fn a_call_that_nobody_took_leaves_the_request_in_progress() {
    let tried = done(&callback(), AgentAction::NoAnswer, 2);
    assert_eq!((tried.status, tried.slot), (Status::InProgress, Some(slot())));
    assert_eq!(done(&tried, AgentAction::NoAnswer, 3).events.len(), 3, "it can be tried again");
}

#[test]
fn what_may_not_happen_is_refused_with_its_reason() {
    let refused =
        |request: &Request, action| act(request, action, request.revision, at(RECEIVED)).expect_err("refused");
    let accepted = done(&message(), AgentAction::Accept, 1);
    assert_eq!(refused(&accepted, AgentAction::Accept), ChangeRefused::Changed, "two at once");
    let late = act(&accepted, AgentAction::Resolve, accepted.revision - 1, at(RECEIVED)).expect_err("refused");
    assert_eq!(late, ChangeRefused::Changed, "it was seen before somebody took it on");
    assert_eq!(refused(&message(), AgentAction::Reached), ChangeRefused::Changed, "a message is not called");
    assert_eq!(refused(&callback(), AgentAction::Resolve), ChangeRefused::Changed, "a call is made");
    let resolved = done(&message(), AgentAction::Resolve, 1);
    let cancelled = change(&message(), RequesterChange::Cancel, at(RECEIVED)).expect("allowed");
    for action in AgentAction::ALL {
        assert_eq!(refused(&resolved, action), ChangeRefused::Final(Status::Resolved));
        assert_eq!(refused(&cancelled, action), ChangeRefused::Final(Status::Cancelled));
    }
    let wish = |request: &Request, wish| change(request, wish, at(RECEIVED)).expect_err("refused");
    assert_eq!(wish(&resolved, RequesterChange::Cancel), ChangeRefused::Final(Status::Resolved));
    assert_eq!(wish(&message(), RequesterChange::Slot(slot())), ChangeRefused::NoCallback);
    assert_eq!(wish(&message(), RequesterChange::ReplyBy(ReplyBy::Phone)), ChangeRefused::NoContact);
}

#[test]
fn a_promise_becomes_pressing_and_then_overdue_until_somebody_answers() {
    // Promised for noon in Moscow, thirteen and a half hours on: an hour before is soon.
    let request = message();
    let by = request.promise.expect("a promise").by;
    assert_eq!(request.urgency(by - 61.minutes()), Urgency::Calm);
    assert_eq!(request.urgency(by - 60.minutes()), Urgency::DueSoon);
    assert_eq!(request.urgency(by), Urgency::DueSoon);
    assert_eq!(request.urgency(by + 1.second()), Urgency::Overdue);
    let accepted = done(&request, AgentAction::Accept, 1);
    assert_eq!(accepted.urgency(by + 1.second()), Urgency::Overdue, "taken on is not answered");
    assert_eq!(done(&callback(), AgentAction::NoAnswer, 1).urgency(slot().from + 1.hour()), Urgency::Calm);
    assert_eq!(done(&request, AgentAction::Resolve, 1).urgency(by + 1.second()), Urgency::Calm);
    assert_eq!(Request { promise: None, ..request }.urgency(by + 1.second()), Urgency::Calm);
}

#[test]
fn another_slot_after_a_missed_call_is_promised_anew() {
    let tried = done(&callback(), AgentAction::NoAnswer, 1);
    assert_eq!(tried.open_promise(), None, "the call was made");
    let later = Slot { from: slot().from + 1.hour(), to: slot().to + 1.hour() };
    let moved = change(&tried, RequesterChange::Slot(later), at(RECEIVED) + 2.minutes()).expect("allowed");
    assert_eq!(moved.open_promise().map(|promise| promise.by), Some(later.from));
    assert_eq!(moved.urgency(later.to), Urgency::DueSoon, "its half hour is not over");
    assert_eq!(moved.urgency(later.to + 1.second()), Urgency::Overdue);
    assert_eq!(way(&moved)[3], (Status::Resolved, None, true));
    assert_eq!(done(&moved, AgentAction::NoAnswer, 3).open_promise(), None);
}

#[test]
fn a_wish_that_is_fulfilled_already_changes_nothing_and_too_many_are_refused() {
    let wish = |request: &Request, wish| change(request, wish, at(RECEIVED));
    assert_eq!(wish(&callback(), RequesterChange::Slot(slot())), Ok(callback()));
    assert_eq!(wish(&callback(), RequesterChange::ReplyBy(ReplyBy::Phone)), Ok(callback()));
    let mut request = callback();
    let mut other = [slot(), Slot { from: slot().from + 1.hour(), to: slot().to + 1.hour() }].into_iter().cycle();
    let refused = loop {
        match wish(&request, RequesterChange::Slot(other.next().expect("endless"))) {
            Ok(next) => request = next,
            Err(refused) => break refused,
        }
    };
    assert_eq!((refused, request.events.len()), (ChangeRefused::TooOften, 160));
    let mut told = request.clone();
    while let Ok(more) = answer(&told, entry(Actor::Agent, 1), Answered::Open, at(RECEIVED)) {
        told = more;
    }
    assert_eq!(told.events.len(), 200, "the business has room left");
    assert!(change(&told, RequesterChange::Cancel, at(RECEIVED)).is_ok(), "an end is always allowed");
    assert!(act(&told, AgentAction::Reached, told.revision, at(RECEIVED)).is_ok());
}

#[test]
fn a_conversation_that_is_long_enough_is_not_added_to_by_its_requester() {
    let long = Entry { text: "я".repeat(5_000), ..entry(Actor::Requester, 1) };
    let mut request = message();
    let refused = loop {
        match change(&request, RequesterChange::Entry(long.clone(), None), at(RECEIVED)) {
            Ok(next) => request = next,
            Err(refused) => break refused,
        }
    };
    assert_eq!((refused, request.entries.len()), (ChangeRefused::TooOften, 27));
    assert!(answer(&request, long, Answered::Open, at(RECEIVED)).is_ok());
}

#[test]
fn a_cancelled_request_shows_each_step_it_went_once() {
    let tried = done(&done(&callback(), AgentAction::NoAnswer, 1), AgentAction::NoAnswer, 2);
    let cancelled = change(&tried, RequesterChange::Cancel, at(RECEIVED) + 3.minutes()).expect("allowed");
    let went = way(&cancelled).into_iter().map(|(status, minutes, _)| (status, minutes)).collect::<Vec<_>>();
    let (tried, gone) = (Some(1), Some(3));
    assert_eq!(
        went,
        [
            (Status::Received, Some(0)),
            (Status::Accepted, tried),
            (Status::InProgress, tried),
            (Status::Cancelled, gone)
        ]
    );
}

#[test]
fn a_short_promise_is_pressing_for_its_last_five_minutes() {
    let promise = ExpectedReply { by: at(RECEIVED) + 8.minutes(), seconds: 480, basis: Basis::Promised };
    let request = Request { promise: Some(promise), ..message() };
    assert_eq!(request.urgency(at(RECEIVED) + 2.minutes()), Urgency::Calm);
    assert_eq!(request.urgency(at(RECEIVED) + 3.minutes()), Urgency::DueSoon);
}

#[test]
fn events_are_kept_as_flat_json() {
    let tried = done(&callback(), AgentAction::NoAnswer, 1);
    let kept = serde_json::to_value(&tried.events).expect("JSON");
    let attempted =
        serde_json::json!({"at": "2026-11-22T19:31:00Z", "by": "agent", "event": "attempted", "outcome": "no-answer"});
    assert_eq!(kept[1], attempted);
    assert_eq!(serde_json::from_value::<Vec<Event>>(kept).expect("events"), tried.events);
    let (stars, entry) = (Stars::try_from(3).expect("stars"), Uuid::from_u128(3));
    for what in [
        Happening::Received,
        Happening::Accepted,
        Happening::Attempted { outcome: CallOutcome::Reached },
        Happening::Rescheduled { slot: slot() },
        Happening::ReplyByChanged { reply_by: ReplyBy::Email },
        Happening::InProgress,
        Happening::EntryAdded { entry },
        Happening::Resolved,
        Happening::Reopened,
        Happening::Rated { stars },
        Happening::Cancelled,
        Happening::DueSoon,
        Happening::Postponed { until: slot().from },
        Happening::Overdue,
    ] {
        let event = Event { at: at(RECEIVED), by: Actor::Host, agent: None, what };
        let text = serde_json::to_string(&event).expect("JSON");
        assert_eq!(serde_json::from_str::<Event>(&text).expect(&text), event);
    }
}

fn entry(from: Actor, minutes: i64) -> Entry {
    let id = Uuid::from_u128(u128::from(minutes.unsigned_abs()));
    Entry { id, from, at: at(RECEIVED) + minutes.minutes(), text: "Спасибо!".to_owned(), attachments: vec![] }
}

fn writes(request: &Request, minutes: i64) -> Request {
    let now = at(RECEIVED) + minutes.minutes();
    let promise = ExpectedReply { by: now + 2.hours(), seconds: 7_200, basis: Basis::Promised };
    change(request, RequesterChange::Entry(entry(Actor::Requester, minutes), Some(promise)), now).expect("allowed")
}

fn answered(request: &Request, then: Answered, minutes: i64) -> Request {
    answer(request, entry(Actor::Agent, minutes), then, at(RECEIVED) + minutes.minutes()).expect("allowed")
}

fn last(request: &Request, count: usize) -> Vec<(Actor, Happening)> {
    request.events[request.events.len() - count..].iter().map(|event| (event.by, event.what)).collect()
}

#[test]
fn an_answer_brings_a_message_into_progress_and_keeps_its_promise() {
    let open = answered(&message(), Answered::Open, 5);
    let said = Happening::EntryAdded { entry: Uuid::from_u128(5) };
    assert_eq!(last(&open, 2), [(Actor::Agent, Happening::InProgress), (Actor::Agent, said)]);
    assert_eq!((open.status, open.revision, open.entries.len()), (Status::InProgress, 1, 2));
    assert_eq!(open.open_promise(), None, "it was answered in time");
    let closed = answered(&open, Answered::Resolved, 6);
    assert_eq!(last(&closed, 1), [(Actor::Agent, Happening::Resolved)]);
    assert_eq!(answered(&closed, Answered::Resolved, 7).events.len(), closed.events.len() + 1, "it is resolved once");
}

#[test]
fn words_about_a_call_do_not_stand_for_the_call() {
    let told = answered(&callback(), Answered::Open, 5);
    assert_eq!(told.open_promise(), callback().promise);
    assert_eq!(done(&told, AgentAction::NoAnswer, 6).open_promise(), None);
}

#[test]
fn writing_again_reopens_what_was_answered_and_is_promised_an_answer_anew() {
    let resolved = answered(&message(), Answered::Resolved, 5);
    let reopened = writes(&resolved, 60);
    let said = Happening::EntryAdded { entry: Uuid::from_u128(60) };
    assert_eq!(last(&reopened, 2), [(Actor::Requester, Happening::Reopened), (Actor::Requester, said)]);
    assert_eq!(reopened.status, Status::InProgress);
    assert_eq!(reopened.open_promise().map(|promise| promise.by), Some(at(RECEIVED) + 3.hours()));
    assert_eq!(way(&reopened)[2..], [(Status::InProgress, Some(5), false), (Status::Resolved, None, true)]);
    assert_eq!(way(&answered(&reopened, Answered::Resolved, 90))[3], (Status::Resolved, Some(90), false));
}

#[test]
fn writing_before_an_answer_leaves_the_promise_as_it_was() {
    let more = writes(&message(), 7);
    assert_eq!((more.status, more.promise), (Status::Received, message().promise));
    let accepted_and_more = writes(&done(&message(), AgentAction::Accept, 3), 7);
    assert_eq!(accepted_and_more.open_promise(), message().promise, "taking it on is no answer");
}

#[test]
fn a_reopened_callback_can_be_answered_without_another_call() {
    let reached = done(&callback(), AgentAction::Reached, 5);
    let reopened = writes(&reached, 60);
    assert!(reopened.agent_actions().contains(&AgentAction::Resolve));
    assert_eq!(reopened.open_promise().map(|promise| promise.by), Some(at(RECEIVED) + 3.hours()));
    assert_eq!(reopened.urgency(at(RECEIVED) + 61.minutes()), Urgency::Calm, "the slot is over and done with");
    assert_eq!(answered(&reopened, Answered::Open, 70).open_promise(), None);
}

#[test]
fn nothing_is_added_to_a_cancelled_request() {
    let cancelled = change(&message(), RequesterChange::Cancel, at(RECEIVED)).expect("allowed");
    let refused = Err(ChangeRefused::Final(Status::Cancelled));
    let more = RequesterChange::Entry(entry(Actor::Requester, 1), None);
    assert_eq!(change(&cancelled, more, at(RECEIVED)), refused);
    assert_eq!(answer(&cancelled, entry(Actor::Agent, 1), Answered::Open, at(RECEIVED)), refused);
}

fn rates(request: &Request, stars: u8) -> Result<Request, ChangeRefused> {
    let rating = Rating { stars: Stars::try_from(stars).expect("stars"), comment: Some("Быстро!".to_owned()) };
    change(request, RequesterChange::Rate(rating), at(RECEIVED) + 1.hour())
}

#[test]
fn an_answer_is_rated_once_it_is_there_and_the_last_word_counts() {
    assert_eq!(rates(&message(), 5), Err(ChangeRefused::NotAnswered));
    let resolved = answered(&message(), Answered::Resolved, 5);
    let rated = rates(&resolved, 5).expect("allowed");
    let five = Stars::try_from(5).expect("stars");
    assert_eq!(last(&rated, 1), [(Actor::Requester, Happening::Rated { stars: five })]);
    assert_eq!(rates(&rated, 5), Ok(rated.clone()), "the same again changes nothing");
    let worse = rates(&rated, 2).expect("allowed");
    assert_eq!(worse.rating.map(|rating| u8::from(rating.stars)), Some(2));
    assert_eq!([0, 6, 255].map(Stars::try_from), [Err(NotStars); 3]);
}

fn passed(request: &Request, now: Timestamp) -> Request {
    pass_time(request, None, now).expect("allowed")
}

#[test]
fn a_promise_is_noted_once_when_it_is_due_soon_and_once_when_it_is_over() {
    let by = message().promise.expect("a promise").by;
    assert_eq!(message().next_due(), Some(by - 1.hour()));
    assert_eq!(passed(&message(), by - 61.minutes()), message());
    let soon = passed(&message(), by - 1.hour());
    assert_eq!(last(&soon, 1), [(Actor::Host, Happening::DueSoon)]);
    assert_eq!(passed(&soon, by), soon, "once");
    let over = passed(&soon, by + 1.second());
    assert_eq!((last(&over, 1), over.status), (vec![(Actor::Host, Happening::Overdue)], Status::Received));
    assert_eq!((over.next_due(), passed(&over, by + 9.hours())), (None, over.clone()));
    assert_eq!(passed(&message(), by + 1.hour()).next_due(), None, "what is over is not due soon any more");
}

#[test]
fn what_is_promised_anew_becomes_due_anew() {
    let by = message().promise.expect("a promise").by;
    let over = passed(&passed(&message(), by), by + 1.minute());
    assert_eq!(writes(&over, 1_000).next_due(), None, "it waits for the same answer");
    let again = writes(&answered(&over, Answered::Open, 1_000), 1_001);
    let promised = again.open_promise().expect("a promise").by;
    assert_eq!(again.next_due(), Some(promised - 30.minutes()));
    assert_eq!(last(&passed(&again, promised), 1), [(Actor::Host, Happening::DueSoon)]);
}

#[test]
fn a_promise_that_will_break_is_put_off_once_before_it_is_over() {
    let by = message().promise.expect("a promise").by;
    let later = ExpectedReply { by: by + 3.hours(), seconds: 10_800, basis: Basis::Promised };
    let soon = pass_time(&message(), Some(later), by - 1.hour()).expect("allowed");
    assert_eq!(soon.next_due(), Some(by - 5.minutes()));
    assert_eq!(pass_time(&soon, Some(later), by - 6.minutes()), Ok(soon.clone()), "there is still time to answer");
    let put_off = pass_time(&soon, Some(later), by - 5.minutes()).expect("allowed");
    assert_eq!(last(&put_off, 1), [(Actor::Host, Happening::Postponed { until: later.by })]);
    assert_eq!((put_off.open_promise(), put_off.urgency(by + 1.second())), (Some(later), Urgency::Calm));
    let again = ExpectedReply { by: later.by + 3.hours(), ..later };
    let soon = pass_time(&put_off, Some(again), later.by - 4.minutes()).expect("allowed");
    assert_eq!(last(&soon, 1), [(Actor::Host, Happening::DueSoon)]);
    assert_eq!(pass_time(&soon, Some(again), later.by), Ok(soon.clone()), "once");
    assert_eq!(
        last(&pass_time(&soon, Some(again), later.by + 1.second()).expect("allowed"), 1)[0].1,
        Happening::Overdue
    );
}

#[test]
fn a_call_is_not_put_off_and_nothing_is_to_an_earlier_moment() {
    let end = slot().from;
    let later = ExpectedReply { by: end + 3.hours(), seconds: 10_800, basis: Basis::Promised };
    let soon = passed(&callback(), end - 10.minutes());
    assert_eq!(pass_time(&soon, Some(later), end - 1.minute()), Ok(soon));
    let by = message().promise.expect("a promise").by;
    let soon = passed(&message(), by - 10.minutes());
    let earlier = ExpectedReply { by: by - 1.hour(), ..later };
    assert_eq!(pass_time(&soon, Some(earlier), by - 1.minute()), Ok(soon));
}
