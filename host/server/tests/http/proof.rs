//! Forms that are signed, good for one request and one day, and the proof of work that suspicious ones are asked for.

use std::path::Path;

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use porchlight_testkit::{Host, HostOptions, PATIENCE, samples::Sample, wait_until};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{abuse, hosted, shop};

const REQUESTS: &str = "/v1/sites/pet-shop/requests";
const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

async fn form_token(host: &Host) -> Result<Value> {
    Ok(shop::offer(host).await?["form_token"].clone())
}

fn message(token: &Value) -> Sample {
    Sample::message("Где мой заказ?").with("form_token", token.clone())
}

/// The shop at a moment, with what an earlier one left behind.
async fn later(data: &Path, moment: &str, per_minute: &str) -> Result<Host> {
    let options = HostOptions::demo().clock(moment).data(data);
    let options = options.environment("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", per_minute);
    Host::start(shop::binary(), options).await
}

/// What makes a page's solver find the number: the same rule, without its slices.
fn solved(challenge: &Value) -> Result<String> {
    let text = |name: &str| challenge[name].as_str().with_context(|| format!("`{name}` in {challenge}"));
    let (salt, wanted) = (text("salt")?, text("challenge")?);
    let hash = |number: u64| -> String {
        Sha256::digest(format!("{salt}{number}")).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let largest = challenge["maxnumber"].as_u64().context("the largest number")?;
    let number = (0..=largest).find(|number| hash(*number) == *wanted).context("a number")?;
    let mut solution = challenge.clone();
    solution["number"] = number.into();
    solution["took"] = 12.into();
    Ok(STANDARD.encode(solution.to_string()))
}

#[tokio::test]
async fn form_is_good_for_one_request_and_its_repetitions() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = later(data.path(), shop::SUNDAY_NIGHT, "1000000").await?;
    let token = form_token(&host).await?;
    let first = message(&token).body();
    let post = |host: &Host, key: &str, body: &Value| host.post(REQUESTS, body).header("Idempotency-Key", key);
    let receipt = shop::json(post(&host, "a", &first), StatusCode::CREATED).await?;
    assert_eq!(shop::json(post(&host, "a", &first), StatusCode::CREATED).await?, receipt);
    host.kill()?;
    let host = later(data.path(), "2026-11-22T19:35:00Z", "1000000").await?;
    let used = shop::json(post(&host, "b", &first), REFUSED).await?;
    assert_eq!(shop::codes(&used), ["/form_token form-used"]);
    assert!(used["errors"][0]["message"].as_str().is_some_and(|said| said.contains("уже отправляли")), "{used}");
    let keyless = shop::json(host.post(REQUESTS, &first), REFUSED).await?;
    assert_eq!(shop::codes(&keyless), ["/form_token form-used"]);
    assert_eq!(shop::json(post(&host, "a", &first), StatusCode::CREATED).await?, receipt);
    Ok(())
}

#[tokio::test]
async fn of_many_requests_by_one_form_at_once_one_is_kept() -> Result<()> {
    let host = shop::at_night().await?;
    let body = message(&form_token(&host).await?).body();
    let mut posts = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let post = host.post(REQUESTS, &body);
        posts.spawn(async move { anyhow::Ok(post.send().await?.status()) });
    }
    let answers: Vec<StatusCode> = posts.join_all().await.into_iter().collect::<Result<_>>()?;
    assert_eq!(answers.iter().filter(|status| **status == StatusCode::CREATED).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == REFUSED).count(), 19, "{answers:?}");
    Ok(())
}

#[tokio::test]
async fn form_of_yesterday_and_one_of_tomorrow_are_refused() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = later(data.path(), shop::SUNDAY_NIGHT, "1000000").await?;
    let token = form_token(&host).await?;
    host.stop().await?;
    for (moment, code) in
        [("2026-11-23T19:31:00Z", "/form_token form-expired"), ("2026-11-22T19:00:00Z", "/form_token unknown-value")]
    {
        let host = later(data.path(), moment, "1000000").await?;
        let problem = shop::json(host.post(REQUESTS, &message(&token).body()), REFUSED).await?;
        assert_eq!(shop::codes(&problem), [code]);
        host.stop().await?;
    }
    let host = later(data.path(), "2026-11-23T19:29:00Z", "1000000").await?;
    shop::json(host.post(REQUESTS, &message(&token).body()), StatusCode::CREATED).await?;
    Ok(())
}

#[tokio::test]
async fn used_or_expired_form_on_the_page_comes_back_filled_and_can_be_sent_again() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = later(data.path(), shop::SUNDAY_NIGHT, "1000000").await?;
    let (used, old) = (hosted::page(&host).await?, hosted::page(&host).await?);
    assert_eq!(sent(&host, &used, "Первый вопрос").await?.0, StatusCode::SEE_OTHER);
    let (status, again) = sent(&host, &used, "Второй вопрос").await?;
    assert_eq!(status, REFUSED);
    assert!(again.contains("Эту форму уже отправляли") && again.contains("Второй вопрос"), "{again}");
    assert_eq!(sent(&host, &again, "Второй вопрос").await?.0, StatusCode::SEE_OTHER);
    host.stop().await?;
    let host = later(data.path(), "2026-11-24T19:30:00Z", "1000000").await?;
    let (status, again) = sent(&host, &old, "Третий вопрос").await?;
    assert_eq!(status, REFUSED);
    assert!(again.contains("слишком долго") && again.contains("Третий вопрос"), "{again}");
    assert_eq!(sent(&host, &again, "Третий вопрос").await?.0, StatusCode::SEE_OTHER);
    Ok(())
}

/// Sends the message form of a page, and gives what the browser sees then.
async fn sent(host: &Host, page: &str, text: &str) -> Result<(StatusCode, String)> {
    let answer = form(host, page, text).await?;
    Ok((answer.status(), answer.text().await?))
}

async fn form(host: &Host, page: &str, text: &str) -> Result<reqwest::Response> {
    let fields = [
        ("kind", "message"),
        ("attempt", &hosted::hidden(page, "attempt")?),
        ("form_token", &hosted::hidden(page, "form_token")?),
        ("text", text),
        ("email", "anna@example.com"),
        ("consent", "true"),
    ];
    let post = hosted::browser()?.post(host.url("/c/pet-shop?locale=ru")).body(hosted::encoded(&fields));
    Ok(post.header(header::CONTENT_TYPE, hosted::FORM).send().await?)
}

#[tokio::test]
async fn form_that_comes_back_at_once_is_taken_with_a_proof_of_work() -> Result<()> {
    let host = Host::start(shop::binary(), HostOptions::demo().clock(shop::SUNDAY_NIGHT)).await?;
    // On a machine under load the form may be two seconds old before it is sent: then it is taken as it is.
    let (token, problem) = wait_until("a form sent at once", PATIENCE, async || {
        let token = form_token(&host).await.ok()?;
        Some((token.clone(), shop::json(host.post(REQUESTS, &message(&token).body()), REFUSED).await.ok()?))
    })
    .await?;
    assert_eq!(problem["type"], "urn:porchlight:error:proof-required");
    assert_eq!(shop::codes(&problem), ["/proof proof-required"]);
    let challenge = &problem["challenge"];
    assert_eq!(challenge["algorithm"], "SHA-256");
    assert!(challenge["salt"].as_str().is_some_and(|salt| salt.contains("?expires=")), "{challenge}");
    let proven = message(&token).with("proof", solved(challenge)?);
    shop::json(host.post(REQUESTS, &proven.body()), StatusCode::CREATED).await?;
    Ok(())
}

#[tokio::test]
async fn many_forms_of_one_address_are_taken_with_proofs_and_no_proof_twice() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = later(data.path(), shop::SUNDAY_NIGHT, "12").await?;
    let mut tokens = Vec::new();
    for _ in 0..4 {
        tokens.push(form_token(&host).await?);
    }
    let page = hosted::page(&host).await?;
    host.stop().await?;
    let host = later(data.path(), "2026-11-22T19:31:00Z", "12").await?;
    let post = |token: &Value, proof: &str| host.post(REQUESTS, &message(token).with("proof", proof).body());
    for token in &tokens[..2] {
        shop::json(host.post(REQUESTS, &message(token).body()), StatusCode::CREATED).await?;
    }
    let asked = shop::json(host.post(REQUESTS, &message(&tokens[2]).body()), REFUSED).await?;
    let proof = solved(&asked["challenge"])?;
    for wrong in ["", "e30=", &STANDARD.encode(json!({"number": 1}).to_string())] {
        let again = shop::json(post(&tokens[2], wrong), REFUSED).await?;
        assert_eq!(shop::codes(&again), ["/proof proof-required"], "{wrong}");
    }
    shop::json(post(&tokens[2], &proof), StatusCode::CREATED).await?;
    let twice = shop::json(post(&tokens[3], &proof), REFUSED).await?;
    assert_eq!(shop::codes(&twice), ["/proof proof-required"]);
    assert_ne!(twice["challenge"]["challenge"], asked["challenge"]["challenge"]);
    shop::json(post(&tokens[3], &solved(&twice["challenge"])?), StatusCode::CREATED).await?;

    let tokenless = host.post(REQUESTS, &Sample::message("Ещё").body()).send().await?;
    abuse::told_to_wait(tokenless).await.context("nobody can be asked for a proof without a form")?;
    let waits = abuse::told_to_wait(form(&host, &page, "Без скриптов").await?).await?;
    assert!(waits.contains("Без скриптов"), "what was typed is still there: {waits}");
    Ok(())
}
