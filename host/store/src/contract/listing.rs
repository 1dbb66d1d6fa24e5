//! Promises about listing requests.

use std::sync::Arc;

use super::fixtures::{SITE, accept, plain, request};
use crate::{RequestFilter, Store};

async fn listed(store: &Arc<dyn Store>, filter: RequestFilter) -> Vec<String> {
    let found = store.requests(&filter).await.expect("read");
    found.requests.iter().map(|request| request.reference.as_str().to_owned()).collect()
}

pub(super) async fn requests_are_listed_the_last_kept_first(store: &Arc<dyn Store>) {
    for number in [20, 30, 10] {
        accept(store, plain(request(number))).await;
    }
    assert_eq!(listed(store, RequestFilter::default()).await, ["PS-0000010", "PS-0000030", "PS-0000020"]);
    let newest = RequestFilter { limit: Some(1), ..RequestFilter::default() };
    assert_eq!(store.requests(&newest).await.expect("read").requests, [request(10)]);
}

pub(super) async fn a_filter_narrows_the_list(store: &Arc<dyn Store>) {
    accept(store, plain(request(1))).await;
    accept(store, plain(request(2))).await;
    let mut elsewhere = request(3);
    elsewhere.site = "another".to_owned();
    accept(store, plain(elsewhere)).await;

    let of = |site: Option<&str>, reference: Option<&str>, limit| RequestFilter {
        site: site.map(str::to_owned),
        reference: reference.map(str::to_owned),
        limit,
    };
    assert_eq!(listed(store, of(Some(SITE), None, None)).await, ["PS-0000002", "PS-0000001"]);
    assert_eq!(listed(store, of(Some(SITE), None, Some(1))).await, ["PS-0000002"]);
    assert_eq!(listed(store, of(Some("another"), None, None)).await, ["PS-0000003"]);
    assert_eq!(listed(store, of(None, Some("PS-0000001"), None)).await, ["PS-0000001"]);
    assert_eq!(listed(store, of(Some("another"), Some("PS-0000001"), None)).await, [""; 0]);
    assert_eq!(listed(store, of(None, None, Some(0))).await, [""; 0]);
}
