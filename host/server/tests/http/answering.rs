//! The business answers by the link in its letter.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, PATIENCE, samples::Sample, wait_until};
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use serde_json::Value;

use crate::shop;

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

/// A request that was submitted, with the address that the business got by mail.
struct Asked {
    host: Host,
    token: String,
    page: String,
}

/// The address in a letter about a request: `kind` is `answer` or `r`.
async fn mailed_link(host: &Host, reference: &str, kind: &str) -> Result<String> {
    wait_until("the letter", PATIENCE, async || {
        let list = host.get("/demo/mail").send().await.ok()?.text().await.ok()?;
        for path in list.split('"').filter(|part| part.starts_with("/demo/mail/")) {
            let letter = host.get(path).send().await.ok()?.text().await.ok()?;
            let link = letter.split('"').find(|part| part.contains(&format!("/{kind}/pet-shop/")));
            if letter.contains(reference)
                && let Some(link) = link
            {
                return Some(link.to_owned());
            }
        }
        None
    })
    .await
}

async fn asked(body: &Value) -> Result<Asked> {
    let host = shop::at_night().await?;
    let receipt = shop::json(host.post(REQUESTS, body), StatusCode::CREATED).await?;
    let token = receipt["tracking_token"].as_str().context("a token")?.to_owned();
    let page = mailed_link(&host, receipt["reference"].as_str().context("a reference")?, "answer").await?;
    Ok(Asked { host, token, page })
}

async fn callback() -> Result<Asked> {
    let host = shop::at_night().await?;
    let slot = shop::slots(&host).await?[0].clone();
    asked(&Sample::callback(&slot).with("email", "anna@example.com").body()).await
}

impl Asked {
    async fn shown(&self) -> Result<String> {
        let page = Client::new().get(&self.page).send().await?;
        assert_eq!(page.status(), StatusCode::OK);
        Ok(page.text().await?)
    }

    async fn press(&self, action: &str) -> Result<Response> {
        press(&self.page, action).await
    }

    /// What its requester sees.
    async fn status(&self) -> Result<Value> {
        shop::json(self.host.get("/v1/request").bearer_auth(&self.token), StatusCode::OK).await
    }
}

async fn press(page: &str, action: &str) -> Result<Response> {
    let client = Client::builder().redirect(Policy::none()).build()?;
    let form = client.post(page).header("Content-Type", "application/x-www-form-urlencoded");
    Ok(form.body(format!("action={action}")).send().await?)
}

#[tokio::test]
async fn opening_the_link_shows_the_request_and_changes_nothing() -> Result<()> {
    let asked = asked(&Sample::message("Щенок боится будки").body()).await?;
    for _ in 0..2 {
        let page = asked.shown().await?;
        for text in ["Щенок боится будки", "mailto:anna@example.com", "Беру в работу", "обещан ответ завтра до 12:00"]
        {
            assert!(page.contains(text), "{text} in {page}");
        }
        assert!(!page.contains("value=\"reached\""), "a message is not called: {page}");
        assert_eq!(asked.status().await?["status"], "received");
    }
    Ok(())
}

#[tokio::test]
async fn what_the_business_does_is_what_the_requester_sees() -> Result<()> {
    let asked = asked(&Sample::message("Щенок боится будки").body()).await?;
    assert_eq!(asked.press("accept").await?.status(), StatusCode::SEE_OTHER);
    let seen = asked.status().await?;
    assert_eq!(seen["status"], "accepted");
    assert!(seen["steps"][1]["at"].is_string() && seen["steps"][2]["due"].is_string(), "{seen}");
    assert_eq!(asked.press("resolve").await?.status(), StatusCode::SEE_OTHER);
    let seen = asked.status().await?;
    assert_eq!(seen["status"], "resolved");
    assert!(seen["expected_reply"].is_null(), "{seen}");
    assert!(!asked.shown().await?.contains("<button"), "nothing is left to do");
    Ok(())
}

#[tokio::test]
async fn of_two_who_take_it_on_at_once_one_is_told_that_the_other_was_quicker() -> Result<()> {
    let asked = asked(&Sample::message("Кто первый?").body()).await?;
    let (one, other) = tokio::join!(asked.press("accept"), asked.press("accept"));
    let mut statuses = [one?, other?].map(|response| response.status());
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
    let late = asked.press("accept").await?;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    assert!(late.text().await?.contains("Кто-то успел раньше"));
    Ok(())
}

#[tokio::test]
async fn who_was_not_reached_gets_a_letter_with_a_link_to_choose_another_time() -> Result<()> {
    let asked = callback().await?;
    assert_eq!(asked.press("no-answer").await?.status(), StatusCode::SEE_OTHER);
    assert_eq!(asked.status().await?["status"], "in-progress");
    let link = mailed_link(&asked.host, "не дозвонились до вас", "r").await?;
    assert_eq!(press(&link, "open").await?.status(), StatusCode::SEE_OTHER);
    assert_eq!(asked.press("reached").await?.status(), StatusCode::SEE_OTHER, "the second call");
    assert_eq!(asked.status().await?["status"], "resolved");
    assert_eq!(asked.press("no-answer").await?.status(), StatusCode::CONFLICT, "it is over");
    Ok(())
}

#[tokio::test]
async fn link_that_is_not_whole_of_another_kind_or_of_another_site_opens_nothing() -> Result<()> {
    let asked = asked(&Sample::message("Чужим не показывать").body()).await?;
    let reference = asked.status().await?["reference"].as_str().context("a reference")?.to_owned();
    let requesters = mailed_link(&asked.host, &reference, "r").await?;
    let cut = asked.page[..asked.page.len() - 1].to_owned();
    for page in [cut, requesters.replace("/r/", "/answer/"), asked.host.url("/answer/pet-shop/x")] {
        for response in [Client::new().get(&page).send().await?, press(&page, "resolve").await?] {
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{page}");
            assert!(!response.text().await?.contains("Чужим"), "{page}");
        }
    }
    let elsewhere = asked.page.replace("/pet-shop/", "/cinema/");
    assert_eq!(press(&elsewhere, "resolve").await?.status(), StatusCode::NOT_FOUND);
    let requester = asked.page.replace("/answer/", "/r/");
    assert_eq!(Client::new().get(&requester).send().await?.status(), StatusCode::NOT_FOUND);
    assert_eq!(asked.press("erase").await?.status(), StatusCode::UNPROCESSABLE_ENTITY, "no such action");
    assert_eq!(asked.status().await?["status"], "received");
    Ok(())
}

#[tokio::test]
async fn link_to_an_erased_request_opens_nothing() -> Result<()> {
    let asked = asked(&Sample::message("Забудьте").body()).await?;
    shop::json(
        asked.host.request(reqwest::Method::DELETE, "/v1/request").bearer_auth(&asked.token),
        StatusCode::NO_CONTENT,
    )
    .await?;
    assert_eq!(Client::new().get(&asked.page).send().await?.status(), StatusCode::NOT_FOUND);
    assert_eq!(asked.press("accept").await?.status(), StatusCode::NOT_FOUND);
    Ok(())
}
