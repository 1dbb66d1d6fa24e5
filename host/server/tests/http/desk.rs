//! The business answers by the link in its letter.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use serde_json::Value;

use crate::{hosted, shop};

const REQUESTS: &str = "/v1/sites/pet-shop/requests";

/// A request that was submitted, with the page that the business opened by its letter.
pub struct Asked {
    /// The host.
    pub host: Host,
    /// The requester's tracking token.
    pub token: String,
    page: String,
    cookie: String,
}

pub async fn asked(body: &Value) -> Result<Asked> {
    asked_of(shop::at_night().await?, body).await
}

/// The same, of a host that is there.
pub async fn asked_of(host: Host, body: &Value) -> Result<Asked> {
    let receipt = shop::json(host.post(REQUESTS, body), StatusCode::CREATED).await?;
    let token = receipt["tracking_token"].as_str().context("a token")?.to_owned();
    let reference = receipt["reference"].as_str().context("a reference")?;
    let page = host.url(&shop::mailed_link(&host, reference, "/desk/pet-shop/").await?);
    Ok(Asked { host, token, page, cookie: String::new() })
}

async fn callback() -> Result<Asked> {
    let host = shop::at_night().await?;
    let slot = shop::slots(&host).await?[0].clone();
    asked(&Sample::callback(&slot).with("email", "anna@example.com").body()).await?.opened().await
}

impl Asked {
    /// After the button of the link was pressed.
    pub async fn opened(self) -> Result<Self> {
        let opened = post(&self.page, "action=open", "").await?;
        assert_eq!(opened.status(), StatusCode::SEE_OTHER);
        let cookie = opened.headers()["set-cookie"].to_str()?.split(';').next().unwrap_or_default().to_owned();
        Ok(Self { cookie, ..self })
    }

    async fn page(&self) -> Result<Response> {
        Ok(Client::new().get(&self.page).header("Cookie", &self.cookie).send().await?)
    }

    pub async fn shown(&self) -> Result<String> {
        let page = self.page().await?;
        assert_eq!(page.status(), StatusCode::OK);
        Ok(page.text().await?)
    }

    /// What a link of the page leads to.
    pub async fn fetched(&self, path: &str) -> Result<Response> {
        Ok(Client::new().get(self.host.url(path)).header("Cookie", &self.cookie).send().await?)
    }

    /// Presses a button of the page as it is shown now.
    pub async fn press(&self, action: &str) -> Result<Response> {
        let revision = hosted::hidden(&self.shown().await?, "revision")?;
        self.press_at(action, &revision).await
    }

    /// Presses a button of the page as it was shown at a revision.
    async fn press_at(&self, action: &str, revision: &str) -> Result<Response> {
        post(&self.page, &format!("action={action}&revision={revision}"), &self.cookie).await
    }

    /// Answers by the page's form, and closes the request where `close` says so: `&resolve=yes`.
    pub async fn answer(&self, text: &str, close: &str) -> Result<Response> {
        let text = hosted::encoded(&[("action", "answer"), ("text", text)]);
        post(&self.page, &format!("{text}{close}"), &self.cookie).await
    }

    /// What its requester sees.
    pub async fn status(&self) -> Result<Value> {
        shop::json(self.host.get("/v1/request").bearer_auth(&self.token), StatusCode::OK).await
    }
}

pub async fn post(page: &str, form: &str, cookie: &str) -> Result<Response> {
    let client = Client::builder().redirect(Policy::none()).build()?;
    let post = client.post(page).header("Content-Type", "application/x-www-form-urlencoded");
    Ok(post.header("Cookie", cookie).body(form.to_owned()).send().await?)
}

#[tokio::test]
async fn opening_the_address_shows_and_changes_nothing_until_the_button_is_pressed() -> Result<()> {
    let asked = asked(&Sample::message("Щенок боится будки").body()).await?;
    for _ in 0..2 {
        let page = asked.shown().await?;
        assert!(page.contains("value=\"open\"") && !page.contains("будки") && !page.contains("anna"), "{page}");
    }
    assert_eq!(asked.press_at("resolve", "0").await?.status(), StatusCode::GONE, "without the cookie");
    let asked = asked.opened().await?;
    let page = asked.shown().await?;
    for text in ["Щенок боится будки", "mailto:anna@example.com", "Беру в работу", "обещан ответ завтра до 12:00"]
    {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(!page.contains("value=\"reached\""), "a message is not called: {page}");
    assert_eq!(asked.status().await?["status"], "received");
    Ok(())
}

#[tokio::test]
async fn what_the_business_does_is_what_the_requester_sees() -> Result<()> {
    let asked = asked(&Sample::message("Щенок боится будки").body()).await?.opened().await?;
    assert_eq!(asked.press("accept").await?.status(), StatusCode::SEE_OTHER);
    let seen = asked.status().await?;
    assert_eq!(seen["status"], "accepted");
    assert!(seen["steps"][1]["at"].is_string() && seen["steps"][2]["due"].is_string(), "{seen}");
    assert_eq!(asked.press("resolve").await?.status(), StatusCode::SEE_OTHER);
    let seen = asked.status().await?;
    assert_eq!(seen["status"], "resolved");
    assert!(seen["expected_reply"].is_null(), "{seen}");
    assert!(!asked.shown().await?.contains("name=\"revision\""), "nothing is left to do");
    Ok(())
}

#[tokio::test]
async fn of_two_who_act_at_once_one_is_told_that_it_was_changed() -> Result<()> {
    let asked = callback().await?;
    for action in ["accept", "no-answer"] {
        let revision = hosted::hidden(&asked.shown().await?, "revision")?;
        let (one, other) = tokio::join!(asked.press_at(action, &revision), asked.press_at(action, &revision));
        let mut statuses = [one?, other?].map(|response| response.status());
        statuses.sort();
        assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT], "{action}");
        let late = asked.press_at(action, &revision).await?;
        assert_eq!(late.status(), StatusCode::CONFLICT);
        assert!(late.text().await?.contains("Обращение только что изменили"));
    }
    Ok(())
}

#[tokio::test]
async fn who_was_not_reached_gets_a_letter_with_a_link_to_choose_another_time() -> Result<()> {
    let asked = callback().await?;
    assert_eq!(asked.press("no-answer").await?.status(), StatusCode::SEE_OTHER);
    let seen = asked.status().await?;
    assert_eq!(seen["status"], "in-progress");
    assert!(seen["expected_reply"].is_null(), "the call was made: {seen}");
    let link = asked.host.url(&shop::mailed_link(&asked.host, "не дозвонились до вас", "/r/pet-shop/").await?);
    assert_eq!(post(&link, "action=open", "").await?.status(), StatusCode::SEE_OTHER);
    let later = shop::slots(&asked.host).await?[1].clone();
    let own = asked.host.request(reqwest::Method::PATCH, "/v1/request").bearer_auth(&asked.token);
    let moved = shop::json(own.json(&serde_json::json!({ "slot": later })), StatusCode::OK).await?;
    assert!(moved["expected_reply"].is_object(), "another time is promised anew: {moved}");
    assert!(asked.shown().await?.contains("ждут звонка завтра в 10:30"));
    assert_eq!(asked.press("reached").await?.status(), StatusCode::SEE_OTHER, "the second call");
    assert_eq!(asked.status().await?["status"], "resolved");
    assert_eq!(asked.press_at("no-answer", "3").await?.status(), StatusCode::CONFLICT, "it is over");
    Ok(())
}

#[tokio::test]
async fn link_that_is_not_whole_of_another_kind_or_of_another_site_opens_nothing() -> Result<()> {
    let asked = asked(&Sample::message("Чужим не показывать").body()).await?;
    let reference = asked.status().await?["reference"].as_str().context("a reference")?.to_owned();
    let requesters = asked.host.url(&shop::mailed_link(&asked.host, &reference, "/r/pet-shop/").await?);
    let cut = asked.page[..asked.page.len() - 1].to_owned();
    for page in [cut, requesters.replace("/r/", "/desk/"), asked.host.url("/desk/pet-shop/x")] {
        for response in [Client::new().get(&page).send().await?, post(&page, "action=open", "").await?] {
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{page}");
            assert!(!response.text().await?.contains("Чужим"), "{page}");
        }
    }
    let elsewhere = asked.page.replace("/pet-shop/", "/cinema/");
    assert_eq!(post(&elsewhere, "action=open", "").await?.status(), StatusCode::NOT_FOUND);
    let requester = asked.page.replace("/desk/", "/r/");
    assert_eq!(Client::new().get(&requester).send().await?.status(), StatusCode::NOT_FOUND);

    let asked = asked.opened().await?;
    assert_eq!(asked.press("erase").await?.status(), StatusCode::UNPROCESSABLE_ENTITY, "no such action");
    assert_eq!(asked.press_at("resolve", "first").await?.status(), StatusCode::UNPROCESSABLE_ENTITY, "no revision");
    assert_eq!(asked.status().await?["status"], "received");
    Ok(())
}

#[tokio::test]
async fn link_that_was_opened_opens_nothing_in_another_browser() -> Result<()> {
    let opened = asked(&Sample::message("Только мне").body()).await?.opened().await?;
    let elsewhere = Asked { cookie: String::new(), ..opened };
    let page = elsewhere.page().await?;
    assert_eq!(page.status(), StatusCode::GONE);
    assert!(!page.text().await?.contains("Только мне"));
    assert_eq!(elsewhere.press_at("resolve", "0").await?.status(), StatusCode::GONE);
    assert_eq!(elsewhere.status().await?["status"], "received");
    Ok(())
}

#[tokio::test]
async fn link_to_an_erased_request_opens_nothing() -> Result<()> {
    let asked = asked(&Sample::message("Забудьте").body()).await?.opened().await?;
    let erase = asked.host.request(reqwest::Method::DELETE, "/v1/request").bearer_auth(&asked.token);
    shop::json(erase, StatusCode::NO_CONTENT).await?;
    assert_eq!(asked.page().await?.status(), StatusCode::NOT_FOUND);
    assert_eq!(asked.press_at("accept", "0").await?.status(), StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn link_works_for_thirty_days_and_says_when_a_promise_is_overdue() -> Result<()> {
    let data = tempfile::tempdir()?;
    let host = |moment: &'static str| {
        let options = HostOptions::demo().clock(moment).data(data.path()).unlimited();
        Host::start(shop::binary(), options)
    };
    let first = host("2026-11-22T22:30:00+03:00").await?;
    let receipt = shop::json(first.post(REQUESTS, &Sample::message("Подождём").body()), StatusCode::CREATED).await?;
    let reference = receipt["reference"].as_str().context("a reference")?;
    let path = shop::mailed_link(&first, reference, "/desk/pet-shop/").await?;
    first.stop().await?;
    for (moment, status) in
        [("2026-12-22T22:29:00+03:00", StatusCode::SEE_OTHER), ("2026-12-22T22:31:00+03:00", StatusCode::NOT_FOUND)]
    {
        let later = host(moment).await?;
        let page = later.url(&path);
        let opened = post(&page, "action=open", "").await?;
        assert_eq!(opened.status(), status, "{moment}");
        if let Some(cookie) = opened.headers().get("set-cookie") {
            let shown = Client::new().get(&page).header("Cookie", cookie).send().await?.text().await?;
            assert!(shown.contains("просрочено: обещан ответ"), "{shown}");
        }
        later.stop().await?;
    }
    Ok(())
}
