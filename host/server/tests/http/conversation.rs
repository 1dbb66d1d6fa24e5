//! The conversation about a request: written on both sides, reopened, rated.

use anyhow::Result;
use porchlight_testkit::{PATIENCE, samples::Sample, wait_until};
use reqwest::{RequestBuilder, StatusCode};
use serde_json::{Value, json};

use crate::{
    desk::{Asked, asked, asked_of, post},
    hosted, shop,
};

async fn message() -> Result<Asked> {
    asked(&Sample::message("Щенок боится будки").body()).await?.opened().await
}

fn entry(asked: &Asked, text: &str) -> RequestBuilder {
    asked.host.post("/v1/request/entries", &json!({ "text": text })).bearer_auth(&asked.token)
}

fn rating(asked: &Asked, body: &Value) -> RequestBuilder {
    asked.host.post("/v1/request/rating", body).bearer_auth(&asked.token)
}

fn told(request: &Value) -> Vec<(String, String)> {
    let said = |entry: &Value| {
        let of = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        (of("from"), of("text"))
    };
    request["entries"].as_array().map(|entries| entries.iter().map(said).collect()).unwrap_or_default()
}

#[tokio::test]
async fn an_answer_reaches_the_requester_on_the_page_and_by_letter() -> Result<()> {
    let asked = message().await?;
    assert_eq!(asked.answer("Да, <b>приносите</b>.\r\nМы до восьми.", "").await?.status(), StatusCode::SEE_OTHER);
    let seen = asked.status().await?;
    assert_eq!(seen["status"], "in-progress");
    assert!(seen["expected_reply"].is_null(), "it was answered: {seen}");
    assert_eq!(told(&seen)[1], ("agent".to_owned(), "Да, <b>приносите</b>.\r\nМы до восьми.".to_owned()));
    assert!(asked.shown().await?.contains("&#60;b&#62;приносите"), "as text");
    let letter = shop::mailed_link(&asked.host, "вам ответили", "/r/pet-shop/").await?;
    assert_eq!(post(&asked.host.url(&letter), "action=open", "").await?.status(), StatusCode::SEE_OTHER);
    Ok(())
}

#[tokio::test]
async fn what_is_written_after_the_end_reopens_it_and_is_promised_an_answer() -> Result<()> {
    let asked = message().await?;
    assert_eq!(asked.answer("Да.", "&resolve=yes").await?.status(), StatusCode::SEE_OTHER);
    assert_eq!(asked.status().await?["status"], "resolved");
    let reopened = shop::json(entry(&asked, "А доставка?"), StatusCode::CREATED).await?;
    assert_eq!(reopened["status"], "in-progress");
    assert_eq!(reopened["expected_reply"]["by"], "2026-11-23T09:00:00Z", "{reopened}");
    assert_eq!(told(&reopened).last(), Some(&("requester".to_owned(), "А доставка?".to_owned())));
    shop::mailed_link(&asked.host, "посетитель написал ещё", "/desk/pet-shop/").await?;
    assert!(asked.shown().await?.contains("обещан ответ завтра до 12:00"));
    assert_eq!(asked.press("resolve").await?.status(), StatusCode::SEE_OTHER);
    Ok(())
}

#[tokio::test]
async fn an_entry_sent_again_with_its_key_is_there_once() -> Result<()> {
    let asked = message().await?;
    let keyed = |text| entry(&asked, text).header("Idempotency-Key", "one");
    let first = shop::json(keyed("Ещё вопрос"), StatusCode::CREATED).await?;
    let again = shop::json(keyed("Ещё вопрос"), StatusCode::CREATED).await?;
    assert_eq!((told(&first).len(), &first["entries"]), (2, &again["entries"]));
    let other = shop::json(keyed("Другой вопрос"), StatusCode::UNPROCESSABLE_ENTITY).await?;
    assert_eq!(other["type"], "urn:porchlight:error:key-reused");
    let unkeyed = shop::json(entry(&asked, "Ещё вопрос"), StatusCode::CREATED).await?;
    assert_eq!(told(&unkeyed).len(), 3, "without a key it is another");
    Ok(())
}

#[tokio::test]
async fn an_entry_that_is_none_is_refused_and_nothing_is_kept() -> Result<()> {
    let asked = message().await?;
    let long = "я".repeat(5_001);
    for (body, code) in [
        (json!({}), "/text required"),
        (json!({"text": " \u{200b}\n"}), "/text required"),
        (json!({"text": 7}), "/text wrong-type"),
        (json!({"text": "a\u{0}b"}), "/text control-character"),
        (json!({"text": long}), "/text too-long"),
        (json!({"text": "да", "from": "agent"}), "/from unknown-field"),
    ] {
        let refused = asked.host.post("/v1/request/entries", &body).bearer_auth(&asked.token);
        let problem = shop::json(refused, StatusCode::UNPROCESSABLE_ENTITY).await?;
        assert_eq!(shop::codes(&problem), [code]);
    }
    let stranger = asked.host.post("/v1/request/entries", &json!({"text": "да"})).bearer_auth("AAAA");
    shop::json(stranger, StatusCode::UNAUTHORIZED).await?;
    assert_eq!(asked.answer(" ", "").await?.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(told(&asked.status().await?).len(), 1);
    Ok(())
}

#[tokio::test]
async fn nothing_is_written_to_a_cancelled_request() -> Result<()> {
    let asked = message().await?;
    let cancel = asked.host.request(reqwest::Method::PATCH, "/v1/request").bearer_auth(&asked.token);
    shop::json(cancel.json(&json!({"status": "cancelled"})), StatusCode::OK).await?;
    let problem = shop::json(entry(&asked, "Передумала"), StatusCode::CONFLICT).await?;
    assert_eq!(problem["type"], "urn:porchlight:error:final");
    assert_eq!(asked.answer("Жаль", "").await?.status(), StatusCode::CONFLICT);
    Ok(())
}

#[tokio::test]
async fn an_answer_is_rated_and_the_business_hears_of_it() -> Result<()> {
    let asked = message().await?;
    let good = json!({"stars": 5, "comment": "Быстро!"});
    let early = shop::json(rating(&asked, &good), StatusCode::CONFLICT).await?;
    assert_eq!(early["type"], "urn:porchlight:error:not-answered");
    assert_eq!(asked.answer("Да.", "&resolve=yes").await?.status(), StatusCode::SEE_OTHER);
    for (body, code) in [
        (json!({}), "/stars required"),
        (json!({"stars": 0}), "/stars unknown-value"),
        (json!({"stars": 6}), "/stars unknown-value"),
        (json!({"stars": 4.5}), "/stars unknown-value"),
        (json!({"stars": "5"}), "/stars wrong-type"),
        (json!({"stars": 5, "comment": ""}), "/comment required"),
    ] {
        let problem = shop::json(rating(&asked, &body), StatusCode::UNPROCESSABLE_ENTITY).await?;
        assert_eq!(shop::codes(&problem), [code]);
    }
    let rated = shop::json(rating(&asked, &good), StatusCode::OK).await?;
    assert_eq!(rated["rating"], good);
    assert_eq!(rated["status"], "resolved");
    shop::mailed_link(&asked.host, "ваш ответ оценили", "/desk/pet-shop/").await?;
    // However it is written, 2.0 is 2 (JSON Schema core, section 6.3).
    let worse = shop::json(rating(&asked, &json!({"stars": 2.0})), StatusCode::OK).await?;
    assert_eq!(worse["rating"], json!({"stars": 2}), "the last word counts");
    Ok(())
}

#[tokio::test]
async fn the_hosted_page_writes_and_rates_without_javascript() -> Result<()> {
    let asked = message().await?;
    assert_eq!(asked.answer("Да.", "&resolve=yes").await?.status(), StatusCode::SEE_OTHER);
    let page = asked.host.url(&shop::mailed_link(&asked.host, "вам ответили", "/r/pet-shop/").await?);
    let opened = post(&page, "action=open", "").await?;
    let cookie = opened.headers()["set-cookie"].to_str()?.split(';').next().unwrap_or_default().to_owned();
    let shown = async || {
        let get = reqwest::Client::new().get(&page).header("Cookie", &cookie).header("Accept-Language", "ru");
        anyhow::Ok(get.send().await?.text().await?)
    };
    let page_text = shown().await?;
    assert!(page_text.contains("Ответ помог?") && page_text.contains("Остался вопрос? Напишите ещё"), "{page_text}");
    let rated = hosted::encoded(&[("action", "rate"), ("stars", "3"), ("comment", "Так себе")]);
    assert_eq!(post(&page, &rated, &cookie).await?.status(), StatusCode::SEE_OTHER);
    assert!(shown().await?.contains("value=\"3\" required checked"));
    let none = hosted::encoded(&[("action", "rate"), ("stars", "9")]);
    assert_eq!(post(&page, &none, &cookie).await?.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let more = hosted::encoded(&[("action", "write"), ("text", "А доставка?\r\nПо городу.")]);
    assert_eq!(post(&page, &more, &cookie).await?.status(), StatusCode::SEE_OTHER);
    let page_text = shown().await?;
    assert!(page_text.contains("А доставка?") && !page_text.contains("Ответ помог?"), "it is open again: {page_text}");
    assert_eq!(asked.status().await?["status"], "in-progress");
    Ok(())
}

#[tokio::test]
async fn the_business_is_reminded_of_what_it_promised() -> Result<()> {
    let data = tempfile::tempdir()?;
    let at = |moment: &str| {
        let options = porchlight_testkit::HostOptions::demo().clock(moment).data(data.path()).unlimited();
        porchlight_testkit::Host::start(shop::binary(), options)
    };
    let host = at(shop::SUNDAY_NIGHT).await?;
    let body = Sample::message("Подождём").body();
    let receipt = shop::json(host.post("/v1/sites/pet-shop/requests", &body), StatusCode::CREATED).await?;
    host.stop().await?;
    for (moment, says) in
        [("2026-11-23T08:05:00Z", "скоро пора ответить"), ("2026-11-23T09:00:30Z", "обещанное время прошло")]
    {
        let later = at(moment).await?;
        shop::mailed_link(&later, says, "/desk/pet-shop/").await?;
        later.stop().await?;
    }
    let later = at("2026-11-23T10:00:00Z").await?;
    let token = receipt["tracking_token"].as_str().unwrap_or_default();
    let seen = shop::json(later.get("/v1/request").bearer_auth(token), StatusCode::OK).await?;
    assert_eq!(seen["status"], "received", "being late is no step");
    let letters =
        wait_until("the mailbox", PATIENCE, async || later.get("/demo/mail").send().await.ok()?.text().await.ok());
    assert_eq!(letters.await?.matches("обещанное время прошло").count(), 1, "once");
    Ok(())
}

#[tokio::test]
async fn a_promise_that_will_break_is_put_off_before_it_is_over() -> Result<()> {
    let data = tempfile::tempdir()?;
    let at = |moment: &str| {
        let options = porchlight_testkit::HostOptions::demo().clock(moment).data(data.path()).unlimited();
        porchlight_testkit::Host::start(shop::binary(), options)
    };
    let host = at(shop::SUNDAY_NIGHT).await?;
    let body = Sample::message("Подождём").body();
    let receipt = shop::json(host.post("/v1/sites/pet-shop/requests", &body), StatusCode::CREATED).await?;
    assert_eq!(receipt["expected_reply"]["by"], "2026-11-23T09:00:00Z");
    host.stop().await?;
    let later = at("2026-11-23T08:56:00Z").await?;
    shop::mailed_link(&later, "нам нужно ещё немного времени", "/r/pet-shop/").await?;
    let token = receipt["tracking_token"].as_str().unwrap_or_default();
    let seen = shop::json(later.get("/v1/request").bearer_auth(token), StatusCode::OK).await?;
    assert_eq!(seen["expected_reply"]["by"], "2026-11-23T11:00:00Z", "two hours more: {seen}");
    Ok(())
}

#[tokio::test]
async fn an_answer_is_sent_however_many_letters_its_address_was_sent() -> Result<()> {
    let options = porchlight_testkit::HostOptions::demo().clock(shop::SUNDAY_NIGHT).unlimited();
    let options = options.environment("PORCHLIGHT_ABUSE__LETTERS_PER_HOUR", "1");
    let host = porchlight_testkit::Host::start(shop::binary(), options).await?;
    let asked = asked_of(host, &Sample::message("Щенок боится будки").body()).await?.opened().await?;
    assert_eq!(asked.answer("Да, приносите.", "").await?.status(), StatusCode::SEE_OTHER);
    shop::mailed_link(&asked.host, "вам ответили", "/r/pet-shop/").await?;
    Ok(())
}
