//! Offer, slots, answers.

use anyhow::Result;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::shop;

#[tokio::test]
async fn sunday_night_is_closed_and_says_when_it_opens() -> Result<()> {
    let host = shop::at_night().await?;
    let offer = shop::offer(&host).await?;
    assert_eq!(
        offer["site"],
        json!({"key": "pet-shop", "name": "Пёс и Кот", "locale": "ru", "time_zone": "Europe/Moscow"})
    );
    assert_eq!(offer["availability"], json!({"state": "closed", "changes_at": "2026-11-23T07:00:00Z"}));
    let phone = channel(&offer, "phone");
    assert_eq!(phone["href"], "tel:+74954954941");
    assert_eq!(phone["availability"], json!({"state": "closed", "changes_at": "2026-11-23T06:00:00Z"}));
    assert_eq!(phone["expected_reply"]["by"], "2026-11-23T06:01:00Z");
    assert_eq!(phone["expected_reply"]["text"], "завтра в 9:01");
    assert_eq!(
        offer["forms"]["callback"]["slots"][0],
        json!({"from": "2026-11-23T07:00:00Z", "to": "2026-11-23T07:30:00Z"})
    );
    assert_eq!(offer["forms"]["message"]["expected_reply"]["by"], "2026-11-23T09:00:00Z");
    Ok(())
}

fn channel<'a>(offer: &'a Value, id: &str) -> &'a Value {
    let channels = offer["channels"].as_array().expect("channels");
    channels.iter().find(|channel| channel["id"] == id).expect("the channel")
}

#[tokio::test]
async fn wednesday_noon_is_open_and_answers_at_once() -> Result<()> {
    let host = shop::at(shop::WEDNESDAY_NOON).await?;
    let offer = shop::offer(&host).await?;
    assert_eq!(offer["availability"], json!({"state": "open", "changes_at": "2026-11-25T17:00:00Z"}));
    assert_eq!(channel(&offer, "phone")["expected_reply"]["text"], "сразу");
    assert_eq!(offer["forms"]["callback"]["slots"][0]["from"], "2026-11-25T12:30:00Z");
    Ok(())
}

#[tokio::test]
async fn public_holiday_is_closed_all_day() -> Result<()> {
    let host = shop::at("2027-01-05T09:00:00Z").await?;
    let offer = shop::offer(&host).await?;
    assert_eq!(offer["availability"], json!({"state": "closed", "changes_at": "2027-01-09T08:00:00Z"}));
    Ok(())
}

#[tokio::test]
async fn overridden_date_closes_early() -> Result<()> {
    let host = shop::at("2026-12-31T09:00:00Z").await?;
    let offer = shop::offer(&host).await?;
    assert_eq!(offer["availability"], json!({"state": "open", "changes_at": "2026-12-31T12:00:00Z"}));
    Ok(())
}

#[tokio::test]
async fn guides_belong_to_their_page() -> Result<()> {
    let host = shop::at_night().await?;
    let there = "/v1/sites/pet-shop/offer?locale=ru&page=http%3A%2F%2F127.0.0.1%2Fdog-houses%2Fclassic%2F";
    let offer = shop::json(host.get(there), StatusCode::OK).await?;
    assert_eq!(offer["guides"][0]["title"], "Как приучить щенка к будке");
    assert_eq!(shop::offer(&host).await?["guides"], json!([]));
    Ok(())
}

#[tokio::test]
async fn offer_speaks_the_language_asked_for() -> Result<()> {
    let host = shop::at_night().await?;
    for (locale, text) in [("en", "tomorrow at 9:01"), ("bg", "утре в 9:01"), ("ru", "завтра в 9:01")] {
        let offer = shop::json(host.get(&format!("/v1/sites/pet-shop/offer?locale={locale}")), StatusCode::OK).await?;
        assert_eq!(channel(&offer, "phone")["expected_reply"]["text"], text);
    }
    let accepted = host.get("/v1/sites/pet-shop/offer").header("Accept-Language", "bg-BG,en;q=0.5");
    assert_eq!(shop::json(accepted, StatusCode::OK).await?["site"]["locale"], "bg");
    Ok(())
}

#[tokio::test]
async fn slots_of_further_days_are_listed() -> Result<()> {
    let host = shop::at_night().await?;
    let slots = shop::json(host.get("/v1/sites/pet-shop/slots?from=2026-11-28&days=2"), StatusCode::OK).await?;
    let slots = slots["slots"].as_array().expect("slots");
    assert_eq!(slots.first(), Some(&json!({"from": "2026-11-28T08:00:00Z", "to": "2026-11-28T08:30:00Z"})));
    assert_eq!(slots.len(), 14, "Saturday from 11 to 18, and nothing on Sunday");
    for bad in ["?from=yesterday", "?days=0", "?days=400", "?days=x"] {
        shop::json(host.get(&format!("/v1/sites/pet-shop/slots{bad}")), StatusCode::BAD_REQUEST).await?;
    }
    Ok(())
}

#[tokio::test]
async fn answers_are_found_by_any_form_of_a_word() -> Result<()> {
    let host = shop::at_night().await?;
    let found = shop::json(host.get("/v1/sites/pet-shop/answers?q=возврате&locale=ru"), StatusCode::OK).await?;
    assert_eq!(found["answers"][0]["id"], "returns");
    let none = shop::json(host.get("/v1/sites/pet-shop/answers?q=квазар&locale=ru"), StatusCode::OK).await?;
    assert_eq!(none["answers"], json!([]));
    let all = shop::json(host.get("/v1/sites/pet-shop/answers?locale=ru"), StatusCode::OK).await?;
    assert_eq!(all["answers"].as_array().map(Vec::len), Some(12));
    Ok(())
}

#[tokio::test]
async fn unknown_site_is_not_found() -> Result<()> {
    let host = shop::at_night().await?;
    for path in ["offer", "slots", "answers?q=x"] {
        let problem = shop::json(host.get(&format!("/v1/sites/nobody/{path}")), StatusCode::NOT_FOUND).await?;
        assert_eq!(problem["type"], "urn:porchlight:error:unknown-site");
    }
    let page = host.get("/v1/sites/pet-shop/offer?page=javascript:alert(1)");
    assert_eq!(shop::codes(&shop::json(page, StatusCode::UNPROCESSABLE_ENTITY).await?), ["/page page-invalid"]);
    Ok(())
}
