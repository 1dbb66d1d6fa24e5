//! Promises about erasing a request.

use std::sync::Arc;

use porchlight_model::{delivery::Rooms, request::Status, slots::Bookings};

use super::fixtures::{SITE, accept, at, booked, complete, key, only, request, slot, stepped};
use crate::{Acceptance, ChangeError, RequestFilter, Store};

pub(super) async fn an_erased_request_is_gone_with_all_that_belongs_to_it(store: &Arc<dyn Store>) {
    let kept = accept(store, complete(1)).await;
    assert!(store.erase_request(kept.id, vec![]).await.expect("erased"));
    assert_eq!(store.lookup_request(kept.id).await.expect("read"), None);
    assert_eq!(store.requests(&RequestFilter::default()).await.expect("read").requests, []);
    assert_eq!(store.bookings(SITE, at(0), slot(9).from).await.expect("read"), Bookings::new());
    assert_eq!(store.lookup_replay(&key("1", 1), at(2)).await.expect("read"), None);
    assert_eq!(store.waiting_deliveries().await.expect("read"), []);
    assert_eq!(store.claim_deliveries(at(9), at(10), Rooms::each(9)).await.expect("claimed"), []);
    let late = store.change_request(only(stepped(&kept, Status::Accepted))).await;
    assert!(matches!(late, Err(ChangeError::Stale)), "{late:?}");
}

pub(super) async fn erasing_what_is_not_there_says_so(store: &Arc<dyn Store>) {
    assert!(!store.erase_request(request(1).id, vec![]).await.expect("asked"));
    let kept = accept(store, complete(1)).await;
    assert!(store.erase_request(kept.id, vec![]).await.expect("erased"));
    assert!(!store.erase_request(kept.id, vec![]).await.expect("asked again"));
}

pub(super) async fn erasing_one_leaves_the_others_alone(store: &Arc<dyn Store>) {
    let gone = accept(store, complete(1)).await;
    let other = accept(store, complete(2)).await;
    store.erase_request(gone.id, vec![]).await.expect("erased");
    assert_eq!(store.lookup_request(other.id).await.expect("read"), Some(other));
    assert_eq!(store.bookings(SITE, at(0), slot(9).from).await.expect("read"), [(slot(1).from, 1)].into());
    assert!(store.lookup_replay(&key("2", 1), at(2)).await.expect("read").is_some());
    assert_eq!(store.claim_deliveries(at(9), at(10), Rooms::each(9)).await.expect("claimed"), complete(2).deliveries);
}

pub(super) async fn what_an_erased_request_used_can_be_used_again(store: &Arc<dyn Store>) {
    let full = Acceptance { idempotency: Some(key("1", 1)), ..booked(request(1), slot(1), 1) };
    let gone = accept(store, full.clone()).await;
    store.erase_request(gone.id, vec![]).await.expect("erased");
    accept(store, full).await;
}
