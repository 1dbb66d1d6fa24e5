//! The content of files, in pieces.

use jiff::Timestamp;
use porchlight_model::request::Request;
use rusqlite::{Connection, OptionalExtension, params};
use uuid::Uuid;

use super::{columns::Instant, fault::Stop};
use crate::{KeepAttachmentError, PIECE};

/// Pieces that are cleared in one transaction: 2 MiB, so that nobody waits long.
const CLEARED: u32 = 8;

/// Begins a file, if the site has room for it: of its pieces there is none yet. Returns its number.
pub(super) fn begin(
    connection: &Connection,
    (id, site): (Uuid, &str),
    bytes: u32,
    site_bytes: u64,
    now: Timestamp,
) -> Result<i64, Stop<KeepAttachmentError>> {
    if sum(connection, site)?.saturating_add(u64::from(bytes)) > site_bytes {
        return Err(Stop::Refused(KeepAttachmentError::SiteFull));
    }
    connection
        .prepare_cached("INSERT INTO attachments (id, site, bytes, begun_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id.as_bytes(), site, bytes, Instant(now)])?;
    Ok(connection.last_insert_rowid())
}

/// How many bytes a site's files take.
fn sum(connection: &Connection, site: &str) -> rusqlite::Result<u64> {
    let sum: Option<i64> = connection
        .prepare_cached("SELECT bytes FROM attachment_sums WHERE site = ?1")?
        .query_row([site], |row| row.get(0))
        .optional()?;
    Ok(sum.and_then(|sum| u64::try_from(sum).ok()).unwrap_or(0))
}

/// Keeps a piece of a file, unless that was swept away meanwhile: then nothing of it is left behind, and no request gets it.
pub(super) fn add(connection: &Connection, number: i64, place: u32, content: &[u8]) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO attachment_pieces (attachment, place, margin, content)
             SELECT number, ?2, zeroblob(margin(octet_length(?3))), ?3 FROM attachments WHERE number = ?1",
        )?
        .execute(params![number, place, content])?;
    Ok(())
}

/// The pieces that a file is kept in, each with its place.
pub(super) fn split(content: &[u8]) -> impl Iterator<Item = (u32, Vec<u8>)> + Send + '_ {
    (0..).zip(content.chunks(PIECE).map(<[u8]>::to_vec))
}

/// Makes the files that a request names its own; those that are already stay so. `false` where one of them is not there, or is another's.
pub(super) fn bind(connection: &Connection, request: &Request, number: i64) -> rusqlite::Result<bool> {
    for file in request.attachments() {
        let whose: Option<Option<i64>> = connection
            .prepare_cached("SELECT request FROM attachments WHERE id = ?1")?
            .query_row([file.id.as_bytes()], |row| row.get(0))
            .optional()?;
        match whose {
            Some(Some(owner)) if owner == number => {}
            Some(None) => {
                connection
                    .prepare_cached("UPDATE attachments SET request = ?2 WHERE id = ?1")?
                    .execute(params![file.id.as_bytes(), number])?;
            }
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// A piece of a file.
pub(super) fn piece(connection: &Connection, id: Uuid, place: u32) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached(
            "SELECT content FROM attachments JOIN attachment_pieces AS pieces ON pieces.attachment = attachments.number
             WHERE id = ?1 AND place = ?2",
        )?
        .query_row(params![id.as_bytes(), place], |row| row.get(0))
        .optional()
}

/// Lets go of a file that belongs to no request; its pieces are left to [`clear_some`].
pub(super) fn discard(connection: &Connection, id: Uuid) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM attachments WHERE id = ?1 AND request IS NULL")?.execute([id.as_bytes()])?;
    Ok(())
}

/// Lets go of files that belong to no request and were begun by then; their pieces are left to [`clear_some`].
pub(super) fn sweep(connection: &Connection, begun_by: Timestamp) -> rusqlite::Result<u64> {
    let swept = connection
        .prepare_cached("DELETE FROM attachments WHERE request IS NULL AND begun_at <= ?1")?
        .execute([Instant(begun_by)])?;
    Ok(swept as u64)
}

/// What is still to be done so that nothing is left of files that are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// There may be further pieces.
    Pieces,
    /// The pieces are cleared, but perhaps only in the log.
    Log,
    /// Nothing.
    Nothing,
}

/// Clears some pieces of files that are gone.
pub(super) fn clear_some(connection: &Connection) -> rusqlite::Result<Left> {
    let next: Option<i64> = connection
        .prepare_cached("SELECT attachment FROM attachment_leftovers LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    let Some(attachment) = next else {
        let is_cleared = connection.prepare_cached("SELECT 1 FROM attachment_cleared")?.exists([])?;
        return Ok(if is_cleared { Left::Log } else { Left::Nothing });
    };
    let cleared: usize = connection
        .prepare_cached(
            "DELETE FROM attachment_pieces WHERE number IN
             (SELECT number FROM attachment_pieces WHERE attachment = ?1 LIMIT ?2)",
        )?
        .execute(params![attachment, CLEARED])?;
    if cleared < CLEARED as usize {
        connection.prepare_cached("DELETE FROM attachment_leftovers WHERE attachment = ?1")?.execute([attachment])?;
        connection.prepare_cached("INSERT INTO attachment_cleared (attachment) VALUES (?1)")?.execute([attachment])?;
    }
    Ok(Left::Pieces)
}

/// The files whose pieces are cleared, by their numbers.
pub(super) fn cleared(connection: &Connection) -> rusqlite::Result<Vec<i64>> {
    connection.prepare_cached("SELECT attachment FROM attachment_cleared")?.query_map([], |row| row.get(0))?.collect()
}

/// Forgets files of which nothing is left: the log was emptied after their pieces had been cleared.
pub(super) fn forget(connection: &Connection, cleared: &[i64]) -> rusqlite::Result<()> {
    let mut delete = connection.prepare_cached("DELETE FROM attachment_cleared WHERE attachment = ?1")?;
    cleared.iter().try_for_each(|attachment| delete.execute([attachment]).map(drop))
}
