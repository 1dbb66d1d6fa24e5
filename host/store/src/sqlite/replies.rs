//! Canned replies.

use porchlight_model::agent::{CannedReply, ReplyId};
use rusqlite::{Connection, params};

use super::columns::Json;

/// Keeps a reply in the place of the one with the same id.
pub(super) fn keep(connection: &Connection, site: &str, reply: &CannedReply) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO replies (id, site, margin, document) VALUES (?1, ?2, zeroblob(margin(octet_length(?3))), ?3)
             ON CONFLICT (site, id) DO UPDATE SET margin = excluded.margin, document = excluded.document",
        )?
        .execute(params![reply.id.0.as_bytes(), site, Json(reply)])
        .map(drop)
}

/// Those of a site, in the order they were written.
pub(super) fn list(connection: &Connection, site: &str) -> rusqlite::Result<Vec<CannedReply>> {
    connection
        .prepare_cached("SELECT document FROM replies WHERE site = ?1 ORDER BY number")?
        .query_map([site], |row| row.get(0).map(|Json(reply)| reply))?
        .collect()
}

/// Removes one; `false` where there is none.
pub(super) fn remove(connection: &Connection, site: &str, id: ReplyId) -> rusqlite::Result<bool> {
    let removed = connection
        .prepare_cached("DELETE FROM replies WHERE site = ?1 AND id = ?2")?
        .execute(params![site, id.0.as_bytes()])?;
    Ok(removed == 1)
}
