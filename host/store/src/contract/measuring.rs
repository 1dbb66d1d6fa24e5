//! Promises about reports.

use std::sync::Arc;

use jiff::civil::Date;
use porchlight_model::{
    form::FormKind,
    measure::{Cell, Concern, Count, Measures, Place, Report, Span, Tally},
    request::{Origin, Request, RequestId},
};
use uuid::Uuid;

use super::fixtures::{SITE, accept, at_once, booked, only, plain, request, slot};
use crate::{AcceptError, Acceptance, Change, Days, Feedback, Store, Unfound};

fn day(day: i8) -> Date {
    Date::constant(2026, 11, day)
}

fn place() -> Place {
    Place {
        day: day(22),
        hour: 15,
        channel: Origin::Web,
        form: FormKind::Callback,
        concern: Concern::Question,
        topic: None,
    }
}

fn measures(place: Place, counts: &[Count]) -> Measures {
    let mut tally = Tally::default();
    tally.count(Count::Requests);
    counts.iter().for_each(|count| tally.count(*count));
    Measures { place, tally }
}

fn measured(number: u16, measures: Measures) -> Acceptance {
    Acceptance { measures: Some(measures), ..plain(request(number)) }
}

async fn report(store: &Arc<dyn Store>, from: i8, to: i8) -> Report {
    store.report(SITE, Days { from: day(from), to: day(to) }).await.expect("read")
}

/// The next revision with other measures.
async fn change(store: &Arc<dyn Store>, current: &Request, measures: Measures) -> Request {
    let mut next = current.clone();
    next.revision += 1;
    let change = Change { measures: Some(measures), ..only(next.clone()) };
    store.change_request(change).await.expect("changed");
    next
}

pub(super) async fn what_requests_add_is_reported_by_channel_form_and_hour(store: &Arc<dyn Store>) {
    let by_mail = Place { channel: Origin::Email, form: FormKind::Message, hour: 3, ..place() };
    accept(store, measured(1, measures(place(), &[Count::Kept]))).await;
    accept(store, measured(2, measures(Place { day: day(23), ..place() }, &[Count::Broken]))).await;
    accept(store, measured(3, measures(by_mail, &[]))).await;
    let report = report(store, 22, 23).await;
    let cells: Vec<_> = report.cells.iter().map(|(cell, tally)| (*cell, tally.of(Count::Requests))).collect();
    let cell = |channel, form, hour| Cell { channel, form, hour };
    let expected = [(cell(Origin::Web, FormKind::Callback, 15), 2), (cell(Origin::Email, FormKind::Message, 3), 1)];
    assert_eq!(cells, expected);
    let total = report.total();
    assert_eq!([Count::Requests, Count::Kept, Count::Broken].map(|count| total.of(count)), [3, 1, 1]);
}

pub(super) async fn a_report_is_of_its_site_and_days(store: &Arc<dyn Store>) {
    accept(store, measured(1, measures(place(), &[]))).await;
    let mut elsewhere = measured(2, measures(place(), &[]));
    elsewhere.request.site = "cinema".to_owned();
    accept(store, elsewhere).await;
    for (from, to, requests) in [(22, 22, 1), (1, 30, 1), (21, 21, 0), (23, 23, 0), (23, 21, 0)] {
        let report = report(store, from, to).await;
        assert_eq!(report.total().of(Count::Requests), requests, "{from} to {to}");
        assert_eq!(report.concerns.len(), requests as usize, "{from} to {to}");
    }
}

pub(super) async fn a_change_takes_away_what_was_added_before(store: &Arc<dyn Store>) {
    let mut waiting = measures(place(), &[Count::Broken]);
    let kept = accept(store, measured(1, waiting.clone())).await;
    waiting.tally.time(Span::FirstReply, 7_200);
    let answered = change(store, &kept, waiting.clone()).await;
    let late = Place { hour: 4, concern: Concern::Complaint, channel: Origin::Email, ..place() };
    let mut moved = measures(late, &[Count::Kept, Count::Resolved]);
    moved.tally.time(Span::FirstReply, 60);
    let moved = change(store, &answered, moved).await;
    // One that says nothing of measures changes none.
    let mut last = moved.clone();
    last.revision += 1;
    store.change_request(only(last)).await.expect("changed");
    let report = report(store, 1, 30).await;
    let [(cell, tally)] = report.cells.iter().collect::<Vec<_>>()[..] else { panic!("one cell: {report:?}") };
    assert_eq!(*cell, Cell { channel: Origin::Email, form: FormKind::Callback, hour: 15 }, "the hour it came stays");
    assert_eq!([Count::Resolved, Count::Kept, Count::Broken].map(|count| tally.of(count)), [1, 0, 1], "settled");
    assert_eq!(tally.times(Span::FirstReply).within(50), waiting.tally.times(Span::FirstReply).within(50));
    let concerns: Vec<_> = report.concerns.iter().map(|it| (it.concern, it.requests)).collect();
    assert_eq!(concerns, [(Concern::Complaint, 1)]);
}

pub(super) async fn a_request_kept_without_measures_is_counted_with_its_next_change(store: &Arc<dyn Store>) {
    let kept = accept(store, plain(request(1))).await;
    assert_eq!(report(store, 1, 30).await, Report::default());
    change(store, &kept, measures(place(), &[Count::Resolved])).await;
    let total = report(store, 1, 30).await.total();
    assert_eq!([Count::Requests, Count::Resolved].map(|count| total.of(count)), [1, 1]);
}

pub(super) async fn of_concurrent_requests_each_is_counted(store: &Arc<dyn Store>) {
    at_once(64, |number| {
        let store = Arc::clone(store);
        async move {
            let kept = accept(&store, measured(number, measures(place(), &[]))).await;
            change(&store, &kept, measures(place(), &[Count::Kept])).await;
        }
    })
    .await;
    let total = report(store, 22, 22).await.total();
    assert_eq!([Count::Requests, Count::Kept].map(|count| total.of(count)), [64, 64]);
}

pub(super) async fn what_was_refused_adds_nothing(store: &Arc<dyn Store>) {
    let add = |acceptance| Acceptance { measures: Some(measures(place(), &[])), ..acceptance };
    accept(store, add(booked(request(1), slot(1), 1))).await;
    let refused = store.accept(add(booked(request(2), slot(1), 1))).await;
    assert!(matches!(refused, Err(AcceptError::SlotTaken)), "{refused:?}");
    assert_eq!(report(store, 22, 22).await.total().of(Count::Requests), 1);
}

pub(super) async fn what_an_erased_request_added_stays(store: &Arc<dyn Store>) {
    let about = Place { topic: Some("Возврат".to_owned()), ..place() };
    let kept = accept(store, measured(1, measures(about, &[Count::Kept]))).await;
    let before = report(store, 22, 22).await;
    store.erase_request(kept.id, vec![]).await.expect("erased");
    assert_eq!(report(store, 22, 22).await, before);
}

pub(super) async fn requests_are_counted_by_what_they_are_about(store: &Arc<dyn Store>) {
    let about = |concern, topic: Option<&str>| Place { concern, topic: topic.map(str::to_owned), ..place() };
    let places = [
        about(Concern::Complaint, Some("=cmd|' /C calc'!A0")),
        about(Concern::Question, Some("Возврат")),
        about(Concern::Question, Some("Возврат")),
        about(Concern::Question, None),
        about(Concern::Question, None),
        about(Concern::Question, None),
    ];
    for (number, place) in (1..).zip(places) {
        accept(store, measured(number, measures(place, &[]))).await;
    }
    let report = report(store, 22, 22).await;
    let counted = report.concerns.iter().map(|it| (it.concern, it.topic.as_deref(), it.requests));
    let expected = [
        (Concern::Question, None, 3),
        (Concern::Question, Some("Возврат"), 2),
        (Concern::Complaint, Some("=cmd|' /C calc'!A0"), 1),
    ];
    assert_eq!(counted.collect::<Vec<_>>(), expected);
    assert_eq!(report.by_concern(Concern::Question), 5);
}

pub(super) async fn a_site_has_so_many_topics_and_no_more(store: &Arc<dyn Store>) {
    for number in 0..102 {
        let place = Place { topic: Some(format!("Тема {number}")), ..place() };
        accept(store, measured(number, measures(place, &[]))).await;
    }
    let report = report(store, 22, 22).await;
    assert_eq!(report.by_concern(Concern::Question), 102, "each is counted");
    let (first, rest) = report.concerns.split_first().expect("some");
    assert_eq!((first.topic.as_deref(), first.requests, rest.len()), (None, 2, 100));
}

async fn search(store: &Arc<dyn Store>, day: Date, words: &str, searches: u32) {
    let unfound = Unfound { site: SITE.to_owned(), day, words: words.to_owned(), searches };
    store.count_searches(vec![unfound]).await.expect("counted");
}

pub(super) async fn searches_without_result_are_added_up_and_the_rare_ones_not_told(store: &Arc<dyn Store>) {
    search(store, day(21), "клетка", 1).await;
    search(store, day(21), "=1+1", 3).await;
    search(store, day(21), "иванов петр", 2).await;
    search(store, day(22), "клетка", 3).await;
    let counted =
        |report: Report| -> Vec<_> { report.searches.into_iter().map(|it| (it.words, it.searches)).collect() };
    assert_eq!(counted(report(store, 21, 22).await), [("клетка".to_owned(), 4), ("=1+1".to_owned(), 3)]);
    assert_eq!(counted(report(store, 22, 22).await), [("клетка".to_owned(), 3)]);
}

pub(super) async fn of_a_sites_searches_the_rarest_make_room_and_old_ones_are_forgotten(store: &Arc<dyn Store>) {
    for number in 0..150 {
        search(store, day(1), &format!("слово {number}"), 4).await;
        search(store, day(1), &format!("шум {number}"), 1).await;
    }
    let kept = report(store, 1, 1).await.searches;
    assert_eq!((kept.len(), kept[0].searches), (99, 4), "of the noise the last word alone is there");
    search(store, Date::constant(2028, 1, 1), "клетка", 1).await;
    assert_eq!(report(store, 1, 1).await.searches, []);
}

pub(super) async fn what_was_only_a_test_is_taken_out_of_the_report(store: &Arc<dyn Store>) {
    let kept = accept(store, measured(1, measures(place(), &[Count::Kept]))).await;
    let test = accept(store, measured(2, measures(place(), &[Count::Broken]))).await;
    store.uncount(test.id).await.expect("uncounted");
    store.uncount(test.id).await.expect("a second time changes nothing");
    store.erase_request(test.id, vec![]).await.expect("erased");
    let total = report(store, 1, 30).await.total();
    assert_eq!([Count::Requests, Count::Kept, Count::Broken].map(|count| total.of(count)), [1, 1, 0]);
    store.uncount(RequestId(Uuid::nil())).await.expect("one that is not there");
    store.erase_request(kept.id, vec![]).await.expect("erased");
    assert_eq!(report(store, 1, 30).await.total().of(Count::Requests), 1);
}

pub(super) async fn what_visitors_said_of_an_answer_is_added_up(store: &Arc<dyn Store>) {
    for (answer, helped) in [("returns", true), ("returns", false), ("returns", true), ("delivery", false)] {
        let feedback = Feedback { site: SITE.to_owned(), day: day(22), answer: answer.to_owned(), helped };
        store.count_feedback(feedback).await.expect("counted");
    }
    accept(store, measured(1, measures(place(), &[]))).await;
    let report = report(store, 22, 22).await;
    let said: Vec<_> = report.answers.iter().map(|it| (it.answer.as_str(), it.helped, it.unhelped)).collect();
    assert_eq!(said, [("delivery", 0, 1), ("returns", 2, 1)]);
    assert_eq!(report.solved_themselves(), (2, 3));
}
