//! Whether something can be kept.

use rusqlite::Connection;

/// Changes the one row there is for it.
pub(super) fn write(connection: &Connection) -> rusqlite::Result<()> {
    connection.prepare_cached("UPDATE probes SET count = count + 1 WHERE id = 1")?.execute([])?;
    Ok(())
}
