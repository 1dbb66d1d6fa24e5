//! Whose requests are whose, by keyed hashes.

use porchlight_model::request::RequestId;
use rusqlite::{Connection, params};

use super::requests::document;
use crate::{Contact, Unindexed};

/// Keeps by which hashes a request, by its number, is found.
pub(super) fn keep(connection: &Connection, contacts: &[Contact], request: i64) -> rusqlite::Result<()> {
    for contact in contacts {
        connection
            .prepare_cached("INSERT OR IGNORE INTO contacts (hash, request, key) VALUES (?1, ?2, ?3)")?
            .execute(params![contact.hash, request, contact.key])?;
    }
    Ok(())
}

/// Keeps them for requests that are there; those that are gone are passed over.
pub(super) fn keep_of(connection: &Connection, contacts: &[(RequestId, Vec<Contact>)]) -> rusqlite::Result<()> {
    for (id, contacts) in contacts {
        if let Some(number) = super::requests::number(connection, *id)? {
            keep(connection, contacts, number)?;
        }
    }
    Ok(())
}

/// Requests behind number `after` that have no hash under this key, up to `limit` of them.
pub(super) fn lacking(connection: &Connection, key: u8, after: u64, limit: u32) -> rusqlite::Result<Unindexed> {
    if after == 0 && is_complete(connection, key)? {
        return Ok(Unindexed::default());
    }
    let mut select = connection.prepare_cached(
        "SELECT document, number FROM requests
         WHERE number > ?1 AND NOT EXISTS (SELECT 1 FROM contacts WHERE request = number AND key = ?2)
         ORDER BY number LIMIT ?3",
    )?;
    let mut rows = select.query(params![i64::try_from(after).unwrap_or(i64::MAX), key, limit])?;
    let mut found = Unindexed::default();
    while let Some(row) = rows.next()? {
        found.next = Some(row.get::<_, i64>(1)?.unsigned_abs());
        // One that cannot be read stays as it is: what it says is not known.
        found.requests.extend(document(row).ok());
    }
    Ok(found)
}

/// Counts in two indexes, and so without reading any request.
fn is_complete(connection: &Connection, key: u8) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT (SELECT count(*) FROM requests) = (SELECT count(DISTINCT request) FROM contacts WHERE key = ?1)",
        )?
        .query_row([key], |row| row.get(0))
}
