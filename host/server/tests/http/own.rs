//! One's own request: read, changed, cancelled, erased.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, samples::Sample};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::shop;

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

async fn submitted(host: &Host, body: &Value) -> Result<String> {
    let receipt = shop::json(host.post(REQUESTS, body), StatusCode::CREATED).await?;
    Ok(receipt["tracking_token"].as_str().context("a token")?.to_owned())
}

fn own(host: &Host, method: Method, token: &str) -> RequestBuilder {
    host.request(method, "/v1/request").bearer_auth(token)
}

#[tokio::test]
async fn requester_sees_steps_and_what_they_wrote() -> Result<()> {
    let host = shop::at_night().await?;
    let token = submitted(&host, &Sample::message("Щенок боится будки. Можно вернуть?").body()).await?;
    let request = shop::json(own(&host, Method::GET, &token), StatusCode::OK).await?;
    assert_eq!(request["status"], "received");
    assert_eq!(request["entries"][0]["text"], "Щенок боится будки. Можно вернуть?");
    assert_eq!(request["entries"][0]["from"], "requester");
    let statuses: Vec<&Value> =
        request["steps"].as_array().context("steps")?.iter().map(|step| &step["status"]).collect();
    assert_eq!(statuses, ["received", "accepted", "in-progress", "resolved"]);
    assert_eq!(request["steps"][1]["due"], "2026-11-23T09:00:00Z");
    Ok(())
}

#[tokio::test]
async fn requester_moves_the_call_and_frees_the_slot() -> Result<()> {
    let host = shop::at_night().await?;
    let slots = shop::slots(&host).await?;
    let token = submitted(&host, &Sample::callback(&slots[0]).body()).await?;
    submitted(&host, &Sample::callback(&slots[0]).body()).await?;
    assert!(!shop::slots(&host).await?.contains(&slots[0]), "both places are taken");
    let moved = own(&host, Method::PATCH, &token).json(&json!({"slot": slots[5]}));
    let moved = shop::json(moved, StatusCode::OK).await?;
    assert_eq!((&moved["slot"], &moved["expected_reply"]["by"]), (&json!(slots[5]), &json!(slots[5])));
    assert!(shop::slots(&host).await?.contains(&slots[0]), "one place is free again");
    Ok(())
}

#[tokio::test]
async fn slot_that_is_past_none_or_too_far_is_refused_and_nothing_changes() -> Result<()> {
    let host = shop::at_night().await?;
    let slots = shop::slots(&host).await?;
    let token = submitted(&host, &Sample::callback(&slots[0]).body()).await?;
    for (slot, code) in [
        ("2026-11-20T07:00:00Z", "/slot slot-past"),
        ("9999-12-30T07:00:00Z", "/slot slot-too-far"),
        ("2026-11-23T07:10:00Z", "/slot slot-none"),
        ("tomorrow", "/slot slot-invalid"),
    ] {
        let refused = own(&host, Method::PATCH, &token).json(&json!({"slot": slot}));
        let problem = shop::json(refused, StatusCode::UNPROCESSABLE_ENTITY).await?;
        assert_eq!(shop::codes(&problem), [code]);
    }
    let request = shop::json(own(&host, Method::GET, &token), StatusCode::OK).await?;
    assert_eq!(request["slot"], slots[0].as_str());
    Ok(())
}

#[tokio::test]
async fn cancelled_request_stays_cancelled_and_frees_its_slot() -> Result<()> {
    let host = shop::at_night().await?;
    let slots = shop::slots(&host).await?;
    let token = submitted(&host, &Sample::callback(&slots[1]).body()).await?;
    submitted(&host, &Sample::callback(&slots[1]).body()).await?;
    let cancel = || own(&host, Method::PATCH, &token).json(&json!({"status": "cancelled"}));
    assert_eq!(shop::json(cancel(), StatusCode::OK).await?["status"], "cancelled");
    let problem = shop::json(cancel(), StatusCode::CONFLICT).await?;
    assert_eq!(problem["type"], "urn:porchlight:error:final");
    assert!(shop::slots(&host).await?.contains(&slots[1]));
    Ok(())
}

#[tokio::test]
async fn way_to_be_answered_needs_its_contact() -> Result<()> {
    let host = shop::at_night().await?;
    let token = submitted(&host, &Sample::message("Позвоните").body()).await?;
    let by_phone = own(&host, Method::PATCH, &token).json(&json!({"reply_by": "phone"}));
    let problem = shop::json(by_phone, StatusCode::CONFLICT).await?;
    assert_eq!(problem["type"], "urn:porchlight:error:no-contact");
    let slot = own(&host, Method::PATCH, &token).json(&json!({"slot": shop::slots(&host).await?[0]}));
    assert_eq!(shop::json(slot, StatusCode::CONFLICT).await?["type"], "urn:porchlight:error:no-slot");
    Ok(())
}

#[tokio::test]
async fn erased_request_is_gone() -> Result<()> {
    let host = shop::at_night().await?;
    let token = submitted(&host, &Sample::message("Забудьте меня").body()).await?;
    shop::json(own(&host, Method::DELETE, &token), StatusCode::NO_CONTENT).await?;
    for method in [Method::GET, Method::DELETE] {
        shop::json(own(&host, method, &token), StatusCode::NOT_FOUND).await?;
    }
    Ok(())
}

#[tokio::test]
async fn business_hears_of_an_erased_call_and_nothing_of_the_person() -> Result<()> {
    let host = shop::at_night().await?;
    let slot = shop::slots(&host).await?[0].clone();
    let receipt = shop::json(host.post(REQUESTS, &Sample::callback(&slot).body()), StatusCode::CREATED).await?;
    let token = receipt["tracking_token"].as_str().context("a token")?;
    shop::json(own(&host, Method::DELETE, token), StatusCode::NO_CONTENT).await?;
    let reference = receipt["reference"].as_str().context("a reference")?;
    let told = async || {
        let page = host.get("/demo/mail").send().await.ok()?.text().await.ok()?;
        page.contains(&format!("{reference}: посетитель отменил")).then_some(())
    };
    porchlight_testkit::wait_until("the letter", porchlight_testkit::PATIENCE, told).await
}

#[tokio::test]
async fn token_of_another_host_or_none_opens_nothing() -> Result<()> {
    let (host, other) = (shop::at_night().await?, shop::at_night().await?);
    let foreign = submitted(&other, &Sample::message("Чужой").body()).await?;
    for token in [foreign.as_str(), "x", "", "AAAA"] {
        shop::json(own(&host, Method::GET, token), StatusCode::UNAUTHORIZED).await?;
    }
    let none = shop::json(host.get("/v1/request"), StatusCode::UNAUTHORIZED).await?;
    assert_eq!(none["type"], "urn:porchlight:error:unauthorized");
    Ok(())
}

#[tokio::test]
async fn booked_call_can_be_put_into_ones_own_calendar() -> Result<()> {
    let host = shop::at_night().await?;
    let slots = shop::slots(&host).await?;
    let token = submitted(&host, &Sample::callback(&slots[0]).body()).await?;
    let file = || host.get("/v1/request/calendar").bearer_auth(&token).send();
    let answer = file().await?.error_for_status()?;
    assert_eq!(answer.headers()["content-type"], "text/calendar; charset=utf-8; method=PUBLISH");
    assert!(answer.headers()["content-disposition"].to_str()?.starts_with("attachment; filename=\"PS-"));
    let text = answer.text().await?;
    let lines: Vec<&str> = text.split("\r\n").collect();
    for line in ["BEGIN:VCALENDAR", "DTSTART:20261123T070000Z", "DTEND:20261123T073000Z", "SUMMARY:Звонок: Пёс и Кот"]
    {
        assert!(lines.contains(&line), "{line} in {text}");
    }
    assert!(lines.iter().all(|line| line.len() <= 75), "lines are folded (section 3.1): {text}");
    let sequence = |text: &str| text.split("\r\n").find_map(|line| line.strip_prefix("SEQUENCE:")?.parse::<u32>().ok());
    shop::json(own(&host, Method::PATCH, &token).json(&json!({"slot": slots[5]})), StatusCode::OK).await?;
    assert!(
        sequence(&file().await?.text().await?) > sequence(&text),
        "a moved call is a later version of the same event"
    );
    shop::json(own(&host, Method::PATCH, &token).json(&json!({"status": "cancelled"})), StatusCode::OK).await?;
    assert_eq!(file().await?.status(), StatusCode::NOT_FOUND);
    let message = submitted(&host, &Sample::message("Без звонка").body()).await?;
    let none = host.get("/v1/request/calendar").bearer_auth(&message).send().await?;
    assert_eq!(none.status(), StatusCode::NOT_FOUND);
    Ok(())
}
