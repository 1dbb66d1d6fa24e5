//! Promises about what is good once.

use std::sync::Arc;

use jiff::Timestamp;

use super::fixtures::{accept, at, at_once, booked, key, plain, request, slot, spent};
use crate::{AcceptError, Acceptance, Accepted, Spending, Spent, Store};

const DAY: i64 = 24 * 60 * 60;

fn bringing(number: u16, spends: &[Spent]) -> Acceptance {
    Acceptance { spends: spends.to_vec(), ..plain(request(number)) }
}

fn received(mut acceptance: Acceptance, at: Timestamp) -> Acceptance {
    acceptance.request.events[0].at = at;
    acceptance
}

/// Fails unless the store says of a request that it brings this for the second time, and keeps nothing of it.
async fn assert_used(store: &Arc<dyn Store>, acceptance: Acceptance, used: Spent) {
    let id = acceptance.request.id;
    match store.accept(acceptance).await {
        Err(AcceptError::Spent(told)) => assert_eq!(told, used),
        other => panic!("used up before, and yet {other:?}"),
    }
    assert_eq!(store.lookup_request(id).await.expect("read"), None);
}

pub(super) async fn of_concurrent_requests_that_bring_the_same_one_is_kept(store: &Arc<dyn Store>) {
    let outcomes = at_once(32, |number| {
        let store = Arc::clone(store);
        async move { store.accept(bringing(number, &[spent(1, at(DAY))])).await }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Ok(Accepted::New))).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Err(AcceptError::Spent(_)))).count(), 31);
    assert_eq!(store.requests(&crate::RequestFilter::default()).await.expect("read").requests.len(), 1);
}

pub(super) async fn a_replay_answers_before_what_is_used_up(store: &Arc<dyn Store>) {
    let first = Acceptance { idempotency: Some(key("a", 1)), ..bringing(1, &[spent(1, at(DAY))]) };
    let kept = accept(store, first.clone()).await;
    assert_eq!(store.accept(first).await.expect("accepted"), Accepted::Replayed(Box::new(kept)));
    let other = Acceptance { idempotency: Some(key("b", 1)), ..bringing(2, &[spent(1, at(DAY))]) };
    assert_used(store, other, spent(1, at(DAY))).await;
}

pub(super) async fn what_a_refused_request_brought_is_not_used_up(store: &Arc<dyn Store>) {
    accept(store, booked(request(1), slot(1), 1)).await;
    let late = Acceptance { spends: vec![spent(1, at(DAY))], ..booked(request(2), slot(1), 1) };
    let refused = store.accept(late).await;
    assert!(matches!(refused, Err(AcceptError::SlotTaken)), "{refused:?}");
    accept(store, bringing(3, &[spent(1, at(DAY))])).await;
}

pub(super) async fn each_thing_a_request_brings_is_used_up(store: &Arc<dyn Store>) {
    let (form, proof) = (spent(1, at(DAY)), spent(2, at(600)));
    assert_eq!(store.lookup_spent(vec![form, proof]).await.expect("read"), None);
    accept(store, bringing(1, &[form, proof])).await;
    assert_eq!(store.lookup_spent(vec![spent(3, at(DAY)), proof]).await.expect("read"), Some(proof));
    assert_used(store, bringing(2, &[form]), form).await;
    assert_used(store, bringing(3, &[spent(3, at(DAY)), proof]), proof).await;
    accept(store, bringing(4, &[spent(3, at(DAY)), spent(2, at(DAY))])).await;
}

pub(super) async fn what_has_run_out_is_forgotten(store: &Arc<dyn Store>) {
    accept(store, bringing(1, &[spent(1, at(DAY))])).await;
    let before = received(bringing(2, &[spent(2, at(2 * DAY))]), at(DAY - 1));
    accept(store, before).await;
    assert_used(store, bringing(3, &[spent(1, at(DAY))]), spent(1, at(DAY))).await;
    accept(store, received(bringing(4, &[spent(3, at(2 * DAY))]), at(DAY))).await;
    accept(store, bringing(5, &[spent(1, at(DAY))])).await;
}

pub(super) async fn an_erased_request_does_not_give_back_what_it_used(store: &Arc<dyn Store>) {
    let kept = accept(store, bringing(1, &[spent(1, at(DAY))])).await;
    assert!(store.erase_request(kept.id, vec![]).await.expect("erased"));
    assert_used(store, bringing(2, &[spent(1, at(DAY))]), spent(1, at(DAY))).await;
}

pub(super) async fn of_concurrent_uses_one_is_the_first(store: &Arc<dyn Store>) {
    let outcomes = at_once(16, |_| {
        let store = Arc::clone(store);
        async move { store.spend(spent(1, at(DAY)), at(10)).await.expect("used") }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Spending::Now).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Spending::Before(at(10))).count(), 15);
}

pub(super) async fn what_was_used_is_known_with_its_moment(store: &Arc<dyn Store>) {
    let (link, form) = (spent(1, at(DAY)), spent(2, at(DAY)));
    assert_eq!(store.spent_at(link).await.expect("read"), None);
    assert_eq!(store.spend(link, at(10)).await.expect("used"), Spending::Now);
    assert_eq!(store.spend(link, at(20)).await.expect("asked"), Spending::Before(at(10)));
    assert_eq!(store.spent_at(link).await.expect("read"), Some(at(10)));
    accept(store, received(bringing(1, &[form]), at(30))).await;
    assert_eq!(store.spent_at(form).await.expect("read"), Some(at(30)));
    assert_used(store, bringing(2, &[link]), link).await;
}
