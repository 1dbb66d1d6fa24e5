//! Promises about changing a request.

use std::sync::Arc;

use porchlight_model::{delivery::Rooms, request::Status, slots::Bookings};

use super::fixtures::{SITE, accept, at, at_once, booked, delivery, moved, only, plain, request, slot, stepped};
use crate::{Change, ChangeError, Store};

async fn bookings(store: &Arc<dyn Store>) -> Bookings {
    store.bookings(SITE, at(0), slot(20).from).await.expect("read")
}

pub(super) async fn a_change_replaces_the_request(store: &Arc<dyn Store>) {
    let first = accept(store, plain(request(1))).await;
    let second = stepped(&first, Status::Accepted);
    store.change_request(only(second.clone())).await.expect("changed");
    assert_eq!(store.lookup_request(first.id).await.expect("read"), Some(second.clone()));
    let third = stepped(&second, Status::InProgress);
    store.change_request(only(third.clone())).await.expect("changed again");
    assert_eq!(store.lookup_request(first.id).await.expect("read"), Some(third));
}

pub(super) async fn a_stale_change_is_refused(store: &Arc<dyn Store>) {
    let first = accept(store, plain(request(1))).await;
    let second = stepped(&first, Status::Accepted);
    store.change_request(only(second.clone())).await.expect("changed");
    let mut ahead = stepped(&second, Status::Resolved);
    ahead.revision += 1;
    for stale in [stepped(&first, Status::Cancelled), first.clone(), second.clone(), ahead] {
        let deliveries = vec![delivery(1, Some(first.id), at(0))];
        let refused = store.change_request(Change { deliveries, ..only(stale) }).await;
        assert!(matches!(refused, Err(ChangeError::Stale)), "{refused:?}");
    }
    assert_eq!(store.lookup_request(first.id).await.expect("read"), Some(second));
    assert_eq!(store.waiting_deliveries().await.expect("read"), []);
}

pub(super) async fn of_concurrent_changes_one_is_kept(store: &Arc<dyn Store>) {
    let first = accept(store, plain(request(1))).await;
    let outcomes = at_once(16, |_| {
        let (store, next) = (Arc::clone(store), stepped(&first, Status::Accepted));
        async move { store.change_request(only(next)).await }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Err(ChangeError::Stale))).count(), 15);
}

pub(super) async fn what_is_not_there_cannot_be_changed(store: &Arc<dyn Store>) {
    let refused = store.change_request(only(stepped(&request(1), Status::Accepted))).await;
    assert!(matches!(refused, Err(ChangeError::Stale)), "{refused:?}");
    let refused = store.change_request(only(request(1))).await;
    assert!(matches!(refused, Err(ChangeError::Stale)), "{refused:?}");
}

pub(super) async fn a_moved_slot_is_freed_and_taken(store: &Arc<dyn Store>) {
    let first = accept(store, booked(request(1), slot(1), 1)).await;
    store.change_request(moved(&first, slot(2), 1)).await.expect("moved");
    assert_eq!(bookings(store).await, [(slot(2).from, 1)].into());
    accept(store, booked(request(2), slot(1), 1)).await;
}

pub(super) async fn a_full_slot_is_not_moved_into(store: &Arc<dyn Store>) {
    let first = accept(store, booked(request(1), slot(1), 1)).await;
    accept(store, booked(request(2), slot(2), 1)).await;
    let deliveries = vec![delivery(1, Some(first.id), at(0))];
    let refused = store.change_request(Change { deliveries, ..moved(&first, slot(2), 1) }).await;
    assert!(matches!(refused, Err(ChangeError::SlotTaken)), "{refused:?}");
    assert_eq!(store.lookup_request(first.id).await.expect("read"), Some(first));
    assert_eq!(bookings(store).await, [(slot(1).from, 1), (slot(2).from, 1)].into());
    assert_eq!(store.waiting_deliveries().await.expect("read"), []);
}

pub(super) async fn the_slot_held_can_be_taken_again_though_it_is_full(store: &Arc<dyn Store>) {
    let first = accept(store, booked(request(1), slot(1), 1)).await;
    store.change_request(moved(&first, slot(1), 1)).await.expect("stays");
    assert_eq!(bookings(store).await, [(slot(1).from, 1)].into());
}

pub(super) async fn of_two_who_move_into_the_last_place_one_gets_it(store: &Arc<dyn Store>) {
    accept(store, booked(request(0), slot(0), 2)).await;
    accept(store, booked(request(1), slot(0), 2)).await;
    let outcomes = at_once(2, |number| {
        let (store, change) = (Arc::clone(store), moved(&request(number), slot(5), 1));
        async move { store.change_request(change).await }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, Err(ChangeError::SlotTaken))).count(), 1);
    assert_eq!(bookings(store).await, [(slot(0).from, 1), (slot(5).from, 1)].into());
}

pub(super) async fn a_final_status_frees_the_slot(store: &Arc<dyn Store>) {
    for (number, status) in [(1, Status::Cancelled), (2, Status::Resolved)] {
        let first = accept(store, booked(request(number), slot(1), 1)).await;
        store.change_request(only(stepped(&first, status))).await.expect("ended");
        assert_eq!(bookings(store).await, Bookings::new());
    }
    accept(store, booked(request(3), slot(1), 1)).await;
}

pub(super) async fn a_change_without_a_slot_keeps_the_one_held(store: &Arc<dyn Store>) {
    let first = accept(store, booked(request(1), slot(1), 1)).await;
    store.change_request(only(stepped(&first, Status::Accepted))).await.expect("changed");
    assert_eq!(bookings(store).await, [(slot(1).from, 1)].into());
}

pub(super) async fn a_change_brings_its_deliveries(store: &Arc<dyn Store>) {
    let first = accept(store, plain(request(1))).await;
    let deliveries = vec![delivery(1, Some(first.id), at(0)), delivery(2, Some(first.id), at(1))];
    let change = Change { deliveries: deliveries.clone(), ..only(stepped(&first, Status::Accepted)) };
    store.change_request(change).await.expect("changed");
    assert_eq!(store.claim_deliveries(at(9), at(10), Rooms::each(9)).await.expect("claimed"), deliveries);
}
