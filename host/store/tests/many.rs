//! Lists, searches and reports among very many requests take no longer than among few. Of the requests one in a hundred is open, the
//! later ones rather than the earlier; they came in all hours of 92 days, each way and by either form. With `PORCHLIGHT_FULL` there are a
//! million of them: 5 GB in the temporary folder, and some minutes.

mod drafts;

use std::{
    error::Error,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::{ToSpan, civil::Date};
use porchlight_model::{
    agent::AgentId,
    finding::Wanted,
    form::FormKind,
    measure::{Concern, Count, Measures, Place, Span, Tally},
    request::{Actor, Origin, Status},
};
use porchlight_store::{
    Acceptance, AgentStore, Days, LookedFor, MeasureStore, RequestQuery, Settings, SqliteStore, Store, Unfound,
};
use tempfile::TempDir;

/// Enough for a report to have all that it can have in it.
const FEW: u32 = DAYS * 24 * 8;
const DAYS: u32 = 92;
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
    let very_many = if std::env::var_os("PORCHLIGHT_FULL").is_some() { 1_000_000 } else { 40_000 };
    let few = Filled::with(FEW).await?;
    let many = Filled::with(very_many).await?;
    println!("{:<34} {:>12} {:>12} {:>12}", "query", "p50 of few", "p50", "p99");
    for ((name, of_few), (_, of_many)) in queries(FEW).into_iter().zip(queries(very_many)) {
        compare(name, &few.finding(&of_few).await?, &many.finding(&of_many).await?);
    }
    compare("report of 92 days", &few.reporting(FEW).await?, &many.reporting(very_many).await?);
    Ok(())
}

fn compare(name: &str, few: &[Duration], many: &[Duration]) {
    println!("{name:<34} {:>9.2} ms {:>9.2} ms {:>9.2} ms", at(few, 50), at(many, 50), at(many, 99));
    let ratio = at(many, 50) / at(few, 50).max(QUICK.as_secs_f64() * 1_000.0);
    assert!(ratio < SLOWER, "{name}: {ratio:.1} times as long among many as among few");
}

impl Filled {
    async fn with(count: u32) -> Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let store = Arc::new(SqliteStore::open(&folder.path().join("store.db"), Settings::default())?);
        let begun = Instant::now();
        for number in 0..DAYS {
            let day = day(number)?;
            let word =
                |word| Unfound { site: "pet-shop".to_owned(), day, words: format!("слово {word}"), searches: 1 };
            store.count_searches((0..100).map(word).collect()).await?;
        }
        let clients = (0..CLIENTS).map(|client| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for number in (client..count).step_by(CLIENTS as usize) {
                    store.accept(draft(number, count)?).await?;
                }
                Ok::<_, Failed>(())
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await??;
        }
        store.accept(draft(count, count)?).await?;
        println!("{count} requests kept in {:.0} s", begun.elapsed().as_secs_f64());
        Ok(Self { store, _folder: folder })
    }

    /// How long a query takes, sorted.
    async fn finding(&self, query: &RequestQuery) -> Result<Vec<Duration>, Failed> {
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            self.store.find_requests(query.clone()).await?;
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        Ok(times)
    }

    /// How long a report of all these requests takes, sorted.
    async fn reporting(&self, count: u32) -> Result<Vec<Duration>, Failed> {
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let report = self.store.report("pet-shop", Days { from: day(0)?, to: day(DAYS - 1)? }).await?;
            times.push(begun.elapsed());
            assert_eq!(report.total().of(Count::Requests), count + 1);
        }
        times.sort_unstable();
        Ok(times)
    }
}

/// Milliseconds of the one at this place of a hundred.
fn at(times: &[Duration], place: usize) -> f64 {
    times[(times.len() - 1) * place / 100].as_secs_f64() * 1_000.0
}

fn draft(number: u32, count: u32) -> Result<Acceptance, jiff::Error> {
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
    draft.measures = Some(measures(number)?);
    Ok(draft)
}

fn day(number: u32) -> Result<Date, jiff::Error> {
    Date::constant(2026, 8, 1).checked_add(i64::from(number).days())
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

fn agent(number: u32) -> AgentId {
    AgentId(uuid::Uuid::from_u128(u128::from(number)))
}

fn queries(count: u32) -> Vec<(&'static str, RequestQuery)> {
    let all = RequestQuery { site: "pet-shop".to_owned(), limit: 50, ..RequestQuery::default() };
    let looking = |looked_for| RequestQuery { looked_for: Some(looked_for), ..all.clone() };
    let text = |written: &str| match Wanted::read(written, Some("RU")) {
        Some(Wanted::Text(sought)) => looking(LookedFor::Text(sought)),
        other => panic!("`{written}` is {other:?}"),
    };
    let last = format!("посетитель {count}");
    let hashes = drafts::acceptance(count / 2).contacts.iter().map(|contact| contact.hash).collect();
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
        ("text, found", text(&last)),
        ("text, not found", text("такого нет")),
        ("of one person", looking(LookedFor::Person(hashes))),
    ]
}
