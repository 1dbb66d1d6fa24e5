//! The outbox: deliveries that wait, are being tried, or were sent.

use jiff::{SignedDuration, Timestamp};
use porchlight_model::{
    delivery::{Delivery, Rooms, Target},
    request::RequestId,
};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::{
    columns::{Instant, Json},
    requests,
};
use crate::{DeadLetter, HeldDelivery, Waiting};

/// How long a delivery that cannot be decoded is left aside before it is tried again.
const PARKED: SignedDuration = SignedDuration::from_hours(24);

/// Keeps deliveries until they are sent. `request` is the number of the request they tell of.
pub(super) fn keep(connection: &Connection, deliveries: &[Delivery], request: Option<i64>) -> rusqlite::Result<()> {
    for delivery in deliveries {
        connection
            .prepare_cached(
                "INSERT INTO outbox (id, site, request, waiting_since, due_at, attempts, payload, target)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                delivery.id.as_bytes(),
                delivery.site,
                request,
                Instant(delivery.since),
                Instant(delivery.due_at),
                delivery.attempts,
                Json(&delivery.payload),
                delivery.target().as_str(),
            ])?;
    }
    Ok(())
}

/// Keeps deliveries about requests that are there.
pub(super) fn keep_of(connection: &Connection, deliveries: &[Delivery]) -> rusqlite::Result<()> {
    for delivery in deliveries {
        let Some(request) = delivery.request else { continue };
        if let Some(number) = requests::number(connection, request)? {
            keep(connection, std::slice::from_ref(delivery), Some(number))?;
        }
    }
    Ok(())
}

/// What was or is to be sent about a request, by its number, the first decided first.
pub(super) fn of_request(connection: &Connection, request: i64) -> rusqlite::Result<Vec<HeldDelivery>> {
    connection
        .prepare_cached(
            "SELECT id, site, (SELECT id FROM requests WHERE requests.number = request), due_at, attempts, payload,
                 waiting_since, sent_at, dead_at, last_error
             FROM outbox WHERE request = ?1 ORDER BY number",
        )?
        .query_map([request], |row| {
            let [sent_at, dead_at] = [7, 8].map(|column| row.get::<_, Option<Instant>>(column));
            let (sent_at, dead_at) = (sent_at?.map(|at| at.0), dead_at?.map(|at| at.0));
            Ok(HeldDelivery { delivery: delivery(row)?, sent_at, dead_at, error: row.get(9)? })
        })?
        .collect()
}

/// Takes as many deliveries of each target as there is room for: those that are due and not taken by somebody else, the longest
/// due first.
///
/// One that cannot be decoded is parked, and never keeps the others waiting.
pub(super) fn claim(
    connection: &Connection,
    now: Timestamp,
    lease_until: Timestamp,
    rooms: &Rooms,
) -> rusqlite::Result<Vec<Delivery>> {
    let mut claimed = Vec::new();
    for target in targets(connection)? {
        for (number, id, read) in lease(connection, &target, now, lease_until, rooms.of(&target))? {
            match read {
                Ok(delivery) => claimed.push((number, delivery)),
                Err(error) => park(connection, number, id, &error, now)?,
            }
        }
    }
    claimed.sort_by_key(|(number, delivery)| (delivery.due_at, *number));
    Ok(claimed.into_iter().map(|(_, delivery)| delivery).collect())
}

/// The targets that something waits for. Each is found by one step in the index, however much waits for it.
fn targets(connection: &Connection) -> rusqlite::Result<Vec<Target>> {
    connection
        .prepare_cached(
            "WITH RECURSIVE targets (target) AS (
                 SELECT min(target) FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL
                 UNION ALL
                 SELECT (SELECT min(outbox.target) FROM outbox
                         WHERE sent_at IS NULL AND dead_at IS NULL AND outbox.target > targets.target)
                 FROM targets WHERE targets.target IS NOT NULL)
             SELECT target FROM targets WHERE target IS NOT NULL",
        )?
        .query_map([], |row| Ok(Target::named(row.get::<_, String>(0)?)))?
        .collect()
}

/// A delivery's number and id, and itself if it can be decoded.
type Leased = (i64, Uuid, rusqlite::Result<Delivery>);

fn lease(
    connection: &Connection,
    target: &Target,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> rusqlite::Result<Vec<Leased>> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    connection
        .prepare_cached(
            "UPDATE outbox SET leased_until = ?2 WHERE number IN (
                 SELECT number FROM outbox
                 WHERE sent_at IS NULL AND dead_at IS NULL AND target = ?4 AND due_at <= ?1
                     AND (leased_until IS NULL OR leased_until <= ?1)
                 ORDER BY due_at, waiting_since, number LIMIT ?3)
             RETURNING id, site, (SELECT id FROM requests WHERE requests.number = request), due_at, attempts, payload,
                 waiting_since, number",
        )?
        .query_map(params![Instant(now), Instant(lease_until), limit, target.as_str()], |row| {
            Ok((row.get("number")?, Uuid::from_bytes(row.get(0)?), delivery(row)))
        })?
        .collect()
}

/// Leaves a delivery aside that cannot be decoded, and says so: the mend may come with another version of the host.
fn park(
    connection: &Connection,
    number: i64,
    id: Uuid,
    error: &rusqlite::Error,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let until = now.saturating_add(PARKED).unwrap_or(Timestamp::MAX);
    connection
        .prepare_cached("UPDATE outbox SET due_at = ?2, leased_until = NULL, last_error = ?3 WHERE number = ?1")?
        .execute(params![number, Instant(until), error.to_string()])?;
    tracing::error!(delivery = %id, %error, %until, "a delivery cannot be read; it is left aside, the others go on");
    Ok(())
}

/// Lets go of all that was claimed.
pub(super) fn release(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("UPDATE outbox SET leased_until = NULL WHERE leased_until IS NOT NULL", [])?;
    Ok(())
}

fn delivery(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    Ok(Delivery {
        id: Uuid::from_bytes(row.get(0)?),
        site: row.get(1)?,
        request: row.get::<_, Option<[u8; 16]>>(2)?.map(|id| RequestId(Uuid::from_bytes(id))),
        since: row.get::<_, Instant>(6)?.0,
        due_at: row.get::<_, Instant>(3)?.0,
        attempts: row.get(4)?,
        payload: row.get::<_, Json<_>>(5)?.0,
    })
}

/// Marks a claimed delivery as sent.
pub(super) fn mark_sent(connection: &Connection, delivery: Uuid, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE outbox SET sent_at = ?2, leased_until = NULL, last_error = NULL
             WHERE id = ?1 AND leased_until IS NOT NULL",
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
            "UPDATE outbox SET attempts = attempts + 1, due_at = ?3, leased_until = NULL, last_error = ?2
             WHERE id = ?1 AND leased_until IS NOT NULL",
        )?
        .execute(params![delivery.as_bytes(), error, Instant(retry_at)])?;
    Ok(())
}

/// Gives a claimed delivery up.
pub(super) fn mark_dead(connection: &Connection, delivery: Uuid, error: &str, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "UPDATE outbox SET attempts = attempts + 1, dead_at = ?3, leased_until = NULL, last_error = ?2
             WHERE id = ?1 AND leased_until IS NOT NULL",
        )?
        .execute(params![delivery.as_bytes(), error, Instant(now)])?;
    Ok(())
}

/// Gives up what has waited for a target since then or longer, and is not being tried; returns how many that were.
pub(super) fn give_up(
    connection: &Connection,
    target: &Target,
    since: Timestamp,
    error: &str,
    now: Timestamp,
) -> rusqlite::Result<u64> {
    let given_up = connection
        .prepare_cached(
            "UPDATE outbox SET dead_at = ?4, leased_until = NULL, last_error = ?3
             WHERE sent_at IS NULL AND dead_at IS NULL AND target = ?1 AND waiting_since <= ?2
                 AND (leased_until IS NULL OR leased_until <= ?4)",
        )?
        .execute(params![target.as_str(), Instant(since), error, Instant(now)])?;
    Ok(given_up as u64)
}

/// Deliveries that were given up, the last first.
pub(super) fn dead(connection: &Connection) -> rusqlite::Result<Vec<DeadLetter>> {
    connection
        .prepare_cached(
            "SELECT outbox.id, outbox.site, reference, attempts, dead_at, last_error, target
             FROM outbox LEFT JOIN requests ON requests.number = request
             WHERE dead_at IS NOT NULL ORDER BY dead_at DESC",
        )?
        .query_map([], |row| {
            Ok(DeadLetter {
                delivery: Uuid::from_bytes(row.get(0)?),
                site: row.get(1)?,
                reference: row.get(2)?,
                attempts: row.get(3)?,
                dead_at: row.get::<_, Instant>(4)?.0,
                error: row.get::<_, Option<String>>(5)?.unwrap_or_default(),
                target: Target::named(row.get::<_, String>(6)?),
            })
        })?
        .collect()
}

/// Lets one delivery that was given up be tried again, or all.
pub(super) fn revive(connection: &Connection, delivery: Option<Uuid>, now: Timestamp) -> rusqlite::Result<u64> {
    let revived = connection
        .prepare_cached(
            "UPDATE outbox SET dead_at = NULL, attempts = 0, waiting_since = ?2, due_at = ?2
             WHERE dead_at IS NOT NULL AND id = coalesce(?1, id)",
        )?
        .execute(params![delivery.map(Uuid::into_bytes), Instant(now)])?;
    Ok(revived as u64)
}

/// How many deliveries wait, and when the oldest of them was due first, target by target.
pub(super) fn waiting(connection: &Connection) -> rusqlite::Result<Vec<Waiting>> {
    connection
        .prepare_cached(
            "SELECT target, count(*), min(waiting_since) FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL
             GROUP BY target ORDER BY target",
        )?
        .query_map([], |row| {
            let (count, Instant(since)) = (row.get::<_, i64>(1)?.unsigned_abs(), row.get(2)?);
            Ok(Waiting { target: Target::named(row.get::<_, String>(0)?), count, since })
        })?
        .collect()
}
