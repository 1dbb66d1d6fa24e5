//! A call at a chosen time.

use anyhow::Result;
use porchlight_testkit::{Screen, samples::Sample};
use reqwest::StatusCode;

use crate::visit::{MONDAY_AT_TEN, MONDAY_HALF_PAST_TEN, PHONE, SUNDAY_NIGHT, Visit, kept, only_one_kept};

/// Others take a slot until it is full.
async fn fill_up(visit: &Visit, slot: &str) -> Result<()> {
    for _ in 0..2 {
        let others = visit.host.post("/v1/sites/pet-shop/requests", &Sample::callback(slot).body()).send().await?;
        assert_eq!(others.status(), StatusCode::CREATED, "{}", others.text().await?);
    }
    Ok(())
}

#[tokio::test]
async fn callback_is_booked_for_a_chosen_time_and_kept() -> Result<()> {
    let visit = Visit::in_form(SUNDAY_NIGHT, "Перезвоните мне").await?;
    visit.browser.shoot("callback-empty-desktop-light-ru").await?;
    visit.browser.click("10:30").await?;
    visit.browser.widget_says("Жду звонка завтра в 10:30").await?;
    visit.fill("phone", PHONE).await?;
    visit.fill("name", "Анна").await?;
    visit.fill("text", "Какой размер нужен таксе?").await?;
    visit.browser.shoot("callback-filled-desktop-light-ru").await?;
    visit.send().await?;
    let reference = visit.reference().await?;
    let shown = visit.browser.widget_says("Получили").await?;
    for text in ["Ваше обращение", "Ваш звонок завтра в 10:30", "Какой размер нужен таксе?", "Изменить время"]
    {
        assert!(shown.contains(text), "`{text}` in:\n{shown}");
    }
    visit.browser.shoot("status-callback-desktop-light-ru").await?;
    let request = only_one_kept(visit.host.data()).await?;
    assert_eq!(request["reference"], reference.as_str());
    assert_eq!(request["slot"]["from"], MONDAY_HALF_PAST_TEN);
    assert_eq!(request["requester"]["phone"], "+79161234567", "{request:#}");
    visit.console_is_silent().await
}

#[tokio::test]
async fn wrong_phone_is_told_at_the_field_then_mended_and_sent() -> Result<()> {
    let visit = Visit::in_form(SUNDAY_NIGHT, "Перезвоните мне").await?;
    visit.browser.click("10:00").await?;
    visit.fill("name", "Анна").await?;
    visit.fill("phone", "+7 916 123-45").await?;
    visit.send().await?;
    let error = visit.browser.widget("#f-phone-error").await?.text().await?;
    assert!(error.contains("не хватает цифр"), "{error}");
    visit.focus_is_on("Телефон").await?;
    visit.browser.widget("#f-phone[aria-invalid=true]").await?;
    visit.browser.shoot("callback-wrong-phone-desktop-light-ru").await?;
    visit.browser.press("-67").await?;
    assert!(
        !visit.browser.widget_text().await?.contains("не хватает цифр"),
        "what is being mended is not complained about"
    );
    assert_eq!((visit.typed("phone").await?.as_str(), visit.typed("name").await?.as_str()), (PHONE, "Анна"));
    visit.send().await?;
    visit.reference().await?;
    assert_eq!(only_one_kept(visit.host.data()).await?["slot"]["from"], MONDAY_AT_TEN);
    visit.console_speaks_only_of("status of 422").await
}

#[tokio::test]
async fn form_sent_without_anything_says_what_is_missing_and_asks_nobody() -> Result<()> {
    let visit = Visit::in_form(SUNDAY_NIGHT, "Перезвоните мне").await?;
    visit.send().await?;
    assert_eq!(visit.browser.widget("#f-slot-error").await?.text().await?, "Выберите время");
    assert_eq!(visit.browser.widget("#f-phone-error").await?.text().await?, "Заполните это поле");
    visit.focus_is_on("10:00").await?;
    visit.browser.click("10:00").await?;
    assert!(!visit.browser.widget("#f-phone-error").await?.text().await?.is_empty());
    let shown = visit.browser.widget_text().await?;
    assert_eq!(shown.matches("Заполните это поле").count(), 1, "{shown}");
    assert_eq!(kept(visit.host.data()).await?.len(), 0);
    visit.console_is_silent().await
}

#[tokio::test]
async fn slot_that_others_took_is_shown_as_taken_and_cannot_be_chosen() -> Result<()> {
    let visit = Visit::at(SUNDAY_NIGHT, "/").await?;
    fill_up(&visit, MONDAY_AT_TEN).await?;
    visit.browser.screen(Screen::Phone).await?;
    visit.open_panel().await?;
    visit.browser.click("Перезвоните мне").await?;
    let taken = visit.browser.widget(".chip:has(input:disabled)").await?;
    let words = taken.text().await?;
    assert!(words.contains("10:00") && words.contains("занято"), "{words}");
    taken.click().await?;
    visit.browser.widget_says("Выберите время").await?;
    visit.browser.shoot("callback-taken-phone-light-ru").await?;
    visit.browser.click("10:30").await?;
    visit.browser.widget_says("Жду звонка завтра в 10:30").await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn slot_taken_while_the_visitor_typed_is_told_and_another_one_is_booked() -> Result<()> {
    let visit = Visit::in_form(SUNDAY_NIGHT, "Перезвоните мне").await?;
    visit.browser.click("10:00").await?;
    visit.fill("phone", PHONE).await?;
    visit.fill("text", "Про лежанку").await?;
    fill_up(&visit, MONDAY_AT_TEN).await?;
    visit.send().await?;
    visit.browser.widget_says("Это время только что заняли").await?;
    assert_eq!(visit.typed("text").await?, "Про лежанку");
    let taken = visit.browser.widget(".chip:has(input:disabled)").await?.text().await?;
    assert!(taken.contains("10:00"), "{taken}");
    visit.browser.shoot("callback-slot-lost-desktop-light-ru").await?;
    visit.browser.click("10:30").await?;
    visit.send().await?;
    visit.reference().await?;
    assert_eq!(kept(visit.host.data()).await?.len(), 3);
    visit.console_speaks_only_of("status of 422").await
}
