//! Whether the database is sound.

use std::path::Path;

use rusqlite::Connection;

use super::{
    fault::{Fault, Unsound},
    open,
};

/// Looks at every page, index and reference.
pub(super) fn check(path: &Path) -> Result<(), Fault> {
    let connection = open::reader(path)?;
    match first_finding(&connection)? {
        None => Ok(()),
        Some(finding) => Err(Fault::of(Unsound { finding })),
    }
}

fn first_finding(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let said: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if said != "ok" {
        return Ok(Some(said));
    }
    let mut orphans = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = orphans.query([])?;
    let orphan = rows.next()?.map(|row| row.get::<_, String>(0)).transpose()?;
    Ok(orphan.map(|table| format!("a row of `{table}` belongs to nothing")))
}
