//! Bodies: too large, of a lying length, too slow, compressed.

use anyhow::Result;
use porchlight_testkit::samples::Sample;

use crate::{
    raw::{answers, authority, last_answer, post},
    shop::{self, REQUESTS},
};

fn head(rest: &str) -> String {
    format!("POST {REQUESTS} HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\n{rest}\r\n\r\n")
}

fn message() -> Vec<u8> {
    Sample::message("Где мой заказ?").body().to_string().into_bytes()
}

#[tokio::test]
async fn ten_megabytes_are_too_large_and_end_the_connection() -> Result<()> {
    let host = shop::open().await?;
    let body = vec![b' '; 10_000_000];
    let told = last_answer(&host, [head("Content-Length: 10000000").as_bytes(), &body].concat()).await?;
    assert_eq!((told.status, told.problem()?.as_str()), (413, "too-large"));
    assert!(told.head.contains("connection: close"), "{}", told.head);
    Ok(())
}

#[tokio::test]
async fn a_body_announced_as_too_large_is_not_asked_for() -> Result<()> {
    let host = shop::open().await?;
    for length in ["262145", "10000000", "9223372036854775807"] {
        let told = last_answer(&host, head(&format!("Content-Length: {length}\r\nExpect: 100-continue"))).await?;
        assert_eq!((told.status, told.problem()?.as_str()), (413, "too-large"), "{length}");
    }
    Ok(())
}

#[tokio::test]
async fn endless_chunks_are_too_large_and_end_the_connection() -> Result<()> {
    let host = shop::open().await?;
    let chunk = format!("1000\r\n{}\r\n", " ".repeat(4_096));
    let told = last_answer(&host, head("Transfer-Encoding: chunked") + chunk.repeat(2_500).as_str()).await?;
    assert_eq!((told.status, told.problem()?.as_str()), (413, "too-large"));
    let tiny = "1\r\n \r\n".repeat(300_000);
    let told = last_answer(&host, head("Transfer-Encoding: chunked") + tiny.as_str()).await?;
    assert_eq!((told.status, told.problem()?.as_str()), (413, "too-large"));
    Ok(())
}

#[tokio::test]
async fn a_body_shorter_than_announced_is_waited_for_and_given_up() -> Result<()> {
    for (setting, rest) in [
        ("PORCHLIGHT_LIMITS__BODY_SECONDS", "Content-Length: 100000"),
        ("PORCHLIGHT_LIMITS__BODY_SECONDS", "Transfer-Encoding: chunked"),
        ("PORCHLIGHT_LIMITS__REQUEST_SECONDS", "Content-Length: 100000"),
    ] {
        let host = shop::with(&[(setting, "1")]).await?;
        let origin = format!("{rest}\r\nOrigin: {}", host.address());
        let bytes = head(&origin).replace("a.example", authority(&host));
        let begun = if rest.starts_with('C') { "{" } else { "5\r\n{" };
        let told = answers(&host, bytes + begun).await?;
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].status, told[0].problem()?.as_str()), (408, "timeout"), "{rest}");
        let allowed = format!("access-control-allow-origin: {}", host.address());
        assert!(told[0].head.contains(&allowed), "the page may read why: {}", told[0].head);
    }
    Ok(())
}

#[tokio::test]
async fn a_body_longer_than_announced_is_no_request_and_its_rest_none_either() -> Result<()> {
    let host = shop::open().await?;
    let body = message();
    let short = head(&format!("Content-Length: {}", body.len() - 10));
    let told = answers(&host, [short.as_bytes(), &body].concat()).await?;
    let statuses: Vec<u16> = told.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [400, 400]);
    assert_eq!(told[0].problem()?, "not-json");
    Ok(())
}

#[tokio::test]
async fn a_body_is_taken_whole_or_in_chunks() -> Result<()> {
    let host = shop::open().await?;
    let body = message();
    assert_eq!(post(&host, REQUESTS, "", &body).await?.status, 201);
    let mut chunked = head("Connection: close\r\nTransfer-Encoding: chunked").into_bytes();
    for byte in &body {
        chunked.extend_from_slice(b"1\r\n");
        chunked.push(*byte);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    assert_eq!(last_answer(&host, chunked).await?.status, 201);
    Ok(())
}

#[tokio::test]
async fn compressed_bodies_are_refused() -> Result<()> {
    let host = shop::open().await?;
    for coding in ["gzip", "br", "deflate", "zstd", "identity, gzip", "gzip, gzip, gzip"] {
        let told = post(&host, REQUESTS, &format!("Content-Encoding: {coding}\r\n"), &message()).await?;
        assert_eq!((told.status, told.problem()?.as_str()), (415, "unsupported-media-type"), "{coding}");
    }
    assert_eq!(post(&host, REQUESTS, "Content-Encoding: identity\r\n", &message()).await?.status, 201);
    Ok(())
}
