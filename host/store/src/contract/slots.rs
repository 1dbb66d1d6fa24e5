//! Promises about slots when a request is kept.

use std::sync::Arc;

use jiff::ToSpan;

use super::fixtures::{SITE, accept, at, at_once, booked, request, slot};
use crate::{AcceptError, Accepted, Booking, RequestFilter, Store};

/// How many of `visitors` get a place in a slot of `capacity`; the others must be told that it is full.
async fn places(store: &Arc<dyn Store>, visitors: u16, capacity: u32) -> usize {
    let outcomes = at_once(visitors, |number| {
        let store = Arc::clone(store);
        async move { store.accept(booked(request(number), slot(1), capacity)).await }
    })
    .await;
    let taken = outcomes.iter().filter(|outcome| matches!(outcome, Err(AcceptError::SlotTaken))).count();
    let kept = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Accepted::New))).count();
    assert_eq!(kept + taken, outcomes.len(), "{outcomes:?}");
    kept
}

pub(super) async fn two_visitors_cannot_take_the_last_place(store: &Arc<dyn Store>) {
    assert_eq!(places(store, 2, 1).await, 1);
    let refused = store.accept(booked(request(9), slot(1), 1)).await;
    assert!(matches!(refused, Err(AcceptError::SlotTaken)), "{refused:?}");
    accept(store, booked(request(9), slot(2), 1)).await;
}

pub(super) async fn a_slot_holds_as_many_as_its_capacity(store: &Arc<dyn Store>) {
    assert_eq!(places(store, 20, 2).await, 2);
    assert_eq!(store.bookings(SITE, at(0), slot(9).from).await.expect("read"), [(slot(1).from, 2)].into());
}

pub(super) async fn slots_of_two_sites_do_not_meet(store: &Arc<dyn Store>) {
    accept(store, booked(request(1), slot(1), 1)).await;
    let mut elsewhere = request(2);
    elsewhere.site = "another".to_owned();
    accept(store, booked(elsewhere, slot(1), 1)).await;
    assert_eq!(store.bookings(SITE, at(0), slot(9).from).await.expect("read"), [(slot(1).from, 1)].into());
}

pub(super) async fn no_more_callbacks_of_a_site_are_booked_than_may_be_open(store: &Arc<dyn Store>) {
    let bounded = |number: u16| {
        let mut acceptance = booked(request(number), slot(i64::from(number)), 9);
        acceptance.slot = acceptance.slot.map(|booking| Booking { open_at_most: Some(3), ..booking });
        acceptance
    };
    let mut elsewhere = bounded(30);
    elsewhere.request.site = "another".to_owned();
    accept(store, elsewhere).await;
    let outcomes = at_once(10, |number| {
        let store = Arc::clone(store);
        async move { store.accept(bounded(number)).await }
    })
    .await;
    let taken = outcomes.iter().filter(|outcome| matches!(outcome, Err(AcceptError::SlotTaken))).count();
    let kept = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Accepted::New))).count();
    assert_eq!((kept, taken), (3, 7), "{outcomes:?}");
    let all = store.requests(&RequestFilter { site: Some(SITE.to_owned()), ..RequestFilter::default() }).await;
    let first = all.expect("read").requests[0].id;
    assert!(store.erase_request(first, vec![]).await.expect("erased"));
    accept(store, bounded(20)).await;
    accept(store, booked(request(21), slot(1), 9)).await;
}

pub(super) async fn bookings_are_counted_from_the_first_moment_until_before_the_last(store: &Arc<dyn Store>) {
    for (number, hour) in [(1, 1), (2, 2), (3, 2), (4, 3)] {
        accept(store, booked(request(number), slot(hour), 5)).await;
    }
    let (first, last) = (slot(1).from, slot(3).from);
    let counted = store.bookings(SITE, first, last).await.expect("read");
    assert_eq!(counted, [(slot(1).from, 1), (slot(2).from, 2)].into());
    let later = store.bookings(SITE, first + 1.second(), last + 1.second()).await.expect("read");
    assert_eq!(later, [(slot(2).from, 2), (slot(3).from, 1)].into());
}
