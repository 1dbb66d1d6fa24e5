//! Promises about finding requests, and what is known beside one.

use std::sync::Arc;

use porchlight_model::{
    delivery::Rooms,
    finding::Wanted,
    request::{Actor, Request, RequestId, Status},
};
use uuid::Uuid;

use super::{
    agents::id,
    fixtures::{SITE, accept, at, at_once, booked, complete, contact, only, plain, request, slot, stepped},
};
use crate::{Acceptance, Contact, LookedFor, RequestQuery, SEARCHED, Store};

fn all() -> RequestQuery {
    RequestQuery { site: SITE.to_owned(), limit: 50, ..RequestQuery::default() }
}

/// Whatever is written, looked for as a text or, if it is one, a reference.
fn wanted(written: &str) -> RequestQuery {
    let looked_for = match Wanted::read(written, Some("RU")) {
        Some(Wanted::Reference(reference)) => LookedFor::Reference(reference),
        Some(Wanted::Text(sought)) => LookedFor::Text(sought),
        other => panic!("`{written}` is {other:?}"),
    };
    RequestQuery { looked_for: Some(looked_for), ..all() }
}

/// What whoever is reached so has left.
fn of_person(contacts: &[Contact]) -> Option<LookedFor> {
    Some(LookedFor::Person(contacts.iter().map(|contact| contact.hash).collect()))
}

async fn found(store: &Arc<dyn Store>, query: RequestQuery) -> Vec<String> {
    let found = store.find_requests(query).await.expect("read");
    found
        .requests
        .iter()
        .map(|(_, request)| request.reference.as_str().trim_start_matches("PS-00000").to_owned())
        .collect()
}

async fn changed(store: &Arc<dyn Store>, request: &Request, change: impl FnOnce(&mut Request)) -> Request {
    let mut next = request.clone();
    change(&mut next);
    next.revision = request.revision + 1;
    store.change_request(only(next.clone())).await.expect("changed");
    next
}

/// Ten requests that differ in everything that lists are narrowed by, and one of another site.
async fn different(store: &Arc<dyn Store>) -> Vec<Request> {
    let mut kept = vec![];
    for number in 1..=10 {
        let mut draft = request(number);
        draft.requester.name = Some(format!("Анна {number:02}"));
        draft.promise = if number % 3 == 0 { None } else { draft.promise };
        let acceptance = if number % 2 == 0 { booked(draft, slot(i64::from(number)), 1) } else { plain(draft) };
        let mut last = accept(store, acceptance).await;
        if number > 5 {
            last = changed(store, &last, |next| next.handling.assignee = Some(id(number % 2))).await;
        }
        if let Some(status) =
            [None, Some(Status::Accepted), Some(Status::InProgress), Some(Status::Resolved)][usize::from(number) % 4]
        {
            let next = stepped(&last, status);
            last = changed(store, &last, |it| *it = next).await;
        }
        kept.push(last);
    }
    let mut elsewhere = request(11);
    elsewhere.site = "cinema".to_owned();
    accept(store, plain(elsewhere)).await;
    kept
}

/// Every way to narrow a list, and some together.
fn queries() -> Vec<RequestQuery> {
    let mut queries = vec![all()];
    queries.extend(
        [Status::Received, Status::Accepted, Status::InProgress, Status::Resolved, Status::Cancelled]
            .map(|status| RequestQuery { status: Some(status), ..all() }),
    );
    queries.extend([Actor::Agent, Actor::Requester].map(|turn| RequestQuery { turn: Some(turn), ..all() }));
    queries.extend([0, 1, 7].map(|agent| RequestQuery { assignee: Some(id(agent)), ..all() }));
    for hours in [0, 8, 10, 200] {
        queries.push(RequestQuery { promised_before: Some(at(hours * 3600)), ..all() });
        queries.push(RequestQuery { slots: Some((slot(4).from, at(hours * 3600))), ..all() });
    }
    queries.push(RequestQuery { status: Some(Status::Accepted), assignee: Some(id(1)), ..all() });
    queries.push(RequestQuery {
        turn: Some(Actor::Agent),
        promised_before: Some(at(1_000_000)),
        slots: Some((at(0), at(1_000_000))),
        ..all()
    });
    queries.extend(["анна 0", "PS-0000003", "anna4@", "0000005", "00006", "вопрос 7"].map(wanted));
    queries.push(RequestQuery { status: Some(Status::Accepted), ..wanted("анна") });
    queries
}

pub(super) async fn a_query_finds_what_it_admits_the_last_first(store: &Arc<dyn Store>) {
    let kept = different(store).await;
    let mut narrowed = 0;
    for query in queries() {
        let admitted = kept.iter().rev().filter(|request| query.admits(request));
        let expected: Vec<String> =
            admitted.map(|request| request.reference.as_str().trim_start_matches("PS-00000").to_owned()).collect();
        narrowed += usize::from(!expected.is_empty() && expected.len() < kept.len());
        assert_eq!(found(store, query.clone()).await, expected, "{query:?}");
    }
    assert!(narrowed >= 15, "only {narrowed} queries find some and not all");
}

pub(super) async fn a_list_is_read_page_by_page(store: &Arc<dyn Store>) {
    let kept = different(store).await;
    for query in queries() {
        let whole = found(store, query.clone()).await;
        let (mut pages, mut before) = (vec![], None);
        for _ in 0..=kept.len() {
            let page = store.find_requests(RequestQuery { before, limit: 1, ..query.clone() }).await.expect("read");
            pages.extend(page.requests.iter().map(|(_, it)| it.reference.as_str()[8..].to_owned()));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(pages, whole, "{query:?}");
        assert_eq!(before, None, "{query:?}");
    }
}

pub(super) async fn an_erased_request_is_in_no_list(store: &Arc<dyn Store>) {
    let kept = different(store).await;
    for request in &kept {
        store.erase_request(request.id, vec![]).await.expect("erased");
    }
    for query in queries() {
        assert_eq!(found(store, query).await, [""; 0]);
    }
}

fn later(number: u16) -> Request {
    let mut later = request(3);
    later.id = RequestId(Uuid::from_u128(u128::from(number) | 9 << 120));
    later.reference = serde_json::from_value(format!("PS-L{number:06}").into()).expect("a reference");
    later.requester.name = Some("Борис".to_owned());
    later
}

pub(super) async fn a_text_is_looked_for_in_what_is_open_and_what_came_last(store: &Arc<dyn Store>) {
    let old = accept(store, plain(request(1))).await;
    let closed = accept(store, plain(request(0))).await;
    changed(store, &closed, |next| next.status = Status::Resolved).await;
    at_once(u16::try_from(SEARCHED.recent).expect("few"), |number| {
        let store = Arc::clone(store);
        async move { store.accept(plain(later(number))).await.expect("accepted") }
    })
    .await;
    let found = store.find_requests(wanted("анна")).await.expect("read");
    assert!(found.is_partial);
    assert_eq!(found.requests.iter().map(|(_, request)| request.id).collect::<Vec<_>>(), [old.id]);
    let named = store.find_requests(wanted("PS-0000000")).await.expect("read");
    assert_eq!(named.requests.iter().map(|(_, request)| request.id).collect::<Vec<_>>(), [closed.id]);
    assert!(!named.is_partial, "a name is looked up among all");
}

pub(super) async fn a_person_is_found_among_all_however_many_came_since(store: &Arc<dyn Store>) {
    let (mail, phone) = (contact(1, 1), contact(1, 2));
    for (number, contacts) in [(0, vec![mail, phone]), (1, vec![phone]), (2, vec![contact(1, 3)])] {
        let old = accept(store, Acceptance { contacts, ..plain(request(number)) }).await;
        changed(store, &old, |next| next.status = Status::Resolved).await;
    }
    at_once(u16::try_from(SEARCHED.recent).expect("few"), |number| {
        let store = Arc::clone(store);
        async move { store.accept(plain(later(number))).await.expect("accepted") }
    })
    .await;
    let by = |contacts: &[Contact]| RequestQuery { looked_for: of_person(contacts), ..all() };
    assert_eq!(found(store, by(&[mail])).await, ["00"]);
    assert_eq!(found(store, by(&[mail, phone])).await, ["01", "00"], "each once, the last first");
    assert_eq!(found(store, by(&[contact(1, 9)])).await, [""; 0]);
    assert_eq!(found(store, RequestQuery { site: "cinema".to_owned(), ..by(&[mail]) }).await, [""; 0]);
    assert_eq!(found(store, RequestQuery { status: Some(Status::Received), ..by(&[mail]) }).await, [""; 0]);
    let page = store.find_requests(RequestQuery { limit: 1, ..by(&[phone]) }).await.expect("read");
    assert!(!page.is_partial && page.next.is_some());
    assert_eq!(found(store, RequestQuery { before: page.next, ..by(&[phone]) }).await, ["00"]);
}

pub(super) async fn a_persons_requests_are_narrowed_like_any_and_read_page_by_page(store: &Arc<dyn Store>) {
    let (mail, phone) = (contact(1, 1), contact(1, 2));
    let kept = different(store).await;
    let theirs: Vec<_> = kept.iter().enumerate().filter(|(place, _)| place % 3 != 0).map(|(_, it)| it).collect();
    let contacts = theirs.iter().map(|it| it.id).chain([request(11).id]).map(|id| (id, vec![mail, phone])).collect();
    store.keep_contacts(contacts).await.expect("kept");
    let mut some_found = 0;
    for query in queries().into_iter().filter(|query| query.looked_for.is_none()) {
        let query = RequestQuery { looked_for: of_person(&[mail, phone]), ..query };
        let expected: Vec<_> = theirs.iter().rev().filter(|request| query.admits(request)).map(|it| it.id).collect();
        some_found += usize::from(!expected.is_empty() && expected.len() < theirs.len());
        let (mut pages, mut before) = (vec![], None);
        for _ in 0..=kept.len() {
            let page = store.find_requests(RequestQuery { before, limit: 1, ..query.clone() }).await.expect("read");
            pages.extend(page.requests.iter().map(|(_, it)| it.id));
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!(pages, expected, "{query:?}");
    }
    assert!(some_found >= 8, "only {some_found} queries find some and not all");
}

pub(super) async fn beside_a_request_stands_what_was_decided_and_sent(store: &Arc<dyn Store>) {
    let kept = accept(store, complete(1)).await;
    accept(store, complete(2)).await;
    let delivery = complete(1).deliveries[0].id;
    store.claim_deliveries(at(9), at(10), Rooms::each(9)).await.expect("claimed");
    store.mark_failed(delivery, "no route", at(99)).await.expect("marked");
    let dossier = store.lookup_dossier(kept.id).await.expect("read").expect("there");
    assert_eq!(dossier.request, kept);
    assert_eq!(dossier.provenance, [complete(1).provenance]);
    let [state] = dossier.deliveries.as_slice() else { panic!("one delivery: {dossier:?}") };
    assert_eq!((state.id, state.attempts, state.sent_at, state.due_at), (delivery, 1, None, at(99)));
    assert_eq!(state.error.as_deref(), Some("no route"));
    assert_eq!(state.payload.as_ref(), Some(&complete(1).deliveries[0].payload));
    assert_eq!(store.lookup_dossier(request(3).id).await.expect("read"), None);
}
