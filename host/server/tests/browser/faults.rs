//! Networks and servers that fail while somebody asks for help.

use std::{path::Path, time::Duration};

use anyhow::Result;
use porchlight_testkit::{Host, HostOptions, PATIENCE, mail::free_port, wait_until};
use serde_json::json;

use crate::visit::{SUNDAY_NIGHT, Visit, binary, kept, only_one_kept};

const QUESTION: &str = "Когда привезут будку?";

async fn demo_on(port: u16, data: &Path) -> Result<Host> {
    let options = HostOptions::with_arguments(["demo", "--listen", &format!("127.0.0.1:{port}")]);
    Host::start(binary(), options.clock(SUNDAY_NIGHT).unlimited().data(data)).await
}

async fn typed_message(visit: &Visit) -> Result<()> {
    visit.open_panel().await?;
    visit.browser.click("Оставить сообщение").await?;
    visit.fill("text", QUESTION).await?;
    visit.fill("email", "anna@example.com").await
}

#[tokio::test]
async fn text_stays_while_the_server_is_gone_and_is_sent_once_it_is_back() -> Result<()> {
    let (data, port) = (tempfile::tempdir()?, free_port()?);
    let Visit { host, browser } = Visit::with(demo_on(port, data.path()).await?, "/").await?;
    let visit = Visit { host, browser };
    typed_message(&visit).await?;
    let Visit { host, browser } = visit;
    host.kill()?;
    browser.widget("form button[type=submit]").await?.click().await?;
    browser.widget_says("Нет связи. Всё, что вы написали, на месте.").await?;
    browser.shoot("message-server-gone-desktop-light-ru").await?;
    assert_eq!(browser.widget("[name=text]").await?.value().await?.as_deref(), Some(QUESTION));

    let visit = Visit { host: demo_on(port, data.path()).await?, browser };
    visit.browser.click("Попробовать ещё раз").await?;
    let reference = visit.reference().await?;
    let request = only_one_kept(data.path()).await?;
    assert_eq!((&request["reference"], &request["entries"][0]["text"]), (&reference.into(), &QUESTION.into()));
    visit.console_speaks_only_of("ERR_CONNECTION_REFUSED").await
}

#[tokio::test]
async fn submission_whose_answer_got_lost_is_kept_once() -> Result<()> {
    let visit = Visit::at(SUNDAY_NIGHT, "/").await?;
    typed_message(&visit).await?;
    delay_answers(&visit, PATIENCE).await?;
    visit.send().await?;
    wait_until("the request in the store", PATIENCE, async || {
        kept(visit.host.data()).await.is_ok_and(|requests| requests.len() == 1).then_some(())
    })
    .await?;
    assert!(!visit.browser.widget_text().await?.contains("PS-"), "the answer is still on its way");
    visit.browser.go_offline().await?;
    visit.browser.widget_says("Нет связи. Всё, что вы написали, на месте.").await?;
    assert_eq!(visit.typed("text").await?, QUESTION);
    visit.browser.go_online().await?;
    visit.browser.click("Попробовать ещё раз").await?;
    let reference = visit.reference().await?;
    assert_eq!(only_one_kept(visit.host.data()).await?["reference"], reference.as_str());
    visit.console_speaks_only_of("ERR_INTERNET_DISCONNECTED").await
}

/// Lets every answer come this much later.
async fn delay_answers(visit: &Visit, by: Duration) -> Result<()> {
    let devtools = visit.browser.driver().cdp();
    devtools.send_raw("Network.enable", json!({})).await?;
    let slow = json!({"offline": false, "latency": by.as_millis(), "downloadThroughput": -1, "uploadThroughput": -1});
    devtools.send_raw("Network.emulateNetworkConditions", slow).await?;
    Ok(())
}

#[tokio::test]
async fn panel_that_cannot_be_loaded_becomes_a_link_to_the_support_page() -> Result<()> {
    let visit = Visit::at(SUNDAY_NIGHT, "/").await?;
    visit.browser.go_offline().await?;
    visit.browser.click("Помощь").await?;
    let link = visit.browser.widget("a.launcher").await?;
    assert_eq!(link.prop("href").await?, Some(visit.host.url("/c/pet-shop")));
    visit.console_speaks_only_of("ERR_INTERNET_DISCONNECTED").await
}

#[tokio::test]
async fn offer_that_does_not_come_is_asked_for_again_by_a_button() -> Result<()> {
    let visit = Visit::in_panel(SUNDAY_NIGHT, "/").await?;
    visit.browser.open(&visit.host.url("/contacts/")).await?;
    let devtools = visit.browser.driver().cdp();
    devtools.send_raw("Network.enable", json!({})).await?;
    devtools.send_raw("Network.setBlockedURLs", json!({"urls": ["*/v1/*"]})).await?;
    visit.browser.click("Помощь").await?;
    visit.browser.widget_says("Нет связи").await?;
    let link = visit.browser.widget_control("Открыть страницу поддержки").await?;
    assert_eq!(link.prop("href").await?, Some(visit.host.url("/c/pet-shop")));
    visit.browser.shoot("home-no-offer-desktop-light-ru").await?;
    devtools.send_raw("Network.setBlockedURLs", json!({"urls": []})).await?;
    visit.browser.click("Попробовать ещё раз").await?;
    visit.browser.widget_says("Закрыто · откроемся завтра в 10:00").await?;
    visit.console_speaks_only_of("/v1/sites/pet-shop/offer").await
}
