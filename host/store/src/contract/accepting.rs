//! Promises about keeping a request.

use std::sync::Arc;

use porchlight_model::delivery::Rooms;

use super::fixtures::{SITE, accept, at, at_once, booked, complete, key, plain, request, slot};
use crate::{AcceptError, Acceptance, Accepted, Store};

pub(super) async fn an_accepted_request_is_found_as_it_was_given(store: &Arc<dyn Store>) {
    let kept = accept(store, complete(1)).await;
    assert_eq!(store.lookup_request(kept.id).await.expect("read"), Some(kept.clone()));
    assert_eq!(store.bookings(SITE, at(0), slot(2).from).await.expect("read"), [(slot(1).from, 1)].into());
    assert_eq!(store.lookup_spent(complete(1).spends).await.expect("read"), Some(complete(1).spends[0]));
    let claimed = store.claim_deliveries(at(1), at(2), Rooms::each(10)).await.expect("claimed");
    assert_eq!(claimed, complete(1).deliveries);
}

pub(super) async fn an_unknown_request_is_none(store: &Arc<dyn Store>) {
    accept(store, plain(request(1))).await;
    assert_eq!(store.lookup_request(request(2).id).await.expect("read"), None);
}

pub(super) async fn a_reference_in_use_is_refused(store: &Arc<dyn Store>) {
    let first = accept(store, plain(request(1))).await;
    let mut second = request(2);
    second.reference = first.reference;
    second.site = "another".to_owned();
    let refused = store.accept(plain(second.clone())).await;
    assert!(matches!(refused, Err(AcceptError::ReferenceTaken)), "{refused:?}");
    assert_eq!(store.lookup_request(second.id).await.expect("read"), None);
}

pub(super) async fn of_concurrent_requests_with_one_reference_one_is_kept(store: &Arc<dyn Store>) {
    let outcomes = at_once(16, |number| {
        let store = Arc::clone(store);
        async move {
            let mut request = request(number);
            request.reference = super::fixtures::request(0).reference;
            store.accept(plain(request)).await
        }
    })
    .await;
    let kept = outcomes.iter().filter(|outcome| matches!(outcome, Ok(Accepted::New))).count();
    let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(AcceptError::ReferenceTaken))).count();
    assert_eq!((kept, refused), (1, 15));
}

pub(super) async fn a_refused_request_leaves_nothing_behind(store: &Arc<dyn Store>) {
    accept(store, booked(request(1), slot(1), 1)).await;
    let late = Acceptance { slot: booked(request(2), slot(1), 1).slot, ..complete(2) };
    assert!(matches!(store.accept(late).await, Err(AcceptError::SlotTaken)));
    assert_eq!(store.lookup_request(request(2).id).await.expect("read"), None);
    assert_eq!(store.lookup_replay(&key("2", 1), at(2)).await.expect("read"), None);
    assert_eq!(store.lookup_spent(complete(2).spends).await.expect("read"), None);
    assert_eq!(store.waiting_deliveries().await.expect("read"), []);
    assert_eq!(store.bookings(SITE, at(0), slot(2).from).await.expect("read"), [(slot(1).from, 1)].into());
}

pub(super) async fn a_sound_store_passes_the_probe(store: &Arc<dyn Store>) {
    store.probe().await.expect("sound");
    store.probe().await.expect("still sound");
}
