//! Promises about idempotency keys.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan};
use porchlight_model::request::{Request, Status};

use super::fixtures::{accept, at, at_once, booked, complete, key, only, plain, request, slot, stepped};
use crate::{AcceptError, Acceptance, Accepted, IdempotencyKey, Replay, Store};

const DAY: i64 = 24 * 60 * 60;

fn keyed(request: Request, key: IdempotencyKey) -> Acceptance {
    Acceptance { idempotency: Some(key), ..plain(request) }
}

fn received(mut request: Request, at: Timestamp) -> Request {
    request.events[0].at = at;
    request
}

fn same(request: Request) -> Option<Replay> {
    Some(Replay::Same(Box::new(request)))
}

pub(super) async fn the_same_submission_a_hundred_times_at_once_is_kept_once(store: &Arc<dyn Store>) {
    let outcomes = at_once(100, |number| {
        let store = Arc::clone(store);
        async move {
            let mine = request(number);
            let deliveries = complete(number).deliveries;
            let acceptance = Acceptance { deliveries, ..keyed(mine.clone(), key("again", 1)) };
            match store.accept(acceptance).await.expect("accepted") {
                Accepted::New => (true, mine.reference),
                Accepted::Replayed(first) => (false, first.reference),
            }
        }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|(new, _)| *new).count(), 1);
    assert!(outcomes.iter().all(|(_, reference)| *reference == outcomes[0].1), "{outcomes:?}");
    assert_eq!(store.requests(&crate::RequestFilter::default()).await.expect("read").requests.len(), 1);
    assert_eq!(store.waiting_deliveries().await.expect("read")[0].count, 1);
}

pub(super) async fn a_key_used_with_another_body_is_refused(store: &Arc<dyn Store>) {
    accept(store, keyed(request(1), key("a", 1))).await;
    let refused = store.accept(keyed(request(2), key("a", 2))).await;
    assert!(matches!(refused, Err(AcceptError::KeyReused)), "{refused:?}");
    assert_eq!(store.lookup_request(request(2).id).await.expect("read"), None);
    assert_eq!(store.lookup_replay(&key("a", 2), at(2)).await.expect("read"), Some(Replay::Other));
}

pub(super) async fn a_key_is_remembered_for_a_day(store: &Arc<dyn Store>) {
    let kept = accept(store, keyed(received(request(1), at(0)), key("a", 1))).await;
    let last = at(DAY) - 1.microsecond();
    assert_eq!(store.lookup_replay(&key("a", 1), last).await.expect("read"), same(kept.clone()));
    assert_eq!(store.lookup_replay(&key("a", 1), at(DAY)).await.expect("read"), None);
    let replayed = store.accept(keyed(received(request(2), last), key("a", 1))).await.expect("accepted");
    assert_eq!(replayed, Accepted::Replayed(Box::new(kept)));
}

pub(super) async fn a_forgotten_key_can_be_used_again(store: &Arc<dyn Store>) {
    accept(store, keyed(received(request(1), at(0)), key("a", 1))).await;
    let second = accept(store, keyed(received(request(2), at(DAY)), key("a", 2))).await;
    let found = store.lookup_replay(&key("a", 2), at(DAY + 1)).await.expect("read");
    assert_eq!(found, same(second));
    assert!(store.lookup_request(request(1).id).await.expect("read").is_some(), "the first request stays");
}

pub(super) async fn a_key_belongs_to_its_site(store: &Arc<dyn Store>) {
    accept(store, keyed(request(1), key("a", 1))).await;
    let elsewhere = IdempotencyKey { site: "another".to_owned(), ..key("a", 2) };
    assert_eq!(store.lookup_replay(&elsewhere, at(2)).await.expect("read"), None);
    accept(store, keyed(request(2), elsewhere)).await;
}

pub(super) async fn a_replay_answers_before_a_full_slot_and_a_used_reference(store: &Arc<dyn Store>) {
    let first = Acceptance { idempotency: Some(key("a", 1)), ..booked(request(1), slot(1), 1) };
    let kept = accept(store, first.clone()).await;
    assert_eq!(store.accept(first).await.expect("accepted"), Accepted::Replayed(Box::new(kept.clone())));
    let other = Acceptance { idempotency: Some(key("a", 2)), ..booked(kept, slot(1), 1) };
    let refused = store.accept(other).await;
    assert!(matches!(refused, Err(AcceptError::KeyReused)), "{refused:?}");
}

pub(super) async fn a_replay_gives_the_request_as_it_is_now(store: &Arc<dyn Store>) {
    let kept = accept(store, keyed(request(1), key("a", 1))).await;
    let next = stepped(&kept, Status::Accepted);
    store.change_request(only(next.clone())).await.expect("changed");
    assert_eq!(store.lookup_replay(&key("a", 1), at(2)).await.expect("read"), same(next));
}
