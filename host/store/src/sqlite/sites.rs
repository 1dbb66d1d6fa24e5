//! Sites, version by version.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::columns::{Instant, sha256};
use crate::{SiteFile, SiteVersion};

/// The current version of one site.
pub(super) fn lookup(connection: &Connection, key: &str) -> rusqlite::Result<Option<SiteVersion>> {
    let current = connection
        .prepare_cached(
            "SELECT version, applied_at FROM sites JOIN site_versions USING (version) WHERE key = ?1 AND site = ?1",
        )?
        .query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((version, Instant(applied_at))) = current else { return Ok(None) };
    Ok(Some(SiteVersion { key: key.to_owned(), version, applied_at, files: files(connection, key, version)? }))
}

/// Key and current version of every site, by key.
pub(super) fn versions(connection: &Connection) -> rusqlite::Result<Vec<(String, u32)>> {
    let mut sites = connection.prepare_cached("SELECT key, version FROM sites ORDER BY key")?;
    sites.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

/// Keeps a new version, unless the current one is the same.
pub(super) fn apply(
    connection: &Connection,
    key: &str,
    mut files: Vec<SiteFile>,
    now: Timestamp,
) -> rusqlite::Result<SiteVersion> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let current = lookup(connection, key)?;
    let version = match current {
        Some(current) if current.files == files => return Ok(current),
        Some(current) => current.version + 1,
        None => 1,
    };
    connection
        .prepare_cached("INSERT INTO site_versions (site, version, applied_at) VALUES (?1, ?2, ?3)")?
        .execute(params![key, version, Instant(now)])?;
    for file in &files {
        keep_file(connection, key, version, file)?;
    }
    connection
        .prepare_cached(
            "INSERT INTO sites (key, version) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET version = excluded.version",
        )?
        .execute(params![key, version])?;
    Ok(SiteVersion { key: key.to_owned(), version, applied_at: now, files })
}

fn keep_file(connection: &Connection, key: &str, version: u32, file: &SiteFile) -> rusqlite::Result<()> {
    let sha256 = sha256(&file.content);
    connection
        .prepare_cached("INSERT INTO blobs (sha256, content) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
        .execute(params![sha256, file.content])?;
    connection
        .prepare_cached("INSERT INTO site_files (site, version, path, sha256) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![key, version, file.path, sha256])?;
    Ok(())
}

fn files(connection: &Connection, key: &str, version: u32) -> rusqlite::Result<Vec<SiteFile>> {
    connection
        .prepare_cached(
            "SELECT path, content FROM site_files JOIN blobs USING (sha256) WHERE site = ?1 AND version = ?2 ORDER BY path",
        )?
        .query_map(params![key, version], |row| Ok(SiteFile { path: row.get(0)?, content: row.get(1)? }))?
        .collect()
}
