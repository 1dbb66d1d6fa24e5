//! The Big List of Naughty Strings, through everything that takes text and back.

use anyhow::{Context, Result, ensure};
use porchlight_testkit::{Host, samples::Sample};
use reqwest::{Client, RequestBuilder, StatusCode, header::HeaderValue, redirect::Policy};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::{
    raw,
    shop::{self, OFFER, REQUESTS},
};

/// How many go at once.
const AT_ONCE: usize = 16;

fn strings() -> Vec<String> {
    let strings: Vec<String> = serde_json::from_str(include_str!("naughty/blns.json")).expect("a list of strings");
    assert_eq!(strings.len(), 485);
    strings
}

/// What was answered.
struct Answered {
    status: StatusCode,
    is_problem: bool,
    text: String,
}

async fn answered(request: RequestBuilder) -> Result<Answered> {
    let answer = request.send().await?;
    let is_problem = answer.headers().get("content-type").is_some_and(|kind| kind == "application/problem+json");
    Ok(Answered { status: answer.status(), is_problem, text: answer.text().await? })
}

/// Does something for each string, a few at once, and returns what came of it.
async fn each<T, W>(work: impl IntoIterator<Item = W>) -> Result<Vec<T>>
where
    T: Send + 'static,
    W: Future<Output = Result<T>> + Send + 'static,
{
    let (mut running, mut done) = (JoinSet::new(), Vec::new());
    for work in work {
        if running.len() == AT_ONCE {
            done.push(running.join_next().await.context("one that runs")???);
        }
        running.spawn(work);
    }
    for rest in running.join_all().await {
        done.push(rest?);
    }
    Ok(done)
}

/// Whether it was taken, or refused as a problem.
fn is_taken(answered: &Answered, taken: StatusCode) -> Result<bool> {
    if answered.status == taken {
        return Ok(true);
    }
    let refused = answered.status.is_client_error() && answered.is_problem;
    ensure!(refused, "{}: {}", answered.status, answered.text);
    Ok(false)
}

async fn submitted(field: &str) -> Result<usize> {
    let host = shop::open().await?;
    let sample = || if field == "slot" { Sample::callback("") } else { Sample::message("Вопрос") };
    let post = |string: String| {
        let post = host.post(REQUESTS, &sample().with(field, string.as_str()).body());
        async move { is_taken(&answered(post).await?, StatusCode::CREATED).context(string) }
    };
    let taken = each(strings().into_iter().map(post)).await?;
    Ok(taken.into_iter().filter(|taken| *taken).count())
}

#[tokio::test]
async fn every_field_takes_them_or_refuses_them_as_a_problem() -> Result<()> {
    for field in ["name", "phone", "email", "page", "locale", "reply_by", "slot", "website", "form_token", "kind"] {
        let taken = submitted(field).await?;
        println!("{field}: {taken} of 485 taken");
        match field {
            "name" => assert!(taken > 440, "{field}: {taken} of 485 taken"),
            "phone" | "email" | "page" | "slot" | "kind" => assert!(taken < 50, "{field}: {taken} of 485 taken"),
            _ => {}
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_text_that_is_taken_comes_back_unchanged() -> Result<()> {
    let host = shop::open().await?;
    let there_and_back = |string: String| {
        let post = host.post(REQUESTS, &Sample::message(&string).body());
        let own = host.get("/v1/request");
        async move {
            let receipt = answered(post).await?;
            if !is_taken(&receipt, StatusCode::CREATED).with_context(|| string.clone())? {
                return Ok(false);
            }
            let receipt: Value = serde_json::from_str(&receipt.text)?;
            let own = answered(own.bearer_auth(receipt["tracking_token"].as_str().context("a token")?)).await?;
            let own: Value = serde_json::from_str(&own.text)?;
            ensure!(own["entries"][0]["text"] == string, "{string:?} became {}", own["entries"][0]["text"]);
            Ok(true)
        }
    };
    let taken = each(strings().into_iter().map(there_and_back)).await?;
    let taken = taken.into_iter().filter(|taken| *taken).count();
    println!("{taken} of 485 taken");
    assert!(taken > 470, "{taken}");
    Ok(())
}

#[tokio::test]
async fn headers_take_them_or_refuse_them_as_a_problem() -> Result<()> {
    let host = shop::open().await?;
    let legal = |string: &String| HeaderValue::from_bytes(string.as_bytes()).ok();
    let values: Vec<HeaderValue> = strings().iter().filter_map(legal).collect();
    // What cannot stand in a header at all is `headers_that_are_none_are_refused`.
    assert_eq!(values.len(), 482);
    for (name, taken) in [("Idempotency-Key", StatusCode::CREATED), ("Accept-Language", StatusCode::CREATED)] {
        let post = |value: HeaderValue| {
            let post = host.post(REQUESTS, &Sample::message("Вопрос").body()).header(name, value);
            async move { is_taken(&answered(post).await?, taken) }
        };
        each(values.iter().cloned().map(post)).await?;
    }
    for name in ["Authorization", "Cookie", "Origin", "If-None-Match", "X-Forwarded-For"] {
        let get = |value: HeaderValue| {
            let get = host.get(OFFER).header(name, value);
            async move { is_taken(&answered(get).await?, StatusCode::OK) }
        };
        each(values.iter().cloned().map(get)).await?;
    }
    Ok(())
}

#[tokio::test]
async fn parameters_and_site_keys_take_them_or_refuse_them_as_a_problem() -> Result<()> {
    let host = shop::open().await?;
    for path in [
        "offer?page=",
        "offer?locale=",
        "offer?time_zone=",
        "answers?q=",
        "answers?locale=",
        "slots?from=",
        "slots?days=",
    ] {
        let get = |string: String| {
            let get = host.get(&format!("/v1/sites/pet-shop/{path}{}", percent(&string)));
            async move { is_taken(&answered(get).await?, StatusCode::OK).context(string) }
        };
        each(strings().into_iter().map(get)).await?;
    }
    for string in strings().iter().filter(|string| !string.is_empty()) {
        for line in ["GET /v1/sites/{}/offer", "GET /c/{}", "GET /w/{}.js", "GET /r/pet-shop/{}"] {
            let told = raw::answer(&host, &line.replace("{}", &percent(string)), "").await?;
            let is_own_page = told.is_page() && ["/c/", "/r/"].iter().any(|path| line.contains(path));
            assert_eq!(told.status, 404, "{line} {string:?}");
            assert!(is_own_page || told.problem().is_ok(), "{line} {string:?}");
        }
    }
    Ok(())
}

/// Every byte percent-encoded, so that none means anything else on its way.
fn percent(string: &str) -> String {
    string.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn sent(client: &Client, host: &Host, fields: &[(&str, &str)]) -> RequestBuilder {
    let post = client.post(host.url("/c/pet-shop?locale=en"));
    post.header("Content-Type", "application/x-www-form-urlencoded").body(form(fields))
}

/// What stands between two marks of a page, as a browser reads it; nothing in it may end the place it stands in.
fn between(page: &str, begin: &str, end: &str) -> Result<String> {
    let (_, rest) = page.split_once(begin).with_context(|| format!("no `{begin}` in {page}"))?;
    let (inside, _) = rest.split_once(end).with_context(|| format!("no `{end}` after `{begin}`"))?;
    ensure!(!inside.contains(['<', '>', '"']), "not escaped: {inside}");
    let names = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
    Ok(names.iter().fold(inside.to_owned(), |text, (name, means)| text.replace(name, means)))
}

fn browser() -> Result<Client> {
    Ok(Client::builder().redirect(Policy::none()).build()?)
}

#[tokio::test]
async fn the_status_page_shows_them_as_text() -> Result<()> {
    let (host, client) = (shop::open().await?, browser()?);
    let follow = |string: String| {
        let fields =
            [("kind", "message"), ("email", "anna@example.com"), ("consent", "true"), ("text", string.as_str())];
        let (post, client, address) = (sent(&client, &host, &fields), client.clone(), host.address().to_owned());
        async move {
            let answer = post.send().await?;
            if answer.status() == StatusCode::UNPROCESSABLE_ENTITY {
                return Ok(false);
            }
            let header = |name: &str| {
                Ok::<_, anyhow::Error>(answer.headers().get(name).context("a header")?.to_str()?.to_owned())
            };
            let (page, cookie) = (address + header("location")?.as_str(), header("set-cookie")?);
            let cookie = cookie.split(';').next().context("a cookie")?.to_owned();
            let page = client.get(page).header("Cookie", cookie).send().await?.text().await?;
            let shown = between(&page, "<div class=\"bubble me\">", "<small>").with_context(|| string.clone())?;
            ensure!(shown == string, "{string:?} is shown as {shown:?}");
            ensure!(!page.contains("<script"), "{page}");
            Ok(true)
        }
    };
    let shown = each(strings().into_iter().map(follow)).await?;
    let shown = shown.into_iter().filter(|shown| *shown).count();
    assert!(shown > 470, "{shown}");
    Ok(())
}

#[tokio::test]
async fn the_form_gives_them_back_as_they_were_typed() -> Result<()> {
    let (host, client) = (shop::open().await?, browser()?);
    let refuse = |string: String| {
        // Nothing is agreed to, so that every one of them is given back to be mended.
        let typed = string.as_str();
        let fields = [("kind", "message"), ("text", typed), ("name", typed), ("email", typed), ("phone", typed)];
        let post = sent(&client, &host, &fields);
        async move {
            let answer = post.send().await?;
            ensure!(answer.status() == StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.status());
            let page = answer.text().await?;
            for field in ["name", "email", "phone"] {
                let (_, input) = page.split_once(&format!("<input id=\"message-{field}\"")).context("a field")?;
                let given = between(input, " value=\"", "\"").with_context(|| string.clone())?;
                ensure!(given == string, "{field}: {string:?} became {given:?}");
            }
            let (_, area) = page.split_once("<textarea id=\"message-text\"").context("a text")?;
            let given = between(area, ">", "</textarea>").with_context(|| string.clone())?;
            ensure!(given == string, "{string:?} became {given:?}");
            ensure!(!page.contains("<script"), "{page}");
            Ok(())
        }
    };
    each(strings().into_iter().map(refuse)).await?;
    Ok(())
}
