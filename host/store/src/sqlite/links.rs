//! Mailed links.

use jiff::Timestamp;
use porchlight_model::request::RequestId;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::columns::Instant;
use crate::{Link, LinkUse};

/// Keeps links, and forgets some that have expired.
pub(super) fn keep(connection: &Connection, links: &[Link], now: Timestamp) -> rusqlite::Result<()> {
    for link in links {
        forget_expired(connection, now)?;
        connection
            .prepare_cached("INSERT INTO links (hash, site, request, expires_at, used_at) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![
                link.hash,
                link.site,
                link.request.0.as_bytes(),
                Instant(link.expires_at),
                link.used_at.map(Instant),
            ])?;
    }
    Ok(())
}

/// A link that has not expired.
pub(super) fn lookup(connection: &Connection, hash: [u8; 32], now: Timestamp) -> rusqlite::Result<Option<Link>> {
    connection
        .prepare_cached("SELECT site, request, expires_at, used_at FROM links WHERE hash = ?1 AND expires_at > ?2")?
        .query_row(params![hash, Instant(now)], |row| {
            Ok(Link {
                hash,
                site: row.get(0)?,
                request: RequestId(Uuid::from_bytes(row.get(1)?)),
                expires_at: row.get::<_, Instant>(2)?.0,
                used_at: row.get::<_, Option<Instant>>(3)?.map(|Instant(at)| at),
            })
        })
        .optional()
}

/// Uses a link up.
pub(super) fn use_up(connection: &Connection, hash: [u8; 32], now: Timestamp) -> rusqlite::Result<LinkUse> {
    let link = match lookup(connection, hash, now)? {
        None => return Ok(LinkUse::Unknown),
        Some(link) if link.used_at.is_some() => return Ok(LinkUse::Again),
        Some(link) => link,
    };
    connection.prepare_cached("UPDATE links SET used_at = ?2 WHERE hash = ?1")?.execute(params![hash, Instant(now)])?;
    Ok(LinkUse::First(Link { used_at: Some(now), ..link }))
}

/// A few at a time: faster than new ones come, and never long.
fn forget_expired(connection: &Connection, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "DELETE FROM links WHERE hash IN (SELECT hash FROM links WHERE expires_at <= ?1 ORDER BY expires_at LIMIT 8)",
        )?
        .execute([Instant(now)])?;
    Ok(())
}
