//! Walls against abuse: limits by address and by site, the trap, letters to people who asked for none.

use std::path::Path;

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, PATIENCE, samples::Sample, wait_until};
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};

use crate::{hosted, shop};

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

/// The shop on Sunday night, behind a proxy that is believed, with these settings.
pub async fn guarded(settings: &[(&str, &str)]) -> Result<Host> {
    let options = HostOptions::demo().clock(shop::SUNDAY_NIGHT);
    let options = options.environment("PORCHLIGHT_TRUSTED_PROXIES", "[\"127.0.0.1\"]");
    let set = |options: HostOptions, (name, value): &(&str, &str)| options.environment(name, value);
    Host::start(shop::binary(), settings.iter().fold(options, set)).await
}

/// A message without a form token.
fn message(host: &Host) -> RequestBuilder {
    host.post(REQUESTS, &Sample::message("Где мой заказ?").body())
}

/// The request as it comes through the proxy.
fn by(address: &str, request: RequestBuilder) -> RequestBuilder {
    request.header("X-Forwarded-For", address)
}

async fn status(request: RequestBuilder) -> Result<StatusCode> {
    Ok(request.send().await?.status())
}

/// Fails unless somebody is told to wait, in whole seconds, and in words. Gives the words.
pub async fn told_to_wait(answer: Response) -> Result<String> {
    assert_eq!(answer.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = answer.headers().get(header::RETRY_AFTER).context("when to come again")?.to_str()?.parse()?;
    assert!((1..=60).contains(&wait), "{wait}");
    let said = answer.text().await?;
    assert!(said.contains(&format!("{wait} секунд")), "{wait} in {said}");
    Ok(said)
}

#[tokio::test]
async fn too_many_submissions_are_told_to_wait() -> Result<()> {
    let host = guarded(&[("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "12")]).await?;
    assert_eq!(status(message(&host)).await?, StatusCode::CREATED);
    assert_eq!(status(message(&host)).await?, StatusCode::CREATED);
    let third = message(&host).send().await?;
    assert_eq!(third.headers()[header::CONTENT_TYPE], "application/problem+json");
    let said = told_to_wait(third).await?;
    assert!(said.contains("urn:porchlight:error:rate-limited"), "{said}");
    assert_eq!(status(by("192.0.2.9", message(&host))).await?, StatusCode::CREATED, "others are not held back");
    Ok(())
}

#[tokio::test]
async fn wrong_submissions_count_as_well() -> Result<()> {
    let host = guarded(&[("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "3")]).await?;
    let wrong = || host.post(REQUESTS, &Sample::message(" ").body());
    for _ in 0..3 {
        assert_eq!(status(wrong()).await?, StatusCode::UNPROCESSABLE_ENTITY);
    }
    told_to_wait(wrong().header(header::ACCEPT_LANGUAGE, "ru").send().await?).await?;
    Ok(())
}

#[tokio::test]
async fn too_many_calls_of_any_kind_are_told_to_wait_as_json_and_as_a_page() -> Result<()> {
    let host = guarded(&[("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "1")]).await?;
    for (number, path) in [
        "/v1/sites/pet-shop/offer",
        "/v1/sites/pet-shop/slots",
        "/v1/sites/pet-shop/answers?q=x",
        "/v1/request",
        "/c/pet-shop",
        "/r/pet-shop/AAAAAAAAAAAAAAAAAAAAAA",
    ]
    .into_iter()
    .enumerate()
    {
        let ask = || by(&format!("192.0.2.{number}"), host.get(path)).header(header::ACCEPT_LANGUAGE, "ru").send();
        for call in 1..=10 {
            assert_ne!(ask().await?.status(), StatusCode::TOO_MANY_REQUESTS, "call {call} of {path}");
        }
        let answer = ask().await?;
        let kind = answer.headers()[header::CONTENT_TYPE].to_str()?.to_owned();
        assert_eq!(
            kind,
            if path.starts_with("/v1/") { "application/problem+json" } else { "text/html; charset=utf-8" }
        );
        told_to_wait(answer).await.context(path)?;
    }
    assert_eq!(status(host.get("/w/pet-shop.js")).await?, StatusCode::OK, "the widget's files are not counted");
    Ok(())
}

#[tokio::test]
async fn page_that_is_refused_says_so_as_a_page_of_its_site() -> Result<()> {
    let host = shop::at_night().await?;
    let browser = hosted::browser()?;
    let post = |path: &str| browser.post(host.url(path)).header(header::CONTENT_TYPE, hosted::FORM);
    let large = format!("text={}", "x".repeat(262_144));
    for (request, status, sentence) in [
        (post("/c/pet-shop").header(header::ORIGIN, "https://evil.example"), 403, "origin"),
        (post("/r/pet-shop/AAAA").header(header::ORIGIN, "https://evil.example"), 403, "origin"),
        (post("/c/pet-shop").body(large), 413, "too large"),
        (browser.post(host.url("/c/pet-shop")).header(header::CONTENT_TYPE, "text/plain"), 415, "application/json"),
        (browser.get(host.url("/c/nobody")), 404, "no such site"),
        (browser.get(host.url("/r/nobody/AAAA")), 404, "no such site"),
    ] {
        let answer = request.header(header::ACCEPT_LANGUAGE, "en").send().await?;
        assert_eq!(answer.status().as_u16(), status);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/html; charset=utf-8");
        assert_eq!(answer.headers()[header::CONTENT_LANGUAGE], "en");
        let page = answer.text().await?;
        assert!(page.contains(sentence), "{sentence} in {page}");
        assert_eq!(page.contains("/w/pet-shop.css"), sentence != "no such site", "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn form_that_cannot_be_kept_comes_back_filled_and_says_when_to_try_again() -> Result<()> {
    let program = shop::binary().display().to_string();
    let small = "trap '' XFSZ; ulimit -f 4096; exec \"$0\" \"$@\"";
    let options = HostOptions::with_arguments(["-c", small, &program, "demo", "--listen", "127.0.0.1:0"]).unlimited();
    let host = Host::start(Path::new("/bin/bash"), options).await?;
    let text = "долгий вопрос ".repeat(300);
    let fields = [("kind", "message"), ("text", text.trim()), ("phone", "+7 916 123-45-67"), ("consent", "true")];
    let browser = hosted::browser()?;
    let mut attempts = 0;
    let refused = loop {
        attempts += 1;
        let attempt = format!("attempt{attempts}");
        let form = hosted::encoded(&[&fields[..], &[("attempt", &attempt)]].concat());
        let post = browser.post(host.url("/c/pet-shop?locale=ru")).header(header::CONTENT_TYPE, hosted::FORM);
        let answer = post.body(form).send().await?;
        if answer.status() != StatusCode::SEE_OTHER {
            break answer;
        }
    };
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.headers()[header::RETRY_AFTER], "30");
    let page = refused.text().await?;
    assert!(page.starts_with("<!doctype html>") && page.contains(text.trim()), "{page}");
    assert!(page.contains(&format!("\"attempt{attempts}\"")), "sent again it is the same request: {page}");
    Ok(())
}

#[tokio::test]
async fn subscriber_of_ipv6_is_one_and_a_stranger_is_not_believed() -> Result<()> {
    let one = [("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "1")];
    let host = guarded(&one).await?;
    assert_eq!(status(by("2001:db8:0:7::1", message(&host))).await?, StatusCode::CREATED);
    assert_eq!(status(by("2001:db8:0:7:ffff::2", message(&host))).await?, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(status(by("2001:db8:0:8::1", message(&host))).await?, StatusCode::CREATED);
    let options = HostOptions::demo().clock(shop::SUNDAY_NIGHT).environment(one[0].0, one[0].1);
    let alone = Host::start(shop::binary(), options).await?;
    assert_eq!(status(by("192.0.2.1", message(&alone))).await?, StatusCode::CREATED);
    assert_eq!(status(by("192.0.2.2", message(&alone))).await?, StatusCode::TOO_MANY_REQUESTS, "no proxy is trusted");
    Ok(())
}

#[tokio::test]
async fn site_is_held_back_as_a_whole_and_only_by_what_is_in_order() -> Result<()> {
    let host = guarded(&[("PORCHLIGHT_ABUSE__SITE_REQUESTS_PER_MINUTE", "1")]).await?;
    let wrong = || host.post(REQUESTS, &Sample::message(" ").body());
    assert_eq!(status(wrong()).await?, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(status(message(&host)).await?, StatusCode::CREATED);
    told_to_wait(by("192.0.2.1", message(&host)).send().await?).await?;
    assert_eq!(status(by("192.0.2.2", wrong())).await?, StatusCode::UNPROCESSABLE_ENTITY);
    Ok(())
}

#[tokio::test]
async fn changes_of_ones_own_request_count_as_submissions() -> Result<()> {
    let host = guarded(&[("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "2")]).await?;
    let receipt = shop::json(message(&host), StatusCode::CREATED).await?;
    let token = receipt["tracking_token"].as_str().context("a token")?;
    let own = |method| host.request(method, "/v1/request").bearer_auth(token).header(header::ACCEPT_LANGUAGE, "ru");
    let cancelled = own(Method::PATCH).json(&serde_json::json!({"status": "cancelled"}));
    assert_eq!(status(cancelled).await?, StatusCode::OK);
    told_to_wait(own(Method::DELETE).send().await?).await?;
    assert_eq!(status(own(Method::GET)).await?, StatusCode::OK, "reading goes on");
    Ok(())
}

#[tokio::test]
async fn raised_limits_raise_every_wall() -> Result<()> {
    let host = shop::at_night().await?;
    for _ in 0..30 {
        let token = shop::offer(&host).await?["form_token"].clone();
        let body = Sample::message("Сразу").with("form_token", token).body();
        shop::json(host.post(REQUESTS, &body), StatusCode::CREATED).await?;
        shop::json(message(&host), StatusCode::CREATED).await?;
    }
    Ok(())
}

#[tokio::test]
async fn filled_trap_is_refused_in_json_and_on_the_page() -> Result<()> {
    let host = shop::at_night().await?;
    let trapped = Sample::message("Реклама").with("website", "http://spam.example").body();
    let problem = shop::json(host.post(REQUESTS, &trapped), StatusCode::UNPROCESSABLE_ENTITY).await?;
    assert_eq!(shop::codes(&problem), ["/website unknown-value"]);
    let fields = [
        ("kind", "message"),
        ("text", "Реклама"),
        ("email", "anna@example.com"),
        ("consent", "true"),
        ("website", "http://spam.example"),
    ];
    let sent = hosted::browser()?.post(host.url("/c/pet-shop?locale=ru")).header(header::CONTENT_TYPE, hosted::FORM);
    let sent = sent.body(hosted::encoded(&fields)).send().await?;
    assert_eq!(sent.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = sent.text().await?;
    assert!(page.contains("Реклама") && !page.contains("spam.example"), "filled as it was, but for the trap: {page}");
    assert!(!host.get("/demo/mail").send().await?.text().await?.contains("/demo/mail/"), "nobody hears of it");
    Ok(())
}

#[tokio::test]
async fn letters_to_one_address_are_few_an_hour_and_the_business_hears_of_every_request() -> Result<()> {
    let settings = [("PORCHLIGHT_ABUSE__LETTERS_PER_HOUR", "1"), ("PORCHLIGHT_METRICS__LISTEN", "127.0.0.1:0")];
    let host = guarded(&settings).await?;
    for email in ["anna@example.com", "Anna+2@example.com", "anna@example.com"] {
        let body = Sample::message("Это письмо я не просила").with("email", email).body();
        shop::json(host.post(REQUESTS, &body), StatusCode::CREATED).await?;
    }
    let printed = host.printed();
    let metrics = printed.lines().find_map(|line| line.strip_prefix("metrics on ")).context("an address")?.to_owned();
    wait_until("the letters", PATIENCE, async || {
        let page = reqwest::get(&metrics).await.ok()?.text().await.ok()?;
        let left_out = page.contains("porchlight_letters_left_out_total{site=\"pet-shop\"} 2");
        (left_out && page.contains("porchlight_deliveries_waiting 0")).then_some(())
    })
    .await?;
    let mails = host.get("/demo/mail").send().await?.text().await?.to_lowercase();
    assert_eq!(mails.matches("to anna").count(), 1, "{mails}");
    assert_eq!(mails.matches("<small>to ").count(), 4, "three to the business: {mails}");
    let log = host.log();
    assert_eq!(log.matches("a letter to a requester is left out").count(), 2, "{log}");
    assert!(!log.to_lowercase().contains("anna"), "{log}");
    Ok(())
}
