//! A power cut while visitors submit: what was acknowledged is there afterwards, once.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample, wait_until};
use reqwest::Client;
use serde_json::Value;
use tokio::task::JoinSet;

const CLIENTS: usize = 20;

/// Acknowledged submissions after which the power is cut: more of them in the long run of the tests.
fn enough() -> usize {
    if std::env::var_os("PORCHLIGHT_FULL").is_some() { 20_000 } else { 400 }
}

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_porchlight"))
}

/// A client that submits until nobody answers any more; gives every reference with the key it was acknowledged for.
async fn submit_until_silence(url: String, client: usize, acknowledged: Arc<AtomicUsize>) -> HashMap<String, String> {
    let http = Client::new();
    let mut references = HashMap::new();
    for count in 0.. {
        let key = format!("{client}-{count}");
        let post =
            http.post(&url).header("Idempotency-Key", &key).json(&Sample::message(&format!("Вопрос {key}")).body());
        let Ok(answer) = post.send().await else { break };
        if answer.status() != reqwest::StatusCode::CREATED {
            break;
        }
        let Ok(receipt) = answer.json::<Value>().await else { break };
        references.insert(key, receipt["reference"].as_str().unwrap_or_default().to_owned());
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    references
}

/// Text of each kept request by its reference, as `requests list` tells it.
async fn kept(data: &Path) -> Result<HashMap<String, String>> {
    let list = tokio::process::Command::new(binary())
        .args(["requests", "list", "--json", "--limit", "1000000", "--data"])
        .arg(data)
        .output()
        .await?;
    anyhow::ensure!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
    let mut kept = HashMap::new();
    for line in String::from_utf8(list.stdout)?.lines() {
        let request: Value = serde_json::from_str(line)?;
        let reference = request["reference"].as_str().context("a reference")?.to_owned();
        let text = request["entries"][0]["text"].as_str().context("a text")?.to_owned();
        anyhow::ensure!(kept.insert(reference.clone(), text).is_none(), "{reference} is there twice");
    }
    Ok(kept)
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_requests_survive_kill_nine_and_none_is_there_twice() -> Result<()> {
    let data = tempfile::tempdir()?;
    let start = || Host::start(binary(), HostOptions::demo().data(data.path()).unlimited());
    let host = start().await?;
    let acknowledged = Arc::new(AtomicUsize::new(0));
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        clients.spawn(submit_until_silence(host.url("/v1/sites/pet-shop/requests"), client, acknowledged.clone()));
    }
    wait_until("enough acknowledged submissions", Duration::from_secs(240), async || {
        (acknowledged.load(Ordering::Relaxed) >= enough()).then_some(())
    })
    .await?;
    host.kill()?;
    let references: HashMap<String, String> = clients.join_all().await.into_iter().flatten().collect();

    let host = start().await?;
    let kept = kept(data.path()).await?;
    for (key, reference) in &references {
        assert_eq!(kept.get(reference), Some(&format!("Вопрос {key}")), "{reference} was acknowledged and is lost");
    }
    let texts: HashSet<&String> = kept.values().collect();
    assert_eq!(texts.len(), kept.len(), "a submission is there twice");
    println!("{} acknowledged, {} kept", references.len(), kept.len());

    let (key, reference) = references.iter().next().context("an acknowledged submission")?;
    let again = host
        .post("/v1/sites/pet-shop/requests", &Sample::message(&format!("Вопрос {key}")).body())
        .header("Idempotency-Key", key);
    let receipt: Value = again.send().await?.json().await?;
    assert_eq!(receipt["reference"], reference.as_str(), "a retry after the cut is the same request");
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
