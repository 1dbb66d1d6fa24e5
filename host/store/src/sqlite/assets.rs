//! The widget's files, of this version and of earlier ones.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::Instant;
use crate::Asset;

/// How long a file is kept after a version without it came, in microseconds: 30 days.
const LINGERING: i64 = 30 * 24 * 60 * 60 * 1_000_000;

/// Keeps the files now served, notes which ones are served no more, and forgets those that are not for long enough.
pub(super) fn keep(connection: &Connection, assets: &[Asset], now: Timestamp) -> rusqlite::Result<()> {
    connection.execute("UPDATE assets SET superseded_at = ?1 WHERE superseded_at IS NULL", [Instant(now)])?;
    for asset in assets {
        keep_one(connection, asset)?;
    }
    let oldest = now.as_microsecond().saturating_sub(LINGERING);
    connection.execute("DELETE FROM assets WHERE superseded_at <= ?1", [oldest])?;
    Ok(())
}

fn keep_one(connection: &Connection, asset: &Asset) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO assets (path, media_type, content) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET
                 media_type = excluded.media_type, content = excluded.content, superseded_at = NULL",
        )?
        .execute(params![asset.path, asset.media_type, asset.content])?;
    Ok(())
}

/// An asset by its path.
pub(super) fn lookup(connection: &Connection, path: &str) -> rusqlite::Result<Option<Asset>> {
    connection
        .prepare_cached("SELECT media_type, content FROM assets WHERE path = ?1")?
        .query_row([path], |row| Ok(Asset { path: path.to_owned(), media_type: row.get(0)?, content: row.get(1)? }))
        .optional()
}
