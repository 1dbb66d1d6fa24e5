//! A message at any hour.

use anyhow::Result;
use porchlight_testkit::{Scheme, Screen};

use crate::visit::{SUNDAY_NIGHT, Visit, WEDNESDAY_NOON, only_one_kept};

const MARKUP: &str = "<img src=x onerror=\"window.hurt = 1\">";

#[tokio::test]
async fn message_at_night_says_that_nobody_is_there_and_when_the_answer_comes() -> Result<()> {
    let visit = Visit::at(SUNDAY_NIGHT, "/delivery/").await?;
    visit.browser.screen(Screen::Phone).await?;
    visit.open_panel().await?;
    visit.browser.click("Оставить сообщение").await?;
    let shown = visit.browser.widget_says("Сейчас нас нет. Ответим завтра до 12:00").await?;
    assert!(shown.contains("вы соглашаетесь на обработку"), "{shown}");
    visit.fill("text", "Можно ли вернуть лежанку без чека?").await?;
    visit.fill("email", "anna@example.com").await?;
    visit.browser.shoot("message-night-phone-light-ru").await?;
    visit.send().await?;
    let reference = visit.reference().await?;
    let shown = visit.browser.widget_says("Получили").await?;
    for text in ["ответим завтра до 12:00", "Можно ли вернуть лежанку без чека?"]
    {
        assert!(shown.contains(text), "`{text}` in:\n{shown}");
    }
    visit.browser.scheme(Scheme::Dark).await?;
    visit.browser.shoot("status-message-phone-dark-ru").await?;
    let request = only_one_kept(visit.host.data()).await?;
    assert_eq!(request["reference"], reference.as_str());
    assert_eq!(request["entries"][0]["text"], "Можно ли вернуть лежанку без чека?");
    assert_eq!(request["page"], visit.host.url("/delivery/").as_str(), "{request:#}");
    visit.console_is_silent().await
}

#[tokio::test]
async fn way_to_be_answered_is_asked_only_where_there_is_a_choice() -> Result<()> {
    let visit = Visit::in_form(WEDNESDAY_NOON, "Написать").await?;
    visit.fill("text", "Где мой заказ?").await?;
    visit.fill("email", "anna@example.com").await?;
    assert!(!visit.browser.widget_text().await?.contains("Как вам ответить?"));
    visit.fill("phone", "8 916 123-45-67").await?;
    visit.browser.widget_says("Как вам ответить?").await?;
    visit.browser.click("По телефону").await?;
    visit.send().await?;
    visit.reference().await?;
    assert_eq!(only_one_kept(visit.host.data()).await?["reply_by"], "phone");
    visit.console_is_silent().await
}

#[tokio::test]
async fn advertising_is_refused_at_the_text_and_stays_to_be_changed() -> Result<()> {
    let visit = Visit::in_form(WEDNESDAY_NOON, "Написать").await?;
    visit.fill("text", "Продвижение сайта недорого").await?;
    visit.fill("email", "anna@example.com").await?;
    visit.send().await?;
    assert!(!visit.browser.widget("#f-text-error").await?.text().await?.is_empty());
    visit.focus_is_on("Ваш вопрос").await?;
    assert_eq!(visit.typed("text").await?, "Продвижение сайта недорого");
    visit.console_speaks_only_of("status of 422").await
}

#[tokio::test]
async fn markup_in_name_and_text_stays_text_everywhere() -> Result<()> {
    let visit = Visit::in_form(WEDNESDAY_NOON, "Написать").await?;
    visit.fill("text", MARKUP).await?;
    visit.fill("name", MARKUP).await?;
    visit.fill("email", "anna@example.com").await?;
    visit.send().await?;
    visit.reference().await?;
    visit.browser.widget_says(MARKUP).await?;
    let images = "return document.querySelector('porchlight-widget').shadowRoot.querySelectorAll('img').length";
    assert_eq!(visit.browser.script(images).await?, 0);
    assert!(visit.browser.script("return window.hurt ?? null").await?.is_null());
    let request = only_one_kept(visit.host.data()).await?;
    assert_eq!((&request["requester"]["name"], &request["entries"][0]["text"]), (&MARKUP.into(), &MARKUP.into()));
    visit.console_is_silent().await
}
