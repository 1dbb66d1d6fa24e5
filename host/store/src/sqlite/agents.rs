//! Agents and what they sign in with.

use porchlight_model::agent::{Agent, AgentId, is_same_name};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{columns::Json, fault::Stop, sessions};
use crate::{AddAgentError, Credentials, Ending};

/// Keeps an agent, unless another signs in by its address.
pub(super) fn add(
    connection: &Connection,
    agent: &Agent,
    credentials: &Credentials,
) -> Result<(), Stop<AddAgentError>> {
    if sign_in(connection, agent.email.as_str())?.is_some() {
        return Err(Stop::Refused(AddAgentError::EmailTaken));
    }
    connection
        .prepare_cached(
            "INSERT INTO agents (id, revision, margin, document, credentials)
             VALUES (?1, ?2, zeroblob(margin(octet_length(?3) + octet_length(?4))), ?3, ?4)",
        )?
        .execute(params![agent.id.0.as_bytes(), credentials.revision, Json(agent), Json(credentials)])?;
    Ok(())
}

/// Every agent, the one added first first.
pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Agent>> {
    let mut select = connection.prepare_cached("SELECT document FROM agents ORDER BY number")?;
    select.query_map([], agent)?.collect()
}

/// Who signs in by an address.
pub(super) fn sign_in(connection: &Connection, email: &str) -> rusqlite::Result<Option<(Agent, Credentials)>> {
    let mut select = connection.prepare_cached("SELECT document, credentials FROM agents ORDER BY number")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let agent = agent(row)?;
        if is_same_name(agent.email.as_str(), email) {
            return Ok(Some((agent, credentials(row)?)));
        }
    }
    Ok(None)
}

/// An agent by its id.
pub(super) fn lookup(connection: &Connection, id: AgentId) -> rusqlite::Result<Option<(Agent, Credentials)>> {
    connection
        .prepare_cached("SELECT document, credentials FROM agents WHERE id = ?1")?
        .query_row([id.0.as_bytes()], |row| Ok((agent(row)?, credentials(row)?)))
        .optional()
}

/// Replaces credentials by their next revision, and ends sessions; `false` where that is not the next.
pub(super) fn change(
    connection: &Connection,
    id: AgentId,
    credentials: &Credentials,
    ending: Ending,
) -> rusqlite::Result<bool> {
    let changed = connection
        .prepare_cached(
            "UPDATE agents SET revision = ?2, margin = zeroblob(margin(octet_length(document) + octet_length(?3))),
                 credentials = ?3
             WHERE id = ?1 AND revision = ?2 - 1",
        )?
        .execute(params![id.0.as_bytes(), credentials.revision, Json(credentials)])?;
    if changed == 1 {
        sessions::end(connection, id, ending)?;
    }
    Ok(changed == 1)
}

/// Removes an agent; its sessions go with it by the schema's foreign keys.
pub(super) fn remove(connection: &Connection, id: AgentId) -> rusqlite::Result<bool> {
    Ok(connection.prepare_cached("DELETE FROM agents WHERE id = ?1")?.execute([id.0.as_bytes()])? == 1)
}

/// The agent in the first column.
pub(super) fn agent(row: &Row<'_>) -> rusqlite::Result<Agent> {
    row.get(0).map(|Json(agent)| agent)
}

fn credentials(row: &Row<'_>) -> rusqlite::Result<Credentials> {
    row.get(1).map(|Json(credentials)| credentials)
}
