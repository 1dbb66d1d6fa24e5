//! Promises about deliveries.

use std::{collections::HashSet, sync::Arc};

use porchlight_model::delivery::Delivery;

use super::fixtures::{SITE, accept, at, at_once, delivery, plain, request};
use crate::{Acceptance, DeadLetter, Store};

/// Keeps one delivery for each number, due that many seconds after noon, in the order given.
async fn keep(store: &Arc<dyn Store>, due: &[u16]) {
    let deliveries = due.iter().map(|&number| delivery(number, Some(request(1).id), at(i64::from(number)))).collect();
    accept(store, Acceptance { deliveries, ..plain(request(1)) }).await;
}

async fn claim(store: &Arc<dyn Store>, now: i64) -> Vec<Delivery> {
    store.claim_deliveries(at(now), at(now + 60), 100).await.expect("claimed")
}

fn numbered(number: u16) -> Delivery {
    delivery(number, Some(request(1).id), at(i64::from(number)))
}

pub(super) async fn due_deliveries_are_claimed_the_longest_due_first(store: &Arc<dyn Store>) {
    keep(store, &[30, 10, 20]).await;
    assert_eq!(claim(store, 100).await, [numbered(10), numbered(20), numbered(30)]);
}

pub(super) async fn a_delivery_is_not_claimed_before_it_is_due(store: &Arc<dyn Store>) {
    keep(store, &[10, 20]).await;
    assert_eq!(claim(store, 9).await, []);
    assert_eq!(claim(store, 10).await, [numbered(10)]);
}

pub(super) async fn a_claim_takes_no_more_than_its_limit(store: &Arc<dyn Store>) {
    keep(store, &[3, 2, 1]).await;
    let first = store.claim_deliveries(at(9), at(60), 2).await.expect("claimed");
    assert_eq!(first, [numbered(1), numbered(2)]);
    assert_eq!(store.claim_deliveries(at(9), at(60), 0).await.expect("claimed"), []);
    assert_eq!(store.claim_deliveries(at(9), at(60), 2).await.expect("claimed"), [numbered(3)]);
}

pub(super) async fn a_claimed_delivery_is_left_alone_until_its_lease_ends(store: &Arc<dyn Store>) {
    keep(store, &[1]).await;
    assert_eq!(claim(store, 10).await.len(), 1);
    assert_eq!(claim(store, 69).await, []);
    assert_eq!(claim(store, 70).await, [numbered(1)]);
}

pub(super) async fn what_is_released_is_claimed_again_at_once(store: &Arc<dyn Store>) {
    keep(store, &[1, 2]).await;
    let claimed = claim(store, 10).await;
    store.mark_sent(claimed[0].id, at(10)).await.expect("marked");
    store.release_deliveries().await.expect("released");
    assert_eq!(claim(store, 10).await, [numbered(2)]);
}

pub(super) async fn of_concurrent_claims_each_delivery_goes_to_one(store: &Arc<dyn Store>) {
    let numbers: Vec<u16> = (1..=60).collect();
    keep(store, &numbers).await;
    let claims = at_once(12, |_| {
        let store = Arc::clone(store);
        async move { store.claim_deliveries(at(100), at(200), 5).await.expect("claimed") }
    })
    .await;
    let ids: Vec<_> = claims.iter().flatten().map(|delivery| delivery.id).collect();
    assert_eq!((ids.len(), ids.iter().collect::<HashSet<_>>().len()), (60, 60));
}

pub(super) async fn what_nobody_has_claimed_is_not_marked(store: &Arc<dyn Store>) {
    keep(store, &[1]).await;
    store.mark_sent(numbered(1).id, at(2)).await.expect("ignored");
    store.mark_failed(numbered(1).id, "not tried", at(50)).await.expect("ignored");
    assert_eq!(claim(store, 3).await, [numbered(1)]);
}

pub(super) async fn a_sent_delivery_is_never_claimed_again(store: &Arc<dyn Store>) {
    keep(store, &[1]).await;
    let claimed = claim(store, 10).await;
    store.mark_sent(claimed[0].id, at(11)).await.expect("marked");
    store.mark_sent(claimed[0].id, at(12)).await.expect("marked again");
    store.mark_failed(claimed[0].id, "too late", at(13)).await.expect("ignored");
    assert_eq!(claim(store, 100_000).await, []);
    assert_eq!(store.waiting_deliveries().await.expect("read"), (0, None));
}

pub(super) async fn a_failed_attempt_is_counted_and_due_again_later(store: &Arc<dyn Store>) {
    keep(store, &[1]).await;
    claim(store, 10).await;
    store.mark_failed(numbered(1).id, "connection refused", at(20)).await.expect("marked");
    assert_eq!(claim(store, 19).await, []);
    assert_eq!(claim(store, 20).await, [Delivery { attempts: 1, due_at: at(20), ..numbered(1) }]);
    store.mark_failed(numbered(1).id, "connection refused", at(30)).await.expect("marked");
    assert_eq!(claim(store, 30).await, [Delivery { attempts: 2, due_at: at(30), ..numbered(1) }]);
}

pub(super) async fn a_delivery_that_was_given_up_rests_until_it_is_revived(store: &Arc<dyn Store>) {
    keep(store, &[1, 2, 3]).await;
    claim(store, 10).await;
    for (number, dead_at) in [(1, 11), (2, 12)] {
        store.mark_dead(numbered(number).id, "refused with 550", at(dead_at)).await.expect("marked");
    }
    store.mark_sent(numbered(3).id, at(13)).await.expect("marked");
    let dead = store.dead_letters().await.expect("read");
    assert_eq!(dead.iter().map(|letter| letter.delivery).collect::<Vec<_>>(), [numbered(2).id, numbered(1).id]);
    let DeadLetter { site, reference, attempts, dead_at, error, .. } = &dead[1];
    assert_eq!((site.as_str(), reference.as_deref(), *attempts), (SITE, Some("PS-0000001"), 1));
    assert_eq!((*dead_at, error.as_str()), (at(11), "refused with 550"));
    assert_eq!(claim(store, 100_000).await, []);
    assert_eq!(store.waiting_deliveries().await.expect("read"), (0, None));

    assert_eq!(store.revive_deliveries(Some(numbered(3).id), at(100)).await.expect("asked"), 0, "it was sent");
    assert_eq!(store.revive_deliveries(Some(numbered(1).id), at(100)).await.expect("revived"), 1);
    let again = Delivery { since: at(100), due_at: at(100), ..numbered(1) };
    assert_eq!(claim(store, 100).await, [again]);
    assert_eq!(store.revive_deliveries(None, at(200)).await.expect("revived"), 1);
    assert_eq!(store.dead_letters().await.expect("read"), []);
    store.erase_request(request(1).id, vec![]).await.expect("erased");
    assert_eq!(claim(store, 200).await, []);
}

pub(super) async fn what_waits_is_counted_since_it_was_due_first(store: &Arc<dyn Store>) {
    assert_eq!(store.waiting_deliveries().await.expect("read"), (0, None));
    keep(store, &[10, 20]).await;
    assert_eq!(store.waiting_deliveries().await.expect("read"), (2, Some(at(10))));
    claim(store, 30).await;
    store.mark_failed(numbered(10).id, "connection refused", at(500)).await.expect("marked");
    assert_eq!(store.waiting_deliveries().await.expect("read"), (2, Some(at(10))));
    store.mark_sent(numbered(20).id, at(40)).await.expect("marked");
    assert_eq!(store.waiting_deliveries().await.expect("read"), (1, Some(at(10))));
    claim(store, 500).await;
    store.mark_sent(numbered(10).id, at(501)).await.expect("marked");
    assert_eq!(store.waiting_deliveries().await.expect("read"), (0, None));
}

pub(super) async fn marking_a_delivery_that_is_gone_is_no_error(store: &Arc<dyn Store>) {
    keep(store, &[1]).await;
    let claimed = claim(store, 10).await;
    store.erase_request(request(1).id, vec![]).await.expect("erased");
    store.mark_sent(claimed[0].id, at(11)).await.expect("nothing to mark");
    store.mark_failed(claimed[0].id, "too late", at(12)).await.expect("nothing to mark");
    assert_eq!(claim(store, 100).await, []);
}

pub(super) async fn a_delivery_about_a_request_that_is_gone_is_not_kept(store: &Arc<dyn Store>) {
    accept(store, plain(request(1))).await;
    let there = delivery(1, Some(request(1).id), at(0));
    let gone = delivery(2, Some(request(2).id), at(0));
    store.keep_deliveries(vec![there.clone(), gone, delivery(3, None, at(0))]).await.expect("kept");
    assert_eq!(claim(store, 1).await, [there]);
}
