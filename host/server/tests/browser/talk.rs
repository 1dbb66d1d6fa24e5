//! A request is talked about: what the business does shows in the open panel by itself, and the visitor answers and rates there.

use anyhow::Result;
use porchlight_testkit::{Scheme, Screen};

use crate::{
    hosted::{at_the_desk, click, fill, says},
    visit::{Visit, WEDNESDAY_NOON, only_one_kept},
};

/// A visitor who has sent a message and looks at what becomes of it, with its reference.
async fn asked() -> Result<(Visit, String)> {
    let visit = Visit::in_panel(WEDNESDAY_NOON, "/").await?;
    visit.browser.click("Написать").await?;
    visit.fill("text", "Щенок боится будки. Можно вернуть?").await?;
    visit.fill("email", "anna@example.com").await?;
    visit.send().await?;
    let reference = visit.reference().await?;
    Ok((visit, reference))
}

#[tokio::test]
async fn answer_shows_in_the_open_panel_and_is_rated_and_answered_there() -> Result<()> {
    let (visit, reference) = asked().await?;
    let business = at_the_desk(&visit, &reference).await?;
    click(&business, "form:has([value=accept]) button").await?;
    says(&business, "Сохранено").await?;
    visit.browser.widget("li.done.accepted").await?;
    fill(&business, "#text", "Да, в течение 14 дней. Приносите вместе с чеком.").await?;
    business.shoot("desk-answer-desktop-light-ru").await?;
    click(&business, "[name=resolve]").await?;
    says(&business, "Сохранено").await?;
    let shown = visit.browser.widget_says("Ответ помог?").await?;
    assert!(shown.contains("Приносите вместе с чеком"), "{shown}");
    visit.browser.shoot("status-answered-desktop-light-ru").await?;
    visit.browser.click("В основном").await?;
    visit.browser.click("Отправить оценку").await?;
    let shown = visit.browser.widget_says("Спасибо: вашу оценку прочитают").await?;
    assert!(shown.contains("Ваша оценка ответа"), "{shown}");
    assert_eq!(only_one_kept(visit.host.data()).await?["rating"]["stars"], 4);
    visit.fill("text", "А без чека?").await?;
    visit.browser.screen(Screen::Phone).await?;
    visit.browser.scheme(Scheme::Dark).await?;
    visit.browser.shoot("status-rated-phone-dark-ru").await?;
    visit.browser.click("Отправить сообщение").await?;
    let shown = visit.browser.widget_says("Добавить что-нибудь").await?;
    assert!(shown.contains("А без чека?") && !shown.contains("Ваша оценка"), "it is open again: {shown}");
    assert_eq!(visit.typed("text").await?, "", "what was sent is not there to be sent again");
    visit.browser.shoot("status-reopened-phone-dark-ru").await?;
    business.open(business.driver().current_url().await?.as_ref()).await?;
    says(&business, "А без чека?").await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn what_is_being_typed_stays_while_things_happen_and_while_the_network_is_away() -> Result<()> {
    let (visit, reference) = asked().await?;
    let business = at_the_desk(&visit, &reference).await?;
    visit.fill("text", "И ещё вопрос").await?;
    click(&business, "form:has([value=accept]) button").await?;
    visit.browser.widget("li.done.accepted").await?;
    assert_eq!(visit.typed("text").await?, "И ещё вопрос");
    visit.browser.go_offline().await?;
    visit.browser.click("Отправить сообщение").await?;
    visit.browser.widget(".alert").await?;
    assert_eq!(visit.typed("text").await?, "И ещё вопрос");
    visit.browser.go_online().await?;
    visit.browser.click("Отправить сообщение").await?;
    visit.browser.widget(".bubble + .bubble").await?;
    let entries = only_one_kept(visit.host.data()).await?["entries"].as_array().map_or(0, Vec::len);
    assert_eq!(entries, 2, "sent once, however often it was tried");
    Ok(())
}
