//! Reading: a few connections, each used by one thread at a time.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{fault::Fault, open};
use crate::StoreError;

/// Connections that only read. At most as many queries run at once as there are permits; the others wait their turn.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    path: PathBuf,
    permits: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    pub(super) fn new(path: PathBuf, count: usize) -> Self {
        Self { path, permits: Arc::new(Semaphore::new(count)), idle: Arc::default() }
    }

    /// Runs a query on a thread where it may block, seeing one state of the database throughout.
    ///
    /// Dropping the future does not stop a query that runs; it keeps its permit until it is done.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let readers = self.clone();
        let ran = tokio::task::spawn_blocking(move || {
            let found = readers.query(query);
            drop(permit);
            found
        });
        match ran.await {
            Ok(found) => Ok(found.map_err(Fault::from)?),
            Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
            Err(_) => Err(StoreError::Closed),
        }
    }

    /// A connection goes back to the idle ones only after a query that went well: one that failed may be at fault itself.
    fn query<T>(&self, query: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut connection = idle.map_or_else(|| open::reader(&self.path), Ok)?;
        let snapshot = connection.transaction()?;
        let found = query(&snapshot)?;
        snapshot.finish()?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        Ok(found)
    }
}
