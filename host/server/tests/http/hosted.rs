//! The hosted page and the mailed link, without JavaScript.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, HostOptions, samples::Sample};
use reqwest::{Client, StatusCode, header, redirect::Policy};

use crate::shop;

/// A browser without JavaScript that follows nothing by itself.
pub fn browser() -> Result<Client> {
    Ok(Client::builder().redirect(Policy::none()).build()?)
}

/// What a hidden field of a page holds.
pub fn hidden(page: &str, name: &str) -> Result<String> {
    let mark = format!("name=\"{name}\" value=\"");
    let begin = page.find(&mark).with_context(|| format!("`{name}` in {page}"))? + mark.len();
    Ok(page[begin..].split('"').next().unwrap_or_default().to_owned())
}

/// The page in Russian.
pub async fn page(host: &Host) -> Result<String> {
    Ok(host.get("/c/pet-shop?locale=ru").send().await?.text().await?)
}

#[tokio::test]
async fn page_shows_hours_channels_forms_and_answers() -> Result<()> {
    let host = shop::at_night().await?;
    let page = page(&host).await?;
    for text in [
        "Пёс и Кот",
        "Закрыто",
        "tel:+74954954941",
        "Перезвоните мне",
        "Как вернуть",
        "<select id=\"callback-slot\"",
        "href=\"/mine/pet-shop?locale=ru\"",
    ] {
        assert!(page.contains(text), "{text} in {page}");
    }
    assert!(!page.contains("<script"), "it works without");
    for (locale, text) in [("en", "Call me back"), ("bg", "Обадете")] {
        let page = host.get(&format!("/c/pet-shop?locale={locale}")).send().await?.text().await?;
        assert!(page.contains(text), "{text} in {page}");
    }
    Ok(())
}

#[tokio::test]
async fn form_leads_to_the_status_and_the_status_to_a_cancelled_call() -> Result<()> {
    let host = shop::at_night().await?;
    let form = page(&host).await?;
    let slot = shop::slots(&host).await?[0].clone();
    let fields = [
        ("kind", "callback"),
        ("locale", "ru"),
        ("form_token", &hidden(&form, "form_token")?),
        ("attempt", &hidden(&form, "attempt")?),
        ("website", ""),
        ("slot", &slot),
        ("phone", "+7 916 123-45-67"),
        ("name", "Анна"),
        ("text", "Щенок\r\nбоится"),
    ];
    let browser = browser()?;
    let sent =
        browser.post(host.url("/c/pet-shop?locale=ru")).body(encoded(&fields)).header(header::CONTENT_TYPE, FORM);
    let sent = sent.send().await?;
    assert_eq!(sent.status(), StatusCode::SEE_OTHER);
    let path = sent.headers()[header::LOCATION].to_str()?.to_owned();
    let cookie = sent.headers()[header::SET_COOKIE].to_str()?.to_owned();
    assert!(
        cookie.contains(&format!("Path={path};")) && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax")
    );
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let status = browser
        .get(host.url(&path))
        .header(header::COOKIE, &cookie)
        .header(header::ACCEPT_LANGUAGE, "ru")
        .send()
        .await?;
    assert_eq!(status.status(), StatusCode::OK);
    let status = status.text().await?;
    assert!(
        status.contains("PS-") && status.contains("завтра в 10:00") && status.contains("Щенок\nбоится"),
        "{status}"
    );
    assert!(status.contains("Добавить звонок в календарь"), "{status}");
    let file = browser.get(host.url(&format!("{path}/calendar.ics")));
    let file = file.header(header::COOKIE, &cookie).send().await?.error_for_status()?.text().await?;
    assert!(file.contains("DTSTART:20261123T070000Z"), "{file}");
    let stranger = browser.get(host.url(&format!("{path}/calendar.ics"))).send().await?;
    assert_eq!(stranger.status(), StatusCode::NOT_FOUND, "without the cookie there is no file");
    let stranger = browser.get(host.url(&path)).send().await?;
    assert_eq!(stranger.status(), StatusCode::GONE, "without the cookie the page shows nothing");
    let cancel = browser.post(host.url(&path)).header(header::COOKIE, &cookie).header(header::CONTENT_TYPE, FORM);
    assert_eq!(cancel.body("action=cancel").send().await?.status(), StatusCode::SEE_OTHER);
    let after = browser
        .get(host.url(&path))
        .header(header::COOKIE, &cookie)
        .header(header::ACCEPT_LANGUAGE, "ru")
        .send()
        .await?;
    assert!(after.text().await?.contains("Отмен"));
    Ok(())
}

/// Media type of a sent form.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// Fields as a form sends them.
pub fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

#[tokio::test]
async fn wrong_fields_come_back_as_typed_with_their_errors() -> Result<()> {
    let host = shop::at_night().await?;
    let fields = [("kind", "message"), ("text", "<b>Вопрос</b>"), ("phone", "+7 916 12"), ("consent", "true")];
    let sent =
        browser()?.post(host.url("/c/pet-shop?locale=ru")).body(encoded(&fields)).header(header::CONTENT_TYPE, FORM);
    let sent = sent.send().await?;
    assert_eq!(sent.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = sent.text().await?;
    assert!(page.contains("Похоже, не хватает цифр"), "{page}");
    assert!(
        page.contains("&#60;b&#62;Вопрос") || page.contains("&lt;b&gt;Вопрос"),
        "what was typed is there, as text: {page}"
    );
    Ok(())
}

#[tokio::test]
async fn form_sent_twice_is_one_request() -> Result<()> {
    let host = shop::at_night().await?;
    let form = page(&host).await?;
    let (attempt, token) = (hidden(&form, "attempt")?, hidden(&form, "form_token")?);
    let fields = [
        ("kind", "message"),
        ("attempt", attempt.as_str()),
        ("form_token", token.as_str()),
        ("text", "Один раз"),
        ("email", "anna@example.com"),
        ("consent", "true"),
    ];
    let send = || {
        let post = browser().map(|browser| {
            browser.post(host.url("/c/pet-shop")).body(encoded(&fields)).header(header::CONTENT_TYPE, FORM)
        });
        async move { anyhow::Ok(post?.send().await?.status()) }
    };
    assert_eq!((send().await?, send().await?), (StatusCode::SEE_OTHER, StatusCode::OK));
    Ok(())
}

#[tokio::test]
async fn pages_of_other_origins_cannot_send_our_forms() -> Result<()> {
    let host = shop::at_night().await?;
    for path in ["/c/pet-shop", "/r/pet-shop/AAAAAAAAAAAAAAAAAAAAAA", "/desk/pet-shop/AAAA"] {
        let sent = browser()?
            .post(host.url(path))
            .header(header::ORIGIN, "https://evil.example")
            .header(header::CONTENT_TYPE, FORM);
        assert_eq!(sent.body("action=open").send().await?.status(), StatusCode::FORBIDDEN, "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn link_that_is_none_says_so() -> Result<()> {
    let host = shop::at_night().await?;
    let answer = browser()?.get(host.url("/r/pet-shop/AAAAAAAAAAAAAAAAAAAAAA")).send().await?;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(host.get("/r/nobody/AAAA").send().await?.status(), StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn mailed_link_is_used_up_a_moment_after_its_first_use() -> Result<()> {
    let data = tempfile::tempdir()?;
    let at = |moment| Host::start(shop::binary(), HostOptions::demo().clock(moment).data(data.path()).unlimited());
    let press = async |host: &Host, path: &str| {
        let post = browser()?.post(host.url(path)).header(header::CONTENT_TYPE, FORM).body("action=open");
        anyhow::Ok(post.send().await?.status())
    };
    let host = at(shop::SUNDAY_NIGHT).await?;
    host.post("/v1/sites/pet-shop/requests", &Sample::message("Откройте").body()).send().await?.error_for_status()?;
    let path = shop::mailed_link(&host, "", "/r/pet-shop/").await?;
    assert_eq!(host.get(&path).send().await?.status(), StatusCode::OK, "looking uses nothing up");
    assert_eq!(
        (press(&host, &path).await?, press(&host, &path).await?),
        (StatusCode::SEE_OTHER, StatusCode::SEE_OTHER)
    );
    host.stop().await?;
    let later = at("2026-11-22T19:35:00Z").await?;
    assert_eq!(press(&later, &path).await?, StatusCode::GONE);
    assert_eq!(later.get(&path).send().await?.status(), StatusCode::GONE);
    Ok(())
}
