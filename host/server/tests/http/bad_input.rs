//! Bad input: each with its clear answer, and nothing kept of it.

use anyhow::Result;
use porchlight_testkit::{Host, samples::Sample};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::shop;

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

async fn refused(host: &Host, body: &Value) -> Result<Vec<String>> {
    let problem = shop::json(host.post(REQUESTS, body), StatusCode::UNPROCESSABLE_ENTITY).await?;
    let errors = problem["errors"].as_array().expect("errors");
    assert!(errors.iter().all(|error| error["message"].as_str().is_some_and(|message| message.len() > 5)), "{problem}");
    Ok(shop::codes(&problem))
}

async fn raw(host: &Host, body: impl Into<reqwest::Body>) -> Result<(StatusCode, Value)> {
    let answer = host.request(reqwest::Method::POST, REQUESTS).header("Content-Type", "application/json").body(body);
    let answer = answer.send().await?;
    let (status, kind) = (answer.status(), answer.headers()["content-type"].clone());
    assert_eq!(kind, "application/problem+json");
    Ok((status, answer.json().await?))
}

#[tokio::test]
async fn every_bad_field_is_named_in_the_visitors_language() -> Result<()> {
    let host = shop::at_night().await?;
    let message = || Sample::message("Вопрос");
    let long = "я".repeat(5_001);
    let cases = [
        (json!({}), vec!["/kind required"]),
        (json!({"kind": "order"}), vec!["/kind unknown-value"]),
        (message().without("text").body(), vec!["/text required"]),
        (message().with("text", "   ").body(), vec!["/text required"]),
        (message().without("email").body(), vec!["/email contact-required"]),
        (message().without("consent").body(), vec!["/consent consent-required"]),
        (message().with("consent", false).body(), vec!["/consent consent-required"]),
        (message().with("text", long).body(), vec!["/text too-long"]),
        (message().with("name", "Анна\u{0}").body(), vec!["/name control-character"]),
        (message().with("page", "javascript:alert(1)").body(), vec!["/page page-invalid"]),
        (message().with("email", "anna@example.com\r\nBcc: all@example.com").body(), vec!["/email control-character"]),
        (message().with("email", "anna@localhost").body(), vec!["/email email-invalid"]),
        (message().with("phone", "+7 (000)").body(), vec!["/phone phone-too-short"]),
        (message().with("phone", "+7 916 12").body(), vec!["/phone phone-too-short"]),
        (message().with("website", "http://spam.example").body(), vec!["/website unknown-value"]),
        (message().with("form_token", "чужой").body(), vec!["/form_token unknown-value"]),
        (message().with("knid", "x").body(), vec!["/knid unknown-field"]),
        (message().with("phone", 7).with("consent", "yes").body(), vec!["/consent wrong-type", "/phone wrong-type"]),
        (Sample::callback("2026-11-20T07:00:00Z").body(), vec!["/slot slot-past"]),
        (Sample::callback("9999-12-30T07:00:00Z").body(), vec!["/slot slot-too-far"]),
        (Sample::callback("2026-11-23T07:10:00Z").body(), vec!["/slot slot-none"]),
        (Sample::callback("завтра").body(), vec!["/slot slot-invalid"]),
        (Sample::callback("2026-11-23T07:00:00Z").without("phone").body(), vec!["/phone required"]),
    ];
    for (body, codes) in cases {
        assert_eq!(refused(&host, &body).await?, codes, "{body}");
    }
    let problem =
        shop::json(host.post(REQUESTS, &message().with("phone", "+7 916 12").body()), StatusCode::UNPROCESSABLE_ENTITY)
            .await?;
    assert_eq!(problem["errors"][0]["message"], "Похоже, не хватает цифр: нужно ещё хотя бы пять");
    Ok(())
}

#[tokio::test]
async fn what_is_not_json_is_refused_as_such() -> Result<()> {
    let host = shop::at_night().await?;
    for (body, kind) in [
        ("{".to_owned(), "not-json"),
        ("[]".to_owned(), "not-json"),
        (String::new(), "not-json"),
        ("{\"a\":".to_owned() + "[".repeat(100_000).as_str(), "too-deep"),
        (r#"{"name":"\ud800"}"#.to_owned(), "bad-unicode"),
    ] {
        let (status, problem) = raw(&host, body).await?;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(problem["type"], format!("urn:porchlight:error:{kind}"));
    }
    let (status, _) = raw(&host, b"{\"name\":\"\xff\"}".to_vec()).await?;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    Ok(())
}

#[tokio::test]
async fn too_large_a_body_is_refused() -> Result<()> {
    let host = shop::at_night().await?;
    let (status, problem) = raw(&host, vec![b' '; 262_145]).await?;
    assert_eq!((status, &problem["type"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("urn:porchlight:error:too-large")));
    Ok(())
}

#[tokio::test]
async fn other_media_types_are_refused() -> Result<()> {
    let host = shop::at_night().await?;
    let form = host.request(reqwest::Method::POST, REQUESTS).header("Content-Type", "text/plain").body("{}");
    shop::json(form, StatusCode::UNSUPPORTED_MEDIA_TYPE).await?;
    Ok(())
}

#[tokio::test]
async fn unknown_site_takes_nothing() -> Result<()> {
    let host = shop::at_night().await?;
    let post = host.post("/v1/sites/nobody/requests", &Sample::message("Кто здесь?").body());
    shop::json(post, StatusCode::NOT_FOUND).await?;
    Ok(())
}

#[tokio::test]
async fn markup_in_a_name_stays_text() -> Result<()> {
    let host = shop::at_night().await?;
    let hostile = "<img src=x onerror=alert(1)>";
    let body = Sample::message(hostile).with("name", hostile).body();
    let receipt = shop::json(host.post(REQUESTS, &body), StatusCode::CREATED).await?;
    let token = receipt["tracking_token"].as_str().expect("a token");
    let own = host.get("/v1/request").bearer_auth(token);
    let request = shop::json(own, StatusCode::OK).await?;
    assert_eq!(request["entries"][0]["text"], hostile);
    Ok(())
}

#[tokio::test]
async fn idempotency_key_has_to_be_visible_ascii() -> Result<()> {
    let host = shop::at_night().await?;
    for key in ["", &"k".repeat(256)] {
        let post = host.post(REQUESTS, &Sample::message("Ключ").body()).header("Idempotency-Key", key);
        shop::json(post, StatusCode::BAD_REQUEST).await?;
    }
    Ok(())
}
