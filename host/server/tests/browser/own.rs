//! One's own request: found again after a reload, followed, changed, cancelled.

use anyhow::Result;
use porchlight_testkit::{PATIENCE, Scheme, Screen, wait_until};

use crate::{
    hosted::{at_the_desk, click, says},
    visit::{MONDAY_HALF_PAST_TEN, SUNDAY_NIGHT, Visit, only_one_kept},
};

/// A visitor who has booked a call for Monday at ten, with its reference.
async fn booked() -> Result<(Visit, String)> {
    let visit = Visit::in_panel(SUNDAY_NIGHT, "/").await?;
    let reference = visit.book_a_call().await?;
    Ok((visit, reference))
}

#[tokio::test]
async fn request_is_found_again_after_a_reload_on_another_page() -> Result<()> {
    let (visit, reference) = booked().await?;
    visit.browser.open(&visit.host.url("/contacts/")).await?;
    visit.browser.screen(Screen::Phone).await?;
    visit.browser.widget(".launcher.waiting").await?;
    visit.browser.shoot("launcher-waiting-phone-light-ru").await?;
    visit.open_panel().await?;
    visit.browser.widget_says("Ваш звонок завтра в 10:00").await?;
    let strip = visit.browser.widget(".mine").await?;
    assert!(strip.text().await?.contains(&reference));
    visit.browser.shoot("home-strip-phone-light-ru").await?;
    strip.click().await?;
    assert_eq!(visit.reference().await?, reference);
    let shown = visit.browser.widget_says("Получили").await?;
    for step in ["Приняли", "Готовим ответ", "Решено", "Изменить время", "Отменить обращение"]
    {
        assert!(shown.contains(step), "`{step}` in:\n{shown}");
    }
    visit.browser.shoot("status-callback-phone-light-ru").await?;
    visit.browser.scheme(Scheme::Dark).await?;
    visit.browser.shoot("status-callback-phone-dark-ru").await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn slot_is_changed_and_the_new_one_kept() -> Result<()> {
    let (visit, _) = booked().await?;
    visit.browser.click("Изменить время").await?;
    visit.browser.click("10:30").await?;
    visit.browser.shoot("status-change-slot-desktop-light-ru").await?;
    visit.browser.click("Жду звонка завтра в 10:30").await?;
    visit.focus_is_on("Сохранили").await?;
    visit.browser.widget_says("Ваш звонок завтра в 10:30").await?;
    visit.browser.shoot("status-changed-desktop-light-ru").await?;
    assert_eq!(only_one_kept(visit.host.data()).await?["slot"]["from"], MONDAY_HALF_PAST_TEN);
    visit.console_is_silent().await
}

#[tokio::test]
async fn request_is_cancelled_only_after_asking_once_more_and_then_leaves_the_first_view() -> Result<()> {
    let (visit, _) = booked().await?;
    visit.browser.click("Отменить обращение").await?;
    visit.browser.click("Нет, оставить").await?;
    visit.focus_is_on("Изменить время").await?;
    assert_eq!(only_one_kept(visit.host.data()).await?["status"], "received");
    visit.browser.click("Отменить обращение").await?;
    visit.browser.shoot("status-cancel-asks-desktop-light-ru").await?;
    visit.browser.click("Да, отменить").await?;
    let shown = visit.browser.widget_says("Отменено").await?;
    assert!(!shown.contains("Изменить время"), "{shown}");
    visit.browser.shoot("status-cancelled-desktop-light-ru").await?;
    assert_eq!(only_one_kept(visit.host.data()).await?["status"], "cancelled");
    visit.browser.click("Назад").await?;
    let shown = visit.browser.widget_says("Как с нами связаться").await?;
    assert!(!shown.contains("Ваш звонок") && !shown.contains("PS-"), "{shown}");
    visit.console_is_silent().await
}

#[tokio::test]
async fn answered_request_leaves_the_first_view_once_its_answer_was_seen() -> Result<()> {
    let (visit, reference) = booked().await?;
    visit.browser.click("Назад").await?;
    visit.browser.widget(".mine").await?;
    let business = at_the_desk(&visit, &reference).await?;
    click(&business, "form:has([value=reached]) button").await?;
    says(&business, "Сохранено").await?;
    visit.browser.open(&visit.host.url("/contacts/")).await?;
    visit.open_panel().await?;
    visit.browser.widget(".mine").await?.click().await?;
    visit.browser.widget_says("Ответ помог?").await?;
    visit.browser.click("Назад").await?;
    let shown = visit.browser.widget_says("Как с нами связаться").await?;
    assert!(!shown.contains(&reference), "{shown}");
    visit.browser.open(&visit.host.url("/")).await?;
    let shown = visit.open_panel().await?;
    assert!(!shown.contains(&reference), "{shown}");
    visit.console_is_silent().await
}

#[tokio::test]
async fn all_of_ones_requests_are_asked_for_by_address_whether_it_is_known_or_not() -> Result<()> {
    let visit = Visit::in_panel(SUNDAY_NIGHT, "/").await?;
    visit.browser.click("Оставить сообщение").await?;
    visit.fill("text", "Щенок боится будки").await?;
    visit.fill("email", "anna@example.com").await?;
    visit.send().await?;
    visit.reference().await?;
    visit.browser.click("Назад").await?;
    visit.browser.widget_control("Все мои обращения").await?.scroll_into_view().await?;
    visit.browser.shoot("home-links-desktop-light-ru").await?;
    for (address, shot) in [("anna", None), ("nobody@example.com", None), ("anna@example.com", Some(()))] {
        visit.browser.click("Все мои обращения").await?;
        let field = visit.browser.widget("[name=email]").await?;
        field.clear().await?;
        field.send_keys(address).await?;
        visit.send().await?;
        let expected =
            if address.contains('@') { "письмо уже в пути" } else { "Не похоже на адрес" };
        visit.browser.widget_says(expected).await?;
        if shot.is_some() {
            visit.browser.screen(Screen::Phone).await?;
            visit.browser.scheme(Scheme::Dark).await?;
            visit.browser.shoot("links-phone-dark-ru").await?;
        }
        visit.browser.click("Назад").await?;
    }
    wait_until("the letter with the list", PATIENCE, async || {
        visit.browser.open(&visit.host.url("/demo/mail")).await.ok()?;
        let letter = "[...document.querySelectorAll('li')].some((it) => it.innerText.includes('nobody@'))";
        assert_eq!(visit.browser.script(&format!("return {letter}")).await.ok()?, false, "nobody gets a letter");
        let links = "return [...document.querySelectorAll('li')].filter((it) => it.innerText.includes('anna@')).length";
        (visit.browser.script(links).await.ok()?.as_u64()? >= 2).then_some(())
    })
    .await?;
    visit.console_speaks_only_of("status of 422").await
}
