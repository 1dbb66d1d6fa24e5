//! Requests by age: a person's, and those kept for long.

use porchlight_model::request::RequestId;
use rusqlite::{Connection, Row, Rows, params_from_iter, types::Value};
use uuid::Uuid;

use super::{columns::Instant, requests};
use crate::{AgeFilter, Page, PersonFilter, Place};

/// Requests of one person, the one received last first.
pub(super) fn of_person(connection: &Connection, filter: &PersonFilter) -> rusqlite::Result<Page> {
    let hashes = vec!["?"; filter.hashes.len()].join(", ");
    let (before, place) = compared("<", filter.before);
    // Chosen first and read then: only what is shown is taken out of its pages.
    let sql = format!(
        "SELECT document, id, reference, received_at FROM requests WHERE number IN (
             SELECT number FROM requests WHERE number IN (SELECT request FROM contacts WHERE hash IN ({hashes}))
                 AND site = coalesce(?, site) AND {before}
             ORDER BY received_at DESC, id DESC LIMIT ?)
         ORDER BY received_at DESC, id DESC"
    );
    let hashes = filter.hashes.iter().map(|hash| Value::from(hash.to_vec()));
    let values = hashes.chain([filter.site.clone().into()]).chain(place).chain([one_more(filter.limit)]);
    let mut select = connection.prepare_cached(&sql)?;
    page(select.query(params_from_iter(values))?, filter.limit)
}

/// Old requests of a site, the oldest first.
pub(super) fn aged(connection: &Connection, filter: &AgeFilter) -> rusqlite::Result<Page> {
    let statuses = vec!["?"; filter.statuses.len()].join(", ");
    let (after, place) = compared(">", filter.after);
    let sql = format!(
        "SELECT document, id, reference, received_at FROM requests
         WHERE site = ? AND received_at <= ? AND status IN ({statuses}) AND {after}
         ORDER BY received_at, id LIMIT ?"
    );
    let fixed = [Value::from(filter.site.clone()), filter.received_by.as_microsecond().into()];
    let statuses = filter.statuses.iter().map(|status| Value::from(status.as_str().to_owned()));
    let values = fixed.into_iter().chain(statuses).chain(place).chain([one_more(filter.limit)]);
    let mut select = connection.prepare_cached(&sql)?;
    page(select.query(params_from_iter(values))?, filter.limit)
}

/// What a place is compared by, with its values.
fn compared(operator: &str, place: Option<Place>) -> (String, Vec<Value>) {
    let Some(place) = place else { return ("TRUE".to_owned(), vec![]) };
    let values = vec![place.received_at.as_microsecond().into(), place.id.0.as_bytes().to_vec().into()];
    (format!("(received_at, id) {operator} (?, ?)"), values)
}

fn one_more(limit: u32) -> Value {
    (i64::from(limit) + 1).into()
}

fn page(mut rows: Rows<'_>, limit: u32) -> rusqlite::Result<Page> {
    let mut page = Page::default();
    let mut last = None;
    for _ in 0..limit {
        let Some(row) = rows.next()? else { return Ok(page) };
        requests::add(&mut page.listing, row)?;
        last = Some(place(row)?);
    }
    page.next = last.filter(|_| matches!(rows.next(), Ok(Some(_))));
    Ok(page)
}

fn place(row: &Row<'_>) -> rusqlite::Result<Place> {
    let id = RequestId(Uuid::from_bytes(row.get(1)?));
    Ok(Place { received_at: row.get::<_, Instant>(3)?.0, id })
}
