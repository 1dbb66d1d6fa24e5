//! How many requests a second are kept durably: `cargo run --example throughput -p porchlight-store [FOLDER]`.
//!
//! 64 clients submit one request after the other; beside it, the same rows written by bare SQLite, 64 a commit.

#[path = "../tests/drafts/mod.rs"]
mod drafts;

use std::{path::Path, sync::Arc, time::Instant};

use porchlight_store::{Accepted, Settings, SqliteStore, Store};
use rusqlite::{Connection, TransactionBehavior, params};

const CLIENTS: u32 = 64;
const REQUESTS: u32 = 64 * 200;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(folder)?;
    let (per_second, commits) = accepted(&folder.path().join("store.db")).await?;
    println!("store: {per_second:.0} requests/s, {commits} commits for {REQUESTS} requests");
    println!("bare SQLite, {CLIENTS} a commit: {:.0} requests/s", bare(&folder.path().join("bare.db"))?);
    Ok(())
}

async fn accepted(path: &Path) -> Result<(f64, u64), Box<dyn std::error::Error + Send + Sync>> {
    let store = Arc::new(SqliteStore::open(path, Settings::default())?);
    let begun = Instant::now();
    let clients = (0..CLIENTS).map(|client| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            for number in (client..REQUESTS).step_by(CLIENTS as usize) {
                assert_eq!(store.accept(drafts::acceptance(number)).await?, Accepted::New);
            }
            Ok::<_, porchlight_store::AcceptError>(())
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await??;
    }
    Ok((f64::from(REQUESTS) / begun.elapsed().as_secs_f64(), store.commits()))
}

fn bare(path: &Path) -> Result<f64, Box<dyn std::error::Error + Send + Sync>> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = full;
         CREATE TABLE requests (id BLOB NOT NULL UNIQUE, reference TEXT NOT NULL UNIQUE, document TEXT NOT NULL) STRICT;
         CREATE TABLE outbox (id BLOB NOT NULL UNIQUE, payload TEXT NOT NULL) STRICT",
    )?;
    let begun = Instant::now();
    for batch in 0..REQUESTS / CLIENTS {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for number in batch * CLIENTS..(batch + 1) * CLIENTS {
            let kept = drafts::acceptance(number);
            let id = kept.request.id.0.as_bytes();
            let document = serde_json::to_string(&kept.request)?;
            transaction
                .prepare_cached("INSERT INTO requests (id, reference, document) VALUES (?1, ?2, ?3)")?
                .execute(params![id, kept.request.reference.as_str(), document])?;
            let payload = serde_json::to_string(&kept.deliveries[0].payload)?;
            transaction
                .prepare_cached("INSERT INTO outbox (id, payload) VALUES (?1, ?2)")?
                .execute(params![id, payload])?;
        }
        transaction.commit()?;
    }
    Ok(f64::from(REQUESTS) / begun.elapsed().as_secs_f64())
}
