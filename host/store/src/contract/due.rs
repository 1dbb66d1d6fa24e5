//! Promises about what is due.

use std::sync::Arc;

use jiff::Timestamp;
use porchlight_model::{
    request::{RequestId, Status},
    slots::Slot,
};

use super::fixtures::{SITE, accept, at, booked, moved, only, plain, request, slot, stepped};
use crate::Store;

/// When the promise of a request of the fixtures is due soon: an hour before the slot it was promised.
const SOON: i64 = 8 * 3_600;

async fn due(store: &Arc<dyn Store>, now: Timestamp) -> Vec<RequestId> {
    store.due_requests(SITE, now, 10).await.expect("read")
}

pub(super) async fn what_is_due_is_found_once_its_moment_has_come(store: &Arc<dyn Store>) {
    let first = accept(store, plain(request(1))).await;
    assert_eq!(due(store, at(SOON - 1)).await, []);
    assert_eq!(due(store, at(SOON)).await, [first.id]);
    assert_eq!(due(store, at(SOON + 9_000_000)).await, [first.id], "until somebody has noted it");
}

pub(super) async fn a_change_decides_anew_what_is_due(store: &Arc<dyn Store>) {
    let first = accept(store, booked(request(1), slot(9), 1)).await;
    store.change_request(moved(&first, slot(30), 1)).await.expect("moved");
    let later = store.lookup_request(first.id).await.expect("read").expect("it is there");
    let mut promised = later.clone();
    promised.promise =
        promised.promise.map(|promise| porchlight_model::reply::ExpectedReply { by: slot(30).from, ..promise });
    promised.revision += 1;
    store.change_request(only(promised.clone())).await.expect("promised anew");
    assert_eq!(due(store, slot(9).to).await, []);
    assert_eq!(due(store, slot(30).from).await, [first.id]);
    store.change_request(only(stepped(&promised, Status::Resolved))).await.expect("resolved");
    assert_eq!(due(store, slot(40).from).await, [], "nothing is promised any more");
}

pub(super) async fn what_is_due_is_asked_for_by_site_and_count(store: &Arc<dyn Store>) {
    let mut longest = request(3);
    let Slot { from, .. } = slot(5);
    longest.promise = longest.promise.map(|promise| porchlight_model::reply::ExpectedReply { by: from, ..promise });
    accept(store, plain(request(1))).await;
    accept(store, plain(longest.clone())).await;
    assert_eq!(
        store.due_requests(SITE, slot(9).from, 1).await.expect("read"),
        [longest.id],
        "the one that waits longest"
    );
    assert_eq!(store.due_requests("cinema", slot(9).from, 10).await.expect("read"), []);
}
