//! Promises about the widget's files.

use std::sync::Arc;

use jiff::ToSpan;

use super::fixtures::at;
use crate::{Asset, Store};

const THIRTY_DAYS: i64 = 30 * 24 * 60 * 60;

fn asset(path: &str) -> Asset {
    Asset { path: path.to_owned(), media_type: "text/javascript".to_owned(), content: path.as_bytes().to_owned() }
}

async fn has(store: &Arc<dyn Store>, path: &str) -> bool {
    store.lookup_asset(path).await.expect("read").is_some()
}

pub(super) async fn an_asset_is_found_by_its_path(store: &Arc<dyn Store>) {
    store.keep_assets(vec![asset("panel-1.js"), asset("panel-1.css")], at(0)).await.expect("kept");
    assert_eq!(store.lookup_asset("panel-1.js").await.expect("read"), Some(asset("panel-1.js")));
    assert_eq!(store.lookup_asset("panel-2.js").await.expect("read"), None);
}

pub(super) async fn an_earlier_asset_lingers_for_thirty_days(store: &Arc<dyn Store>) {
    store.keep_assets(vec![asset("1.js")], at(0)).await.expect("kept");
    // A year later it still was served until now: its days begin when a version without it comes.
    let superseded = at(365 * 24 * 60 * 60);
    store.keep_assets(vec![asset("2.js")], superseded).await.expect("kept");
    let gone = superseded + (THIRTY_DAYS).seconds();
    store.keep_assets(vec![asset("2.js")], gone - 1.second()).await.expect("kept");
    assert!(has(store, "1.js").await && has(store, "2.js").await);
    store.keep_assets(vec![asset("2.js")], gone).await.expect("kept");
    assert!(!has(store, "1.js").await && has(store, "2.js").await);
}

pub(super) async fn an_asset_that_is_served_again_stays(store: &Arc<dyn Store>) {
    store.keep_assets(vec![asset("1.js")], at(0)).await.expect("kept");
    store.keep_assets(vec![asset("2.js")], at(10)).await.expect("kept");
    store.keep_assets(vec![asset("1.js")], at(20)).await.expect("kept");
    store.keep_assets(vec![asset("1.js")], at(20 + THIRTY_DAYS)).await.expect("kept");
    assert!(has(store, "1.js").await && !has(store, "2.js").await);
}
