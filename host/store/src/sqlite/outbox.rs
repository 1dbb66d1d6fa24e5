//! The outbox: deliveries that wait, are being tried, or were sent.

use jiff::Timestamp;
use porchlight_model::{delivery::Delivery, request::RequestId};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::columns::{Instant, Json};

/// Keeps deliveries until they are sent.
pub(super) fn keep(connection: &Connection, deliveries: &[Delivery]) -> rusqlite::Result<()> {
    for delivery in deliveries {
        connection
            .prepare_cached(
                "INSERT INTO outbox (id, site, request, waiting_since, due_at, attempts, payload)
                 VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)",
            )?
            .execute(params![
                delivery.id.as_bytes(),
                delivery.site,
                delivery.request.as_ref().map(|request| request.0.as_bytes()),
                Instant(delivery.due_at),
                delivery.attempts,
                Json(&delivery.payload),
            ])?;
    }
    Ok(())
}

/// Takes up to `limit` deliveries that are due and not taken by somebody else, the longest due first.
pub(super) fn claim(
    connection: &Connection,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> rusqlite::Result<Vec<Delivery>> {
    let mut claimed = connection
        .prepare_cached(
            "UPDATE outbox SET leased_until = ?2 WHERE number IN (
                 SELECT number FROM outbox
                 WHERE sent_at IS NULL AND due_at <= ?1 AND (leased_until IS NULL OR leased_until <= ?1)
                 ORDER BY due_at, number LIMIT ?3)
             RETURNING id, site, request, due_at, attempts, payload, number",
        )?
        .query_map(params![Instant(now), Instant(lease_until), limit], |row| {
            Ok((row.get::<_, i64>(6)?, delivery(row)?))
        })?
        .collect::<Result<Vec<_>, _>>()?;
    claimed.sort_by_key(|(number, delivery)| (delivery.due_at, *number));
    Ok(claimed.into_iter().map(|(_, delivery)| delivery).collect())
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        id: Uuid::from_bytes(row.get(0)?),
        site: row.get(1)?,
        request: row.get::<_, Option<[u8; 16]>>(2)?.map(|id| RequestId(Uuid::from_bytes(id))),
        due_at: row.get::<_, Instant>(3)?.0,
        attempts: row.get(4)?,
        payload: row.get::<_, Json<_>>(5)?.0,
    })
}

/// Marks a delivery as sent. What it said, and to whom, is forgotten; its id and times stay.
pub(super) fn mark_sent(connection: &Connection, delivery: Uuid, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE outbox SET sent_at = ?2, leased_until = NULL, margin = x'', payload = NULL, last_error = NULL
             WHERE id = ?1 AND sent_at IS NULL",
        )?
        .execute(params![delivery.as_bytes(), Instant(now)])?;
    Ok(())
}

/// Counts a failed attempt and lets go of the delivery until it is due again.
pub(super) fn mark_failed(
    connection: &Connection,
    delivery: Uuid,
    error: &str,
    retry_at: Timestamp,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE outbox SET attempts = attempts + 1, last_error = ?2, due_at = ?3, leased_until = NULL
             WHERE id = ?1 AND sent_at IS NULL",
        )?
        .execute(params![delivery.as_bytes(), error, Instant(retry_at)])?;
    Ok(())
}

/// How many deliveries wait, and when the oldest of them was due first.
pub(super) fn waiting(connection: &Connection) -> rusqlite::Result<(u64, Option<Timestamp>)> {
    connection.prepare_cached("SELECT count(*), min(waiting_since) FROM outbox WHERE sent_at IS NULL")?.query_row(
        [],
        |row| {
            let since = row.get::<_, Option<Instant>>(1)?.map(|Instant(since)| since);
            Ok((row.get::<_, i64>(0)?.unsigned_abs(), since))
        },
    )
}
