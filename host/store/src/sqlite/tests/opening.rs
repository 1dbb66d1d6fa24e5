//! Opening files of every kind.

use std::{error::Error, fs};

use rusqlite::Connection;

use super::{fresh, open};
use crate::{
    Accepted, Store, StoreError,
    contract::fixtures::{complete, plain, request},
    sqlite::{
        Settings, SqliteStore,
        schema::{FILES, MIGRATIONS},
    },
};

/// The failure of opening a file made by `make`, in full.
fn refusal(make: impl FnOnce(&std::path::Path)) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kept.db");
    make(&path);
    let before = fs::read(&path).ok();
    let Err(StoreError::Failed(cause)) = SqliteStore::open(&path, Settings::default()) else {
        panic!("opened, or failed otherwise");
    };
    assert_eq!(fs::read(&path).ok(), before, "a file that is refused stays as it is");
    cause.to_string().replace(&folder.path().display().to_string(), "")
}

#[tokio::test]
async fn a_database_of_every_earlier_version_is_brought_up_to_date() {
    for version in 0..=FILES.len() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut old = Connection::open(folder.path().join("kept.db")).expect("made");
        MIGRATIONS.to_version(&mut old, version).expect("migrated");
        old.close().expect("closed");
        let store = open(&folder);
        store.probe().await.expect("writable");
        assert_eq!(store.accept(complete(1)).await.expect("accepted"), Accepted::New, "from version {version}");
    }
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    let refusal = refusal(|path| {
        let mut newer = Connection::open(path).expect("made");
        MIGRATIONS.to_latest(&mut newer).expect("migrated");
        newer.pragma_update(None, "user_version", 99).expect("marked");
    });
    assert_eq!(
        refusal,
        format!(
            "`/kept.db` was written by a newer porchlight (schema 99, this one knows up to {}); \
             run that version again, or restore a backup made before it",
            FILES.len()
        )
    );
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let refusal = refusal(|path| fs::write(path, "key = \"pet-shop\"\n".repeat(100)).expect("written"));
    assert_eq!(refusal, "`/kept.db` is not a database; move it away or name another file");
}

#[test]
fn the_database_of_another_program_is_refused() {
    let refusal = refusal(|path| {
        Connection::open(path).expect("made").execute_batch("CREATE TABLE songs (title TEXT)").expect("filled");
    });
    assert_eq!(refusal, "`/kept.db` is the database of another program; name another file");
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let missing = tempfile::tempdir().expect("a folder").path().join("gone/kept.db");
    let refused = SqliteStore::open(&missing, Settings::default()).expect_err("no folder");
    let cause = refused.source().expect("a cause");
    assert!(cause.to_string().contains("gone/kept.db` cannot be opened; see that its folder exists"), "{cause}");
}

#[test]
fn a_path_is_a_path_whatever_sqlite_reads_into_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let odd = folder.path().join("file:kept.db?mode=memory");
    drop(SqliteStore::open(&odd, Settings::default()).expect("opened"));
    assert!(odd.is_file());
}

#[tokio::test]
async fn everything_kept_is_there_after_opening_again() {
    let (store, folder) = fresh();
    store.accept(complete(1)).await.expect("accepted");
    drop(store);
    let files: Vec<_> =
        fs::read_dir(folder.path()).expect("listed").map(|file| file.expect("read").file_name()).collect();
    assert_eq!(files, ["kept.db"], "closing leaves one file");
    let store = open(&folder);
    assert_eq!(store.lookup_request(request(1).id).await.expect("read"), Some(complete(1).request));
}

#[tokio::test]
async fn two_processes_can_use_one_file() {
    let (server, folder) = fresh();
    let command = open(&folder);
    server.accept(plain(request(1))).await.expect("accepted");
    command.accept(plain(request(2))).await.expect("accepted");
    assert!(command.erase_request(request(1).id, vec![]).await.expect("erased"));
    assert_eq!(server.lookup_request(request(1).id).await.expect("read"), None);
    assert!(server.lookup_request(request(2).id).await.expect("read").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_change_waits_for_another_process_that_empties_the_log() {
    let (server, folder) = fresh();
    server.accept(plain(request(1))).await.expect("accepted");
    let path = folder.path().join("kept.db");
    let reader = crate::sqlite::open::reader(&path).expect("opened");
    reader.execute_batch("BEGIN; SELECT * FROM probes").expect("a snapshot, which keeps the log from being emptied");
    let (begun, beginning) = std::sync::mpsc::channel();
    let emptying = std::thread::spawn(move || {
        let command = crate::sqlite::open::writer(&path).expect("opened");
        command.busy_timeout(std::time::Duration::from_millis(300)).expect("set");
        begun.send(()).expect("awaited");
        command.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0)).expect("tried")
    });
    beginning.recv().expect("begun");
    // As after a start: the log that is found is settled first.
    let late = open(&folder);
    late.accept(plain(request(2))).await.expect("accepted");
    assert!(emptying.join().expect("ended"), "it was kept from it all the while");
}

#[tokio::test]
async fn each_commit_is_synced_and_what_is_deleted_is_overwritten() {
    let (store, _folder) = fresh();
    let set = |connection: &Connection| {
        let read = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        Ok([read("synchronous")?, read("secure_delete")?, read("foreign_keys")?, read("page_size")?])
    };
    assert_eq!(store.write(set).await.expect("read"), [2, 1, 1, 4096]);
    let journal = |connection: &Connection| connection.pragma_query_value(None, "journal_mode", |row| row.get(0));
    assert_eq!(store.write::<String>(journal).await.expect("read"), "wal");
}

#[cfg(unix)]
#[test]
fn the_file_is_made_for_our_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_store, folder) = fresh();
    for file in fs::read_dir(folder.path()).expect("listed") {
        let mode = file.expect("read").metadata().expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_reading_connection_cannot_write() {
    let (store, _folder) = fresh();
    store.readers.read(|connection| connection.execute("DELETE FROM probes", [])).await.expect_err("read-only");
}
