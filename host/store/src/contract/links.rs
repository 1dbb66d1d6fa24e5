//! Promises about mailed links.

use std::sync::Arc;

use jiff::ToSpan;

use super::fixtures::{accept, at, at_once, hash, link, plain, request};
use crate::{Acceptance, Link, LinkUse, Store};

async fn keep_link(store: &Arc<dyn Store>) -> Link {
    let link = link(1, at(3600));
    accept(store, Acceptance { links: vec![link.clone()], ..plain(request(1)) }).await;
    link
}

pub(super) async fn a_link_is_looked_up_without_being_used_up(store: &Arc<dyn Store>) {
    let link = keep_link(store).await;
    for _ in 0..2 {
        assert_eq!(store.lookup_link(hash(1), at(10)).await.expect("read"), Some(link.clone()));
    }
    let used = Link { used_at: Some(at(11)), ..link };
    assert_eq!(store.use_link(hash(1), at(11)).await.expect("used"), LinkUse::First(used));
}

pub(super) async fn of_concurrent_uses_one_is_the_first(store: &Arc<dyn Store>) {
    keep_link(store).await;
    let outcomes = at_once(16, |_| {
        let store = Arc::clone(store);
        async move { store.use_link(hash(1), at(10)).await.expect("used") }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| matches!(outcome, LinkUse::First(_))).count(), 1);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == LinkUse::Again).count(), 15);
}

pub(super) async fn a_used_link_can_still_be_looked_up(store: &Arc<dyn Store>) {
    let link = keep_link(store).await;
    store.use_link(hash(1), at(10)).await.expect("used");
    let found = store.lookup_link(hash(1), at(20)).await.expect("read");
    assert_eq!(found, Some(Link { used_at: Some(at(10)), ..link }));
}

pub(super) async fn an_expired_link_is_unknown(store: &Arc<dyn Store>) {
    let link = keep_link(store).await;
    let last = link.expires_at - 1.microsecond();
    assert!(store.lookup_link(hash(1), last).await.expect("read").is_some());
    assert_eq!(store.lookup_link(hash(1), link.expires_at).await.expect("read"), None);
    assert_eq!(store.use_link(hash(1), link.expires_at).await.expect("asked"), LinkUse::Unknown);
    assert_eq!(store.use_link(hash(2), at(1)).await.expect("asked"), LinkUse::Unknown);
    assert!(matches!(store.use_link(hash(1), last).await.expect("used"), LinkUse::First(_)));
}
