//! The SQLite adaptor.
/// A store in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {}
