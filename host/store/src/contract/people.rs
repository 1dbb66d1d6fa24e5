//! Promises about whose requests are whose, and how long they are kept.

use std::sync::Arc;

use porchlight_model::{
    delivery::Rooms,
    request::{Request, Status},
};

use super::fixtures::{SITE, accept, at, booked, complete, contact, delivery, only, plain, request, slot, stepped};
use crate::{Acceptance, AgeFilter, Contact, Erasure, Page, PersonFilter, Place, RequestFilter, Store};

fn anna() -> PersonFilter {
    PersonFilter { hashes: vec![contact(1, 1).hash], site: None, before: None, limit: 100 }
}

fn by(contacts: &[Contact], request: Request) -> Acceptance {
    Acceptance { contacts: contacts.to_vec(), ..plain(request) }
}

fn elsewhere(number: u16) -> Request {
    let mut request = request(number);
    request.site = "another".to_owned();
    request
}

async fn found(store: &Arc<dyn Store>, filter: PersonFilter) -> Vec<String> {
    references(&store.requests_of(&filter).await.expect("read"))
}

fn references(page: &Page) -> Vec<String> {
    page.listing.requests.iter().map(|request| request.reference.as_str().to_owned()).collect()
}

pub(super) async fn a_person_finds_their_requests_and_nobody_elses(store: &Arc<dyn Store>) {
    for number in [20, 30, 10] {
        accept(store, by(&[contact(1, 1)], request(number))).await;
    }
    accept(store, by(&[contact(1, 2)], request(40))).await;
    accept(store, by(&[], request(50))).await;
    assert_eq!(found(store, anna()).await, ["PS-0000030", "PS-0000020", "PS-0000010"], "the last received first");
    assert_eq!(found(store, PersonFilter { hashes: vec![[9; 16]], ..anna() }).await, [""; 0]);
    assert_eq!(found(store, PersonFilter { hashes: vec![], ..anna() }).await, [""; 0]);
}

pub(super) async fn a_person_is_another_at_every_site_that_is_asked_for(store: &Arc<dyn Store>) {
    accept(store, by(&[contact(1, 1)], request(1))).await;
    accept(store, by(&[contact(1, 1)], elsewhere(2))).await;
    let of = |site: &str| PersonFilter { site: Some(site.to_owned()), ..anna() };
    assert_eq!(found(store, of(SITE)).await, ["PS-0000001"]);
    assert_eq!(found(store, of("another")).await, ["PS-0000002"]);
    assert_eq!(found(store, of("nowhere")).await, [""; 0]);
    assert_eq!(found(store, anna()).await, ["PS-0000002", "PS-0000001"]);
}

pub(super) async fn any_of_several_hashes_will_do_and_a_request_comes_once(store: &Arc<dyn Store>) {
    let (mail, phone, old) = (contact(1, 1), contact(1, 2), contact(2, 3));
    accept(store, by(&[mail, phone, old], request(1))).await;
    accept(store, by(&[phone], request(2))).await;
    let both = PersonFilter { hashes: vec![mail.hash, phone.hash, old.hash], ..anna() };
    assert_eq!(found(store, both).await, ["PS-0000002", "PS-0000001"]);
    assert_eq!(found(store, PersonFilter { hashes: vec![old.hash], ..anna() }).await, ["PS-0000001"]);
}

pub(super) async fn a_list_goes_on_where_it_ended_also_among_requests_of_one_moment(store: &Arc<dyn Store>) {
    for number in 1..=5 {
        let mut request = request(number);
        request.events[0].at = at(i64::from(number / 3));
        accept(store, by(&[contact(1, 1)], request)).await;
    }
    let (mut seen, mut before) = (vec![], None);
    loop {
        let page = store.requests_of(&PersonFilter { before, limit: 2, ..anna() }).await.expect("read");
        seen.push(references(&page));
        before = page.next;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen.concat(), ["PS-0000005", "PS-0000004", "PS-0000003", "PS-0000002", "PS-0000001"]);
    assert_eq!(seen.len(), 3);
    let whole = store.requests_of(&PersonFilter { limit: 5, ..anna() }).await.expect("read");
    assert_eq!(whole.next, None, "nothing is behind the last");
}

pub(super) async fn what_is_refused_or_erased_is_found_by_nobody(store: &Arc<dyn Store>) {
    let gone = accept(store, by(&[contact(1, 1)], request(1))).await;
    accept(store, booked(request(2), slot(1), 1)).await;
    let late = Acceptance { contacts: vec![contact(1, 1)], ..booked(request(3), slot(1), 1) };
    store.accept(late).await.expect_err("the slot is full");
    assert_eq!(found(store, anna()).await, ["PS-0000001"]);
    store.erase_request(gone.id, vec![]).await.expect("erased");
    assert_eq!(found(store, anna()).await, [""; 0]);
}

pub(super) async fn what_lacks_a_hash_under_a_key_is_given_until_it_has_one(store: &Arc<dyn Store>) {
    accept(store, by(&[contact(1, 1)], request(1))).await;
    for number in 2..=4 {
        accept(store, by(&[], request(number))).await;
    }
    let first = store.unindexed_requests(1, 0, 2).await.expect("read");
    assert_eq!(first.requests, [request(2), request(3)]);
    let rest = store.unindexed_requests(1, first.next.expect("more"), 2).await.expect("read");
    assert_eq!(rest.requests, [request(4)]);
    assert_eq!(store.unindexed_requests(1, rest.next.expect("perhaps"), 2).await.expect("read").next, None);
    let all = (2..=5).map(|number| (request(number).id, vec![contact(1, 1)])).collect();
    store.keep_contacts(all).await.expect("kept, but for the one that is gone");
    assert_eq!(store.unindexed_requests(1, 0, 2).await.expect("read"), crate::Unindexed::default());
    assert_eq!(found(store, anna()).await.len(), 4);
    assert_eq!(store.unindexed_requests(2, 0, 9).await.expect("read").requests.len(), 4, "of another key");
    store.keep_contacts(vec![(request(1).id, vec![contact(1, 1)])]).await.expect("kept before");
}

pub(super) async fn requests_erased_together_are_gone_and_counted(store: &Arc<dyn Store>) {
    for number in 1..=3 {
        accept(store, complete(number)).await;
    }
    let erasure = |number: u16| {
        let deliveries = vec![delivery(number + 100, None, at(0))];
        Erasure { id: request(number).id, revision: None, deliveries }
    };
    assert_eq!(store.erase_requests(vec![erasure(1), erasure(2), erasure(9)]).await.expect("erased"), 2);
    assert_eq!(store.requests(&RequestFilter::default()).await.expect("read").requests.len(), 1);
    let left = [delivery(3, Some(request(3).id), at(0)), delivery(101, None, at(0)), delivery(102, None, at(0))];
    assert_eq!(store.claim_deliveries(at(9), at(10), Rooms::each(9)).await.expect("claimed"), left);
    assert_eq!(store.erase_requests(vec![]).await.expect("nothing to do"), 0);
}

pub(super) async fn what_was_changed_since_its_erasure_was_decided_is_kept(store: &Arc<dyn Store>) {
    let resolved = stepped(&accept(store, plain(request(1))).await, Status::Resolved);
    store.change_request(only(resolved.clone())).await.expect("changed");
    let told = vec![delivery(101, None, at(0))];
    let decided = Erasure { id: resolved.id, revision: Some(resolved.revision), deliveries: told };
    let mut reopened = resolved.clone();
    (reopened.status, reopened.revision) = (Status::InProgress, resolved.revision + 1);
    store.change_request(only(reopened.clone())).await.expect("reopened");
    assert_eq!(store.erase_requests(vec![decided.clone()]).await.expect("asked"), 0);
    assert_eq!(store.lookup_request(resolved.id).await.expect("read").as_ref(), Some(&reopened));
    assert_eq!(store.claim_deliveries(at(9), at(10), Rooms::each(9)).await.expect("claimed"), [], "nobody is told");
    let now = Erasure { revision: Some(reopened.revision), ..decided };
    assert_eq!(store.erase_requests(vec![now]).await.expect("erased"), 1);
    assert_eq!(store.lookup_request(resolved.id).await.expect("read"), None);
}

pub(super) async fn old_requests_are_listed_from_the_oldest_on(store: &Arc<dyn Store>) {
    for number in [40, 10, 30, 20] {
        accept(store, plain(request(number))).await;
    }
    accept(store, plain(elsewhere(15))).await;
    let resolved = stepped(&request(20), Status::Resolved);
    store.change_request(only(resolved.clone())).await.expect("changed");
    let old = |statuses: &[Status], after, limit| AgeFilter {
        site: SITE.to_owned(),
        received_by: at(30),
        statuses: statuses.to_vec(),
        after,
        limit,
    };
    let first = store.aged_requests(&old(&[Status::Received, Status::Resolved], None, 2)).await.expect("read");
    assert_eq!(references(&first), ["PS-0000010", "PS-0000020"]);
    assert_eq!(first.next, Some(Place { received_at: at(20), id: request(20).id }));
    let rest = store.aged_requests(&old(&[Status::Received, Status::Resolved], first.next, 2)).await.expect("read");
    assert_eq!((references(&rest), rest.next), (vec!["PS-0000030".to_owned()], None));
    let ended = store.aged_requests(&old(&[Status::Resolved], None, 9)).await.expect("read");
    assert_eq!(ended.listing.requests, [resolved]);
}

pub(super) async fn all_that_is_held_about_a_request_is_given(store: &Arc<dyn Store>) {
    let kept = accept(store, complete(1)).await;
    let next = stepped(&kept, Status::Accepted);
    let second = delivery(2, Some(kept.id), at(5));
    let change = crate::Change { deliveries: vec![second.clone()], ..only(next.clone()) };
    store.change_request(change).await.expect("changed");
    store.claim_deliveries(at(1), at(2), Rooms::each(1)).await.expect("claimed");
    store.mark_sent(delivery(1, None, at(0)).id, at(3)).await.expect("marked");
    let held = store.held(kept.id).await.expect("read").expect("there");
    assert_eq!((held.request, held.provenance), (next, vec![complete(1).provenance]));
    let states: Vec<_> = held.deliveries.into_iter().map(|held| (held.delivery, held.sent_at, held.dead_at)).collect();
    assert_eq!(states, [(delivery(1, Some(kept.id), at(0)), Some(at(3)), None), (second, None, None)]);
    store.erase_request(kept.id, vec![]).await.expect("erased");
    assert_eq!(store.held(kept.id).await.expect("read"), None);
}
