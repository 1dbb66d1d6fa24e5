//! What answers say to browsers, and what nobody may read in addresses and logs.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use reqwest::{
    Method, StatusCode,
    header::{self, HeaderMap},
};
use serde_json::json;

use crate::{hosted, shop};

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

/// Every header that tells browsers what may be done with an answer, as `name: value`.
fn careful(headers: &HeaderMap) -> Vec<String> {
    let names = [
        "content-security-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
        "referrer-policy",
        "x-content-type-options",
        "x-frame-options",
    ];
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(|it| format!("{name}: {it}"));
    names.into_iter().filter_map(value).collect()
}

#[tokio::test]
async fn every_kind_of_answer_says_how_careful_browsers_should_be() -> Result<()> {
    let host = shop::at_night().await?;
    let page = [
        "content-security-policy: default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
        "cross-origin-opener-policy: same-origin",
        "cross-origin-resource-policy: same-origin",
        "permissions-policy: camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "referrer-policy: same-origin",
        "x-content-type-options: nosniff",
        "x-frame-options: DENY",
    ];
    let widget = [
        "cross-origin-resource-policy: cross-origin",
        "referrer-policy: same-origin",
        "x-content-type-options: nosniff",
    ];
    let other = ["referrer-policy: same-origin", "x-content-type-options: nosniff"];
    let loader = host.get("/w/pet-shop.js").send().await?.text().await?;
    let begin = loader.find("/assets/panel.").context("the panel's address")?;
    let panel = loader[begin..].split('"').next().context("its end")?.to_owned();
    for (path, status, expected) in [
        ("/c/pet-shop", 200, &page[..]),
        ("/c/nobody", 404, &page[..]),
        ("/r/pet-shop/AAAAAAAAAAAAAAAAAAAAAA", 404, &page[..]),
        ("/r/nobody/AAAA", 404, &page[..]),
        ("/desk/pet-shop/AAAAAAAAAAAAAAAAAAAAAA", 404, &page[..]),
        ("/w/pet-shop.js", 200, &widget[..]),
        ("/w/pet-shop.css", 200, &widget[..]),
        (panel.as_str(), 200, &widget[..]),
        ("/v1/sites/pet-shop/offer", 200, &other[..]),
        ("/v1/sites/nobody/offer", 404, &other[..]),
        ("/v1/request", 401, &other[..]),
        ("/v1/request/events", 401, &other[..]),
        ("/schema/site.json", 200, &other[..]),
        ("/healthz", 200, &other[..]),
        ("/nowhere", 404, &other[..]),
    ] {
        let answer = host.get(path).send().await?;
        assert_eq!((answer.status().as_u16(), careful(answer.headers())), (status, strings(expected)), "{path}");
    }
    let forbidden = host.request(Method::POST, "/c/pet-shop").header(header::ORIGIN, "https://evil.example");
    let forbidden = forbidden.send().await?;
    assert_eq!((forbidden.status(), careful(forbidden.headers())), (StatusCode::FORBIDDEN, strings(&page)));
    Ok(())
}

fn strings(expected: &[&str]) -> Vec<String> {
    expected.iter().map(|&line| line.to_owned()).collect()
}

/// What one visitor and their requests are known by, and nobody else may read.
struct Secrets(Vec<String>);

impl Secrets {
    fn assert_absent(&self, from: &str, place: &str) {
        for secret in &self.0 {
            assert!(secret.len() > 5 && !from.contains(secret.as_str()), "`{secret}` stands in {place}: {from}");
        }
    }
}

#[tokio::test]
async fn nothing_secret_of_a_requests_whole_life_stands_in_the_log_or_in_an_address() -> Result<()> {
    let options = HostOptions::demo().clock(shop::SUNDAY_NIGHT).unlimited();
    let host = Host::start(shop::binary(), options.environment("PORCHLIGHT_LOG__LEVEL", "trace")).await?;
    let offer = shop::offer(&host).await?;
    let form_token = offer["form_token"].as_str().context("a form token")?.to_owned();
    let slot = shop::slots(&host).await?[0].clone();
    let body = Sample::callback(&slot).with("name", "Канарейка-имя").with("text", "Канарейка-текст");
    let body = body.with("email", "canary@example.com").with("form_token", form_token.clone());
    let submit = host.post(REQUESTS, &body.body()).header("Idempotency-Key", "canary-key");
    let receipt = shop::json(submit, StatusCode::CREATED).await?;
    let tracking = receipt["tracking_token"].as_str().context("a token")?.to_owned();
    let people = ["Канарейка", "canary", "9161234567", "916 123", "123-45-67"].map(str::to_owned);
    let mut secrets = Secrets(people.into_iter().chain([form_token, tracking.clone()]).collect());

    for begins in ["/r/pet-shop/", "/desk/pet-shop/"] {
        by_link(&host, begins, &tracking, &mut secrets).await?;
    }
    by_form(&host, &mut secrets).await?;

    let own = |method| host.request(method, "/v1/request").bearer_auth(&tracking);
    let changed = own(Method::PATCH).json(&json!({"slot": shop::slots(&host).await?[3]}));
    shop::json(changed, StatusCode::OK).await?;
    shop::json(own(Method::DELETE), StatusCode::NO_CONTENT).await?;
    let (status, log) = host.stop().await?;
    assert!(status.success() && log.contains("/r/{site}/{id}") && log.contains("/desk/{site}/{id}"), "{log}");
    secrets.assert_absent(&log, "the log");
    Ok(())
}

/// The hosted form, and the page it leads to.
async fn by_form(host: &Host, secrets: &mut Secrets) -> Result<()> {
    let form = hosted::page(host).await?;
    let token = hosted::hidden(&form, "form_token")?;
    let fields = [
        ("kind", "message"),
        ("form_token", token.as_str()),
        ("text", "Канарейка-текст"),
        ("email", "canary@example.com"),
        ("consent", "true"),
    ];
    let browser = hosted::browser()?;
    let sent = browser.post(host.url("/c/pet-shop")).header(header::CONTENT_TYPE, hosted::FORM);
    let sent = sent.body(hosted::encoded(&fields)).send().await?;
    let path = sent.headers()[header::LOCATION].to_str()?.to_owned();
    secrets.assert_absent(&path, "the address the form leads to");
    let cookie = sent.headers()[header::SET_COOKIE].to_str()?.split(';').next().unwrap_or_default().to_owned();
    let shown = browser.get(host.url(&path)).header(header::COOKIE, &cookie).send().await?;
    assert_eq!(shown.status(), StatusCode::OK);
    secrets.0.extend([token, path.rsplit('/').next().unwrap_or_default().to_owned(), value(&cookie)]);
    Ok(())
}

/// A mailed link of the first request: opened, looked at and acted on.
async fn by_link(host: &Host, begins: &str, tracking: &str, secrets: &mut Secrets) -> Result<()> {
    let path = shop::mailed_link(host, "", begins).await?;
    secrets.assert_absent(&path, "the mailed link");
    let browser = hosted::browser()?;
    let post =
        |fields: &'static str| browser.post(host.url(&path)).header(header::CONTENT_TYPE, hosted::FORM).body(fields);
    let opened = post("action=open").send().await?;
    assert_eq!((opened.status(), opened.headers()[header::LOCATION].to_str()?), (StatusCode::SEE_OTHER, path.as_str()));
    let cookie = opened.headers()[header::SET_COOKIE].to_str()?.split(';').next().unwrap_or_default().to_owned();
    let shown = browser.get(host.url(&path)).header(header::COOKIE, &cookie).send().await?;
    assert_eq!((shown.status(), &shown.headers()[header::REFERRER_POLICY]), (StatusCode::OK, &"same-origin".parse()?));
    let shown = shown.text().await?;
    assert!(!shown.contains(tracking), "the page of a link leads to its request, not to the token: {shown}");
    let acted = post("action=nothing").header(header::COOKIE, &cookie).send().await?;
    assert_eq!(acted.status(), StatusCode::UNPROCESSABLE_ENTITY);
    secrets.0.extend([path.rsplit('/').next().unwrap_or_default().to_owned(), value(&cookie)]);
    Ok(())
}

fn value(cookie: &str) -> String {
    cookie.split_once('=').map_or_else(String::new, |(_, value)| value.to_owned())
}
