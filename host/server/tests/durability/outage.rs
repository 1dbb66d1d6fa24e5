//! The mail server is down for an hour, and letters wait.

use std::{
    collections::HashSet,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use porchlight_testkit::{Host, PATIENCE, SmtpSink, TurnableClock, mail::free_port, wait_until};
use reqwest::{Client, StatusCode};

use crate::{binary, in_full, letters, visitors::submit};

/// Submissions while the mail server works, to compare with; and while it is down. Each has two letters.
struct Extent {
    before: usize,
    meanwhile: usize,
}

impl Extent {
    fn of_this_run() -> Self {
        match in_full() {
            true => Self { before: 1_000, meanwhile: 5_000 },
            false => Self { before: 100, meanwhile: 200 },
        }
    }
}

/// How far the clock is turned at once: further than the mail server is ever left to rest.
const STEP: Duration = Duration::from_secs(20 * 60);

/// So many of them are an hour.
const STEPS: usize = 3;

/// If no letter came for so long, none is on its way.
const PAUSE: Duration = Duration::from_secs(10);

/// How much slower a visitor may be answered, in the middle, while letters wait.
const SLOWER: f64 = 2.0;

#[tokio::test(flavor = "multi_thread")]
async fn hour_without_mail_server_loses_no_letter_repeats_none_and_slows_no_visitor() -> Result<()> {
    let Extent { before, meanwhile } = Extent::of_this_run();
    let (port, mut clock, data) = (free_port()?, TurnableClock::new()?, tempfile::tempdir()?);
    let host = Host::start(binary(), letters::options(data.path(), port)?.clocked_by(&clock)).await?;

    let sink = SmtpSink::start_on(port).await?;
    let usual = submit_all(&host, "before", before).await?;
    arrive(&sink, 2 * before, &mut clock).await?;
    let mut ids = letter_ids(&sink)?;
    drop(sink);

    let slow = submit_all(&host, "meanwhile", meanwhile).await?;
    for _ in 0..STEPS {
        let before = failures(&host);
        clock.turn(STEP)?;
        wait_until("another attempt", PATIENCE, async || (failures(&host) > before).then_some(())).await?;
    }
    let attempts = failures(&host);

    let sink = SmtpSink::start_on(port).await?;
    let begun = Instant::now();
    arrive(&sink, 2 * meanwhile, &mut clock).await?;
    let took = begun.elapsed();
    ids.extend(letter_ids(&sink)?);
    host.stop().await?;

    let letters = ids.len();
    assert_eq!(letters, 2 * (before + meanwhile), "two letters for each request");
    assert_eq!(ids.into_iter().collect::<HashSet<_>>().len(), letters, "none of them twice");
    println!("{} letters waited for an hour, {attempts} attempts failed; then they took {took:.1?}", 2 * meanwhile);
    println!("{:<36} {:>9} {:>9}", "submissions", "p50", "p99");
    for (name, times) in [("mail works", &usual), ("mail is down, letters wait", &slow)] {
        println!("{name:<36} {:>6.2} ms {:>6.2} ms", at(times, 50), at(times, 99));
    }
    let ratio = at(&slow, 50) / at(&usual, 50);
    assert!(ratio < SLOWER, "visitors are answered {ratio:.1} times as slowly");
    Ok(())
}

/// Submits one message after the other, for how long each took, sorted.
async fn submit_all(host: &Host, name: &str, count: usize) -> Result<Vec<Duration>> {
    let http = Client::new();
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        let begun = Instant::now();
        let answer = submit(&http, host.address(), &format!("{name}-{number}")).await?;
        times.push(begun.elapsed());
        assert_eq!(answer.status(), StatusCode::CREATED);
    }
    times.sort_unstable();
    Ok(times)
}

/// Milliseconds of the one at this place of a hundred.
fn at(times: &[Duration], place: usize) -> f64 {
    times[(times.len() - 1) * place / 100].as_secs_f64() * 1_000.0
}

/// Waits for letters; where none come any more the clock goes on, for those that wait for their next attempt. It stays below two
/// hours altogether: then promises would be near their end, and further letters would say so.
async fn arrive(sink: &SmtpSink, count: usize, clock: &mut TurnableClock) -> Result<()> {
    let mut arrived = 0;
    for _ in 0..2 {
        while let Some(more) = arriving(sink, arrived, count).await? {
            arrived = more;
        }
        if arrived >= count {
            return Ok(());
        }
        clock.turn(STEP)?;
    }
    bail!("{arrived} of {count} letters arrived")
}

/// How many letters are there, as soon as there are more than so many or the last of them is; none if no more come.
async fn arriving(sink: &SmtpSink, arrived: usize, count: usize) -> Result<Option<usize>> {
    if arrived >= count {
        return Ok(None);
    }
    let more = async || Some(sink.count()).filter(|there| !there.as_ref().is_ok_and(|there| *there <= arrived));
    wait_until("another letter", PAUSE, more).await.ok().transpose()
}

fn letter_ids(sink: &SmtpSink) -> Result<Vec<String>> {
    sink.mails()?.into_iter().map(|mail| mail.message_id.context("a Message-ID")).collect()
}

/// Attempts that failed so far, as the log says.
fn failures(host: &Host) -> usize {
    host.log().lines().filter(|line| line.contains("could not be reached")).count()
}
