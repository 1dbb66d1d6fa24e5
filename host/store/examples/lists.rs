//! How long lists and searches take among many requests: `cargo run --example lists -p porchlight-store [FOLDER [COUNT]]`.
//!
//! Of COUNT requests (100,000; a million takes 5 GB and some minutes) one in a hundred is open, the later ones rather than the earlier.

#[path = "../tests/drafts/mod.rs"]
mod drafts;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use porchlight_model::{
    agent::AgentId,
    finding::Wanted,
    request::{Actor, Status},
};
use porchlight_store::{Acceptance, AgentStore, RequestQuery, Settings, SqliteStore, Store};

const CLIENTS: u32 = 256;
const ROUNDS: usize = 200;

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let folder = std::env::args().nth(1).map_or_else(std::env::temp_dir, Into::into);
    let count = std::env::args().nth(2).map_or(Ok(100_000), |count| count.parse())?;
    let folder = tempfile::tempdir_in(folder)?;
    let store = Arc::new(SqliteStore::open(&folder.path().join("store.db"), Settings::default())?);
    let begun = Instant::now();
    fill(&store, count).await?;
    store.accept(draft(count, count)).await?;
    println!("{count} requests kept in {:.0} s", begun.elapsed().as_secs_f64());
    println!("{:<34} {:>6} {:>10} {:>10}", "query", "found", "p50", "p99");
    for (name, query) in queries(count) {
        measure(&store, name, &query).await?;
    }
    Ok(())
}

async fn fill(store: &Arc<SqliteStore>, count: u32) -> Result<(), Failed> {
    let clients = (0..CLIENTS).map(|client| {
        let store = Arc::clone(store);
        tokio::spawn(async move {
            for number in (client..count).step_by(CLIENTS as usize) {
                store.accept(draft(number, count)).await?;
            }
            Ok::<_, porchlight_store::AcceptError>(())
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await??;
    }
    Ok(())
}

fn draft(number: u32, count: u32) -> Acceptance {
    let mut draft = drafts::acceptance(number);
    let is_late = number > count - count / 20;
    draft.request.status = match number % 100 {
        0..10 if is_late => Status::Received,
        10..15 if is_late => Status::Accepted,
        50 if number % 200 == 50 => Status::Received,
        7 => Status::Cancelled,
        _ => Status::Resolved,
    };
    draft.request.handling.assignee = number.is_multiple_of(3).then_some(agent(number % 5));
    draft.request.requester.name = Some(format!("Посетитель {number}"));
    draft
}

fn agent(number: u32) -> AgentId {
    AgentId(uuid::Uuid::from_u128(u128::from(number)))
}

fn queries(count: u32) -> Vec<(&'static str, RequestQuery)> {
    let all = RequestQuery { site: "pet-shop".to_owned(), limit: 50, ..RequestQuery::default() };
    let wanted = |written: &str| RequestQuery { wanted: Wanted::read(written, Some("RU")), ..all.clone() };
    let last = format!("посетитель {count}");
    vec![
        ("all", all.clone()),
        ("all, from the middle", RequestQuery { before: Some(i64::from(count / 2)), ..all.clone() }),
        ("received", RequestQuery { status: Some(Status::Received), ..all.clone() }),
        ("resolved", RequestQuery { status: Some(Status::Resolved), ..all.clone() }),
        ("cancelled", RequestQuery { status: Some(Status::Cancelled), ..all.clone() }),
        ("the business's turn", RequestQuery { turn: Some(Actor::Agent), ..all.clone() }),
        ("mine", RequestQuery { assignee: Some(agent(3)), ..all.clone() }),
        ("mine and accepted", RequestQuery { assignee: Some(agent(3)), status: Some(Status::Accepted), ..all.clone() }),
        (
            "mine and in progress (none)",
            RequestQuery { assignee: Some(agent(3)), status: Some(Status::InProgress), ..all.clone() },
        ),
        ("text, found", wanted(&last)),
        ("text, not found", wanted("такого нет")),
        ("address, not found", wanted("nobody@example.com")),
    ]
}

async fn measure(store: &Arc<SqliteStore>, name: &str, query: &RequestQuery) -> Result<(), Failed> {
    let mut times: Vec<Duration> = Vec::new();
    let mut found = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        found = store.find_requests(query.clone()).await?.requests.len();
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    let at = |share: usize| times[(ROUNDS - 1) * share / 100].as_secs_f64() * 1_000.0;
    println!("{name:<34} {found:>6} {:>7.2} ms {:>7.2} ms", at(50), at(99));
    Ok(())
}
