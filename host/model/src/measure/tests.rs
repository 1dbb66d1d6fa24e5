use jiff::{Timestamp, ToSpan};
use uuid::Uuid;

use super::*;
use crate::{
    fixture::{at, callback_request, message_request, site, slot},
    plugin::Routing,
    request::{AgentAction, Answered, Entry, Rating, RequesterChange, Stars, act, answer, change, pass_time},
    slots::Slot,
};

/// Monday at ten in Moscow, when the shop opens.
fn opening() -> Timestamp {
    at("2026-11-23T07:00:00Z")
}

fn of(request: &Request) -> Measures {
    Measures::of(request, &site())
}

fn entry(from: Actor, now: Timestamp) -> Entry {
    Entry {
        id: Uuid::from_u128(now.as_second().unsigned_abs().into()),
        from,
        at: now,
        text: "Да".to_owned(),
        attachments: vec![],
    }
}

fn answered(request: &Request, then: Answered, now: Timestamp) -> Request {
    answer(request, entry(Actor::Agent, now), then, now).expect("allowed")
}

fn written(request: &Request, now: Timestamp) -> Request {
    change(request, RequesterChange::Entry(entry(Actor::Requester, now), None), now).expect("allowed")
}

fn did(request: &Request, action: AgentAction, now: Timestamp) -> Request {
    act(request, action, request.revision, now).expect("allowed")
}

/// What is counted, as `kept 1`, in their order.
fn counted(measures: &Measures) -> Vec<&'static str> {
    let names = [
        (Count::Cancelled, "cancelled"),
        (Count::Resolved, "resolved"),
        (Count::FirstContact, "first contact"),
        (Count::Kept, "kept"),
        (Count::PutOff, "put off"),
        (Count::Broken, "broken"),
        (Count::Unanswered, "unanswered"),
        (Count::Called, "called"),
        (Count::Reached, "reached"),
    ];
    assert_eq!(measures.tally.of(Count::Requests), 1);
    names.into_iter().filter(|(count, _)| measures.tally.of(*count) == 1).map(|(_, name)| name).collect()
}

fn time(measures: &Measures, span: Span) -> Option<u64> {
    measures.tally.times(span).within(50)
}

#[test]
fn a_request_is_counted_where_and_when_it_came() {
    let place = of(&message_request()).place;
    assert_eq!((place.day.to_string().as_str(), place.hour), ("2026-11-22", 22), "by the clock in Moscow");
    assert_eq!((place.channel, place.form), (Origin::Web, FormKind::Message));
    assert_eq!(place.topic.as_deref(), Some("Возврат"));
    assert_eq!(counted(&of(&message_request())), [""; 0], "nothing is known yet");
}

#[test]
fn night_does_not_count_in_support_hours() {
    // Received on Sunday at 22:30, answered on Monday at 10:30; the shop opens at ten.
    let measures = of(&answered(&message_request(), Answered::Open, opening() + 30.minutes()));
    assert_eq!(counted(&measures), ["kept"]);
    let (wall, open) = (time(&measures, Span::FirstReply), time(&measures, Span::FirstReplyInHours));
    assert!(wall.is_some_and(|wall| (12 * 3_600..16 * 3_600).contains(&wall)), "{wall:?}");
    assert!(open.is_some_and(|open| (1_800..2_300).contains(&open)), "{open:?}");
    assert_eq!(time(&measures, Span::Resolution), None);
}

#[test]
fn a_promise_is_kept_put_off_or_broken() {
    let request = message_request();
    let end = request.promise.expect("a promise").by;
    assert_eq!(counted(&of(&answered(&request, Answered::Open, end))), ["kept"]);
    assert_eq!(counted(&of(&answered(&request, Answered::Open, end + 1.second()))), ["broken"]);
    let soon = pass_time(&request, None, end - 10.minutes()).expect("noted");
    let later = crate::reply::ExpectedReply { by: end + 2.hours(), seconds: 7_200, basis: Basis::Promised };
    let put_off = pass_time(&soon, Some(later), end - 1.minute()).expect("put off");
    assert_eq!(counted(&of(&put_off)), ["put off"]);
    assert_eq!(counted(&of(&answered(&put_off, Answered::Open, end + 1.hour()))), ["put off"]);
    let overdue = pass_time(&request, None, end + 1.hour()).expect("overdue");
    assert_eq!(counted(&of(&overdue)), ["broken", "unanswered"]);
    let unpromised = Request { promise: None, ..request };
    assert_eq!(counted(&of(&answered(&unpromised, Answered::Open, end))), [""; 0]);
}

#[test]
fn what_one_answer_resolved_was_resolved_at_first_contact() {
    let request = message_request();
    let at_once = answered(&request, Answered::Resolved, opening());
    assert_eq!(counted(&of(&at_once)), ["resolved", "first contact", "kept"]);
    let twice = answered(&answered(&request, Answered::Open, opening()), Answered::Resolved, opening() + 1.minute());
    assert_eq!(counted(&of(&twice)), ["resolved", "kept"]);
    let reopened = written(&at_once, opening() + 1.hour());
    assert_eq!(counted(&of(&reopened).following(&of(&at_once))), ["kept"], "resolved no more");
    assert_eq!(reopened.status, Status::InProgress);
    let again = did(&reopened, AgentAction::Resolve, opening() + 2.hours());
    assert_eq!(counted(&of(&again).following(&of(&at_once))), ["resolved", "kept"]);
    let took = time(&of(&again), Span::Resolution).expect("resolved");
    assert!(took >= 13 * 3_600, "until it was resolved for good: {took}");
}

#[test]
fn calls_are_measured_against_their_slot() {
    let request = callback_request();
    let missed = did(&request, AgentAction::NoAnswer, slot().from + 5.minutes());
    assert_eq!(counted(&of(&missed)), ["kept", "called"]);
    assert_eq!(time(&of(&missed), Span::FirstReply), Some(76 << 2), "from the beginning of the slot");
    let reached = did(&request, AgentAction::Reached, slot().from - 5.minutes());
    assert_eq!(counted(&of(&reached)), ["resolved", "first contact", "kept", "called", "reached"]);
    assert_eq!(time(&of(&reached), Span::FirstReply), Some(60), "sooner than wished is at once");
    let late = did(&request, AgentAction::Reached, slot().to + 1.second());
    assert!(counted(&of(&late)).contains(&"broken"));
    let cancelled = change(&request, RequesterChange::Cancel, slot().from).expect("allowed");
    assert_eq!(counted(&of(&cancelled)), ["cancelled"]);
}

#[test]
fn first_reply_is_settled_once_it_was_counted() {
    let missed = did(&callback_request(), AgentAction::NoAnswer, slot().to + 1.hour());
    let before = of(&missed);
    let later = Slot { from: slot().from + 3.hours(), to: slot().to + 3.hours() };
    let moved = change(&missed, RequesterChange::Slot(later), slot().to + 2.hours()).expect("allowed");
    let (alone, following) = (of(&moved), of(&moved).following(&before));
    assert_ne!(time(&alone, Span::FirstReply), time(&before, Span::FirstReply), "the slot before is forgotten");
    assert_eq!(time(&following, Span::FirstReply), time(&before, Span::FirstReply));
    assert_eq!(counted(&following), ["broken", "called"]);
    let elsewhere = Site { time_zone: TimeZone::UTC, ..site() };
    let place = Measures::of(&moved, &elsewhere).following(&before).place;
    assert_eq!((place.day, place.hour), (before.place.day, before.place.hour), "where it was counted it stays");
}

#[test]
fn a_complaint_is_named_by_a_tag_of_anybodys() {
    let tagged = |tags: &[&str]| {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        of(&message_request().tagged(tags).expect("tags")).place.concern
    };
    assert_eq!(tagged(&["будки"]), Concern::Question);
    assert_eq!(tagged(&["будки", "ЖАЛОБА"]), Concern::Complaint);
    assert_eq!(tagged(&["Complaint", "praise"]), Concern::Complaint);
    assert_eq!(tagged(&["благодарност"]), Concern::Praise);
    let by_plugin = Routing { tags: vec!["complaint".to_owned()], ..Routing::default() };
    assert_eq!(Concern::of(&Request { routing: by_plugin, ..message_request() }), Concern::Complaint);
}

#[test]
fn topic_that_may_name_somebody_is_not_counted() {
    let about = |topic: &str| {
        let routing = Routing { topic: Some(topic.to_owned()), ..Routing::default() };
        of(&Request { routing, ..message_request() }).place.topic
    };
    assert_eq!(about("=1+1"), Some("=1+1".to_owned()), "odd, and nobody's");
    assert_eq!(about("anna@example.com"), None);
    assert_eq!(about("+7 916 123-45-67"), None);
}

#[test]
fn stars_are_counted_and_who_was_asked_for_them() {
    let resolved = answered(&message_request(), Answered::Resolved, opening());
    assert_eq!(of(&resolved).tally.of(Count::AskedToRate), 1);
    let stars = Stars::try_from(4).expect("stars");
    let rated = RequesterChange::Rate(Rating { stars, comment: Some("Хорошо".to_owned()) });
    let rated = change(&resolved, rated, opening() + 1.hour()).expect("allowed");
    assert_eq!(of(&rated).tally.of(Count::Stars(stars)), 1);
    assert_eq!(of(&written(&rated, opening() + 2.hours())).tally.of(Count::AskedToRate), 1);
}
