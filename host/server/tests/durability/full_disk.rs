//! A disk without room: a small one, filled with submissions.

use std::{
    fs, iter,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, SmallDisk, wait_until};
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::{
    binary,
    kept::{ensure_intact, ensure_none_lost, kept},
    visitors::{Acknowledged, ensure_clear, submit},
};

/// The disk, and the file on it that is deleted to make room.
const DISK_MEBIBYTES: u32 = 24;
const BALLAST_BYTES: usize = 12 << 20;

const VISITORS: usize = 8;

/// The time in which a host has to keep requests again once there is room.
const RECOVERY: Duration = Duration::from_secs(5);

fn options(disk: &SmallDisk) -> HostOptions {
    HostOptions::demo().on(disk).unlimited()
}

/// What one visitor was told until there was no room.
struct Told {
    acknowledged: Vec<Acknowledged>,
    refused_key: String,
    refusal: Response,
}

/// Submits until it is refused.
async fn fill(address: String, number: usize) -> Result<Told> {
    let http = Client::new();
    let mut acknowledged = Vec::new();
    loop {
        let key = format!("{number}-{}", acknowledged.len());
        let answer = submit(&http, &address, &key).await?;
        if answer.status() != StatusCode::CREATED {
            return Ok(Told { acknowledged, refused_key: key, refusal: answer });
        }
        acknowledged.push(Acknowledged::read(&key, answer).await?);
    }
}

/// A host on a small disk that several visitors have filled.
struct Filled {
    disk: SmallDisk,
    host: Host,
    acknowledged: Vec<Acknowledged>,
    refused_keys: Vec<String>,
}

impl Filled {
    async fn start() -> Result<Option<Self>> {
        let Some(disk) = SmallDisk::mount(DISK_MEBIBYTES).await? else { return Ok(None) };
        fs::write(ballast(&disk), vec![1; BALLAST_BYTES])?;
        let host = Host::start(binary(), options(&disk)).await?;
        let mut filling = JoinSet::new();
        for number in 0..VISITORS {
            filling.spawn(fill(host.address().to_owned(), number));
        }
        let (mut acknowledged, mut refused_keys) = (Vec::new(), Vec::new());
        for told in filling.join_all().await {
            let told = told?;
            ensure_clear(told.refusal).await?;
            acknowledged.extend(told.acknowledged);
            refused_keys.push(told.refused_key);
        }
        Ok(Some(Self { disk, host, acknowledged, refused_keys }))
    }

    /// Some of the acknowledged ones, from the first to the last.
    fn some(&self) -> impl Iterator<Item = &Acknowledged> {
        self.acknowledged.iter().step_by(1 + self.acknowledged.len() / 20)
    }

    async fn ensure_readable(&self) -> Result<()> {
        assert_eq!(self.host.get("/v1/sites/pet-shop/offer").send().await?.status(), StatusCode::OK);
        assert_eq!(self.host.get("/c/pet-shop").send().await?.status(), StatusCode::OK);
        for Acknowledged { token, reference, .. } in self.some() {
            let request: Value = self.host.get("/v1/request").bearer_auth(token).send().await?.json().await?;
            assert_eq!(request["reference"], reference.as_str());
        }
        Ok(())
    }

    async fn is_ready(&self) -> Option<bool> {
        Some(self.host.get("/readyz").send().await.ok()?.status().is_success())
    }

    /// Frees the room, and waits until a submission is acknowledged and readiness is green; says how long that took.
    async fn recover(&mut self) -> Result<Duration> {
        fs::remove_file(ballast(&self.disk))?;
        let freed = Instant::now();
        let http = Client::new();
        let first = wait_until("room for a submission", RECOVERY, async || {
            let answer = submit(&http, self.host.address(), "room").await.ok()?;
            (answer.status() == StatusCode::CREATED).then_some(answer)
        });
        let first = Acknowledged::read("room", first.await?).await?;
        wait_until("green readiness", RECOVERY, async || self.is_ready().await?.then_some(())).await?;
        let took = freed.elapsed();
        self.acknowledged.push(first);
        Ok(took)
    }
}

fn ballast(disk: &SmallDisk) -> std::path::PathBuf {
    disk.seen_from_outside().join("ballast")
}

/// A copy of the data folder of a host that has ended, where everybody can look into it.
fn copied(disk: &SmallDisk) -> Result<TempDir> {
    let copy = tempfile::tempdir()?;
    let files = fs::read_dir(disk.seen_from_outside().join("data"))?;
    for file in files.collect::<Result<Vec<_>, _>>()?.iter().filter(|file| file.path().is_file()) {
        fs::copy(file.path(), copy.path().join(file.file_name()))?;
    }
    Ok(copy)
}

async fn ensure_all_kept(data: &Path, acknowledged: &[Acknowledged]) -> Result<()> {
    ensure_intact(data)?;
    let kept = kept(data).await?;
    ensure_none_lost(acknowledged, &kept)?;
    assert_eq!(kept.len(), acknowledged.len(), "what was refused is not there");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn full_disk_is_a_clear_503_reading_works_and_room_is_used_again_within_five_seconds() -> Result<()> {
    let Some(mut filled) = Filled::start().await? else { return Ok(()) };
    let count = filled.acknowledged.len();
    assert!(count > 20, "only {count} were acknowledged before the disk was full");
    wait_until("red readiness", RECOVERY, async || (!filled.is_ready().await?).then_some(())).await?;
    filled.ensure_readable().await?;

    let took = filled.recover().await?;
    println!("{count} acknowledged until the disk was full; {took:?} after there was room they are again");
    assert!(took <= RECOVERY, "{took:?}");
    let http = Client::new();
    for key in &filled.refused_keys {
        let answer = submit(&http, filled.host.address(), key).await?;
        assert_eq!(answer.status(), StatusCode::CREATED, "{key}");
        filled.acknowledged.push(Acknowledged::read(key, answer).await?);
    }
    filled.ensure_readable().await?;
    filled.host.stop().await?;
    ensure_all_kept(copied(&filled.disk)?.path(), &filled.acknowledged).await
}

#[tokio::test(flavor = "multi_thread")]
async fn host_killed_and_started_again_on_a_full_disk_reads_on_and_keeps_again_once_there_is_room() -> Result<()> {
    let Some(mut filled) = Filled::start().await? else { return Ok(()) };
    filled.host.kill()?;
    let rest = iter::repeat_n(1, BALLAST_BYTES).collect::<Vec<u8>>();
    let refused = fs::write(filled.disk.seen_from_outside().join("rest"), rest);
    refused.err().context("the disk had room left")?;
    filled.host = Host::start_unready(binary(), options(&filled.disk)).await?;
    filled.ensure_readable().await?;
    let answer = submit(&Client::new(), filled.host.address(), "full").await?;
    ensure_clear(answer).await?;

    filled.recover().await?;
    filled.host.kill()?;
    ensure_all_kept(copied(&filled.disk)?.path(), &filled.acknowledged).await
}
