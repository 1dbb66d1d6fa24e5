//! How long a report takes of ever so many requests: `cargo run --example reports -p porchlight-store [FOLDER]`.
//!
//! What it takes depends on how many hours there were requests in, not on how many requests: here all hours of 92 days, each way, by
//! either form, with a hundred topics and a hundred searches a day.

#[path = "../tests/drafts/mod.rs"]
mod drafts;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{ToSpan, civil::Date};
use porchlight_model::{
    form::FormKind,
    measure::{Concern, Count, Measures, Place, Span, Tally},
    request::Origin,
};
use porchlight_store::{Acceptance, Days, MeasureStore, Settings, SqliteStore, Store, Unfound};

const CLIENTS: u32 = 256;
const ROUNDS: usize = 200;
const DAYS: u32 = 92;
/// Requests in each cell of each day.
const EACH: u32 = 2;

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(folder)?;
    let store = Arc::new(SqliteStore::open(&folder.path().join("store.db"), Settings::default())?);
    let count = DAYS * 24 * 8 * EACH;
    let begun = Instant::now();
    fill(&store, count).await?;
    println!("{count} requests kept in {:.0} s", begun.elapsed().as_secs_f64());
    let days = Days { from: day(0)?, to: day(DAYS - 1)? };
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let report = store.report("pet-shop", days).await?;
        times.push(begun.elapsed());
        assert_eq!(report.total().of(Count::Requests), count);
    }
    times.sort_unstable();
    let at = |share: usize| times[(ROUNDS - 1) * share / 100].as_secs_f64() * 1_000.0;
    println!("report of {DAYS} days: p50 {:.1} ms, p99 {:.1} ms", at(50), at(99));
    Ok(())
}

fn day(number: u32) -> Result<Date, jiff::Error> {
    Date::constant(2026, 8, 1).checked_add(i64::from(number).days())
}

async fn fill(store: &Arc<SqliteStore>, count: u32) -> Result<(), Failed> {
    for number in 0..DAYS {
        let day = day(number)?;
        let unfound =
            |word| Unfound { site: "pet-shop".to_owned(), day, words: format!("слово {word}"), searches: 1 };
        store.count_searches((0..100).map(unfound).collect()).await?;
    }
    let clients = (0..CLIENTS).map(|client| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            for number in (client..count).step_by(CLIENTS as usize) {
                let measures = Some(measures(number)?);
                store.accept(Acceptance { measures, ..drafts::acceptance(number) }).await?;
            }
            Ok::<_, Failed>(())
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await??;
    }
    Ok(())
}

fn measures(number: u32) -> Result<Measures, jiff::Error> {
    let (cell, day) = (number / DAYS, day(number % DAYS)?);
    let mut tally = Tally::default();
    [Count::Requests, Count::Kept, Count::Resolved].into_iter().for_each(|count| tally.count(count));
    // As different as those of fifty requests in each hour are.
    for more in 0..25 {
        for span in [Span::FirstReply, Span::FirstReplyInHours, Span::Resolution] {
            tally.time(span, 60 << (more % 16));
        }
    }
    let place = Place {
        day,
        hour: u8::try_from(cell % 24).unwrap_or(0),
        channel: Origin::ALL[(cell / 24 % 4) as usize],
        form: FormKind::ALL[(cell / 96 % 2) as usize],
        concern: Concern::ALL[(number % 3) as usize],
        topic: Some(format!("Тема {}", number % 100)),
    };
    Ok(Measures { place, tally })
}
