//! Idempotency keys: what makes a repeated submission recognisable.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{Instant, Json, sha256};
use crate::{IdempotencyKey, Replay};

/// How long a key is remembered, in microseconds: 24 hours.
const LIFETIME: i64 = 24 * 60 * 60 * 1_000_000;

/// What a key was used for, if it was within its lifetime.
pub(super) fn lookup(
    connection: &Connection,
    key: &IdempotencyKey,
    now: Timestamp,
) -> rusqlite::Result<Option<Replay>> {
    let used = connection
        .prepare_cached(
            "SELECT body, document FROM idempotency JOIN requests ON number = request
             WHERE key = ?1 AND expires_at > ?2",
        )?
        .query_row(params![kept(key), Instant(now)], |row| Ok((row.get::<_, [u8; 32]>(0)?, row.get(1)?)))
        .optional()?;
    Ok(used.map(|(body, Json(request))| if body == key.body { Replay::Same(request) } else { Replay::Other }))
}

/// What is kept of a key.
fn kept(key: &IdempotencyKey) -> [u8; 32] {
    // A site's key has no NUL in it, so no two pairs of site and key are the same bytes.
    sha256(&[key.site.as_bytes(), b"\0", key.key.as_bytes()].concat())
}

/// Remembers what a key is used for (a request, by its number), and forgets some that have expired.
pub(super) fn keep(
    connection: &Connection,
    key: &IdempotencyKey,
    request: i64,
    now: Timestamp,
) -> rusqlite::Result<()> {
    forget_expired(connection, now)?;
    connection
        .prepare_cached(
            "INSERT INTO idempotency (key, body, request, expires_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET body = excluded.body, request = excluded.request, expires_at = excluded.expires_at",
        )?
        .execute(params![kept(key), key.body, request, now.as_microsecond().saturating_add(LIFETIME)])?;
    Ok(())
}

/// A few at a time: faster than new ones come, and never long. The oldest are those of the first requests.
fn forget_expired(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM idempotency WHERE expires_at <= ?1 AND key IN
             (SELECT key FROM idempotency ORDER BY request LIMIT 8)",
        )?
        .execute([Instant(now)])?;
    Ok(())
}
