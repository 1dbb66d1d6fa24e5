//! Submissions: kept once, promised as shown.

use std::collections::HashSet;

use anyhow::Result;
use porchlight_testkit::samples::Sample;
use reqwest::StatusCode;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::shop;

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

#[tokio::test]
async fn callback_is_received_with_reference_token_and_promise() -> Result<()> {
    let host = shop::at_night().await?;
    let slot = &shop::slots(&host).await?[0];
    let receipt = shop::json(host.post(REQUESTS, &Sample::callback(slot).body()), StatusCode::CREATED).await?;
    let reference = receipt["reference"].as_str().expect("a reference");
    assert!(reference.starts_with("PS-") && reference.len() == 10, "{reference}");
    assert_eq!(receipt["status"], "received");
    assert_eq!(receipt["expected_reply"]["by"], slot.as_str());
    assert_eq!(receipt["expected_reply"]["text"], "завтра в 10:00");
    assert!(receipt["tracking_token"].as_str().is_some_and(|token| token.len() > 40));
    Ok(())
}

#[tokio::test]
async fn message_is_taken_at_night_and_promised_for_the_morning() -> Result<()> {
    let host = shop::at_night().await?;
    let body = Sample::message("Щенок боится будки.").body();
    let receipt = shop::json(host.post(REQUESTS, &body), StatusCode::CREATED).await?;
    assert_eq!(receipt["expected_reply"]["by"], "2026-11-23T09:00:00Z");
    Ok(())
}

#[tokio::test]
async fn same_key_and_body_is_one_request() -> Result<()> {
    let host = shop::at_night().await?;
    let body = Sample::message("Где мой заказ?").body();
    let mut posts = JoinSet::new();
    for _ in 0..100 {
        let post = host.post(REQUESTS, &body).header("Idempotency-Key", "visitor-1");
        posts.spawn(async move { shop::json(post, StatusCode::CREATED).await });
    }
    let receipts: Vec<Value> = posts.join_all().await.into_iter().collect::<Result<_>>()?;
    let distinct: HashSet<String> = receipts.iter().map(Value::to_string).collect();
    assert_eq!((receipts.len(), distinct.len()), (100, 1), "{distinct:?}");
    let other = Sample::message("Другой вопрос").body();
    let reused = host.post(REQUESTS, &other).header("Idempotency-Key", "visitor-1");
    let problem = shop::json(reused, StatusCode::UNPROCESSABLE_ENTITY).await?;
    assert_eq!(problem["type"], "urn:porchlight:error:key-reused");
    Ok(())
}

#[tokio::test]
async fn slot_holds_as_many_calls_as_it_has_room_for() -> Result<()> {
    let host = shop::at_night().await?;
    let slot = shop::slots(&host).await?[3].clone();
    let mut posts = JoinSet::new();
    for _ in 0..12 {
        let post = host.post(REQUESTS, &Sample::callback(&slot).body());
        posts.spawn(async move { Ok::<_, anyhow::Error>(post.send().await?.status()) });
    }
    let answers: Vec<StatusCode> = posts.join_all().await.into_iter().collect::<Result<_>>()?;
    let kept = answers.iter().filter(|status| **status == StatusCode::CREATED).count();
    let refused = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert_eq!((kept, refused), (2, 10));
    assert!(!shop::slots(&host).await?.contains(&slot));
    let taken = shop::offer(&host).await?["forms"]["callback"]["taken"].clone();
    assert_eq!(taken[0]["from"], slot.as_str());
    Ok(())
}

#[tokio::test]
async fn api_clients_may_leave_form_token_and_key_out() -> Result<()> {
    let host = shop::at_night().await?;
    let offer = shop::offer(&host).await?;
    let with = Sample::message("С токеном").with("form_token", offer["form_token"].clone());
    shop::json(host.post(REQUESTS, &with.body()), StatusCode::CREATED).await?;
    shop::json(host.post(REQUESTS, &Sample::message("Без токена").body()), StatusCode::CREATED).await?;
    Ok(())
}
