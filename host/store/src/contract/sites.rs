//! Promises about sites.

use std::sync::Arc;

use super::fixtures::{SITE, at};
use crate::{SiteFile, Store};

fn file(path: &str, content: &str) -> SiteFile {
    SiteFile { path: path.to_owned(), content: content.as_bytes().to_owned() }
}

fn files() -> Vec<SiteFile> {
    vec![file("site.toml", "key = 1"), file("answers/b.md", "same"), file("answers/a.md", "same"), file("empty", "")]
}

pub(super) async fn a_site_is_found_with_all_its_files_by_path(store: &Arc<dyn Store>) {
    let applied = store.apply_site(SITE, files(), at(0)).await.expect("applied");
    assert_eq!((applied.key.as_str(), applied.version, applied.applied_at), (SITE, 1, at(0)));
    let found = store.lookup_site(SITE).await.expect("read").expect("there");
    assert_eq!(found, applied);
    let paths: Vec<_> = found.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["answers/a.md", "answers/b.md", "empty", "site.toml"]);
    assert_eq!(found.files[3], file("site.toml", "key = 1"));
}

pub(super) async fn an_unknown_site_is_none(store: &Arc<dyn Store>) {
    assert_eq!(store.lookup_site(SITE).await.expect("read"), None);
    assert_eq!(store.site_versions().await.expect("read"), []);
}

pub(super) async fn an_identical_version_is_not_kept_again(store: &Arc<dyn Store>) {
    let first = store.apply_site(SITE, files(), at(0)).await.expect("applied");
    let reordered = files().into_iter().rev().collect();
    assert_eq!(store.apply_site(SITE, reordered, at(9)).await.expect("applied"), first);
    assert_eq!(store.lookup_site(SITE).await.expect("read"), Some(first));
}

pub(super) async fn a_changed_file_makes_the_next_version(store: &Arc<dyn Store>) {
    store.apply_site(SITE, files(), at(0)).await.expect("applied");
    let mut changed = files();
    changed[0].content = b"key = 2".to_vec();
    let second = store.apply_site(SITE, changed, at(9)).await.expect("applied");
    assert_eq!((second.version, second.applied_at), (2, at(9)));
    assert_eq!(second.files[3].content, b"key = 2");
    assert_eq!(store.lookup_site(SITE).await.expect("read"), Some(second));
}

pub(super) async fn a_removed_file_makes_the_next_version(store: &Arc<dyn Store>) {
    store.apply_site(SITE, files(), at(0)).await.expect("applied");
    let second = store.apply_site(SITE, files().split_off(1), at(9)).await.expect("applied");
    assert_eq!((second.version, second.files.len()), (2, 3));
    assert_eq!(store.lookup_site(SITE).await.expect("read"), Some(second));
}

pub(super) async fn an_earlier_version_can_come_again(store: &Arc<dyn Store>) {
    let first = store.apply_site(SITE, files(), at(0)).await.expect("applied");
    store.apply_site(SITE, vec![], at(1)).await.expect("applied");
    let third = store.apply_site(SITE, files(), at(2)).await.expect("applied");
    assert_eq!((third.version, &third.files), (3, &first.files));
}

pub(super) async fn every_site_is_listed_by_key(store: &Arc<dyn Store>) {
    let zoo = store.apply_site("zoo", files(), at(0)).await.expect("applied");
    store.apply_site("bakery", files(), at(1)).await.expect("applied");
    let bakery = store.apply_site("bakery", vec![], at(2)).await.expect("applied");
    assert_eq!(store.site_versions().await.expect("read"), [(bakery.key, bakery.version), (zoo.key, zoo.version)]);
}
