//! Idempotency keys: what makes a repeated submission recognisable.

use jiff::Timestamp;
use porchlight_model::request::RequestId;
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
            "SELECT body, document FROM idempotency JOIN requests ON requests.id = idempotency.request
             WHERE idempotency.site = ?1 AND key = ?2 AND expires_at > ?3",
        )?
        .query_row(params![key.site, sha256(key.key.as_bytes()), Instant(now)], |row| {
            Ok((row.get::<_, [u8; 32]>(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(used.map(|(body, Json(request))| if body == key.body { Replay::Same(request) } else { Replay::Other }))
}

/// Remembers what a key is used for, and forgets some that have expired.
pub(super) fn keep(
    connection: &Connection,
    key: &IdempotencyKey,
    request: RequestId,
    now: Timestamp,
) -> rusqlite::Result<()> {
    forget_expired(connection, now)?;
    connection
        .prepare_cached(
            "INSERT INTO idempotency (site, key, body, request, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET body = excluded.body, request = excluded.request, expires_at = excluded.expires_at",
        )?
        .execute(params![
            key.site,
            sha256(key.key.as_bytes()),
            key.body,
            request.0.as_bytes(),
            now.as_microsecond().saturating_add(LIFETIME),
        ])?;
    Ok(())
}

/// A few at a time: faster than new ones come, and never long.
fn forget_expired(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM idempotency WHERE (site, key) IN
             (SELECT site, key FROM idempotency WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 8)",
        )?
        .execute([Instant(now)])?;
    Ok(())
}
