//! Promises about deliveries.

use std::{collections::HashSet, sync::Arc};

use porchlight_model::delivery::{Delivery, Rooms, Target};

use super::fixtures::{SITE, accept, at, at_once, delivery, notice, plain, request};
use crate::{Acceptance, DeadLetter, Store, Waiting};

/// Keeps one delivery for each number, due that many seconds after noon, in the order given.
async fn keep(store: &Arc<dyn Store>, due: &[u16]) {
    let deliveries = due.iter().map(|&number| delivery(number, Some(request(1).id), at(i64::from(number)))).collect();
    accept(store, Acceptance { deliveries, ..plain(request(1)) }).await;
}

async fn claim(store: &Arc<dyn Store>, now: i64) -> Vec<Delivery> {
    store.claim_deliveries(at(now), at(now + 60), Rooms::each(100)).await.expect("claimed")
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
    let first = store.claim_deliveries(at(9), at(60), Rooms::each(2)).await.expect("claimed");
    assert_eq!(first, [numbered(1), numbered(2)]);
    assert_eq!(store.claim_deliveries(at(9), at(60), Rooms::each(0)).await.expect("claimed"), []);
    assert_eq!(store.claim_deliveries(at(9), at(60), Rooms::each(2)).await.expect("claimed"), [numbered(3)]);
}

pub(super) async fn what_waits_for_one_target_does_not_delay_another(store: &Arc<dyn Store>) {
    let letters = (1..=2_000).map(|number| delivery(number, Some(request(1).id), at(0)));
    let notices = [notice(2_001, "crm", at(5)), notice(2_002, "crm", at(6)), notice(2_003, "tally", at(7))];
    let deliveries = letters.chain(notices.clone()).collect();
    accept(store, Acceptance { deliveries, ..plain(request(1)) }).await;
    let first = store.claim_deliveries(at(9), at(60), Rooms::each(1)).await.expect("claimed");
    assert_eq!(first[1..], [notices[0].clone(), notices[2].clone()]);
    assert_eq!(first[0].target(), Target::mail());
    let second = store.claim_deliveries(at(9), at(60), Rooms::each(1)).await.expect("claimed");
    assert_eq!(second[1..], [notices[1].clone()]);
}

pub(super) async fn a_target_without_room_is_left_alone(store: &Arc<dyn Store>) {
    let deliveries = vec![numbered(1), numbered(2), notice(3, "crm", at(1))];
    accept(store, Acceptance { deliveries, ..plain(request(1)) }).await;
    let others = |mail, crm| [(Target::mail(), mail), (notice(3, "crm", at(1)).target(), crm)].into();
    let claim = async |others| store.claim_deliveries(at(9), at(60), Rooms { each: 9, others }).await.expect("claimed");
    assert_eq!(claim(others(0, 1)).await, [notice(3, "crm", at(1))]);
    assert_eq!(claim(others(2, 0)).await, [numbered(1), numbered(2)]);
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
        async move { store.claim_deliveries(at(100), at(200), Rooms::each(5)).await.expect("claimed") }
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
    assert_eq!(store.waiting_deliveries().await.expect("read"), []);
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
    assert_eq!(store.waiting_deliveries().await.expect("read"), []);

    assert_eq!(store.revive_deliveries(Some(numbered(3).id), at(100)).await.expect("asked"), 0, "it was sent");
    assert_eq!(store.revive_deliveries(Some(numbered(1).id), at(100)).await.expect("revived"), 1);
    let again = Delivery { since: at(100), due_at: at(100), ..numbered(1) };
    assert_eq!(claim(store, 100).await, [again]);
    assert_eq!(store.revive_deliveries(None, at(200)).await.expect("revived"), 1);
    assert_eq!(store.dead_letters().await.expect("read"), []);
    store.erase_request(request(1).id, vec![]).await.expect("erased");
    assert_eq!(claim(store, 200).await, []);
}

pub(super) async fn what_waited_too_long_for_a_target_is_given_up_without_a_try(store: &Arc<dyn Store>) {
    let deliveries = vec![notice(1, "crm", at(1)), notice(2, "crm", at(2)), notice(3, "crm", at(3)), numbered(4)];
    accept(store, Acceptance { deliveries, ..plain(request(1)) }).await;
    let crm = notice(1, "crm", at(1)).target();
    let rooms = Rooms { each: 0, others: [(crm.clone(), 1)].into() };
    assert_eq!(store.claim_deliveries(at(9), at(60), rooms).await.expect("claimed"), [notice(1, "crm", at(1))]);
    let give_up =
        async || store.give_up_deliveries(&crm, at(2), "no connection was made", at(10)).await.expect("asked");
    assert_eq!((give_up().await, give_up().await), (1, 0), "the first is being tried, the third is young");
    let dead = store.dead_letters().await.expect("read");
    assert_eq!(
        dead.iter().map(|letter| (letter.delivery, letter.attempts)).collect::<Vec<_>>(),
        [(notice(2, "crm", at(2)).id, 0)]
    );
    assert_eq!((&dead[0].target, dead[0].error.as_str()), (&crm, "no connection was made"));
    assert_eq!(claim(store, 100).await.len(), 3);
}

pub(super) async fn what_waits_is_counted_since_it_was_due_first(store: &Arc<dyn Store>) {
    let waiting = |target, count| Waiting { target, count, since: at(10) };
    let mail = |count| [waiting(numbered(10).target(), count)];
    assert_eq!(store.waiting_deliveries().await.expect("read"), []);
    keep(store, &[10, 20]).await;
    assert_eq!(store.waiting_deliveries().await.expect("read"), mail(2));
    claim(store, 30).await;
    store.mark_failed(numbered(10).id, "connection refused", at(500)).await.expect("marked");
    assert_eq!(store.waiting_deliveries().await.expect("read"), mail(2));
    store.mark_sent(numbered(20).id, at(40)).await.expect("marked");
    assert_eq!(store.waiting_deliveries().await.expect("read"), mail(1));
    claim(store, 500).await;
    store.mark_sent(numbered(10).id, at(501)).await.expect("marked");
    assert_eq!(store.waiting_deliveries().await.expect("read"), []);
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
