//! What surrounds every request: ids, health, metrics, a log without people, a graceful end.

use std::time::Duration;

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::shop;

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

#[tokio::test]
async fn every_answer_has_an_id_and_careful_headers() -> Result<()> {
    let host = shop::at_night().await?;
    for path in ["/healthz", "/w/pet-shop.js", "/nowhere.js"] {
        let answer = host.get(path).send().await?;
        assert_eq!(answer.headers()["x-request-id"].len(), 32, "{path}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
    let page = host.get("/c/pet-shop").send().await?;
    assert!(page.headers()["content-security-policy"].to_str()?.contains("default-src 'none'"));
    assert_eq!(page.headers()["referrer-policy"], "same-origin");
    Ok(())
}

#[tokio::test]
async fn wrong_method_and_wrong_address_are_problems() -> Result<()> {
    let host = shop::at_night().await?;
    let wrong = host.request(Method::PUT, REQUESTS);
    assert_eq!(
        shop::json(wrong, StatusCode::METHOD_NOT_ALLOWED).await?["type"],
        "urn:porchlight:error:method-not-allowed"
    );
    let nowhere = host.request(Method::POST, "/v1/nowhere");
    let answer = nowhere.send().await?;
    assert!(matches!(answer.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED));
    Ok(())
}

#[tokio::test]
async fn metrics_count_on_a_listener_of_their_own() -> Result<()> {
    let options = HostOptions::demo().environment("PORCHLIGHT_METRICS__LISTEN", "127.0.0.1:0");
    let host = Host::start(shop::binary(), options).await?;
    shop::json(host.post(REQUESTS, &Sample::message("Считайте меня").body()), StatusCode::CREATED).await?;
    let printed = host.printed();
    let address = printed.lines().find_map(|line| line.strip_prefix("metrics on ")).context("an address")?.to_owned();
    let page = reqwest::get(&address).await?.text().await?;
    assert!(page.contains("porchlight_requests_kept_total{site=\"pet-shop\",kind=\"message\"} 1"), "{page}");
    assert_eq!(host.get("/metrics").send().await?.status(), StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn log_names_routes_and_never_people() -> Result<()> {
    let options =
        HostOptions::demo().environment("PORCHLIGHT_LOG__FORMAT", "json").environment("PORCHLIGHT_LOG__LEVEL", "debug");
    let host = Host::start(shop::binary(), options).await?;
    let body = Sample::message("Канарейка-текст")
        .with("name", "Канарейка-имя")
        .with("email", "canary@example.com")
        .with("phone", "+7 916 123-45-67");
    let receipt = shop::json(host.post(REQUESTS, &body.body()), StatusCode::CREATED).await?;
    let token = receipt["tracking_token"].as_str().context("a token")?.to_owned();
    shop::json(host.get("/v1/request").bearer_auth(&token), StatusCode::OK).await?;
    host.get("/r/pet-shop/AAAAAAAAAAAAAAAAAAAAAA").send().await?;
    let (status, log) = host.stop().await?;
    assert!(status.success(), "{log}");
    let answered: Vec<Value> = log.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    assert!(answered.len() > 5, "one JSON object a line: {log}");
    assert!(log.contains("/r/{site}/{id}"), "routes are named");
    for secret in ["Канарейка", "canary", "9161234567", "916 123", &token, "AAAAAAAAAAAAAAAAAAAAAA"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
    Ok(())
}

#[tokio::test]
async fn silent_and_half_spoken_connections_are_cut_off() -> Result<()> {
    let options = HostOptions::demo().environment("PORCHLIGHT_LIMITS__HEAD_SECONDS", "1");
    let host = Host::start(shop::binary(), options).await?;
    let address = host.address().trim_start_matches("http://").to_owned();
    for said in ["", "GET / HTTP/1.1\r\nHost: x\r\n", "PRI * HTTP/2.0\r\n"] {
        let mut stream = TcpStream::connect(&address).await?;
        stream.write_all(said.as_bytes()).await?;
        let mut rest = Vec::new();
        let ended = timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "{said:?} was left open");
    }
    Ok(())
}

#[tokio::test]
async fn slow_body_is_cut_off_with_an_answer() -> Result<()> {
    let options = HostOptions::demo().environment("PORCHLIGHT_LIMITS__REQUEST_SECONDS", "1");
    let host = Host::start(shop::binary(), options).await?;
    let address = host.address().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).await?;
    let head = format!(
        "POST {REQUESTS} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await?;
    let mut answer = Vec::new();
    timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await??;
    assert!(String::from_utf8_lossy(&answer).starts_with("HTTP/1.1 408"), "{}", String::from_utf8_lossy(&answer));
    Ok(())
}

#[tokio::test]
async fn host_stops_gracefully_when_told_to() -> Result<()> {
    let host = shop::at_night().await?;
    let (status, log) = host.stop().await?;
    assert!(status.success(), "{log}");
    Ok(())
}
