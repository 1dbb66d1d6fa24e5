//! How long keeping a request takes while others send large files: `cargo run --release --example uploads -p porchlight-store [FOLDER]`.
//!
//! Eight clients submit one request after the other; first alone, then while two others send files of 8 MiB one after the other,
//! and while those are erased.

#[path = "../tests/drafts/mod.rs"]
mod drafts;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use porchlight_store::{AttachmentStore, NewAttachment, Settings, SqliteStore, Store};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

const CLIENTS: u32 = 8;
const PHASE: Duration = Duration::from_secs(10);
const FILE: usize = 8 << 20;

static NUMBER: AtomicU32 = AtomicU32::new(1);

#[tokio::main]
async fn main() -> Outcome<()> {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(folder)?;
    let store = Arc::new(SqliteStore::open(&folder.path().join("store.db"), Settings::default())?);
    submitted(&store, "alone").await?;
    let stop = Arc::new(AtomicBool::new(false));
    let senders: Vec<_> = (0..2).map(|_| tokio::spawn(sending(Arc::clone(&store), Arc::clone(&stop)))).collect();
    submitted(&store, "while files are sent").await?;
    stop.store(true, Ordering::Relaxed);
    let mut sent = 0;
    for sender in senders {
        sent += sender.await??;
    }
    println!("{sent} files of 8 MiB were kept meanwhile");
    let sweeping = tokio::spawn({
        let store = Arc::clone(&store);
        async move { store.sweep_attachments(Timestamp::MAX).await }
    });
    submitted(&store, "while they are swept away").await?;
    println!("{} files are gone", sweeping.await??);
    Ok(())
}

/// Submits for a while, and says how long that took.
async fn submitted(store: &Arc<SqliteStore>, phase: &str) -> Outcome<()> {
    let until = Instant::now() + PHASE;
    let clients = (0..CLIENTS).map(|_| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            let mut took = Vec::new();
            while Instant::now() < until {
                let begun = Instant::now();
                store.accept(drafts::acceptance(NUMBER.fetch_add(1, Ordering::Relaxed))).await?;
                took.push(begun.elapsed());
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok::<_, porchlight_store::AcceptError>(took)
        })
    });
    let mut took = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        took.extend(client.await??);
    }
    took.sort();
    let at = |share: usize| took.get(took.len() * share / 1_000).copied().unwrap_or_default();
    println!("{phase}: {} requests, p50 {:.1?}, p99 {:.1?}, p99.9 {:.1?}", took.len(), at(500), at(990), at(999));
    Ok(())
}

async fn sending(store: Arc<SqliteStore>, stop: Arc<AtomicBool>) -> Outcome<u32> {
    let mut sent = 0;
    while !stop.load(Ordering::Relaxed) {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let id = Uuid::from_u128(u128::from(number));
        let content = number.to_le_bytes().repeat(FILE / 4);
        let file = NewAttachment { id, site: "pet-shop".to_owned(), content };
        store.keep_attachment(file, u64::MAX, Timestamp::UNIX_EPOCH).await?;
        sent += 1;
    }
    Ok(sent)
}
