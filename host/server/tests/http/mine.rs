//! All of one's requests: a mailed link, the list it opens, and the token it is exchanged for.

use std::process::Command;

use anyhow::{Context, Result};
use porchlight_testkit::{Host, PATIENCE, samples::Sample, wait_until};
use reqwest::{RequestBuilder, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    abuse::guarded,
    hosted::{FORM, browser, encoded},
    shop,
};

const LINKS: &str = "/v1/sites/pet-shop/links";

/// Submits to a site; gives reference and tracking token.
async fn submitted(host: &Host, site: &str, body: &Value) -> Result<(String, String)> {
    let receipt = shop::json(host.post(&format!("/v1/sites/{site}/requests"), body), StatusCode::CREATED).await?;
    let text = |name: &str| Ok::<_, anyhow::Error>(receipt[name].as_str().context("a text")?.to_owned());
    Ok((text("reference")?, text("tracking_token")?))
}

fn ask(host: &Host, email: &str) -> RequestBuilder {
    host.post(LINKS, &json!({"email": email, "locale": "ru"}))
}

/// Path of the list that a mailed link leads to.
async fn mailed(host: &Host, email: &str) -> Result<String> {
    assert_eq!(ask(host, email).send().await?.status(), StatusCode::ACCEPTED);
    shop::mailed_link(host, "показать все ваши обращения", "/mine/pet-shop/").await
}

async fn post(host: &Host, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Result<Response> {
    let post = browser()?.post(host.url(path)).header(header::CONTENT_TYPE, FORM).header(header::COOKIE, cookie);
    Ok(post.header(header::ACCEPT_LANGUAGE, "ru").body(encoded(fields)).send().await?)
}

async fn page(host: &Host, path: &str, cookie: &str) -> Result<(StatusCode, String)> {
    let get = browser()?.get(host.url(path)).header(header::COOKIE, cookie).header(header::ACCEPT_LANGUAGE, "ru");
    let answer = get.send().await?;
    Ok((answer.status(), answer.text().await?))
}

/// Where an answer leads, and the cookie it sets.
fn led(answer: &Response) -> Result<(String, String)> {
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let cookie = answer.headers()[header::SET_COOKIE].to_str()?.split(';').next().unwrap_or_default().to_owned();
    Ok((answer.headers()[header::LOCATION].to_str()?.to_owned(), cookie))
}

fn list(host: &Host, token: &str, query: &str) -> RequestBuilder {
    host.get(&format!("/v1/requests{query}")).bearer_auth(token)
}

fn references(list: &Value) -> Vec<&str> {
    list["requests"].as_array().into_iter().flatten().filter_map(|request| request["reference"].as_str()).collect()
}

/// How many letters with a link to a list there are.
async fn letters(host: &Host) -> Result<usize> {
    let index = host.get("/demo/mail").send().await?.text().await?;
    let mut count = 0;
    for path in index.split('"').filter(|part| part.starts_with("/demo/mail/")) {
        count += usize::from(host.get(path).send().await?.text().await?.contains("/mine/"));
    }
    Ok(count)
}

#[tokio::test]
async fn mailed_link_opens_the_list_once_and_the_list_leads_to_each_request() -> Result<()> {
    let host = shop::at_night().await?;
    let (first, _) = submitted(&host, "pet-shop", &Sample::message("Щенок боится будки").body()).await?;
    let slot = shop::slots(&host).await?[0].clone();
    let call = Sample::callback(&slot).with("email", "ANNA@example.com");
    let (second, _) = submitted(&host, "pet-shop", &call.body()).await?;
    let boris = Sample::message("Чужое").with("email", "boris@example.com");
    let (his, _) = submitted(&host, "pet-shop", &boris.body()).await?;

    let path = mailed(&host, " anna@example.com ").await?;
    let (status, shut) = page(&host, &path, "").await?;
    assert_eq!(status, StatusCode::OK);
    assert!(shut.contains("value=\"open\"") && !shut.contains("PS-"), "{shut}");
    let (back, cookie) = led(&post(&host, &path, "", &[("action", "open")]).await?)?;
    assert_eq!(back, path);
    let (_, open) = page(&host, &path, &cookie).await?;
    for text in [&first, &second, "Обратный звонок", "Сообщение", "Получили", "завтра в 10:00"]
    {
        assert!(open.contains(text), "{text} in {open}");
    }
    assert!(!open.contains(&his) && !open.contains("anna") && !open.contains("<script"), "{open}");
    assert!(open.find(&second) < open.find(&first), "the last one stands first");

    let show = |reference: &str| [("action", "show"), ("reference", reference)].map(|(a, b)| (a, b.to_owned()));
    let press = async |reference: &str| {
        let fields = show(reference);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        post(&host, &path, &cookie, &fields).await
    };
    let (status_page, own) = led(&press(&first).await?)?;
    assert!(status_page.starts_with("/r/pet-shop/"), "{status_page}");
    assert!(page(&host, &status_page, &own).await?.1.contains("Щенок боится будки"));
    assert_eq!(page(&host, &status_page, "").await?.0, StatusCode::GONE, "its address alone opens nothing");
    for foreign in [his.as_str(), "PS-0000000", ""] {
        let refused = press(foreign).await?;
        assert_eq!(refused.status(), StatusCode::NOT_FOUND, "{foreign}");
        assert!(refused.text().await?.contains("больше нет"));
    }
    let stranger = [("action", "show"), ("reference", first.as_str())];
    assert_eq!(post(&host, &path, "", &stranger).await?.status(), StatusCode::GONE, "without the cookie");
    assert_eq!(page(&host, &path, "").await?.0, StatusCode::GONE, "in another browser");
    Ok(())
}

#[tokio::test]
async fn known_and_unknown_addresses_are_answered_alike_and_nobody_unknown_is_written_to() -> Result<()> {
    let host = shop::at_night().await?;
    submitted(&host, "pet-shop", &Sample::message("Знакомый").body()).await?;
    let mut answers = vec![];
    for email in ["nobody@example.com", "anna@example.com"] {
        let answer = ask(&host, email).send().await?;
        let mut headers: Vec<_> = answer.headers().iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        headers.retain(|header| !header.starts_with("x-request-id") && !header.starts_with("date"));
        headers.sort();
        answers.push((answer.status(), headers, answer.bytes().await?));
        let sent = post(&host, "/mine/pet-shop?locale=ru", "", &[("email", email)]).await?;
        answers.push((sent.status(), vec![], sent.bytes().await?));
    }
    assert_eq!(answers[0].0, StatusCode::ACCEPTED);
    assert_eq!((&answers[0], &answers[1]), (&answers[2], &answers[3]));
    let said = String::from_utf8_lossy(&answers[1].2).into_owned();
    assert!(said.contains("Если этот адрес нам знаком, письмо уже в пути"), "{said}");
    // Wishes are fulfilled one after the other: when the last letter is there, the others would be.
    wait_until("the letters", PATIENCE, async || (letters(&host).await.ok()? >= 2).then_some(())).await?;
    assert_eq!(letters(&host).await?, 2);
    Ok(())
}

#[tokio::test]
async fn link_is_exchanged_once_for_a_token_that_lists_page_by_page() -> Result<()> {
    let host = shop::at_night().await?;
    let mut kept = vec![];
    for text in ["Первое", "Второе", "Третье"] {
        kept.insert(0, submitted(&host, "pet-shop", &Sample::message(text).body()).await?);
    }
    let path = mailed(&host, "anna@example.com").await?;
    let id = path.rsplit('/').next().context("an id")?;
    let exchange = || host.request(reqwest::Method::POST, &format!("{LINKS}/{id}"));
    let given = shop::json(exchange(), StatusCode::OK).await?;
    let token = given["requester_token"].as_str().context("a token")?;
    assert!(given["expires_at"].as_str().is_some_and(|end| end.starts_with("2026-11-23T19:")), "{given}");
    shop::json(exchange(), StatusCode::UNAUTHORIZED).await?;
    assert_eq!(page(&host, &path, "").await?.0, StatusCode::GONE, "and its page opens no more");

    let first = shop::json(list(&host, token, "?limit=2"), StatusCode::OK).await?;
    assert_eq!(references(&first), [kept[0].0.as_str(), kept[1].0.as_str()]);
    let newest = &first["requests"][0];
    assert_eq!((&newest["kind"], &newest["status"]), (&json!("message"), &json!("received")));
    assert!(newest["received_at"].is_string() && newest["expected_reply"]["by"].is_string(), "{newest}");
    assert!(newest["slot"].is_null() && newest["tracking_token"] == kept[0].1.as_str());
    let next = first["next"].as_str().context("there is more")?;
    let rest = shop::json(list(&host, token, &format!("?limit=2&cursor={next}")), StatusCode::OK).await?;
    assert_eq!((references(&rest), &rest["next"]), (vec![kept[2].0.as_str()], &Value::Null));
    for wrong in ["?limit=0", "?limit=101", "?limit=x", "?cursor=x", "?cursor="] {
        shop::json(list(&host, token, wrong), StatusCode::BAD_REQUEST).await.context(wrong)?;
    }
    let own = host.get("/v1/request").bearer_auth(newest["tracking_token"].as_str().context("a token")?);
    assert_eq!(shop::json(own, StatusCode::OK).await?["entries"][0]["text"], "Третье");
    Ok(())
}

#[tokio::test]
async fn what_proves_one_request_or_nothing_gives_no_list() -> Result<()> {
    let host = shop::at_night().await?;
    let (_, tracking) = submitted(&host, "pet-shop", &Sample::message("Одно").body()).await?;
    let own = shop::mailed_link(&host, "", "/r/pet-shop/").await?;
    let own_id = own.rsplit('/').next().context("an id")?;
    for token in [tracking.as_str(), own_id, "x", "AAAA"] {
        shop::json(list(&host, token, ""), StatusCode::UNAUTHORIZED).await?;
        let exchange = host.request(reqwest::Method::POST, &format!("{LINKS}/{token}"));
        shop::json(exchange, StatusCode::UNAUTHORIZED).await?;
        assert_eq!(page(&host, &format!("/mine/pet-shop/{token}"), "").await?.0, StatusCode::NOT_FOUND, "{token}");
    }
    shop::json(list(&host, "", ""), StatusCode::UNAUTHORIZED).await?;
    assert_eq!(host.get("/v1/requests").send().await?.status(), StatusCode::UNAUTHORIZED);
    Ok(())
}

#[tokio::test]
async fn what_one_site_mailed_opens_nothing_of_another() -> Result<()> {
    let host = shop::at_night().await?;
    let folder = tempfile::tempdir()?;
    let site = "key = \"corner\"\nname = \"Corner\"\nreference_prefix = \"CS\"\nlocale = \"en\"\n\
                time_zone = \"Europe/Sofia\"\nhours = \"24/7\"\n[forms.message]\nexpected_reply = \"2h\"\n";
    std::fs::write(folder.path().join("site.toml"), site)?;
    let mut apply = Command::new(shop::binary());
    apply.args(["site", "apply"]).arg(folder.path()).arg("--data").arg(host.data());
    assert!(apply.output()?.status.success());
    wait_until("the other site", PATIENCE, async || {
        host.get("/v1/sites/corner/offer").send().await.ok()?.status().is_success().then_some(())
    })
    .await?;
    let (hers, _) = submitted(&host, "pet-shop", &Sample::message("Здесь").body()).await?;
    let (elsewhere, _) = submitted(&host, "corner", &Sample::message("Там").body()).await?;

    let path = mailed(&host, "anna@example.com").await?;
    let id = path.rsplit('/').next().context("an id")?;
    assert_eq!(page(&host, &format!("/mine/corner/{id}"), "").await?.0, StatusCode::NOT_FOUND);
    let foreign = host.request(reqwest::Method::POST, &format!("/v1/sites/corner/links/{id}"));
    shop::json(foreign, StatusCode::UNAUTHORIZED).await?;
    let opened = post(&host, &format!("/mine/corner/{id}"), "", &[("action", "open")]).await?;
    assert_eq!(opened.status(), StatusCode::NOT_FOUND);

    let (_, cookie) = led(&post(&host, &path, "", &[("action", "open")]).await?)?;
    let (_, shown) = page(&host, &path, &cookie).await?;
    assert!(shown.contains(&hers) && !shown.contains(&elsewhere), "{shown}");
    let show = [("action", "show"), ("reference", elsewhere.as_str())];
    assert_eq!(post(&host, &path, &cookie, &show).await?.status(), StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn wishes_of_one_client_and_letters_to_one_mailbox_are_limited() -> Result<()> {
    let settings = [("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "6"), ("PORCHLIGHT_ABUSE__LETTERS_PER_HOUR", "2")];
    let host = guarded(&settings).await?;
    submitted(&host, "pet-shop", &Sample::message("Одно письмо уже есть").body()).await?;
    let ask = |from: &str| ask(&host, "anna@example.com").header("X-Forwarded-For", from.to_owned());
    for _ in 0..6 {
        assert_eq!(ask("192.0.2.1").send().await?.status(), StatusCode::ACCEPTED);
    }
    let refused = ask("192.0.2.1").send().await?;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.headers().contains_key(header::RETRY_AFTER));
    wait_until("letters to be left out", PATIENCE, async || {
        (host.log().matches("a letter to a requester is left out").count() >= 4).then_some(())
    })
    .await?;
    wait_until("two letters", PATIENCE, async || (letters(&host).await.ok()? >= 2).then_some(())).await?;
    assert_eq!(letters(&host).await?, 2, "the one about the request takes none of their room");
    Ok(())
}

#[tokio::test]
async fn wish_that_makes_no_sense_is_refused_by_field() -> Result<()> {
    let host = shop::at_night().await?;
    for (body, code) in [
        (json!({}), "/email required"),
        (json!({"email": "anna"}), "/email email-invalid"),
        (json!({"email": "anna@example.com", "phone": "+79161234567"}), "/phone unknown-field"),
        (json!({"email": ["anna@example.com"]}), "/email wrong-type"),
        (json!({"email": "anna@example.com", "locale": "<ru>"}), "/locale unknown-value"),
    ] {
        let problem = shop::json(host.post(LINKS, &body), StatusCode::UNPROCESSABLE_ENTITY).await?;
        assert_eq!(shop::codes(&problem), [code]);
    }
    let wrong = post(&host, "/mine/pet-shop?locale=ru", "", &[("email", "<anna>")]).await?;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let shown = wrong.text().await?;
    assert!(shown.contains("aria-invalid") && !shown.contains("<anna>"), "{shown}");
    let evil = browser()?.post(host.url("/mine/pet-shop")).header(header::ORIGIN, "https://evil.example");
    let evil = evil.header(header::CONTENT_TYPE, FORM).body("email=anna%40example.com").send().await?;
    assert_eq!(evil.status(), StatusCode::FORBIDDEN);
    assert_eq!(host.post("/v1/sites/nobody/links", &json!({})).send().await?.status(), StatusCode::NOT_FOUND);
    Ok(())
}
