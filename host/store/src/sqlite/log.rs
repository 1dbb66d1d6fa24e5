//! The write-ahead log: bringing it into the database, keeping it short, and emptying it so that nothing erased is left in
//! it.
//!
//! SQLite would shorten the log by itself in the middle of a commit, and hide a sync that fails in it; therefore it is told
//! not to ([`open::writer`](super::open::writer)), and the writer does it once it has answered.

use std::{
    thread,
    time::{Duration, Instant},
};

use rusqlite::Connection;

use super::{
    fault::{Fault, LogInUse, LogLeftBehind},
    job::Job,
    open::PATIENCE,
};

/// How long one try waits for queries that still read the log. Nothing is written in the meantime.
const TRY: Duration = Duration::from_millis(100);

/// How many tries there are before who waits is told that it did not work; it is tried on all the same.
const TRIES: u32 = 20;

/// Pages from which on the log is worth shortening: 16 MiB. A busy second writes the same pages of indexes over and over; the
/// database then gets them once.
const LONG: i64 = 4000;

/// How long to rest while another process is at the log: SQLite waits for those who read from it, and for nobody else.
const REST: Duration = Duration::from_millis(5);

/// Brings all of the log into the database and syncs both. Waits for whoever reads from the log, and for a command that is
/// emptying it beside us.
pub(super) fn settle(connection: &Connection) -> Result<(), Fault> {
    let begun = Instant::now();
    while connection.query_row("PRAGMA wal_checkpoint(FULL)", [], |row| row.get::<_, bool>(0))? {
        if begun.elapsed() >= PATIENCE {
            return Err(Fault::of(LogLeftBehind));
        }
        thread::sleep(REST);
    }
    Ok(())
}

/// Brings a log that has grown long into the database, as far as nobody reads from it, so that it is begun anew.
pub(super) fn shorten(connection: &Connection) -> rusqlite::Result<()> {
    let pages: i64 = connection.query_row("PRAGMA wal_checkpoint(NOOP)", [], |row| row.get(1))?;
    if pages >= LONG {
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    }
    Ok(())
}

/// Empties the log as soon as nobody reads from it, and answers who waits for that.
pub(super) struct LogEmptier {
    due: bool,
    tries: u32,
    waiting: Vec<Box<dyn Job>>,
}

impl LogEmptier {
    /// Begins with a log that has to be emptied: an erasure may have been cut off by a crash.
    pub(super) fn after_opening() -> Self {
        Self { due: true, tries: 0, waiting: Vec::new() }
    }

    /// Whether the log still has to be emptied.
    pub(super) fn is_due(&self) -> bool {
        self.due
    }

    /// Keeps a committed job until the log is empty.
    pub(super) fn answer_when_empty(&mut self, job: Box<dyn Job>) {
        self.due = true;
        self.waiting.push(job);
    }

    /// Tries once. Fails where SQLite does; a reader in the way is no failure until it has been there for long.
    pub(super) fn empty(&mut self, connection: &Connection) -> Result<(), Fault> {
        if truncate(connection)? {
            (self.due, self.tries) = (false, 0);
            self.waiting.drain(..).for_each(|job| job.answer(Ok(())));
            return Ok(());
        }
        self.tries += 1;
        if self.tries >= TRIES { Err(Fault::of(LogInUse)) } else { Ok(()) }
    }

    /// Tells who waits that it did not work so far.
    pub(super) fn give_up(&mut self, fault: &Fault) {
        self.tries = 0;
        self.waiting.drain(..).for_each(|job| job.answer(Err(fault.clone())));
    }
}

/// Copies the log into the database and cuts it to nothing. `false` where somebody still reads from it.
fn truncate(connection: &Connection) -> rusqlite::Result<bool> {
    connection.busy_timeout(TRY)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    connection.busy_timeout(PATIENCE)?;
    busy.map(|busy| !busy)
}
