//! What is good once, and was used.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::Instant;
use crate::{Spending, Spent};

/// The first of these that was used up before.
pub(super) fn first_used(connection: &Connection, spends: &[Spent]) -> rusqlite::Result<Option<Spent>> {
    for spent in spends {
        if used_at(connection, *spent)?.is_some() {
            return Ok(Some(*spent));
        }
    }
    Ok(None)
}

/// When this was used up, if it was.
pub(super) fn used_at(connection: &Connection, spent: Spent) -> rusqlite::Result<Option<Timestamp>> {
    connection
        .prepare_cached("SELECT used_at FROM spent WHERE expires_at = ?1 AND hash = ?2")?
        .query_row(params![Instant(spent.expires_at), spent.hash], |row| row.get(0).map(|Instant(at)| at))
        .optional()
}

/// Uses this up, if it was not used before.
pub(super) fn spend(connection: &Connection, spent: Spent, now: Timestamp) -> rusqlite::Result<Spending> {
    if let Some(at) = used_at(connection, spent)? {
        return Ok(Spending::Before(at));
    }
    keep(connection, &[spent], now)?;
    Ok(Spending::Now)
}

/// Uses these up, and forgets some that have run out.
pub(super) fn keep(connection: &Connection, spends: &[Spent], now: Timestamp) -> rusqlite::Result<()> {
    for spent in spends {
        forget_expired(connection, now)?;
        connection
            .prepare_cached("INSERT INTO spent (expires_at, hash, used_at) VALUES (?1, ?2, ?3)")?
            .execute(params![Instant(spent.expires_at), spent.hash, Instant(now)])?;
    }
    Ok(())
}

/// A few at a time: faster than new ones come, and never long.
fn forget_expired(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM spent WHERE (expires_at, hash) IN
             (SELECT expires_at, hash FROM spent WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 8)",
        )?
        .execute([Instant(now)])?;
    Ok(())
}
