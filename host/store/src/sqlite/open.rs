//! Opening a database: whose it is, how it is written, and bringing its schema up to date.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{
    fault::{OpenFault, PAGE_SIZE},
    margin,
    schema::{APPLICATION_ID, FILES, MIGRATIONS},
};

/// How long a writer waits for another process that writes.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the database for writing, makes it if there is none, and brings its schema up to date.
pub(super) fn create_or_migrate(path: &Path) -> Result<Connection, OpenFault> {
    create(path).map_err(|error| unreachable_at(path, error))?;
    inspect(path)?;
    let mut connection = writer(path).map_err(|error| unreachable_at(path, error))?;
    MIGRATIONS
        .to_latest(&mut connection)
        .map_err(|cause| OpenFault::Migration { path: path.to_owned(), cause: Box::new(cause) })?;
    match number(&connection, "PRAGMA page_size").map_err(|error| unreachable_at(path, error))? {
        PAGE_SIZE => Ok(connection),
        found => Err(OpenFault::PageSize { path: path.to_owned(), found }),
    }
}

/// A connection that writes. An answer given after its commit is durable: `synchronous=FULL` syncs the write-ahead log in
/// each commit.
pub(super) fn writer(path: &Path) -> rusqlite::Result<Connection> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "secure_delete", "on")?;
    connection.pragma_update(None, "foreign_keys", "on")?;
    margin::register(&connection)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reader(path: &Path) -> rusqlite::Result<Connection> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn connect(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    // Personal data must not reach a temporary file.
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

/// An absolute path: SQLite takes `file:…` and `:memory:` for something else than a path.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, OpenFault> {
    std::path::absolute(path).map_err(|error| unreachable_at(path, error))
}

/// Makes the file, for our own user alone. SQLite gives the files beside it the same permissions.
fn create(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Makes a file that must not be there yet, for our own user alone.
pub(super) fn create_new(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Refuses what is not ours, before anything is written to it.
fn inspect(path: &Path) -> Result<(), OpenFault> {
    let (application, version, tables) = identity(path).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => OpenFault::NotADatabase { path: path.to_owned() },
        _ => unreachable_at(path, error),
    })?;
    if application != APPLICATION_ID && (application, version, tables) != (0, 0, 0) {
        return Err(OpenFault::Foreign { path: path.to_owned() });
    }
    match usize::try_from(version) {
        Ok(version) if version <= FILES.len() => Ok(()),
        _ => Err(OpenFault::Newer { path: path.to_owned(), found: version, known: FILES.len() }),
    }
}

/// Whose database it is, the version of its schema, and how many tables and indexes it has.
fn identity(path: &Path) -> rusqlite::Result<(i64, i64, i64)> {
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    Ok((
        number(&connection, "PRAGMA application_id")?,
        number(&connection, "PRAGMA user_version")?,
        number(&connection, "SELECT count(*) FROM sqlite_schema")?,
    ))
}

fn number(connection: &Connection, query: &str) -> rusqlite::Result<i64> {
    connection.query_row(query, [], |row| row.get(0))
}

fn unreachable_at(path: &Path, cause: impl std::error::Error + Send + Sync + 'static) -> OpenFault {
    OpenFault::Unreachable { path: path.to_owned(), cause: Box::new(cause) }
}
