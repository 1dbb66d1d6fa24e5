//! Networks and servers that fail while somebody asks for help.

use std::{path::Path, sync::atomic::Ordering};

use anyhow::Result;
use porchlight_testkit::{Host, HostOptions, mail::free_port};
use serde_json::json;

use crate::{
    relay::Relay,
    visit::{SUNDAY_NIGHT, Visit, binary, only_one_kept},
};

const QUESTION: &str = "Когда привезут будку?";

/// Whether the sentence that tells of a failure, and the button below it, are within what can be seen of the panel.
const ALERT_IS_IN_VIEW: &str = "const panel = document.querySelector('porchlight-widget').shadowRoot;
    const bottom = (selector) => panel.querySelector(selector).getBoundingClientRect().bottom;
    return bottom('.alert') <= bottom('.body') + 1";

/// A minute later: a clock that has gone back would make the form one that nobody has shown yet.
const AFTERWARDS: &str = "2026-11-22T19:31:00Z";

async fn demo_on(port: u16, data: &Path, moment: &str) -> Result<Host> {
    let options = HostOptions::with_arguments(["demo", "--listen", &format!("127.0.0.1:{port}")]);
    Host::start(binary(), options.clock(moment).unlimited().data(data)).await
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
    let host = demo_on(port, data.path(), SUNDAY_NIGHT).await?;
    let page = host.url("/");
    let visit = Visit::on(host, &page).await?;
    typed_message(&visit).await?;
    let Visit { host, browser } = visit;
    host.kill()?;
    browser.widget("form button[type=submit]").await?.click().await?;
    browser.widget_says("Нет связи. Всё, что вы написали, на месте.").await?;
    assert_eq!(browser.script(ALERT_IS_IN_VIEW).await?, true);
    browser.shoot("message-server-gone-desktop-light-ru").await?;
    assert_eq!(browser.widget("[name=text]").await?.value().await?.as_deref(), Some(QUESTION));

    let visit = Visit { host: demo_on(port, data.path(), AFTERWARDS).await?, browser };
    visit.browser.click("Попробовать ещё раз").await?;
    let reference = visit.reference().await?;
    let request = only_one_kept(data.path()).await?;
    assert_eq!((&request["reference"], &request["entries"][0]["text"]), (&reference.into(), &QUESTION.into()));
    visit.console_speaks_only_of("ERR_CONNECTION_REFUSED").await
}

#[tokio::test]
async fn submission_whose_answer_got_lost_is_kept_once() -> Result<()> {
    let relay = Relay::open().await?;
    let way = relay.url()?;
    let options = HostOptions::demo().clock(SUNDAY_NIGHT).unlimited().environment("PORCHLIGHT_PUBLIC_URL", &way);
    let host = Host::start(binary(), options).await?;
    let loses = relay.towards(host.address());
    let visit = Visit::on(host, &format!("{way}/")).await?;
    typed_message(&visit).await?;
    loses.store(true, Ordering::SeqCst);
    visit.send().await?;
    visit.browser.widget_says("Нет связи. Всё, что вы написали, на месте.").await?;
    assert_eq!(visit.typed("text").await?, QUESTION);
    let kept = only_one_kept(visit.host.data()).await?;
    loses.store(false, Ordering::SeqCst);
    visit.browser.click("Попробовать ещё раз").await?;
    assert_eq!(kept["reference"], visit.reference().await?.as_str(), "the visitor gets the reference of what was kept");
    only_one_kept(visit.host.data()).await?;
    visit.console_speaks_only_of("ERR_EMPTY_RESPONSE").await
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
