//! Rows that cannot be read stand in nobody's way.

use std::sync::Arc;

use jiff::ToSpan;
use porchlight_model::delivery::Rooms;
use uuid::Uuid;

use super::{fresh, open};
use crate::{
    Acceptance, RequestFilter, Store, StoreError,
    contract::fixtures::{at, delivery, plain, request},
    sqlite::SqliteStore,
};

async fn execute(store: &Arc<SqliteStore>, statement: &'static str) -> usize {
    store.write(move |connection| connection.execute(statement, [])).await.expect("damaged")
}

/// What stands in the outbox of the one delivery that cannot be read: its error and when it is due.
async fn parked(store: &Arc<SqliteStore>) -> (String, i64) {
    let query = |connection: &rusqlite::Connection| {
        let select = "SELECT last_error, due_at / 1000000 FROM outbox WHERE last_error IS NOT NULL";
        connection.query_one(select, [], |row| Ok((row.get(0)?, row.get(1)?)))
    };
    store.readers.read(query).await.expect("one delivery")
}

async fn claimed(store: &Arc<SqliteStore>, now: jiff::Timestamp) -> Vec<Uuid> {
    let until = now + 5.minutes();
    store
        .claim_deliveries(now, until, Rooms::each(100))
        .await
        .expect("claimed")
        .into_iter()
        .map(|delivery| delivery.id)
        .collect()
}

#[tokio::test]
async fn a_delivery_that_cannot_be_read_is_parked_for_a_day_and_the_others_go_out() {
    for damage in [
        r#"UPDATE outbox SET payload = '{"kind": "pigeon", "to": "anna@example.com"}' WHERE number = 2"#,
        "UPDATE outbox SET payload = substr(payload, 1, 20) WHERE number = 2",
        "UPDATE outbox SET attempts = -1 WHERE number = 2",
        "UPDATE outbox SET due_at = -9223372036854775807 WHERE number = 2",
    ] {
        let (store, _folder) = fresh();
        let deliveries = [1, 2, 3].map(|number| delivery(number, Some(request(1).id), at(0))).to_vec();
        let ids: Vec<Uuid> = deliveries.iter().map(|delivery| delivery.id).collect();
        store.accept(Acceptance { deliveries, ..plain(request(1)) }).await.expect("accepted");
        assert_eq!(execute(&store, damage).await, 1, "{damage}");

        assert_eq!(claimed(&store, at(10)).await, [ids[0], ids[2]], "{damage}");
        let (error, due) = parked(&store).await;
        assert_eq!(due, (at(10) + 24.hours()).as_second(), "{damage}");
        assert!(error.starts_with("Conversion error") || error.contains("out of range"), "{error}");
        assert!(!error.contains("anna") && !error.contains("pigeon"), "{error}");

        for id in [ids[0], ids[2]] {
            store.mark_sent(id, at(11)).await.expect("marked");
        }
        assert_eq!(claimed(&store, at(3600)).await, [] as [Uuid; 0], "{damage}");
        assert_eq!(store.waiting_deliveries().await.expect("read")[0].count, 1, "it still waits: {damage}");
    }
}

#[tokio::test]
async fn a_delivery_whose_mend_has_come_goes_out_after_its_day() {
    let (store, _folder) = fresh();
    let waiting = delivery(1, Some(request(1).id), at(0));
    store.accept(Acceptance { deliveries: vec![waiting.clone()], ..plain(request(1)) }).await.expect("accepted");
    execute(&store, "UPDATE outbox SET payload = 'x' || payload").await;
    assert_eq!(claimed(&store, at(10)).await, [] as [Uuid; 0]);
    execute(&store, "UPDATE outbox SET payload = substr(payload, 2)").await;
    assert_eq!(claimed(&store, at(10) + 24.hours()).await, [waiting.id]);
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_named_and_the_others_are_listed() {
    let (store, _folder) = fresh();
    for number in 1..=3 {
        store.accept(plain(request(number))).await.expect("accepted");
    }
    execute(&store, "UPDATE requests SET document = '[\"anna@example.com\"]' WHERE reference = 'PS-0000002'").await;
    let listing = store.requests(&RequestFilter::default()).await.expect("listed");
    assert_eq!(listing.requests, [request(3), request(1)]);
    let [damaged] = listing.damaged.as_slice() else { panic!("{listing:?}") };
    assert_eq!((damaged.id, damaged.reference.as_str()), (request(2).id, "PS-0000002"));
    assert!(damaged.error.contains("of another shape at line 1"), "{}", damaged.error);
    assert!(!damaged.error.contains("anna"), "{}", damaged.error);
    assert!(store.erase_request(damaged.id, vec![]).await.expect("erased"), "it can be erased all the same");
}

#[tokio::test]
async fn a_sound_database_passes_the_check_and_a_damaged_one_is_told_from_it() {
    let (store, folder) = fresh();
    let path = folder.path().join("kept.db");
    for number in 1..=20 {
        store.accept(plain(request(number))).await.expect("accepted");
    }
    SqliteStore::check(&path).expect("sound, while it is in use");
    drop(store);

    let other = rusqlite::Connection::open(&path).expect("opened");
    other.pragma_update(None, "foreign_keys", "off").expect("set");
    let orphan = "INSERT INTO bookings (request, site, slot_from) VALUES (7777, 'nowhere', 0)";
    other.execute(orphan, []).expect("damaged");
    assert_eq!(finding(&path), "the database is damaged: a row of `bookings` belongs to nothing");
    other.execute("DELETE FROM bookings", []).expect("mended");
    other
        .execute_batch("PRAGMA writable_schema = on; DELETE FROM sqlite_schema WHERE name = 'requests_of_site'")
        .expect("damaged");
    drop(other);
    let said = finding(&path);
    assert!(said.starts_with("the database is damaged: "), "{said}");
    drop(open(&folder));
}

fn finding(path: &std::path::Path) -> String {
    match SqliteStore::check(path) {
        Err(StoreError::Failed(cause)) => cause.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn requests_that_cannot_be_read_do_not_keep_others_from_being_due() {
    let (store, _folder) = fresh();
    for number in 1..=4 {
        store.accept(plain(request(number))).await.expect("accepted");
    }
    execute(&store, "UPDATE requests SET document = substr(document, 1, 20), due_at = due_at - 1 WHERE number <= 3")
        .await;
    let later = at(9_000_000);
    let mut due = vec![];
    for _ in 0..4 {
        due.extend(store.due_requests("pet-shop", later, 2).await.expect("read"));
    }
    assert!(due.contains(&request(4).id), "two of those three fill every page otherwise: {due:?}");
    assert!(due.iter().all(|id| *id == request(4).id), "{due:?}");
    execute(&store, "UPDATE requests SET document = (SELECT document FROM requests WHERE number = 4) WHERE number = 1")
        .await;
    assert_eq!(store.due_requests("pet-shop", later + 23.hours(), 9).await.expect("read").len(), 1);
    assert_eq!(
        store.due_requests("pet-shop", later + 24.hours(), 9).await.expect("read").len(),
        2,
        "mended in the meantime"
    );
}
