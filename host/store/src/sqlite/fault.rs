//! What can go wrong inside the adaptor, and what the port says of it.

use std::{error::Error, path::PathBuf, sync::Arc};

use rusqlite::ErrorCode;

use crate::StoreError;

/// Why a job stops. Either way what it wrote is rolled back.
#[derive(Debug)]
pub(super) enum Stop<E> {
    /// The rules of the port forbid it.
    Refused(E),
    /// SQLite failed.
    Failed(rusqlite::Error),
}

impl<E> From<rusqlite::Error> for Stop<E> {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error)
    }
}

/// One failure that several waiters are told of.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    cause: Arc<dyn Error + Send + Sync>,
    code: Option<ErrorCode>,
}

impl Fault {
    /// Whether the connection must not be trusted any more: after a failed read, write or sync nobody knows which pages
    /// in memory match those on the disk.
    pub(super) fn is_suspect(&self) -> bool {
        use ErrorCode::{
            CannotOpen, DatabaseCorrupt, FileLockingProtocolFailed, NotADatabase, OutOfMemory, ReadOnly,
            SystemIoFailure,
        };
        matches!(
            self.code,
            Some(
                SystemIoFailure
                    | DatabaseCorrupt
                    | NotADatabase
                    | CannotOpen
                    | ReadOnly
                    | OutOfMemory
                    | FileLockingProtocolFailed
            )
        )
    }

    /// A failure that SQLite has no code for.
    pub(super) fn of(cause: impl Error + Send + Sync + 'static) -> Self {
        Self { cause: Arc::new(cause), code: None }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self { code: error.sqlite_error_code(), cause: Arc::new(error) }
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        match fault.code {
            Some(ErrorCode::DiskFull) => Self::Full(Box::new(fault.cause)),
            _ => Self::Failed(Box::new(fault.cause)),
        }
    }
}

/// A job panicked; what it wrote is rolled back.
#[derive(Debug, thiserror::Error)]
#[error("a job of the store panicked")]
pub(super) struct Panicked;

/// The rows are gone, their old copies in the write-ahead log are not yet.
#[derive(Debug, thiserror::Error)]
#[error("what is erased could not be cleared from the write-ahead log: another process keeps reading the database")]
pub(super) struct LogInUse;

/// The write-ahead log that an earlier process left behind is not in the database yet.
#[derive(Debug, thiserror::Error)]
#[error("the write-ahead log could not be brought into the database: another process keeps using it")]
pub(super) struct LogLeftBehind;

/// The database has been damaged.
#[derive(Debug, thiserror::Error)]
#[error("the database is damaged: {finding}")]
pub(super) struct Unsound {
    pub(super) finding: String,
}

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenFault {
    /// No file could be opened or made there.
    #[error("`{}` cannot be opened; see that its folder exists and may be written to", path.display())]
    Unreachable {
        path: PathBuf,
        #[source]
        cause: Box<dyn Error + Send + Sync>,
    },
    /// Some other kind of file.
    #[error("`{}` is not a database; move it away or name another file", path.display())]
    NotADatabase { path: PathBuf },
    /// Somebody else's database.
    #[error("`{}` is the database of another program; name another file", path.display())]
    Foreign { path: PathBuf },
    /// Written by a later version.
    #[error(
        "`{}` was written by a newer porchlight (schema {found}, this one knows up to {known}); run that version again, or restore a backup made before it",
        path.display()
    )]
    Newer { path: PathBuf, found: i64, known: usize },
    /// Pages of a size that the schema's margins do not fit.
    #[error("`{}` has pages of {found} bytes instead of {PAGE_SIZE}; restore it from a backup", path.display())]
    PageSize { path: PathBuf, found: i64 },
    /// A migration failed; nothing of it was kept.
    #[error("the schema of `{}` could not be brought up to date", path.display())]
    Migration {
        path: PathBuf,
        #[source]
        cause: Box<rusqlite_migration::Error>,
    },
}

/// Bytes of a database page. The `margin` columns are made for it.
pub(super) const PAGE_SIZE: i64 = 4096;

impl From<OpenFault> for StoreError {
    fn from(fault: OpenFault) -> Self {
        Self::Failed(Box::new(fault))
    }
}
