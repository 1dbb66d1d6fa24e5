//! A photo goes with a request: from a phone, by its own page without JavaScript, and to the agent who answers.

use std::{io::Write, path::PathBuf, process::Stdio};

use anyhow::{Context, Result, ensure};
use porchlight_testkit::{Host, PATIENCE, Scheme, Screen, wait_until};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    hosted,
    visit::{Visit, WEDNESDAY_NOON, binary, only_one_kept},
};

const PASSWORD: &str = "correct horse battery staple";

/// A file that a visitor has.
fn file(folder: &TempDir, name: &str, content: &[u8]) -> Result<PathBuf> {
    let path = folder.path().join(name);
    std::fs::write(&path, content)?;
    Ok(path)
}

/// A photo of some length.
fn photo(length: usize) -> Vec<u8> {
    let mut content = b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec();
    content.resize(length, 0x5a);
    content
}

/// An agent who signs in to the console's interface.
struct Agent<'a> {
    host: &'a Host,
    client: Client,
    cookies: String,
}

impl<'a> Agent<'a> {
    async fn signed_in(host: &'a Host) -> Result<Self> {
        let add = ["agent", "add", "vera@shop.example", "--name", "Vera", "--role", "owner", "--data"];
        let mut adding = std::process::Command::new(binary());
        let mut adding = adding.args(add).arg(host.data()).stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        adding.stdin.take().context("a pipe")?.write_all(format!("{PASSWORD}\n").as_bytes())?;
        ensure!(adding.wait()?.success(), "the agent is not added");
        let client = Client::new();
        let post = client.post(host.url("/v1/console/session"));
        let welcome = post.json(&json!({"email": "vera@shop.example", "password": PASSWORD})).send().await?;
        ensure!(welcome.status() == StatusCode::NO_CONTENT, "{}", welcome.text().await?);
        let set = welcome.headers().get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let cookies = set.filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ");
        Ok(Self { host, client, cookies })
    }

    async fn get(&self, path: &str) -> Result<Response> {
        let url = self.host.url(&format!("/v1/console/{path}"));
        Ok(self.client.get(url).header("Cookie", &self.cookies).send().await?.error_for_status()?)
    }

    async fn json(&self, path: &str) -> Result<Value> {
        Ok(self.get(path).await?.json().await?)
    }
}

/// A visitor with a phone who has sent a message and looks at what becomes of it.
async fn asked() -> Result<Visit> {
    let visit = Visit::in_panel(WEDNESDAY_NOON, "/").await?;
    visit.browser.screen(Screen::Phone).await?;
    visit.browser.click("Написать").await?;
    visit.fill("text", "Подойдёт ли будка?").await?;
    visit.fill("email", "anna@example.com").await?;
    visit.send().await?;
    visit.reference().await?;
    visit.browser.widget_control("Добавить фото или файл").await?;
    Ok(visit)
}

/// Lets the visitor choose a file, as the system's own window does.
async fn choose(visit: &Visit, path: &std::path::Path) -> Result<()> {
    let input = "return document.querySelector('porchlight-widget, [id^=porchlight]')?.shadowRoot?.querySelector('input[type=file]')
        ?? [...document.querySelectorAll('*')].map((it) => it.shadowRoot?.querySelector('input[type=file]')).find(Boolean)";
    let found = visit.browser.driver().execute(input, Vec::new()).await?;
    Ok(found.element().context("a place for files")?.send_keys(path.to_str().context("a path")?).await?)
}

#[tokio::test]
async fn photo_from_a_phone_reaches_the_agent_as_it_was() -> Result<()> {
    let (visit, folder) = (asked().await?, tempfile::tempdir()?);
    let content = photo(2_000_000);
    choose(&visit, &file(&folder, "будка во дворе.jpg", &content)?).await?;
    visit.browser.widget_says("Файл отправлен").await?;
    visit.browser.widget_control("будка во дворе.jpg").await?.scroll_into_view().await?;
    visit.browser.shoot("status-file-phone-light-ru").await?;
    visit.browser.scheme(Scheme::Dark).await?;
    visit.browser.shoot("status-file-phone-dark-ru").await?;

    let agent = Agent::signed_in(&visit.host).await?;
    let listed = agent.json("sites/pet-shop/requests").await?;
    let request = listed["requests"][0]["id"].as_str().context("a request")?;
    let whole = agent.json(&format!("requests/{request}")).await?;
    let attached = &whole["entries"][1]["attachments"][0];
    assert_eq!((&attached["name"], &attached["size"]), (&json!("будка во дворе.jpg"), &json!(2_000_000)));
    let id = attached["id"].as_str().context("an id")?;
    let download = agent.get(&format!("requests/{request}/attachments/{id}")).await?;
    assert!(download.headers()["content-disposition"].to_str()?.starts_with("attachment;"));
    assert!(download.bytes().await? == content);

    let watch = "window.saved = []; const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => (window.saved.push(blob.size), make.call(URL, blob))";
    visit.browser.script(watch).await?;
    visit.browser.click("будка во дворе.jpg").await?;
    wait_until("the visitor's own download", PATIENCE, async || {
        (visit.browser.script("return window.saved").await.ok()? == json!([2_000_000])).then_some(())
    })
    .await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn what_is_not_taken_is_said_in_words_and_another_file_can_be_chosen() -> Result<()> {
    let (visit, folder) = (asked().await?, tempfile::tempdir()?);
    choose(&visit, &file(&folder, "photo.jpg", b"<svg onload='alert(1)'/>")?).await?;
    visit.browser.widget_says("Мы принимаем фото и картинки").await?;
    visit.browser.widget(".alert").await?.scroll_into_view().await?;
    visit.browser.shoot("status-file-refused-phone-light-ru").await?;
    choose(&visit, &file(&folder, "large.jpg", &photo((8 << 20) + 1))?).await?;
    visit.browser.widget_says("прислать можно не больше 8 МБ").await?;
    visit.browser.go_offline().await?;
    choose(&visit, &file(&folder, "good.jpg", &photo(1_000))?).await?;
    visit.browser.widget_control("Попробовать ещё раз").await?;
    visit.browser.go_online().await?;
    visit.browser.click("Попробовать ещё раз").await?;
    visit.browser.widget_says("Файл отправлен").await?;
    let entries = only_one_kept(visit.host.data()).await?["entries"].as_array().map_or(0, Vec::len);
    assert_eq!(entries, 2, "the good one, once");
    Ok(())
}

#[tokio::test]
async fn file_is_sent_by_the_keyboard_alone() -> Result<()> {
    let visit = asked().await?;
    let opened =
        "window.opened = 0; HTMLInputElement.prototype.click = function () { window.opened += this.type === 'file' }";
    visit.browser.script(opened).await?;
    visit.browser.tab_to("Добавить фото или файл", 30).await?;
    visit.browser.press("\u{e007}").await?;
    assert_eq!(visit.browser.script("return window.opened").await?, json!(1));
    Ok(())
}

#[tokio::test]
async fn photo_is_sent_on_the_page_of_a_request_without_javascript() -> Result<()> {
    let (visit, folder) = (hosted::opened().await?, tempfile::tempdir()?);
    let browser = &visit.browser;
    browser.screen(Screen::Phone).await?;
    hosted::fill(browser, "#callback-phone", crate::visit::PHONE).await?;
    hosted::click(browser, "#callback button").await?;
    hosted::says(browser, "PS-").await?;
    hosted::fill(browser, "#file", file(&folder, "photo.png", &photo(100))?.to_str().context("a path")?).await?;
    hosted::click(browser, "form:has(#file) button").await?;
    hosted::says(browser, "не то, за что себя выдаёт").await?;
    hosted::fill(browser, "#file", file(&folder, "будка.jpg", &photo(300_000))?.to_str().context("a path")?).await?;
    hosted::click(browser, "form:has(#file) button").await?;
    hosted::says(browser, "Файл: будка.jpg, 293 КБ").await?;
    browser.shoot("hosted-file-phone-light-ru").await?;
    browser.scheme(Scheme::Dark).await?;
    browser.shoot("hosted-file-phone-dark-ru").await?;
    browser.screen(Screen::Desktop).await?;
    browser.shoot("hosted-file-desktop-dark-ru").await?;
    visit.console_speaks_only_of("status of 422").await
}
