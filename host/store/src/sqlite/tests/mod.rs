//! What holds of the SQLite adaptor in particular.

mod committing;
mod contract;
mod damaged;
mod erasing;
mod failing;
mod margins;
mod opening;

use std::sync::{Arc, mpsc};

use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::{Settings, SqliteStore};
use crate::StoreError;

/// A store in a folder of its own; the folder goes when the second part is dropped.
fn fresh() -> (Arc<SqliteStore>, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    (open(&folder), folder)
}

fn open(folder: &TempDir) -> Arc<SqliteStore> {
    Arc::new(SqliteStore::open(&folder.path().join("kept.db"), Settings::default()).expect("opened"))
}

/// Holds the writing thread until the answer is dropped, so that what is queued meanwhile becomes one batch.
async fn hold(store: &Arc<SqliteStore>) -> (mpsc::Sender<()>, JoinHandle<Result<(), StoreError>>) {
    let (release, held) = mpsc::channel::<()>();
    let (reached, started) = tokio::sync::oneshot::channel();
    let store = Arc::clone(store);
    let holding = tokio::spawn(async move {
        let wait = move |_: &rusqlite::Connection| {
            reached.send(()).expect("awaited");
            held.recv().expect_err("only dropped");
            Ok(())
        };
        store.write(wait).await
    });
    started.await.expect("started");
    (release, holding)
}

/// Waits until this many jobs are queued behind the one that holds the thread.
async fn queued(store: &SqliteStore, count: usize) {
    while store.writer.queued() < count {
        tokio::task::yield_now().await;
    }
}
