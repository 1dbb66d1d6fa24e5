//! The audit log: who did what.

use jiff::{SignedDuration, Timestamp};
use porchlight_model::{agent::AgentId, request::RequestId};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::columns::Instant;
use crate::{AuditLine, Audited};

/// How long a line is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(365 * 24);

/// Notes what was done, and forgets what is too old.
pub(super) fn record(connection: &Connection, audited: &Audited) -> rusqlite::Result<()> {
    let too_old = audited.at.saturating_sub(KEPT).unwrap_or(Timestamp::MIN);
    connection.prepare_cached("DELETE FROM audit WHERE at < ?1")?.execute([Instant(too_old)])?;
    connection
        .prepare_cached(
            "INSERT INTO audit (at, agent, site, action, request)
             VALUES (?1, ?2, ?3, ?4, (SELECT number FROM requests WHERE id = ?5))",
        )?
        .execute(params![
            Instant(audited.at),
            audited.agent.0.as_bytes(),
            audited.site,
            audited.action,
            audited.request.map(|request| request.0.into_bytes()),
        ])
        .map(drop)
}

/// What was done at a site or to an account, the last first.
pub(super) fn list(
    connection: &Connection,
    site: &str,
    before: Option<i64>,
    limit: u32,
) -> rusqlite::Result<Vec<AuditLine>> {
    connection
        .prepare_cached(
            "SELECT audit.number, at, agent, audit.site, action, requests.id, requests.reference
             FROM audit LEFT JOIN requests ON requests.number = audit.request
             WHERE (audit.site = ?1 OR audit.site IS NULL) AND audit.number < ?2 ORDER BY audit.number DESC LIMIT ?3",
        )?
        .query_map(params![site, before.unwrap_or(i64::MAX), limit], line)?
        .collect()
}

fn line(row: &Row<'_>) -> rusqlite::Result<AuditLine> {
    let Instant(at) = row.get(1)?;
    let agent = AgentId(Uuid::from_bytes(row.get(2)?));
    let request = row.get::<_, Option<[u8; 16]>>(5)?.map(|id| RequestId(Uuid::from_bytes(id)));
    let audited = Audited { at, agent, site: row.get(3)?, action: row.get(4)?, request };
    Ok(AuditLine { number: row.get(0)?, audited, reference: row.get(6)? })
}
