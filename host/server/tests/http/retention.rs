//! What was kept for as long as the site says is erased.

use std::path::Path;

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, PATIENCE, samples::Sample, wait_until};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::shop;

async fn at(data: &Path, moment: &str) -> Result<Host> {
    Host::start(shop::binary(), HostOptions::demo().clock(moment).data(data).unlimited()).await
}

async fn submitted(host: &Host, text: &str) -> Result<String> {
    let submission = host.post("/v1/sites/pet-shop/requests", &Sample::message(text).body());
    let receipt = shop::json(submission, StatusCode::CREATED).await?;
    Ok(receipt["tracking_token"].as_str().context("a token")?.to_owned())
}

async fn status(host: &Host, token: &str) -> Result<StatusCode> {
    Ok(host.get("/v1/request").bearer_auth(token).send().await?.status())
}

async fn cancelled(host: &Host, text: &str) -> Result<String> {
    let token = submitted(host, text).await?;
    let cancel = host.request(Method::PATCH, "/v1/request").bearer_auth(&token);
    shop::json(cancel.json(&json!({"status": "cancelled"})), StatusCode::OK).await?;
    Ok(token)
}

#[tokio::test]
async fn cancelled_request_is_erased_after_a_year_and_an_open_one_is_not() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = at(data.path(), "2026-11-20T12:00:00Z").await?;
    let (open, older) = (submitted(&host, "Ещё открыто").await?, cancelled(&host, "Старше").await?);
    host.stop().await?;
    let host = at(data.path(), shop::SUNDAY_NIGHT).await?;
    let mut newer = vec![];
    for number in 0..25 {
        newer.push(cancelled(&host, &format!("Новее {number}")).await?);
    }
    host.stop().await?;

    let before = at(data.path(), "2027-11-22T19:00:00Z").await?;
    wait_until("the older one to be erased", PATIENCE, async || before.log().contains("erased=1").then_some(()))
        .await?;
    assert_eq!(status(&before, &older).await?, StatusCode::NOT_FOUND);
    assert_eq!(status(&before, &newer[0]).await?, StatusCode::OK, "half an hour is left");
    before.stop().await?;

    let after = at(data.path(), "2027-11-22T19:40:00Z").await?;
    wait_until("the others to be erased", PATIENCE, async || after.log().contains("erased=25").then_some(())).await?;
    for token in &newer {
        assert_eq!(status(&after, token).await?, StatusCode::NOT_FOUND);
    }
    assert_eq!(status(&after, &open).await?, StatusCode::OK);
    Ok(())
}
