//! The pet shop being served, at moments that matter.

use std::path::Path;

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, PATIENCE, wait_until};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::Value;

/// Sunday evening in Moscow, 22:30: everything but e-mail is closed.
pub const SUNDAY_NIGHT: &str = "2026-11-22T19:30:00Z";
/// Wednesday in Moscow, 14:20: open.
pub const WEDNESDAY_NOON: &str = "2026-11-25T11:20:00Z";

/// The program under test.
pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_porchlight"))
}

/// The pet shop, on Sunday night.
pub async fn at_night() -> Result<Host> {
    at(SUNDAY_NIGHT).await
}

/// The pet shop, at a moment.
pub async fn at(moment: &str) -> Result<Host> {
    Host::start(binary(), HostOptions::demo().clock(moment).unlimited()).await
}

/// The offer for Russian visitors.
pub async fn offer(host: &Host) -> Result<Value> {
    json(host.get("/v1/sites/pet-shop/offer?locale=ru"), StatusCode::OK).await
}

/// The first slots of the offer.
pub async fn slots(host: &Host) -> Result<Vec<String>> {
    let offer = offer(host).await?;
    let slots = offer["forms"]["callback"]["slots"].as_array().context("slots")?.clone();
    slots.iter().map(|slot| Ok(slot["from"].as_str().context("a beginning")?.to_owned())).collect()
}

/// What a request is answered with, if it is answered with this status.
pub async fn json(request: RequestBuilder, status: StatusCode) -> Result<Value> {
    let answer = request.send().await?;
    let given = answer.status();
    let text = answer.text().await?;
    anyhow::ensure!(given == status, "answered {given}, not {status}: {text}");
    Ok(if text.is_empty() { Value::Null } else { serde_json::from_str(&text).with_context(|| text.clone())? })
}

/// The codes of a problem's fields, as `pointer code`, sorted.
pub fn codes(problem: &Value) -> Vec<String> {
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    let code = |error: &Value| {
        format!("{} {}", error["pointer"].as_str().unwrap_or("?"), error["code"].as_str().unwrap_or("?"))
    };
    let mut codes: Vec<String> = errors.iter().map(code).collect();
    codes.sort();
    codes
}

/// Path of the page that a letter in the demo's mailbox leads to. The letter says something, and the path begins so.
pub async fn mailed_link(host: &Host, says: &str, begins: &str) -> Result<String> {
    wait_until("the letter", PATIENCE, async || {
        let list = host.get("/demo/mail").send().await.ok()?.text().await.ok()?;
        for path in list.split('"').filter(|part| part.starts_with("/demo/mail/")) {
            let letter = host.get(path).send().await.ok()?.text().await.ok()?;
            let link = letter.find(begins).filter(|_| letter.contains(says));
            if let Some(link) = link.and_then(|at| letter[at..].split(['"', '<']).next()) {
                return Some(link.to_owned());
            }
        }
        None
    })
    .await
}
