//! What cannot be served now is not offered.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, PATIENCE, samples::Sample, wait_until};
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::people::{self, OWNER, Person, STRANGER};
use crate::shop;

const CINEMA: &str = r#"key = "cinema"
name = "Кинотеатр"
reference_prefix = "KN"
locale = "ru"
time_zone = "Europe/Moscow"
hours = "24/7"

[[channels]]
kind = "telegram"
value = "@cinema"
needs_duty = true

[[channels]]
kind = "email"
value = "ask@cinema.example"

[forms.callback]
slot = "30m"
lead = "1h"
days_ahead = 7
capacity = 5
open_at_most = 1

[forms.message]
expected_reply = "2h"
"#;

async fn offer(host: &Host) -> Result<Value> {
    shop::json(host.get("/v1/sites/cinema/offer?locale=ru"), StatusCode::OK).await
}

async fn channels(host: &Host) -> Result<Vec<Value>> {
    let offer = offer(host).await?;
    Ok(offer["channels"].as_array().context("channels")?.iter().map(|channel| channel["id"].clone()).collect())
}

#[tokio::test]
async fn channel_that_needs_duty_is_offered_while_an_agent_of_its_site_is_on() -> Result<()> {
    let host = people::shop().await?;
    people::add_cinema_with(&host, CINEMA).await?;
    let on = json!({"on": true});
    let duty = |person: &Person<'_>, body: &Value| person.call("PUT", "duty").json(body);
    assert_eq!(channels(&host).await?, ["email"]);
    let agent = Person::signed_in(&host, people::AGENT).await?;
    shop::json(duty(&agent, &on), StatusCode::NO_CONTENT).await?;
    assert_eq!(channels(&host).await?, ["email"], "of another site");
    let owner = Person::signed_in(&host, STRANGER).await?;
    shop::json(duty(&owner, &on), StatusCode::NO_CONTENT).await?;
    assert_eq!(channels(&host).await?, ["telegram", "email"]);
    shop::json(duty(&owner, &json!({"on": false})), StatusCode::NO_CONTENT).await?;
    assert_eq!(channels(&host).await?, ["email"]);
    let everywhere = Person::signed_in(&host, OWNER).await?;
    shop::json(duty(&everywhere, &on), StatusCode::NO_CONTENT).await?;
    assert_eq!(channels(&host).await?, ["telegram", "email"], "who answers at all sites answers here");
    assert_eq!(everywhere.status("DELETE", "session").await?, StatusCode::NO_CONTENT);
    let gone = wait_until("the offer of the next second", PATIENCE, async || {
        let offered = channels(&host).await.ok()?;
        (offered == ["email"]).then_some(())
    });
    gone.await?;
    for body in [json!({}), json!({"on": "true"}), json!({"on": true, "until": "2027-01-01T00:00:00Z"})] {
        shop::json(duty(&owner, &body), StatusCode::UNPROCESSABLE_ENTITY).await?;
    }
    Ok(())
}

#[tokio::test]
async fn callback_form_is_not_offered_while_as_many_are_open_as_can_be_made() -> Result<()> {
    let host = people::shop().await?;
    people::add_cinema_with(&host, CINEMA).await?;
    let free = offer(&host).await?["forms"]["callback"]["slots"][0]["from"].clone();
    let sample = Sample::callback(free.as_str().context("a slot")?).body();
    let receipt = shop::json(host.post("/v1/sites/cinema/requests", &sample), StatusCode::CREATED).await?;
    let full = offer(&host).await?;
    assert!(full["forms"]["callback"].is_null() && full["forms"]["message"].is_object(), "{full}");
    let page = host.get("/c/cinema?locale=ru").send().await?.text().await?;
    assert!(!page.contains("callback-slot") && page.contains("message-text"), "{page}");
    let token = receipt["tracking_token"].as_str().context("a token")?;
    let body = json!({"status": "cancelled"});
    let cancel = host.request(reqwest::Method::PATCH, "/v1/request").json(&body).bearer_auth(token);
    shop::json(cancel, StatusCode::OK).await?;
    assert!(offer(&host).await?["forms"]["callback"].is_object());
    Ok(())
}

#[tokio::test]
async fn nobody_books_beyond_what_can_be_made_however_they_learnt_of_the_slot() -> Result<()> {
    let host = people::shop().await?;
    people::add_cinema_with(&host, CINEMA).await?;
    let slots = offer(&host).await?["forms"]["callback"]["slots"].clone();
    let book = |slot: &Value| {
        let sample = Sample::callback(slot["from"].as_str().unwrap_or_default()).body();
        host.post("/v1/sites/cinema/requests", &sample)
    };
    shop::json(book(&slots[0]), StatusCode::CREATED).await?;
    let refused = shop::json(book(&slots[1]), StatusCode::UNPROCESSABLE_ENTITY).await?;
    assert_eq!(refused["errors"][0]["pointer"], "/slot", "{refused}");
    assert_eq!(refused["errors"][0]["code"], "slot-taken", "{refused}");
    let listed = shop::json(host.get("/v1/sites/cinema/slots"), StatusCode::OK).await?;
    assert_eq!(listed["slots"], json!([]), "{listed}");
    Ok(())
}
