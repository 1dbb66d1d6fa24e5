//! What is good for one request, and was used up by one.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::columns::Instant;
use crate::Spent;

/// The first of these that was used up before.
pub(super) fn first_used(connection: &Connection, spends: &[Spent]) -> rusqlite::Result<Option<Spent>> {
    let mut query = connection.prepare_cached("SELECT 1 FROM spent WHERE expires_at = ?1 AND hash = ?2")?;
    for spent in spends {
        if query.exists(params![Instant(spent.expires_at), spent.hash])? {
            return Ok(Some(*spent));
        }
    }
    Ok(None)
}

/// Uses these up, and forgets some that have run out.
pub(super) fn keep(connection: &Connection, spends: &[Spent], now: Timestamp) -> rusqlite::Result<()> {
    for spent in spends {
        forget_expired(connection, now)?;
        connection
            .prepare_cached("INSERT INTO spent (expires_at, hash) VALUES (?1, ?2)")?
            .execute(params![Instant(spent.expires_at), spent.hash])?;
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
