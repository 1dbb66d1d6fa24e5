//! Bare SQLite: one thread that writes what waits in one commit, prepared statements, rows that were recorded.

use std::{
    path::Path,
    sync::mpsc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use rusqlite::{Connection, OpenFlags, Statement, params_from_iter, types::Value};
use tokio::sync::oneshot;

use crate::client::Load;

/// Tables that accepting a request writes to.
const TABLES: [&str; 4] = ["requests", "bookings", "idempotency", "outbox"];
/// Columns that accepting a request does not name: the schema fills them, or the outbox does later.
const NOT_NAMED: [&str; 5] = ["number", "leased_until", "sent_at", "dead_at", "last_error"];

/// What one accepted request wrote, with the schema it is in.
#[derive(Clone, Debug)]
pub struct Recorded {
    schema: Vec<String>,
    rows: Vec<Kept>,
}

/// One row.
#[derive(Clone, Debug)]
struct Kept {
    insert: String,
    columns: Vec<String>,
    values: Vec<Value>,
}

impl Recorded {
    /// Reads the newest request out of a store, with every row that belongs to it.
    pub fn newest(database: &Path) -> Result<Self> {
        let connection = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let number: i64 = connection.query_row("SELECT max(number) FROM requests", [], |row| row.get(0))?;
        let mut rows = Vec::new();
        for table in TABLES {
            let key = if table == "requests" { "number" } else { "request" };
            rows.extend(rows_of(&connection, table, key, number)?);
        }
        let mut schema =
            connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")?;
        let schema = schema.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(Self { schema, rows })
    }

    /// A table with one small column, for comparison.
    pub fn small() -> Self {
        let row = Kept {
            insert: "INSERT INTO small (id) VALUES (?1)".to_owned(),
            columns: vec!["id".to_owned()],
            values: vec![Value::Blob(vec![0; 16])],
        };
        Self {
            schema: vec!["CREATE TABLE small (number INTEGER PRIMARY KEY, id BLOB NOT NULL) STRICT".to_owned()],
            rows: vec![row],
        }
    }

    /// The same rows, without the zeros that keep personal data out of b-tree pages.
    pub fn without_margins(mut self) -> Self {
        for row in &mut self.rows {
            for (column, value) in row.columns.iter().zip(&mut row.values) {
                if column == "margin" {
                    *value = Value::Blob(Vec::new());
                }
            }
        }
        self
    }

    /// How many rows it is.
    pub fn rows(&self) -> usize {
        self.rows.len()
    }
}

fn rows_of(connection: &Connection, table: &str, key: &str, number: i64) -> Result<Vec<Kept>> {
    let mut select = connection.prepare(&format!("SELECT * FROM {table} WHERE {key} = ?1"))?;
    let names: Vec<String> = select.column_names().into_iter().map(str::to_owned).collect();
    let chosen: Vec<usize> = (0..names.len()).filter(|at| !NOT_NAMED.contains(&names[*at].as_str())).collect();
    let columns: Vec<String> = chosen.iter().map(|at| names[*at].clone()).collect();
    let marks: Vec<String> = (1..=columns.len()).map(|number| format!("?{number}")).collect();
    let insert = format!("INSERT INTO {table} ({}) VALUES ({})", columns.join(", "), marks.join(", "));
    let found =
        select.query_map([number], |row| chosen.iter().map(|at| row.get(*at)).collect::<Result<Vec<Value>, _>>())?;
    found.map(|values| Ok(Kept { insert: insert.clone(), columns: columns.clone(), values: values? })).collect()
}

/// The thread that writes, and a way to it.
#[derive(Debug)]
pub struct Writer {
    jobs: Option<mpsc::Sender<oneshot::Sender<()>>>,
    thread: Option<JoinHandle<Result<()>>>,
}

impl Writer {
    /// Makes a database with the recorded schema, written with the settings of the product's.
    pub fn start(database: &Path, recorded: Recorded) -> Result<Self> {
        let connection = Connection::open(database)?;
        connection.execute_batch(
            "PRAGMA page_size = 4096; PRAGMA journal_mode = wal; PRAGMA synchronous = full; PRAGMA secure_delete = on;
             PRAGMA foreign_keys = on; PRAGMA temp_store = memory; PRAGMA wal_autocheckpoint = 4000",
        )?;
        recorded.schema.iter().try_for_each(|sql| connection.execute_batch(sql))?;
        let (jobs, waiting) = mpsc::channel();
        let thread = std::thread::spawn(move || write(&connection, &recorded, &waiting));
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// So many submitters hand in one request after the other, each waiting for the commit of its own.
    pub fn load(&self, submitters: u32, time: Duration) -> Result<Load> {
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(async {
            let begun = Instant::now();
            let submitting = (0..submitters).map(|_| {
                let jobs = self.jobs.clone();
                tokio::spawn(async move { keep_submitting(&jobs.context("it is open")?, begun, time).await })
            });
            let mut latencies = Vec::new();
            for submitter in submitting.collect::<Vec<_>>() {
                latencies.extend(submitter.await??);
            }
            latencies.sort_unstable();
            Ok(Load { answered: latencies.len() as u64, seconds: begun.elapsed().as_secs_f64(), latencies })
        })
    }

    /// Ends the thread; an error of it is told.
    pub fn finish(mut self) -> Result<()> {
        drop(self.jobs.take());
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(ended)) => ended,
            _ => Err(anyhow!("the writing thread panicked")),
        }
    }
}

async fn keep_submitting(jobs: &mpsc::Sender<oneshot::Sender<()>>, begun: Instant, time: Duration) -> Result<Vec<u32>> {
    let mut latencies = Vec::new();
    while begun.elapsed() < time {
        let (kept, committed) = oneshot::channel();
        let sent = Instant::now();
        jobs.send(kept).map_err(|_| anyhow!("the writing thread ended"))?;
        committed.await.context("a commit failed")?;
        latencies.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    Ok(latencies)
}

fn write(connection: &Connection, recorded: &Recorded, waiting: &mpsc::Receiver<oneshot::Sender<()>>) -> Result<()> {
    let mut rows = recorded.rows.clone();
    let mut inserts = rows.iter().map(|row| connection.prepare(&row.insert)).collect::<Result<Vec<_>, _>>()?;
    let mut begin = connection.prepare("BEGIN IMMEDIATE")?;
    let mut commit = connection.prepare("COMMIT")?;
    let mut names = Names(0);
    while let Ok(first) = waiting.recv() {
        let batch: Vec<_> = std::iter::once(first).chain(waiting.try_iter()).collect();
        begin.execute([])?;
        for _ in &batch {
            keep(connection, &mut rows, &mut inserts, &mut names)?;
        }
        commit.execute([])?;
        for kept in batch {
            // Who submits waits for this; where it is gone, so is the run.
            let _ = kept.send(());
        }
    }
    Ok(())
}

/// Writes the rows once more, under names of their own; the request comes first, the others belong to its number.
fn keep(
    connection: &Connection,
    rows: &mut [Kept],
    inserts: &mut [Statement<'_>],
    names: &mut Names,
) -> rusqlite::Result<()> {
    let mut number = None;
    for (row, insert) in rows.iter_mut().zip(inserts) {
        for (column, value) in row.columns.iter().zip(&mut row.values) {
            match (column.as_str(), &value) {
                ("request", _) => *value = number.map_or(Value::Null, Value::Integer),
                ("id" | "key", Value::Blob(bytes)) => *value = Value::Blob(names.blob(bytes.len())),
                ("reference", Value::Text(text)) => *value = Value::Text(names.text(text.len())),
                _ => {}
            }
        }
        insert.execute(params_from_iter(&row.values))?;
        number = number.or_else(|| Some(connection.last_insert_rowid()));
    }
    Ok(())
}

/// Names that differ and lie anywhere, as random ones do (SplitMix64).
struct Names(u64);

impl Names {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn blob(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            bytes.extend(self.next().to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }

    fn text(&mut self, length: usize) -> String {
        let digits = format!("{:016x}", self.next());
        digits.chars().cycle().take(length).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_request_wrote_is_written_again_under_other_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, other) = (folder.path().join("one.db"), folder.path().join("other.db"));
        let database = Connection::open(&one).expect("a database");
        database
            .execute_batch(
                "CREATE TABLE requests (number INTEGER PRIMARY KEY, id BLOB UNIQUE, reference TEXT UNIQUE, margin BLOB);
                 CREATE TABLE bookings (request INTEGER PRIMARY KEY REFERENCES requests (number));
                 CREATE TABLE idempotency (key BLOB UNIQUE, request INTEGER REFERENCES requests (number));
                 CREATE TABLE outbox (id BLOB UNIQUE, request INTEGER REFERENCES requests (number));
                 INSERT INTO requests (id, reference, margin) VALUES (zeroblob(16), 'PS-1234567', zeroblob(4096));
                 INSERT INTO idempotency SELECT zeroblob(32), number FROM requests;
                 INSERT INTO outbox SELECT zeroblob(16), number FROM requests",
            )
            .expect("a schema");
        let recorded = Recorded::newest(&one).expect("a request");
        assert_eq!(recorded.rows(), 3);
        let writer = Writer::start(&other, recorded).expect("a writer");
        let load = writer.load(4, Duration::from_millis(20)).expect("commits");
        writer.finish().expect("no failure");
        let count: i64 = Connection::open(&other)
            .and_then(|database| {
                database.query_row(
                    "SELECT count(*) FROM requests JOIN idempotency ON request = number JOIN outbox USING (request)
                     WHERE length(margin) = 4096 AND length(reference) = 10",
                    [],
                    |row| row.get(0),
                )
            })
            .expect("a count");
        assert!(load.answered > 0);
        assert_eq!(count.unsigned_abs(), load.answered);
    }
}
