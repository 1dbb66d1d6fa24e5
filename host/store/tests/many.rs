//! Lists and searches among very many requests take no longer than among few. Of the requests one in a hundred is open, the later
//! ones rather than the earlier. With `PORCHLIGHT_FULL` there are a million of them: 5 GB in the temporary folder, and some minutes.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says so by panicking")]

mod drafts;

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use porchlight_model::{
    agent::AgentId,
    finding::Wanted,
    request::{Actor, Status},
};
use porchlight_store::{Acceptance, AgentStore, RequestQuery, Settings, SqliteStore, Store};
use tempfile::TempDir;

const FEW: u32 = 2_000;
const CLIENTS: u32 = 256;
const ROUNDS: usize = 200;

/// How much longer a query may take among many than among few, in the middle; what takes less than [`QUICK`] is as good as that.
const SLOWER: f64 = 4.0;
const QUICK: Duration = Duration::from_millis(1);

type Failed = Box<dyn Error + Send + Sync>;

/// A store with so many requests of one site.
struct Filled {
    store: Arc<SqliteStore>,
    _folder: TempDir,
}

#[tokio::test(flavor = "multi_thread")]
async fn among_very_many_requests_every_query_is_as_quick_as_among_few() -> Result<(), Failed> {
    let very_many = if std::env::var_os("PORCHLIGHT_FULL").is_some() { 1_000_000 } else { 20_000 };
    let few = Filled::with(FEW).await?;
    let many = Filled::with(very_many).await?;
    println!("{:<34} {:>6} {:>12} {:>12} {:>12}", "query", "found", "p50 of few", "p50", "p99");
    for ((name, of_few), (_, of_many)) in queries(FEW).into_iter().zip(queries(very_many)) {
        let (few, _) = few.times(&of_few).await?;
        let (many, found) = many.times(&of_many).await?;
        println!("{name:<34} {found:>6} {:>9.2} ms {:>9.2} ms {:>9.2} ms", at(&few, 50), at(&many, 50), at(&many, 99));
        let ratio = at(&many, 50) / at(&few, 50).max(QUICK.as_secs_f64() * 1_000.0);
        assert!(ratio < SLOWER, "{name}: {ratio:.1} times as long among {very_many} as among {FEW}");
    }
    Ok(())
}

impl Filled {
    async fn with(count: u32) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let store = Arc::new(SqliteStore::open(&folder.path().join("store.db"), Settings::default())?);
        let begun = Instant::now();
        let clients = (0..CLIENTS).map(|client| {
            let store = Arc::clone(&store);
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
        store.accept(draft(count, count)).await?;
        println!("{count} requests kept in {:.0} s", begun.elapsed().as_secs_f64());
        Ok(Self { store, _folder: folder })
    }

    /// How long a query takes, sorted, and how many requests it finds.
    async fn times(&self, query: &RequestQuery) -> Result<(Vec<Duration>, usize), Failed> {
        let (mut times, mut found) = (Vec::with_capacity(ROUNDS), 0);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            found = self.store.find_requests(query.clone()).await?.requests.len();
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        Ok((times, found))
    }
}

/// Milliseconds of the one at this place of a hundred.
fn at(times: &[Duration], place: usize) -> f64 {
    times[(times.len() - 1) * place / 100].as_secs_f64() * 1_000.0
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
