//! Callback slots and who holds a place in them.

use jiff::Timestamp;
use porchlight_model::{
    request::{Request, RequestId},
    slots::{Bookings, Slot},
};
use rusqlite::{Connection, params};

use super::columns::Instant;

/// Whether a request's callback fits into a slot; the place it holds there itself does not count.
pub(super) fn fits(connection: &Connection, request: &Request, slot: Slot, capacity: u32) -> rusqlite::Result<bool> {
    let others: u32 = connection
        .prepare_cached("SELECT count(*) FROM bookings WHERE site = ?1 AND slot_from = ?2 AND request <> ?3")?
        .query_row(params![request.site, Instant(slot.from), request.id.0.as_bytes()], |row| row.get(0))?;
    Ok(others < capacity)
}

/// Books the slot for a request, instead of the one it holds.
pub(super) fn take(connection: &Connection, request: &Request, slot: Slot) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO bookings (request, site, slot_from) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET slot_from = excluded.slot_from",
        )?
        .execute(params![request.id.0.as_bytes(), request.site, Instant(slot.from)])?;
    Ok(())
}

/// Frees the slot a request holds, if it holds one.
pub(super) fn free(connection: &Connection, request: RequestId) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM bookings WHERE request = ?1")?.execute([request.0.as_bytes()])?;
    Ok(())
}

/// How many callbacks are booked, by the beginning of their slot.
pub(super) fn count(connection: &Connection, site: &str, from: Timestamp, to: Timestamp) -> rusqlite::Result<Bookings> {
    connection
        .prepare_cached(
            "SELECT slot_from, count(*) FROM bookings
             WHERE site = ?1 AND slot_from >= ?2 AND slot_from < ?3 GROUP BY slot_from",
        )?
        .query_map(params![site, Instant(from), Instant(to)], |row| Ok((row.get::<_, Instant>(0)?.0, row.get(1)?)))?
        .collect()
}
