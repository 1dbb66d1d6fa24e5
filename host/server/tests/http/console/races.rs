//! Two who do something at once.

use anyhow::{Context, Result};
use porchlight_testkit::{PATIENCE, samples::Sample, wait_until};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::people::{self, AGENT, Person, left, seen};
use crate::shop;

/// How often it is tried, for both to come first at times.
const ROUNDS: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn slot_cancelled_while_it_is_confirmed_is_free_again_whoever_came_first() -> Result<()> {
    let host = people::shop().await?;
    let agent = Person::signed_in(&host, AGENT).await?;
    let offered = shop::slots(&host).await?;
    let slot = offered[0].clone();
    let mut outcomes = Vec::new();
    for round in 0..ROUNDS {
        let email = format!("anna{round}@example.com");
        let left = left(&host, &agent, Sample::callback(&slot).with("email", email)).await?;
        let path = format!("requests/{}/actions", left.id);
        let confirm = agent.call("POST", &path).json(&json!({"action": "accept", "revision": 0}));
        let cancel = host.request(Method::PATCH, "/v1/request").bearer_auth(&left.token);
        let cancel = cancel.json(&json!({"status": "cancelled"}));
        // Each begins first in half of the rounds.
        let (confirmed, cancelled) = match round % 2 {
            0 => tokio::join!(confirm.send(), cancel.send()),
            _ => {
                let (cancelled, confirmed) = tokio::join!(cancel.send(), confirm.send());
                (confirmed, cancelled)
            }
        };
        let (confirmed, cancelled) = (confirmed?.status(), cancelled?.status());
        assert_eq!(cancelled, StatusCode::OK, "a requester may always cancel a call that was not made");
        assert!(matches!(confirmed, StatusCode::OK | StatusCode::CONFLICT), "{confirmed}");
        let request = agent.get(&format!("requests/{}", left.id)).await?;
        let events: Vec<_> =
            request["events"].as_array().context("events")?.iter().map(|it| it["event"].as_str()).collect();
        let expected = match confirmed {
            StatusCode::OK => vec![Some("received"), Some("accepted"), Some("cancelled")],
            _ => vec![Some("received"), Some("cancelled")],
        };
        assert_eq!((&request["status"], &events), (&json!("cancelled"), &expected));
        assert_eq!(seen(&host, &left.token).await?["status"], "cancelled");
        // Offers may be a moment old.
        let free = async || Some(shop::slots(&host).await.ok()?.contains(&slot)).filter(|free| *free);
        wait_until("the slot to be free", PATIENCE, free).await?;
        outcomes.push(confirmed);
    }
    let confirmed = outcomes.iter().filter(|status| **status == StatusCode::OK).count();
    println!("{confirmed} of {ROUNDS} were confirmed before they were cancelled");
    let list: Value = agent.get("sites/pet-shop/requests?callbacks=today").await?;
    assert_eq!(list["requests"], json!([]), "nobody is called");
    Ok(())
}
