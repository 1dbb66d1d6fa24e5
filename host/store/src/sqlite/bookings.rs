//! Callback slots and who holds a place in them.

use jiff::Timestamp;
use porchlight_model::slots::{Bookings, Slot};
use rusqlite::{Connection, params};

use super::columns::Instant;
use crate::Booking;

/// Whether there is room for another callback: in its slot, and among all that are booked at a site.
pub(super) fn has_room(connection: &Connection, site: &str, booking: Booking) -> rusqlite::Result<bool> {
    if let Some(most) = booking.open_at_most {
        let open: u32 = connection
            .prepare_cached("SELECT count(*) FROM bookings WHERE site = ?1")?
            .query_row([site], |row| row.get(0))?;
        if open >= most {
            return Ok(false);
        }
    }
    fits(connection, site, (booking.slot, booking.capacity), None)
}

/// Whether one more callback fits into a slot of a site. The place that `own`, a request by its number, holds there does not
/// count.
pub(super) fn fits(
    connection: &Connection,
    site: &str,
    (slot, capacity): (Slot, u32),
    own: Option<i64>,
) -> rusqlite::Result<bool> {
    let others: u32 = connection
        .prepare_cached("SELECT count(*) FROM bookings WHERE site = ?1 AND slot_from = ?2 AND request IS NOT ?3")?
        .query_row(params![site, Instant(slot.from), own], |row| row.get(0))?;
    Ok(others < capacity)
}

/// Books the slot of a site for a request, by its number, instead of the one it holds.
pub(super) fn take(connection: &Connection, site: &str, request: i64, slot: Slot) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO bookings (request, site, slot_from) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET slot_from = excluded.slot_from",
        )?
        .execute(params![request, site, Instant(slot.from)])?;
    Ok(())
}

/// Frees the slot a request holds, if it holds one.
pub(super) fn free(connection: &Connection, request: i64) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM bookings WHERE request = ?1")?.execute([request])?;
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
