//! Lists of requests for those who answer, and what is known beside one.

use porchlight_model::{
    finding::Sought,
    plugin::Provenance,
    reference::Reference,
    request::{Actor, Request, RequestId, Status},
};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params, params};
use uuid::Uuid;

use super::columns::{Instant, Json};
use crate::{DeliveryState, Dossier, FoundRequests, LookedFor, RequestQuery, finding::SEARCHED};

/// Keeps what lists are narrowed by, of a request with this number.
pub(super) fn keep(connection: &Connection, number: i64, request: &Request) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO worklist (request, site, status, turn, promised_until, slot_from, assignee)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (request) DO UPDATE SET status = excluded.status, turn = excluded.turn,
                 promised_until = excluded.promised_until, slot_from = excluded.slot_from, assignee = excluded.assignee",
        )?
        .execute(params![
            number,
            request.site,
            request.status.as_str(),
            request.turn().map(turn),
            request.promised_until().map(Instant),
            request.slot.map(|slot| Instant(slot.from)),
            request.handling.assignee.map(|agent| agent.0.into_bytes()),
        ])
        .map(drop)
}

fn turn(actor: Actor) -> &'static str {
    if actor == Actor::Agent { "agent" } else { "requester" }
}

/// Requests that fit a query, the one kept last first.
pub(super) fn find(connection: &Connection, query: &RequestQuery) -> rusqlite::Result<FoundRequests> {
    match &query.looked_for {
        None => listed(connection, query, &[]),
        Some(LookedFor::Person(hashes)) => listed(connection, query, hashes),
        Some(LookedFor::Reference(reference)) => named(connection, query, reference),
        Some(LookedFor::Text(sought)) => looked_through(connection, query, sought),
    }
}

fn named(connection: &Connection, query: &RequestQuery, reference: &Reference) -> rusqlite::Result<FoundRequests> {
    let mut select = connection.prepare_cached("SELECT number, document FROM requests WHERE reference = ?1")?;
    let named = select.query_row([reference.as_str()], numbered).optional()?;
    let named = named.into_iter().filter(|(_, request)| query.admits(request)).collect();
    Ok(FoundRequests { requests: named, ..FoundRequests::default() })
}

/// A list, where there are hashes of one person's: narrowed in the database, by the index that leaves the fewest.
fn listed(connection: &Connection, query: &RequestQuery, hashes: &[[u8; 16]]) -> rusqlite::Result<FoundRequests> {
    let (by, narrowed) = narrowing(query, hashes.len());
    let select = format!(
        "SELECT number, document FROM worklist {by} JOIN requests ON number = request
         WHERE worklist.site = :site AND request < :before {narrowed} ORDER BY request DESC LIMIT :limit"
    );
    let mut select = connection.prepare_cached(&select)?;
    let (from, to) = query.slots.unzip();
    let every = named_params! {
        ":site": query.site, ":before": query.before.unwrap_or(i64::MAX), ":limit": i64::from(query.limit) + 1,
        ":status": query.status.map(Status::as_str), ":turn": query.turn.map(turn),
        ":assignee": query.assignee.map(|agent| agent.0.into_bytes()),
        ":promised": query.promised_before.map(Instant), ":from": from.map(Instant), ":to": to.map(Instant),
    };
    let used = every.iter().filter(|(name, _)| matches!(select.parameter_index(name), Ok(Some(_))));
    let names: Vec<String> = hash_names(hashes.len()).collect();
    let hashes = names.iter().zip(hashes).map(|(name, hash)| (name.as_str(), hash as &dyn ToSql));
    let used: Vec<_> = used.copied().chain(hashes).collect();
    let mut rows = select.query(used.as_slice())?;
    let mut found = FoundRequests::default();
    let mut last = None;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        if count == query.limit {
            found.next = last;
            break;
        }
        count += 1;
        last = Some(row.get(0)?);
        // One that cannot be read is named by `porchlight requests list`, and hides no other.
        found.requests.extend(numbered(row).ok());
    }
    Ok(found)
}

/// What to go by, and the conditions of a query. A person's requests are few, and found by their numbers; else by the index of what is
/// asked for first: what is open is little beside what was ever assigned or closed.
fn narrowing(query: &RequestQuery, hashes: usize) -> (String, String) {
    let by_status = ("worklist_by_status", "AND worklist.status = :status");
    let open = query.status.filter(|status| !status.is_final());
    let closed = query.status.filter(|status| status.is_final());
    let conditions = [
        query.slots.map(|_| ("worklist_by_slot", "AND worklist.slot_from >= :from AND worklist.slot_from < :to")),
        query.promised_before.map(|_| ("worklist_by_promise", "AND promised_until < :promised")),
        open.map(|_| by_status),
        query.turn.map(|_| ("worklist_by_turn", "AND turn = :turn")),
        query.assignee.map(|_| ("worklist_by_assignee", "AND assignee = :assignee")),
        closed.map(|_| by_status),
    ];
    let given: Vec<_> = conditions.into_iter().flatten().collect();
    let index = given.first().map_or("worklist_of_site", |(index, _)| index);
    let narrowed = given.iter().map(|(_, condition)| *condition).collect::<Vec<_>>().join(" ");
    if hashes == 0 {
        return (format!("INDEXED BY {index}"), narrowed);
    }
    let hashes = hash_names(hashes).collect::<Vec<_>>().join(", ");
    let of_person = format!("AND request IN (SELECT contacts.request FROM contacts WHERE hash IN ({hashes}))");
    ("NOT INDEXED".to_owned(), format!("{of_person} {narrowed}"))
}

/// The parameters that so many hashes are given as.
fn hash_names(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|place| format!(":hash{place}"))
}

/// What is open and what came last is read and looked through: personal data is in no index, so that erasing leaves nothing.
fn looked_through(connection: &Connection, query: &RequestQuery, sought: &Sought) -> rusqlite::Result<FoundRequests> {
    let (numbers, is_partial) = candidates(connection, query)?;
    let mut found = FoundRequests { is_partial, ..FoundRequests::default() };
    let mut select = connection.prepare_cached("SELECT number, document FROM requests WHERE number = ?1")?;
    for number in numbers {
        let read = select.query_row([number], |row| likely(row, sought)).ok().flatten();
        let Some(fits) = read.filter(|(_, request)| query.admits(request)) else { continue };
        if found.requests.len() == query.limit as usize {
            found.next = found.requests.last().map(|(number, _)| *number);
            break;
        }
        found.requests.push(fits);
    }
    Ok(found)
}

/// The numbers of the requests that are looked through, the last first, and whether there are others.
fn candidates(connection: &Connection, query: &RequestQuery) -> rusqlite::Result<(Vec<i64>, bool)> {
    let mut recent =
        connection.prepare_cached("SELECT number FROM requests WHERE site = ?1 ORDER BY number DESC LIMIT ?2")?;
    let recent = recent.query_map(params![query.site, SEARCHED.recent], |row| row.get(0))?;
    let mut numbers = recent.collect::<rusqlite::Result<Vec<i64>>>()?;
    let is_partial = numbers.len() == SEARCHED.recent as usize;
    numbers.extend(open(connection, &query.site)?);
    numbers.sort_unstable_by_key(|number| std::cmp::Reverse(*number));
    numbers.dedup();
    numbers.retain(|number| *number < query.before.unwrap_or(i64::MAX));
    Ok((numbers, is_partial))
}

/// The last of the requests that are open.
fn open(connection: &Connection, site: &str) -> rusqlite::Result<Vec<i64>> {
    let mut select = connection.prepare_cached(
        "SELECT request FROM worklist INDEXED BY worklist_by_status
         WHERE site = ?1 AND status = ?2 ORDER BY request DESC LIMIT ?3",
    )?;
    let mut numbers = Vec::new();
    for status in Status::STEPS.into_iter().filter(|status| !status.is_final()) {
        let some = select.query_map(params![site, status.as_str(), SEARCHED.open], |row| row.get(0))?;
        numbers.extend(some.collect::<rusqlite::Result<Vec<i64>>>()?);
    }
    numbers.sort_unstable_by_key(|number| std::cmp::Reverse(*number));
    numbers.truncate(SEARCHED.open as usize);
    Ok(numbers)
}

/// A request that may be one of those looked for.
fn likely(row: &Row<'_>, sought: &Sought) -> rusqlite::Result<Option<(i64, Request)>> {
    let document = row.get_ref(1)?.as_str()?;
    if sought.may_be_in(document) { numbered(row).map(Some) } else { Ok(None) }
}

fn numbered(row: &Row<'_>) -> rusqlite::Result<(i64, Request)> {
    let Json(request) = row.get(1)?;
    Ok((row.get(0)?, request))
}

/// A request with what is known beside it.
pub(super) fn dossier(connection: &Connection, id: RequestId) -> rusqlite::Result<Option<Dossier>> {
    let mut select = connection.prepare_cached("SELECT number, document, provenance FROM requests WHERE id = ?1")?;
    let found = select.query_row([id.0.as_bytes()], |row| {
        let Json(provenance) = row.get::<_, Json<Vec<Vec<Provenance>>>>(2)?;
        Ok((numbered(row)?, provenance))
    });
    let Some(((number, request), provenance)) = found.optional()? else { return Ok(None) };
    Ok(Some(Dossier { request, provenance, deliveries: deliveries(connection, number)? }))
}

fn deliveries(connection: &Connection, request: i64) -> rusqlite::Result<Vec<DeliveryState>> {
    connection
        .prepare_cached(
            "SELECT id, payload, waiting_since, due_at, attempts, sent_at, dead_at, last_error FROM outbox
             WHERE request = ?1 ORDER BY number",
        )?
        .query_map([request], |row| {
            let instant = |column| row.get::<_, Option<Instant>>(column).map(|found| found.map(|Instant(at)| at));
            let (Instant(since), Instant(due_at)) = (row.get(2)?, row.get(3)?);
            Ok(DeliveryState {
                id: Uuid::from_bytes(row.get(0)?),
                payload: row.get(1).map(|Json(payload)| payload).ok(),
                since,
                due_at,
                attempts: row.get(4)?,
                sent_at: instant(5)?,
                dead_at: instant(6)?,
                error: row.get(7)?,
            })
        })?
        .collect()
}
