//! A disk that takes no more: nothing is acknowledged that is not kept, and the host says so.

use std::{collections::HashSet, path::Path, process::Command};

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use reqwest::StatusCode;

use crate::shop;

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

/// Starts the demo so that no file of it grows beyond this many KiB: writing further fails, as on a full disk.
fn limited(kib: u32) -> HostOptions {
    let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
    let program = shop::binary().display().to_string();
    HostOptions::with_arguments(["-c", &script, &program, "demo", "--listen", "127.0.0.1:0"]).unlimited()
}

/// References of the requests in a data folder, one JSON object a line.
fn kept(data: &Path) -> Result<String> {
    let mut list = Command::new(shop::binary());
    let list = list.args(["requests", "list", "--json", "--limit", "100000", "--data"]).arg(data).output()?;
    Ok(String::from_utf8(list.stdout)?)
}

#[tokio::test]
async fn full_disk_is_told_as_503_and_all_that_was_acknowledged_is_kept() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = Host::start(Path::new("/bin/bash"), limited(4_096).data(data.path())).await?;
    let mut acknowledged = HashSet::new();
    let refused = loop {
        let post = host.post(REQUESTS, &Sample::message(&"долгий вопрос ".repeat(300)).body());
        let answer = post.send().await?;
        if answer.status() != StatusCode::CREATED {
            break answer;
        }
        let receipt: serde_json::Value = answer.json().await?;
        acknowledged.insert(receipt["reference"].as_str().context("a reference")?.to_owned());
        assert!(acknowledged.len() < 5_000, "the disk never became full");
    };
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    let problem: serde_json::Value = refused.json().await?;
    assert_eq!(problem["type"], "urn:porchlight:error:unavailable");
    assert!(!acknowledged.is_empty());
    assert_eq!(host.get("/v1/sites/pet-shop/offer").send().await?.status(), StatusCode::OK, "reading goes on");
    host.kill()?;

    let host = Host::start(shop::binary(), HostOptions::demo().data(data.path()).unlimited()).await?;
    let kept = kept(data.path())?;
    for reference in &acknowledged {
        assert!(kept.contains(reference), "{reference} was acknowledged and is lost");
    }
    shop::json(host.post(REQUESTS, &Sample::message("Снова есть место").body()), StatusCode::CREATED).await?;
    Ok(())
}
