//! Commits that fail, for real.

use std::sync::Arc;

use super::{fresh, hold, queued};
use crate::{
    AcceptError, Acceptance, Accepted, SiteFile, Store, StoreError,
    contract::fixtures::{SITE, at, booked, complete, key, plain, request, slot},
    sqlite::SqliteStore,
};

/// Queues something that lets the commit of its batch fail, though each statement goes well.
async fn doom_the_next_commit(store: &Arc<SqliteStore>) -> tokio::task::JoinHandle<Result<usize, StoreError>> {
    let doomed = Arc::clone(store);
    let behind = store.writer.queued();
    let task = tokio::spawn(async move {
        let orphan = |connection: &rusqlite::Connection| {
            connection.execute_batch("PRAGMA defer_foreign_keys = on")?;
            connection.execute("INSERT INTO bookings (request, site, slot_from) VALUES (7777, 'nowhere', 0)", [])
        };
        doomed.write(orphan).await
    });
    queued(store, behind + 1).await;
    task
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_commit_is_a_failure_for_everybody_in_it() {
    let (store, _folder) = fresh();
    let first = Acceptance { idempotency: Some(key("a", 1)), ..booked(request(1), slot(1), 1) };
    store.accept(first.clone()).await.expect("accepted");
    let before = store.commits();

    let (release, holding) = hold(&store).await;
    let late = booked(request(3), slot(1), 1);
    let accepting: Vec<_> = [plain(request(2)), first, late]
        .into_iter()
        .map(|acceptance| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.accept(acceptance).await })
        })
        .collect();
    queued(&store, 3).await;
    let doomed = doom_the_next_commit(&store).await;
    drop(release);

    holding.await.expect("ran").expect("was in the batch before");
    for accepted in accepting {
        let accepted = accepted.await.expect("ran");
        assert!(matches!(accepted, Err(AcceptError::Store(StoreError::Failed(_)))), "{accepted:?}");
    }
    assert!(doomed.await.expect("ran").is_err());
    assert_eq!(store.commits(), before);
    assert_eq!(store.lookup_request(request(2).id).await.expect("read"), None);
    assert_eq!(store.accept(plain(request(2))).await.expect("sound again"), Accepted::New);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_whose_commit_fails_is_not_answered_as_done() {
    let (store, _folder) = fresh();
    store.accept(complete(1)).await.expect("accepted");
    let (release, _holding) = hold(&store).await;
    let erasing = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.erase_request(request(1).id, vec![]).await })
    };
    queued(&store, 1).await;
    let _doomed = doom_the_next_commit(&store).await;
    drop(release);
    erasing.await.expect("ran").expect_err("not erased");
    assert!(store.lookup_request(request(1).id).await.expect("read").is_some());
    assert!(store.erase_request(request(1).id, vec![]).await.expect("erased"));
}

/// Lets the database grow by this many pages and no more.
async fn leave_room(store: &SqliteStore, pages: u32) {
    let limit = move |connection: &rusqlite::Connection| {
        let used: u32 = connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
        connection.pragma_update_and_check(None, "max_page_count", used + pages, |_| Ok(()))
    };
    store.write(limit).await.expect("limited");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_nothing_is_lost_or_half_kept() {
    let (store, _folder) = fresh();
    leave_room(&store, 20).await;
    let mut kept = vec![];
    let mut refused = vec![];
    for number in 0..60 {
        match store.accept(complete(number)).await {
            Ok(Accepted::New) => kept.push(number),
            Err(AcceptError::Store(StoreError::Full(_))) => refused.push(number),
            other => panic!("{other:?}"),
        }
    }
    assert!(!kept.is_empty() && !refused.is_empty(), "{kept:?} {refused:?}");
    for number in 0..60 {
        let there = store.lookup_request(request(number).id).await.expect("read").is_some();
        assert_eq!(there, kept.contains(&number), "{number}");
    }

    leave_room(&store, 10_000).await;
    store.probe().await.expect("sound again");
    for number in refused {
        assert_eq!(store.accept(complete(number)).await.expect("accepted"), Accepted::New);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_disk_is_full_a_batch_keeps_exactly_what_it_acknowledges() {
    let (store, _folder) = fresh();
    leave_room(&store, 40).await;
    let (release, _holding) = hold(&store).await;
    let accepting: Vec<_> = (0..60)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.accept(complete(number)).await })
        })
        .collect();
    queued(&store, 60).await;
    drop(release);
    let mut full = 0;
    for (number, accepted) in (0..60).zip(accepting) {
        let accepted = accepted.await.expect("ran");
        full += u8::from(matches!(accepted, Err(AcceptError::Store(StoreError::Full(_)))));
        let there = store.lookup_request(request(number).id).await.expect("read").is_some();
        assert_eq!(there, accepted.is_ok(), "{number}: {accepted:?}");
    }
    assert!(full > 0);
}

#[tokio::test]
async fn a_site_too_large_for_the_disk_leaves_the_one_before() {
    let (store, _folder) = fresh();
    let file = |size| vec![SiteFile { path: "plugins/big.wasm".to_owned(), content: vec![1; size] }];
    let before = store.apply_site(SITE, file(100), at(0)).await.expect("applied");
    leave_room(&store, 10).await;
    let refused = store.apply_site(SITE, file(1_000_000), at(1)).await;
    assert!(matches!(refused, Err(StoreError::Full(_))), "{refused:?}");
    assert_eq!(store.lookup_site(SITE).await.expect("read"), Some(before));
}
