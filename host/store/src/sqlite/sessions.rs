//! Sessions: who is signed in.

use jiff::Timestamp;
use porchlight_model::agent::{Agent, AgentId, Duty};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{agents, columns::Instant};
use crate::{Ending, Session, TokenHash};

/// Keeps a session, and forgets those that are over; `false` where its agent is gone, or its credentials are of another revision.
pub(super) fn open(connection: &Connection, session: &Session, revision: u32) -> rusqlite::Result<bool> {
    connection.prepare_cached("DELETE FROM sessions WHERE ends_at <= ?1")?.execute([Instant(session.created_at)])?;
    let opened = connection
        .prepare_cached(
            "INSERT INTO sessions (token, agent, created_at, seen_at, ends_at)
             SELECT ?1, number, ?3, ?4, ?5 FROM agents WHERE id = ?2 AND revision = ?6",
        )?
        .execute(params![
            session.token,
            session.agent.0.as_bytes(),
            Instant(session.created_at),
            Instant(session.seen_at),
            Instant(session.ends_at),
            revision,
        ])?;
    Ok(opened == 1)
}

/// The session of a token, and whose it is.
pub(super) fn lookup(connection: &Connection, token: TokenHash) -> rusqlite::Result<Option<(Session, Agent)>> {
    connection
        .prepare_cached(
            "SELECT document, created_at, seen_at, ends_at FROM sessions JOIN agents ON agents.number = sessions.agent
             WHERE token = ?1",
        )?
        .query_row([token], |row| session(row, token))
        .optional()
}

/// The session of a token, and whose it is: the agent, and when it began, was used and ends.
fn session(row: &Row<'_>, token: TokenHash) -> rusqlite::Result<(Session, Agent)> {
    let agent = agents::agent(row)?;
    let instant = |column| row.get(column).map(|Instant(at)| at);
    let (created_at, seen_at, ends_at) = (instant(1)?, instant(2)?, instant(3)?);
    Ok((Session { token, agent: agent.id, created_at, seen_at, ends_at }, agent))
}

/// Says whether the agent of a session is on duty; `false` where there is no such session.
pub(super) fn set_duty(connection: &Connection, token: TokenHash, duty: Duty) -> rusqlite::Result<bool> {
    let set = connection
        .prepare_cached("UPDATE sessions SET on_duty = ?2 WHERE token = ?1")?
        .execute(params![token, duty == Duty::On])?;
    Ok(set == 1)
}

/// Sessions whose agent is on duty: there are few sessions in all.
pub(super) fn on_duty(connection: &Connection) -> rusqlite::Result<Vec<(Session, Agent)>> {
    connection
        .prepare_cached(
            "SELECT document, created_at, seen_at, ends_at, token FROM sessions
             JOIN agents ON agents.number = sessions.agent WHERE on_duty",
        )?
        .query_map([], |row| session(row, row.get(4)?))?
        .collect()
}

/// Notes that a session was used.
pub(super) fn see(connection: &Connection, token: TokenHash, now: Timestamp) -> rusqlite::Result<()> {
    connection
        .prepare_cached("UPDATE sessions SET seen_at = max(seen_at, ?2) WHERE token = ?1")?
        .execute(params![token, Instant(now)])
        .map(drop)
}

/// Ends sessions of an agent.
pub(super) fn end(connection: &Connection, agent: AgentId, ending: Ending) -> rusqlite::Result<()> {
    let (which, token) = match ending {
        Ending::Nothing => return Ok(()),
        Ending::Only(token) => ("token = ?2", Some(token)),
        Ending::AllBut(token) => ("token <> ?2", Some(token)),
        Ending::All => ("?2 IS NULL", None),
    };
    connection
        .prepare_cached(&format!(
            "DELETE FROM sessions WHERE agent = (SELECT number FROM agents WHERE id = ?1) AND {which}"
        ))?
        .execute(params![agent.0.as_bytes(), token])
        .map(drop)
}
