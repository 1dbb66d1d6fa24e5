//! Requests: keeping, finding, changing and erasing them.

use jiff::{SignedDuration, Timestamp};
use porchlight_model::{
    plugin::Provenance,
    request::{Request, RequestId},
    slots::Slot,
};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use super::{
    attachments, audit, bookings,
    columns::{Instant, Json},
    contacts,
    fault::Stop,
    idempotency, measures, outbox, spent, worklist,
};
use crate::{
    AcceptError, Acceptance, Accepted, Change, ChangeError, Damaged, Erasure, Held, Listing, Replay, RequestFilter,
};

/// How long the promise of a request that cannot be read is left aside before it is tried again.
const PARKED: SignedDuration = SignedDuration::from_hours(24);

/// Keeps a request with all that belongs to it; whatever was used or taken before comes first.
pub(super) fn accept(connection: &Connection, acceptance: &Acceptance) -> Result<Accepted, Stop<AcceptError>> {
    let request = &acceptance.request;
    let now = request.received_at();
    if let Some(key) = &acceptance.idempotency {
        match idempotency::lookup(connection, key, now)? {
            Some(Replay::Same(request)) => return Ok(Accepted::Replayed(request)),
            Some(Replay::Other) => return Err(Stop::Refused(AcceptError::KeyReused)),
            None => {}
        }
    }
    if let Some(used) = spent::first_used(connection, &acceptance.spends)? {
        return Err(Stop::Refused(AcceptError::Spent(used)));
    }
    if reference_taken(connection, request)? {
        return Err(Stop::Refused(AcceptError::ReferenceTaken));
    }
    if let Some(booking) = acceptance.slot
        && !bookings::has_room(connection, &request.site, booking)?
    {
        return Err(Stop::Refused(AcceptError::SlotTaken));
    }
    keep(connection, acceptance, now)?;
    Ok(Accepted::New)
}

fn keep(connection: &Connection, acceptance: &Acceptance, now: Timestamp) -> Result<(), Stop<AcceptError>> {
    let request = &acceptance.request;
    let number = insert(connection, request, &acceptance.provenance)?;
    worklist::keep(connection, number, request)?;
    acceptance.measures.iter().try_for_each(|it| measures::keep(connection, &request.site, number, it))?;
    if let Some(booking) = acceptance.slot {
        bookings::take(connection, &request.site, number, booking.slot)?;
    }
    if let Some(key) = &acceptance.idempotency {
        idempotency::keep(connection, key, number, now)?;
    }
    spent::keep(connection, &acceptance.spends, now)?;
    contacts::keep(connection, &acceptance.contacts, number)?;
    acceptance.audited.iter().try_for_each(|audited| audit::record(connection, audited))?;
    outbox::keep(connection, &acceptance.deliveries, Some(number))?;
    match attachments::bind(connection, request, number)? {
        true => Ok(()),
        false => Err(Stop::Refused(AcceptError::AttachmentGone)),
    }
}

fn reference_taken(connection: &Connection, request: &Request) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM requests WHERE reference = ?1")?.exists([request.reference.as_str()])
}

/// Keeps the request alone; returns its number.
fn insert(connection: &Connection, request: &Request, decided: &[Provenance]) -> rusqlite::Result<i64> {
    let transactions: Vec<&[Provenance]> = if decided.is_empty() { vec![] } else { vec![decided] };
    connection
        .prepare_cached(
            "INSERT INTO requests (id, site, reference, kind, status, slot_from, slot_to, received_at, due_at, revision,
                 margin, document, provenance)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, zeroblob(margin(octet_length(?11) + octet_length(?12))),
                 ?11, ?12)",
        )?
        .execute(params![
            request.id.0.as_bytes(),
            request.site,
            request.reference.as_str(),
            request.kind.as_str(),
            request.status.as_str(),
            from(request.slot),
            to(request.slot),
            Instant(request.received_at()),
            request.next_due().map(Instant),
            request.revision,
            Json(request),
            Json(transactions),
        ])?;
    Ok(connection.last_insert_rowid())
}

/// A request by its id.
pub(super) fn lookup(connection: &Connection, id: RequestId) -> rusqlite::Result<Option<Request>> {
    connection
        .prepare_cached("SELECT document FROM requests WHERE id = ?1")?
        .query_row([id.0.as_bytes()], document)
        .optional()
}

/// Requests, the one kept last first, and those whose document cannot be decoded.
pub(super) fn list(connection: &Connection, filter: &RequestFilter) -> rusqlite::Result<Listing> {
    let chosen = match (&filter.reference, &filter.site) {
        (Some(_), _) => "reference = ?1 AND site = coalesce(?2, site)",
        (None, Some(_)) => "?1 IS NULL AND site = ?2",
        (None, None) => "?1 IS NULL AND ?2 IS NULL",
    };
    let mut listing = Listing::default();
    let mut select = connection.prepare_cached(&format!(
        "SELECT document, id, reference FROM requests WHERE {chosen} ORDER BY number DESC LIMIT ?3"
    ))?;
    let mut rows = select.query(params![filter.reference, filter.site, filter.limit.map_or(-1, i64::from)])?;
    while let Some(row) = rows.next()? {
        add(&mut listing, row)?;
    }
    Ok(listing)
}

/// Requests about which there is something to note.
pub(super) struct Due {
    /// Those that can be read.
    pub ids: Vec<RequestId>,
    /// The numbers of those that cannot, each with why.
    pub damaged: Vec<(i64, Damaged)>,
}

/// Requests of a site about whose promise there is something to note by now, the one that waits longest first.
pub(super) fn due(connection: &Connection, site: &str, now: Timestamp, limit: u32) -> rusqlite::Result<Due> {
    let mut select = connection.prepare_cached(
        "SELECT document, id, reference, number FROM requests WHERE site = ?1 AND due_at <= ?2 ORDER BY due_at LIMIT ?3",
    )?;
    let mut rows = select.query(params![site, Instant(now), limit])?;
    let mut due = Due { ids: vec![], damaged: vec![] };
    while let Some(row) = rows.next()? {
        match document(row) {
            Ok(_) => due.ids.push(RequestId(Uuid::from_bytes(row.get(1)?))),
            Err(error) => due.damaged.push((row.get(3)?, damaged(row, &error)?)),
        }
    }
    Ok(due)
}

/// Leaves requests aside that cannot be read, and says so: the mend may come with another version of the host. They stand in no
/// other's way then.
pub(super) fn park(connection: &Connection, damaged: &[(i64, Damaged)], now: Timestamp) -> rusqlite::Result<()> {
    let until = now.saturating_add(PARKED).unwrap_or(Timestamp::MAX);
    for (number, Damaged { id, error, .. }) in damaged {
        connection
            .prepare_cached("UPDATE requests SET due_at = ?2 WHERE number = ?1 AND due_at <= ?3")?
            .execute(params![number, Instant(until), Instant(now)])?;
        let request = id.0;
        tracing::error!(%request, error, %until, "a request cannot be read: its promise is not watched, the others' are");
    }
    Ok(())
}

/// Adds what a row holds: its document, id and reference, in this order.
pub(super) fn add(listing: &mut Listing, row: &Row<'_>) -> rusqlite::Result<()> {
    match document(row) {
        Ok(request) => listing.requests.push(request),
        Err(error) => listing.damaged.push(damaged(row, &error)?),
    }
    Ok(())
}

/// All that is kept about a request.
pub(super) fn held(connection: &Connection, id: RequestId) -> rusqlite::Result<Option<Held>> {
    let found = connection
        .prepare_cached("SELECT document, provenance, number FROM requests WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok((document(row)?, row.get(1).map(|Json(decided)| decided)?, row.get(2)?)))
        .optional()?;
    let Some((request, provenance, number)) = found else { return Ok(None) };
    Ok(Some(Held { request, provenance, deliveries: outbox::of_request(connection, number)? }))
}

/// The number of a request, which all that belongs to it names it by.
pub(super) fn number(connection: &Connection, id: RequestId) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached("SELECT number FROM requests WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| row.get(0))
        .optional()
}

fn damaged(row: &Row<'_>, error: &rusqlite::Error) -> rusqlite::Result<Damaged> {
    Ok(Damaged { id: RequestId(Uuid::from_bytes(row.get(1)?)), reference: row.get(2)?, error: error.to_string() })
}

/// Replaces a request by its next revision, and moves or frees its slot.
pub(super) fn change(connection: &Connection, change: &Change) -> Result<(), Stop<ChangeError>> {
    let request = &change.request;
    let Some(number) = replace(connection, request)? else {
        return Err(Stop::Refused(ChangeError::Stale));
    };
    worklist::keep(connection, number, request)?;
    change.measures.iter().try_for_each(|it| measures::keep(connection, &request.site, number, it))?;
    if request.status.is_final() {
        bookings::free(connection, number)?;
    } else if let Some(place) = change.slot {
        if !bookings::fits(connection, &request.site, place, Some(number))? {
            return Err(Stop::Refused(ChangeError::SlotTaken));
        }
        bookings::take(connection, &request.site, number, place.0)?;
    }
    if !attachments::bind(connection, request, number)? {
        return Err(Stop::Refused(ChangeError::Stale));
    }
    outbox::keep(connection, &change.deliveries, Some(number))?;
    change.audited.iter().try_for_each(|audited| audit::record(connection, audited))?;
    Ok(())
}

/// The request's number; `None` where the store does not hold the revision before.
fn replace(connection: &Connection, request: &Request) -> rusqlite::Result<Option<i64>> {
    connection
        .prepare_cached(
            "UPDATE requests SET status = ?2, slot_from = ?3, slot_to = ?4, due_at = ?5, revision = ?6,
                 margin = zeroblob(margin(octet_length(?7) + octet_length(provenance))), document = ?7
             WHERE id = ?1 AND revision = ?6 - 1 RETURNING number",
        )?
        .query_row(
            params![
                request.id.0.as_bytes(),
                request.status.as_str(),
                from(request.slot),
                to(request.slot),
                request.next_due().map(Instant),
                request.revision,
                Json(request),
            ],
            |row| row.get(0),
        )
        .optional()
}

/// Deletes a request, if it is at the revision that is asked for; all that belongs to it goes with it by the schema's foreign keys.
pub(super) fn erase(connection: &Connection, erasure: &Erasure) -> rusqlite::Result<bool> {
    let Erasure { id, revision, deliveries } = erasure;
    let erased = connection
        .prepare_cached("DELETE FROM requests WHERE id = ?1 AND revision = coalesce(?2, revision)")?
        .execute(params![id.0.as_bytes(), revision])?;
    if erased == 1 {
        outbox::keep(connection, deliveries, None)?;
    }
    Ok(erased == 1)
}

/// Erases some; returns how many were there.
pub(super) fn erase_all(connection: &Connection, erasures: &[Erasure]) -> rusqlite::Result<u64> {
    let mut erased = 0;
    for erasure in erasures {
        erased += u64::from(erase(connection, erasure)?);
    }
    Ok(erased)
}

pub(super) fn document(row: &Row<'_>) -> rusqlite::Result<Request> {
    row.get(0).map(|Json(request)| request)
}

fn from(slot: Option<Slot>) -> Option<Instant> {
    slot.map(|slot| Instant(slot.from))
}

fn to(slot: Option<Slot>) -> Option<Instant> {
    slot.map(|slot| Instant(slot.to))
}
