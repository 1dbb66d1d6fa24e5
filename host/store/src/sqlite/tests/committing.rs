//! Group commit.

use std::{future::Future, pin::pin, sync::Arc, task::Context};

use porchlight_model::delivery::Rooms;

use super::{fresh, hold, open, queued};
use crate::{
    AcceptError, Acceptance, Accepted, Replay, Store,
    contract::fixtures::{at, booked, complete, key, plain, request, slot},
};

#[tokio::test(flavor = "multi_thread")]
async fn changes_that_wait_together_share_one_commit() {
    let (store, _folder) = fresh();
    let (release, holding) = hold(&store).await;
    let before = store.commits();
    let accepting: Vec<_> = (0..100)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.accept(complete(number)).await })
        })
        .collect();
    queued(&store, 100).await;
    drop(release);
    for accepted in accepting {
        assert_eq!(accepted.await.expect("ran").expect("accepted"), Accepted::New);
    }
    holding.await.expect("ran").expect("held");
    assert_eq!(store.commits() - before, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_is_refused_leaves_the_others_of_its_batch_alone() {
    let (store, _folder) = fresh();
    let (release, _holding) = hold(&store).await;
    let accepting: Vec<_> = (0..10)
        .map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.accept(booked(request(number), slot(1), 4)).await })
        })
        .collect();
    queued(&store, 10).await;
    drop(release);
    let mut kept = 0;
    for (number, accepted) in (0..10).zip(accepting) {
        let accepted = accepted.await.expect("ran");
        let there = store.lookup_request(request(number).id).await.expect("read").is_some();
        assert_eq!(there, accepted.is_ok(), "{accepted:?}");
        assert!(matches!(accepted, Ok(Accepted::New) | Err(AcceptError::SlotTaken)), "{accepted:?}");
        kept += u8::from(there);
    }
    assert_eq!(kept, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_panics_or_fails_leaves_the_others_of_its_batch_alone() {
    let (store, _folder) = fresh();
    let (release, _holding) = hold(&store).await;
    let failing = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let half = |connection: &rusqlite::Connection| {
                connection.execute("DELETE FROM probes", [])?;
                connection.execute("INSERT INTO probes (id, count) VALUES (2, 0)", [])
            };
            store.write(half).await
        })
    };
    queued(&store, 1).await;
    let panicking = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let half = |connection: &rusqlite::Connection| -> rusqlite::Result<()> {
                connection.execute("DELETE FROM probes", [])?;
                panic!("as asked");
            };
            store.write(half).await
        })
    };
    queued(&store, 2).await;
    let accepting = {
        let store = Arc::clone(&store);
        tokio::spawn(async move { store.accept(complete(1)).await })
    };
    queued(&store, 3).await;
    drop(release);
    failing.await.expect("ran").expect_err("the check of the table");
    panicking.await.expect("caught").expect_err("a failure");
    assert_eq!(accepting.await.expect("ran").expect("accepted"), Accepted::New);
    let count =
        |connection: &rusqlite::Connection| connection.query_one("SELECT count(*) FROM probes", [], |row| row.get(0));
    assert_eq!(store.readers.read::<u32>(count).await.expect("read"), 1, "what the failed ones deleted is there");
}

#[tokio::test]
async fn a_change_goes_on_when_nobody_waits_for_it_any_more() {
    let (store, _folder) = fresh();
    let acceptance = Acceptance { idempotency: Some(key("a", 1)), ..plain(request(1)) };
    {
        let mut accepting = pin!(store.accept(acceptance));
        let polled = accepting.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop()));
        assert!(polled.is_pending());
    }
    store.probe().await.expect("the thread goes on");
    let replay = store.lookup_replay(&key("a", 1), at(2)).await.expect("read");
    assert_eq!(replay, Some(Replay::Same(Box::new(request(1)))));
}

#[tokio::test]
async fn closing_keeps_what_was_queued() {
    let (store, folder) = fresh();
    let (release, holding) = hold(&store).await;
    for number in 0..50 {
        let mut accepting = pin!(store.accept(plain(request(number))));
        assert!(accepting.as_mut().poll(&mut Context::from_waker(std::task::Waker::noop())).is_pending());
    }
    drop(release);
    holding.await.expect("ran").expect("held");
    drop(Arc::into_inner(store).expect("nobody else has it"));
    let store = open(&folder);
    for number in 0..50 {
        assert!(store.lookup_request(request(number).id).await.expect("read").is_some(), "{number}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_readers_than_connections_wait_their_turn() {
    let (store, _folder) = fresh();
    store.accept(complete(1)).await.expect("accepted");
    let reading: Vec<_> = (0..200)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { store.lookup_request(request(1).id).await })
        })
        .collect();
    for read in reading {
        assert!(read.await.expect("ran").expect("read").is_some());
    }
}

#[tokio::test]
async fn a_claim_that_finds_nothing_commits_nothing() {
    let (store, _folder) = fresh();
    let before = store.commits();
    assert_eq!(store.claim_deliveries(at(0), at(1), Rooms::each(9)).await.expect("claimed"), []);
    assert_eq!(store.commits(), before);
    store.probe().await.expect("sound");
    assert_eq!(store.commits(), before + 1);
}
