//! A disk that fails to sync: every `fsync` and `fdatasync` of the running host is answered with EIO.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, Strace};
use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::{
    binary,
    kept::{ensure_intact, ensure_none_lost, kept},
    visitors::{Acknowledged, ensure_clear, submit},
};

const FAIL_EVERY_SYNC: [&str; 2] = ["--trace=fsync,fdatasync", "--inject=fsync,fdatasync:error=EIO"];

/// Submits under each key, which must be acknowledged.
async fn submit_all(http: &Client, host: &Host, keys: impl IntoIterator<Item = String>) -> Result<Vec<Acknowledged>> {
    let mut all = Vec::new();
    for key in keys {
        let answer = submit(http, host.address(), &key).await?;
        assert_eq!(answer.status(), StatusCode::CREATED, "{key}");
        all.push(Acknowledged::read(&key, answer).await?);
    }
    Ok(all)
}

fn keys(name: &'static str, count: usize) -> impl Iterator<Item = String> {
    (0..count).map(move |number| format!("{name}-{number}"))
}

async fn ensure_readable(host: &Host, acknowledged: &[Acknowledged]) -> Result<()> {
    assert_eq!(host.get("/v1/sites/pet-shop/offer").send().await?.status(), StatusCode::OK);
    for Acknowledged { token, reference, .. } in acknowledged {
        let request: Value = host.get("/v1/request").bearer_auth(token).send().await?.json().await?;
        assert_eq!(request["reference"], reference.as_str());
    }
    Ok(())
}

async fn readiness(host: &Host) -> Result<StatusCode> {
    Ok(host.get("/readyz").send().await?.status())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_sync_nothing_is_acknowledged_readiness_is_red_and_reading_works() -> Result<()> {
    let data = tempfile::tempdir()?;
    let start = || Host::start(binary(), HostOptions::demo().data(data.path()).unlimited());
    let host = start().await?;
    let http = Client::new();
    let acknowledged = submit_all(&http, &host, keys("before", 10)).await?;

    let Some(strace) = Strace::attach(host.process(), &FAIL_EVERY_SYNC).await? else { return Ok(()) };
    let mut crowd = JoinSet::new();
    for key in keys("during", 40) {
        let (http, address) = (http.clone(), host.address().to_owned());
        crowd.spawn(async move { submit(&http, &address, &key).await });
    }
    for answer in crowd.join_all().await {
        ensure_clear(answer?).await?;
    }
    assert_eq!(readiness(&host).await?, StatusCode::SERVICE_UNAVAILABLE);
    for key in keys("during", 5) {
        ensure_clear(submit(&http, host.address(), &key).await?).await?;
    }
    ensure_readable(&host, &acknowledged).await?;
    assert_eq!(readiness(&host).await?, StatusCode::SERVICE_UNAVAILABLE, "it stays red");

    host.kill()?;
    let trace = strace.detach().await?;
    let failed = trace.lines().filter(|line| line.contains("porchlight.db") && line.contains("EIO")).count();
    assert!(failed > 0, "no sync has failed:\n{trace}");
    assert!(trace.lines().all(|line| !line.ends_with(" = 0")), "a sync went well:\n{trace}");

    let host = start().await?;
    ensure_intact(data.path())?;
    ensure_readable(&host, &acknowledged).await?;
    let retried = submit_all(&http, &host, keys("during", 40)).await?;
    let kept = kept(data.path()).await?;
    ensure_none_lost(&acknowledged, &kept)?;
    ensure_none_lost(&retried, &kept)?;
    assert_eq!(kept.len(), acknowledged.len() + retried.len(), "whoever was refused and tried again is there once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn once_the_disk_syncs_again_the_host_keeps_requests_again_without_a_restart() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = Host::start(binary(), HostOptions::demo().data(data.path()).unlimited()).await?;
    let http = Client::new();
    let mut acknowledged = submit_all(&http, &host, keys("before", 3)).await?;
    let Some(strace) = Strace::attach(host.process(), &FAIL_EVERY_SYNC).await? else { return Ok(()) };
    for key in keys("during", 3) {
        ensure_clear(submit(&http, host.address(), &key).await?).await?;
    }
    strace.detach().await?;
    assert_eq!(readiness(&host).await?, StatusCode::OK);
    acknowledged.extend(submit_all(&http, &host, keys("during", 3)).await?);

    let log = host.log();
    let position = |what: &str| log.find(what).with_context(|| format!("`{what}` in the log:\n{log}"));
    assert!(position("the database failed; nothing is kept")? < position("the database works again")?);
    host.kill()?;
    let kept = kept(data.path()).await?;
    ensure_none_lost(&acknowledged, &kept)?;
    assert_eq!(kept.len(), acknowledged.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn host_started_while_syncs_fail_reads_on_and_does_not_acknowledge_what_it_finds_unsynced() -> Result<()> {
    let data = tempfile::tempdir()?;
    let options = || HostOptions::demo().data(data.path()).unlimited();
    let host = Host::start(binary(), options()).await?;
    let http = Client::new();
    let mut acknowledged = submit_all(&http, &host, keys("before", 5)).await?;
    let Some(_strace) = Strace::attach(host.process(), &FAIL_EVERY_SYNC).await? else { return Ok(()) };
    ensure_clear(submit(&http, host.address(), "unsynced").await?).await?;
    host.kill()?;

    let host = Host::start_unready(binary(), options().through(Strace::entrance(&FAIL_EVERY_SYNC)?)).await?;
    ensure_readable(&host, &acknowledged).await?;
    assert_eq!(readiness(&host).await?, StatusCode::SERVICE_UNAVAILABLE);
    for key in ["unsynced", "another"] {
        ensure_clear(submit(&http, host.address(), key).await?).await?;
    }
    host.kill()?;

    let host = Host::start(binary(), options()).await?;
    acknowledged.extend(submit_all(&http, &host, ["unsynced", "another"].map(str::to_owned)).await?);
    ensure_intact(data.path())?;
    let kept = kept(data.path()).await?;
    ensure_none_lost(&acknowledged, &kept)?;
    assert_eq!(kept.len(), acknowledged.len());
    Ok(())
}
