//! A sync that fails for real: the C library's `fsync` is replaced in this test's process.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says so by panicking")]

mod drafts;

use std::{
    ffi::c_int,
    path::Path,
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
};

use porchlight_store::{AcceptError, Accepted, Settings, SqliteStore, Store, StoreError};

static BROKEN: AtomicBool = AtomicBool::new(false);
static SYNCS: AtomicU32 = AtomicU32::new(0);

/// What SQLite calls to bring a file to the disk: fails as a broken disk does, if it is told to.
#[expect(unsafe_code, reason = "a function of the C library is replaced, and called by its number")]
#[unsafe(no_mangle)]
extern "C" fn fsync(file: c_int) -> c_int {
    SYNCS.fetch_add(1, Ordering::SeqCst);
    if BROKEN.load(Ordering::SeqCst) {
        // SAFETY: `__errno_location` gives the place of this thread's own error number.
        unsafe { *libc::__errno_location() = libc::EIO };
        return -1;
    }
    // SAFETY: the system call takes a file descriptor and touches no memory of ours.
    let done = unsafe { libc::syscall(libc::SYS_fsync, file) };
    c_int::try_from(done).unwrap_or(-1)
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

/// One test, since the switch is one for the whole process.
#[tokio::test]
async fn a_failed_sync_is_never_success_and_the_store_recovers_when_the_disk_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kept.db");
    let store = SqliteStore::open(&path, Settings::default()).expect("opened");
    let before = SYNCS.load(Ordering::SeqCst);
    assert_eq!(store.accept(drafts::acceptance(1)).await.expect("accepted"), Accepted::New);
    assert!(SYNCS.load(Ordering::SeqCst) > before, "an acknowledgement follows a sync");

    BROKEN.store(true, Ordering::SeqCst);
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
    BROKEN.store(false, Ordering::SeqCst);
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
