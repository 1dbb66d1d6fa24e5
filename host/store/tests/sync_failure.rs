//! A sync that fails for real: the C library's `fsync` is replaced in this test's process.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says so by panicking")]

mod drafts;

use std::{
    ffi::c_int,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU8, AtomicU32, Ordering},
};

use porchlight_store::{AcceptError, Acceptance, Accepted, IdempotencyKey, Settings, SqliteStore, Store, StoreError};

/// No sync fails.
const NONE: u8 = 0;
/// Those of the database fail, those of its log do not.
const OF_THE_DATABASE: u8 = 1;
/// Every sync fails.
const ALL: u8 = 2;

static BROKEN: AtomicU8 = AtomicU8::new(NONE);
static SYNCS: AtomicU32 = AtomicU32::new(0);

/// The switch is one for the whole process: one test at a time.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What SQLite calls to bring a file to the disk: fails as a broken disk does, if it is told to.
#[expect(unsafe_code, reason = "a function of the C library is replaced, and called by its number")]
#[unsafe(no_mangle)]
extern "C" fn fsync(file: c_int) -> c_int {
    SYNCS.fetch_add(1, Ordering::SeqCst);
    if is_broken(file) {
        // SAFETY: `__errno_location` gives the place of this thread's own error number.
        unsafe { *libc::__errno_location() = libc::EIO };
        return -1;
    }
    // SAFETY: the system call takes a file descriptor and touches no memory of ours.
    let done = unsafe { libc::syscall(libc::SYS_fsync, file) };
    c_int::try_from(done).unwrap_or(-1)
}

fn is_broken(file: c_int) -> bool {
    match BROKEN.load(Ordering::SeqCst) {
        NONE => false,
        OF_THE_DATABASE => synced(file).is_some_and(|path| path.extension().is_some_and(|extension| extension == "db")),
        _ => true,
    }
}

fn synced(file: c_int) -> Option<PathBuf> {
    std::fs::read_link(format!("/proc/self/fd/{file}")).ok()
}

/// The same for files whose length does not change.
#[expect(unsafe_code, reason = "a function of the C library is replaced")]
#[unsafe(no_mangle)]
extern "C" fn fdatasync(file: c_int) -> c_int {
    fsync(file)
}

fn refused(outcome: &Result<Accepted, AcceptError>) -> bool {
    matches!(outcome, Err(AcceptError::Store(StoreError::Failed(_))))
}

/// How many probes were kept.
fn probes(path: &Path) -> u32 {
    let connection = rusqlite::Connection::open(path).expect("opened");
    connection.query_one("SELECT count FROM probes", [], |row| row.get(0)).expect("read")
}

#[tokio::test]
async fn a_failed_sync_is_never_success_and_the_store_recovers_when_the_disk_does() {
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kept.db");
    let store = SqliteStore::open(&path, Settings::default()).expect("opened");
    let before = SYNCS.load(Ordering::SeqCst);
    assert_eq!(store.accept(drafts::acceptance(1)).await.expect("accepted"), Accepted::New);
    assert!(SYNCS.load(Ordering::SeqCst) > before, "an acknowledgement follows a sync");

    BROKEN.store(ALL, Ordering::SeqCst);
    for number in 2..6 {
        let outcome = store.accept(drafts::acceptance(number)).await;
        assert!(refused(&outcome), "{outcome:?}");
        let there = store.lookup_request(drafts::acceptance(number).request.id).await.expect("read");
        assert_eq!(there, None, "what was refused is not seen");
    }
    store.probe().await.expect_err("broken");
    let erased = store.erase_request(drafts::acceptance(1).request.id, vec![]).await;
    assert!(matches!(erased, Err(StoreError::Failed(_))), "{erased:?}");

    let probes_before = probes(&path);
    BROKEN.store(NONE, Ordering::SeqCst);
    assert_eq!(store.accept(drafts::acceptance(2)).await.expect("accepted"), Accepted::New);
    assert_eq!(probes(&path), probes_before + 1, "the disk was probed before anything else was kept");
    for number in 3..6 {
        assert_eq!(store.accept(drafts::acceptance(number)).await.expect("accepted"), Accepted::New);
    }
    drop(store);
    let store = SqliteStore::open(&path, Settings::default()).expect("opened again");
    for number in 1..6 {
        let acceptance = drafts::acceptance(number);
        assert_eq!(store.lookup_request(acceptance.request.id).await.expect("read"), Some(acceptance.request));
    }
}

/// A store that has done what there is to do after opening: once the second probe is answered.
async fn opened(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(path, Settings::default()).expect("opened");
    store.probe().await.expect("sound");
    store.probe().await.expect("sound");
    store
}

#[tokio::test]
async fn a_sync_that_fails_while_the_log_is_shortened_stops_everything_until_that_is_made_good() {
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kept.db");
    let store = opened(&path).await;
    BROKEN.store(OF_THE_DATABASE, Ordering::SeqCst);
    let mut kept = vec![];
    let refused = loop {
        let number = u32::try_from(kept.len()).expect("few");
        match store.accept(drafts::acceptance(number)).await {
            Ok(_) => kept.push(number),
            refused => break refused,
        }
        assert!(kept.len() < 2000, "the log was never shortened");
    };
    assert!(kept.len() > 50, "{} were kept before the log was long", kept.len());
    assert!(refused.is_err_and(|error| matches!(error, AcceptError::Store(StoreError::Failed(_)))));
    store.probe().await.expect_err("the log can be synced, the database cannot");

    BROKEN.store(NONE, Ordering::SeqCst);
    store.probe().await.expect("sound again");
    drop(store);
    SqliteStore::check(&path).expect("sound");
    let store = SqliteStore::open(&path, Settings::default()).expect("opened again");
    for number in kept {
        let id = drafts::acceptance(number).request.id;
        assert!(store.lookup_request(id).await.expect("read").is_some(), "{number} was acknowledged");
    }
}

#[tokio::test]
async fn nothing_is_acknowledged_behind_a_log_whose_sync_had_failed_before_the_start() {
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kept.db");
    let store = opened(&path).await;
    assert_eq!(store.accept(drafts::acceptance(1)).await.expect("accepted"), Accepted::New);
    let key = IdempotencyKey { site: "pet-shop".to_owned(), key: "a".to_owned(), body: [7; 32] };
    let keyed = Acceptance { idempotency: Some(key.clone()), ..drafts::acceptance(2) };
    let now = keyed.request.received_at();
    BROKEN.store(ALL, Ordering::SeqCst);
    let outcome = store.accept(keyed.clone()).await;
    assert!(refused(&outcome), "{outcome:?}");
    drop(store);

    BROKEN.store(OF_THE_DATABASE, Ordering::SeqCst);
    let store = SqliteStore::open(&path, Settings::default()).expect("opened again");
    store.lookup_replay(&key, now).await.expect_err("what the log says may be in memory alone");
    let outcome = store.accept(drafts::acceptance(3)).await;
    assert!(refused(&outcome), "{outcome:?}");
    BROKEN.store(NONE, Ordering::SeqCst);
    assert_eq!(store.accept(drafts::acceptance(3)).await.expect("accepted"), Accepted::New);
    assert!(store.lookup_replay(&key, now).await.expect("on the disk now").is_some(), "the log had it");
    assert!(matches!(store.accept(keyed).await, Ok(Accepted::Replayed(_))));
}
