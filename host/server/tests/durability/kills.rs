//! `kill -9` under load, again and again.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample, wait_until};
use reqwest::Client;
use serde_json::Value;

use crate::{
    binary, in_full,
    kept::{ensure_intact, ensure_none_lost, kept},
    visitors::{Acknowledged, Visitors, submit},
};

const VISITORS: usize = 24;

/// How long a share of the load may take on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The time in which a host has to be ready after a kill.
const READY: Duration = Duration::from_secs(1);

/// How often the process is killed, and how much is acknowledged in all.
fn extent() -> (usize, usize) {
    if in_full() { (50, 100_000) } else { (5, 1_000) }
}

/// Numbers that nobody foresaw (SplitMix64).
struct Chance(u64);

impl Chance {
    fn new() -> Self {
        let seed = RandomState::new().hash_one("kills");
        println!("seed {seed}");
        Self(seed)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % limit as u64).unwrap_or_default()
    }
}

async fn reach(visitors: &Visitors, acknowledged: usize) -> Result<()> {
    let what = format!("{acknowledged} acknowledged submissions");
    wait_until(&what, PATIENCE, async || (visitors.acknowledged() >= acknowledged).then_some(())).await
}

/// Prints the least, the median and the most, and gives the median.
fn say(what: &str, times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    let median = times[times.len() / 2];
    println!("{what}: {:?}, {median:?}, {:?}", times[0], times[times.len() - 1]);
    median
}

#[tokio::test(flavor = "multi_thread")]
async fn random_kills_under_load_lose_nothing_double_nothing_and_the_host_is_ready_within_a_second() -> Result<()> {
    let (kills, enough) = extent();
    let data = tempfile::tempdir()?;
    let options = || HostOptions::demo().data(data.path()).unlimited();
    let start = || Host::start(binary(), options());
    let mut chance = Chance::new();
    let mut host = start().await?;
    let visitors = Visitors::arrive(VISITORS, &host);
    let mut starts = Vec::new();
    for _ in 0..kills {
        // Twice the mean share of what is missing, times chance.
        let share = 1 + chance.below(2 * enough / kills);
        reach(&visitors, visitors.acknowledged() + share).await?;
        host.kill()?;
        if chance.below(3) == 0 {
            // Once more, while it is still starting.
            Host::start_unready(binary(), options()).await?.kill()?;
        }
        host = start().await?;
        starts.push(host.readiness());
        ensure_intact(data.path())?;
        visitors.go_to(&host);
    }
    reach(&visitors, enough).await?;
    let acknowledged = visitors.leave().await?;
    let kept = kept(data.path()).await?;
    ensure_none_lost(&acknowledged, &kept)?;
    assert_eq!(kept.len(), acknowledged.len(), "whoever was not answered tried again, and is there once");
    assert!(acknowledged.len() >= enough);

    println!("{kills} kills, {} acknowledged", acknowledged.len());
    say("ready after", starts.iter().map(|start| start.after));
    let median = say("without the time in line for a core", starts.iter().map(|start| start.undisturbed()));
    assert!(median <= READY, "ready after {starts:?}");
    Ok(())
}

#[tokio::test]
async fn retry_after_a_kill_is_the_same_request() -> Result<()> {
    let data = tempfile::tempdir()?;
    let start = || Host::start(binary(), HostOptions::demo().data(data.path()).unlimited());
    let host = start().await?;
    let http = Client::new();
    let first = Acknowledged::read("a", submit(&http, host.address(), "a").await?).await?;
    host.kill()?;
    let host = start().await?;
    let again = Acknowledged::read("a", submit(&http, host.address(), "a").await?).await?;
    assert_eq!((&again.reference, &again.token), (&first.reference, &first.token));
    assert_eq!(kept(data.path()).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn request_is_still_there_after_a_graceful_restart_with_its_token() -> Result<()> {
    let data = tempfile::tempdir()?;
    let start = || Host::start(binary(), HostOptions::demo().data(data.path()).unlimited());
    let host = start().await?;
    let post = host.post("/v1/sites/pet-shop/requests", &Sample::message("До утра").body());
    let receipt: Value = post.send().await?.json().await?;
    host.stop().await?;
    let host = start().await?;
    let token = receipt["tracking_token"].as_str().context("a token")?;
    let request: Value = host.get("/v1/request").bearer_auth(token).send().await?.json().await?;
    assert_eq!(request["reference"], receipt["reference"]);
    Ok(())
}
