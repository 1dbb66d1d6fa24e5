//! What owners do: agents, canned replies, erasing, the audit log.

use anyhow::{Context, Result};
use porchlight_testkit::samples::Sample;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::people::{self, AGENT, OWNER, Person, attempt, left};
use crate::shop;

#[tokio::test]
async fn invited_agent_chooses_a_password_once_and_works_until_removed() -> Result<()> {
    let host = people::shop().await?;
    let vera = Person::signed_in(&host, OWNER).await?;
    let zoya = json!({"email": "zoya@shop.example", "name": "Зоя", "role": "agent", "sites": ["pet-shop"]});
    let added = vera.post("agents", zoya.clone(), StatusCode::CREATED).await?;
    let code = added["invitation"].as_str().context("a code")?;
    let problem = vera.post("agents", zoya, StatusCode::UNPROCESSABLE_ENTITY).await?;
    assert_eq!(shop::codes(&problem), ["/email email-taken"]);
    let password = "несколько слов подряд";
    let sign_in = json!({"email": "zoya@shop.example", "password": password});
    assert_eq!(attempt(&host, &sign_in).send().await?.status(), StatusCode::UNAUTHORIZED, "not yet");
    let nobody = Person::nobody(&host);
    let take_up = |code: &str, password: &str| json!({"code": code, "password": password});
    nobody.post("invitation", take_up(&code[..code.len() - 1], password), StatusCode::UNAUTHORIZED).await?;
    nobody.post("invitation", take_up(code, "short"), StatusCode::UNPROCESSABLE_ENTITY).await?;
    nobody.post("invitation", take_up(code, password), StatusCode::NO_CONTENT).await?;
    nobody.post("invitation", take_up(code, password), StatusCode::UNAUTHORIZED).await?;
    let welcome = attempt(&host, &sign_in).send().await?;
    let zoya = Person { host: &host, cookies: people::cookies(&welcome) };
    assert_eq!(zoya.status("GET", "sites/pet-shop/requests").await?, StatusCode::OK);
    let id = added["agent"]["id"].as_str().context("an id")?;
    assert_eq!(vera.status("DELETE", &format!("agents/{id}")).await?, StatusCode::NO_CONTENT);
    assert_eq!(zoya.status("GET", "sites/pet-shop/requests").await?, StatusCode::UNAUTHORIZED, "at once");
    assert_eq!(vera.status("DELETE", &format!("agents/{id}")).await?, StatusCode::NOT_FOUND);
    let own = vera.get("session").await?["agent"]["id"].as_str().context("an id")?.to_owned();
    assert_eq!(vera.status("DELETE", &format!("agents/{own}")).await?, StatusCode::CONFLICT);
    Ok(())
}

#[tokio::test]
async fn owner_of_some_sites_adds_nobody_to_others() -> Result<()> {
    let host = people::shop().await?;
    people::add_cinema(&host).await?;
    let gleb = Person::signed_in(&host, people::STRANGER).await?;
    for sites in [json!(["pet-shop"]), json!(["cinema", "pet-shop"]), json!([]), json!(["nowhere"]), json!("cinema")] {
        let body = json!({"email": "spy@cinema.example", "name": "Шпион", "role": "owner", "sites": sites});
        gleb.post("agents", body, StatusCode::UNPROCESSABLE_ENTITY).await?;
    }
    let everywhere = json!({"email": "spy@cinema.example", "name": "Шпион", "role": "owner"});
    gleb.post("agents", everywhere, StatusCode::UNPROCESSABLE_ENTITY).await?;
    let vera = Person::signed_in(&host, OWNER).await?;
    let me = vera.get("session").await?["agent"]["id"].as_str().context("an id")?.to_owned();
    assert_eq!(gleb.status("DELETE", &format!("agents/{me}")).await?, StatusCode::NOT_FOUND);
    assert_eq!(gleb.get("agents").await?["agents"].as_array().map(Vec::len), Some(1));
    Ok(())
}

#[tokio::test]
async fn canned_replies_are_written_filled_in_and_removed() -> Result<()> {
    let host = people::shop().await?;
    let (vera, boris) = (Person::signed_in(&host, OWNER).await?, Person::signed_in(&host, AGENT).await?);
    let slip = json!({"title": "", "text": "Здравствуйте, {nmae}"});
    let problem = vera.post("sites/pet-shop/replies", slip, StatusCode::UNPROCESSABLE_ENTITY).await?;
    assert_eq!(shop::codes(&problem), ["/text unknown-variable", "/title required"]);
    let written = json!({"title": "Приняли", "text": "{name}, {reference}: ответим {promise}. {agent}"});
    let reply = vera.post("sites/pet-shop/replies", written, StatusCode::CREATED).await?;
    let left = left(&host, &boris, Sample::message("Щенок боится будки").with("name", "Анна")).await?;
    let filled = boris.get(&format!("requests/{}/replies", left.id)).await?;
    let text = filled["replies"][0]["text"].as_str().context("a text")?;
    assert!(text.starts_with(&format!("Анна, {}: ответим завтра", left.reference)), "{text}");
    assert!(text.ends_with(". boris"), "{text}");
    assert_eq!(filled["replies"][0]["missing"], json!([]));
    let path = format!("sites/pet-shop/replies/{}", reply["id"].as_str().context("an id")?);
    let anew = json!({"title": "Приняли", "text": "Спасибо!"});
    shop::json(vera.call("PUT", &path).json(&anew), StatusCode::OK).await?;
    assert_eq!(boris.get("sites/pet-shop/replies").await?["replies"][0]["text"], "Спасибо!");
    assert_eq!(vera.status("DELETE", &path).await?, StatusCode::NO_CONTENT);
    assert_eq!(vera.status("DELETE", &path).await?, StatusCode::NOT_FOUND);
    shop::json(vera.call("PUT", &path).json(&anew), StatusCode::NOT_FOUND).await?;
    Ok(())
}

fn told(log: &Value) -> Vec<String> {
    let lines = log["entries"].as_array().cloned().unwrap_or_default();
    let line = |line: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        format!("{} {} {}", text(&line["agent"]["name"]), text(&line["action"]), text(&line["reference"]))
    };
    lines.iter().map(line).collect()
}

#[tokio::test]
async fn audit_log_says_who_did_what_and_nothing_of_visitors() -> Result<()> {
    let host = people::shop().await?;
    let boris = Person::signed_in(&host, AGENT).await?;
    let vera = Person::signed_in(&host, OWNER).await?;
    let left = left(&host, &boris, Sample::message("Щенок боится будки").with("name", "Анна")).await?;
    let path = |of: &str| format!("requests/{}{of}", left.id);
    boris.post(&path("/actions"), json!({"action": "accept", "revision": 0.0}), StatusCode::OK).await?;
    boris.post(&path("/notes"), json!({"text": "осторожно"}), StatusCode::CREATED).await?;
    let log = vera.get("sites/pet-shop/audit").await?;
    let reference = &left.reference;
    let expected = [
        format!("boris noted {reference}"),
        format!("boris accept {reference}"),
        "vera signed-in -".to_owned(),
        "boris signed-in -".to_owned(),
    ];
    assert_eq!(told(&log), expected);
    let whole = log.to_string();
    for visitor in ["Анна", "Щенок", "anna@", "осторожно"] {
        assert!(!whole.contains(visitor), "{visitor} in {whole}");
    }
    assert_eq!(vera.status("DELETE", &path("")).await?, StatusCode::NO_CONTENT);
    assert_eq!(vera.status("GET", &path("")).await?, StatusCode::NOT_FOUND);
    let log = vera.get("sites/pet-shop/audit").await?;
    assert_eq!(told(&log)[..2], ["vera erased -", "boris noted -"], "who did, of what is no more");
    assert!(!log.to_string().contains(reference.as_str()));
    Ok(())
}
