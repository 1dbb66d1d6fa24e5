//! Which pages may call.

use anyhow::Result;
use porchlight_testkit::Host;
use reqwest::{Method, StatusCode, header::HeaderMap};

use crate::shop;

const OFFER: &str = "/v1/sites/pet-shop/offer";

async fn asked(host: &Host, method: Method, path: &str, origin: &str) -> Result<(StatusCode, HeaderMap)> {
    let answer = host.request(method, path).header("Origin", origin).send().await?;
    Ok((answer.status(), answer.headers().clone()))
}

#[tokio::test]
async fn origins_of_the_site_and_of_the_host_are_echoed_without_credentials() -> Result<()> {
    let host = shop::at_night().await?;
    for origin in ["http://localhost:8080", host.address()] {
        let (status, headers) = asked(&host, Method::GET, OFFER, origin).await?;
        assert_eq!((status, headers["access-control-allow-origin"].to_str()?), (StatusCode::OK, origin));
        assert!(headers.get("access-control-allow-credentials").is_none());
        assert!(headers.get_all("vary").iter().any(|vary| vary == "Origin"));
        assert_eq!(headers["access-control-expose-headers"], "Retry-After, ETag");
    }
    Ok(())
}

#[tokio::test]
async fn foreign_origins_and_null_are_refused() -> Result<()> {
    let host = shop::at_night().await?;
    for origin in ["https://evil.example", "null", "http://localhost:8080.evil.example", "http://localhost"] {
        for (method, path) in
            [(Method::GET, OFFER), (Method::POST, "/v1/sites/pet-shop/requests"), (Method::GET, "/v1/request")]
        {
            let (status, headers) = asked(&host, method, path, origin).await?;
            assert_eq!(status, StatusCode::FORBIDDEN, "{origin} {path}");
            assert!(headers.get("access-control-allow-origin").is_none());
        }
    }
    Ok(())
}

#[tokio::test]
async fn preflight_allows_what_the_contract_says() -> Result<()> {
    let host = shop::at_night().await?;
    let preflight = host.request(Method::OPTIONS, "/v1/request").header("Origin", "http://localhost:8080");
    let answer = preflight.header("Access-Control-Request-Method", "PATCH").send().await?;
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(answer.headers()["access-control-allow-methods"], "GET, POST, PATCH, DELETE");
    assert_eq!(
        answer.headers()["access-control-allow-headers"],
        "authorization, content-type, idempotency-key, last-event-id"
    );
    Ok(())
}
