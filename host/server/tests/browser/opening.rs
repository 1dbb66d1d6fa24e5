//! What the panel says first: who can be reached now, and when an answer comes.

use anyhow::Result;
use porchlight_testkit::{Scheme, Screen};

use crate::visit::{HOLIDAY, SUNDAY_NIGHT, Visit, WEDNESDAY_NOON};

/// Words of the buttons that lead to the forms, the filled one first.
async fn actions(visit: &Visit) -> Result<serde_json::Value> {
    let script = "return [...document.querySelector('porchlight-widget').shadowRoot.querySelectorAll('.actions .btn')]
        .map((it) => it.innerText)";
    visit.browser.script(script).await
}

#[tokio::test]
async fn opening_hours_show_until_when_and_offer_the_callback_first() -> Result<()> {
    let visit = Visit::at(WEDNESDAY_NOON, "/").await?;
    let shown = visit.open_panel().await?;
    for text in ["Пёс и Кот", "Открыто до 20:00", "до 18:00", "до 22:00", "+7 495 495-49-41", "ответим"]
    {
        assert!(shown.contains(text), "`{text}` in:\n{shown}");
    }
    assert!(!shown.contains("у вас"), "both clocks are the same, so one is enough:\n{shown}");
    assert_eq!(actions(&visit).await?, serde_json::json!(["Перезвоните мне", "Написать"]));
    visit.browser.shoot("home-open-desktop-light-ru").await?;
    visit.browser.scheme(Scheme::Dark).await?;
    let schemes = "return getComputedStyle(document.querySelector('porchlight-widget').shadowRoot.querySelector('.body')).colorScheme";
    assert_eq!(
        visit.browser.script(schemes).await?,
        "light dark",
        "bars and controls of the browser's own are dark too"
    );
    visit.browser.shoot("home-open-desktop-dark-ru").await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn sunday_night_says_when_the_shop_opens_and_offers_the_message_first() -> Result<()> {
    let visit = Visit::at(SUNDAY_NIGHT, "/").await?;
    visit.browser.screen(Screen::Phone).await?;
    let shown = visit.open_panel().await?;
    for text in ["Закрыто · откроемся завтра в 10:00", "с 9:00", "с 10:00"] {
        assert!(shown.contains(text), "`{text}` in:\n{shown}");
    }
    assert_eq!(actions(&visit).await?, serde_json::json!(["Оставить сообщение", "Перезвоните мне"]));
    visit.browser.shoot("home-night-phone-light-ru").await?;
    visit.browser.scheme(Scheme::Dark).await?;
    visit.browser.shoot("home-night-phone-dark-ru").await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn public_holiday_is_closed_but_for_the_channel_that_works_then() -> Result<()> {
    let visit = Visit::in_panel(HOLIDAY, "/contacts/").await?;
    let shown = visit.browser.widget_text().await?;
    for text in ["Закрыто · откроемся в субботу в 11:00", "до 22:00"] {
        assert!(shown.contains(text), "`{text}` in:\n{shown}");
    }
    assert_eq!(actions(&visit).await?, serde_json::json!(["Оставить сообщение", "Перезвоните мне"]));
    visit.browser.shoot("home-holiday-desktop-light-ru").await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn visitor_far_away_sees_both_clocks_and_the_shops_times() -> Result<()> {
    let visit = Visit::at(WEDNESDAY_NOON, "/").await?;
    visit.browser.time_zone("Asia/Vladivostok").await?;
    let shown = visit.open_panel().await?;
    for text in ["Открыто до 20:00", "у нас 14:2", "у вас 21:2"] {
        assert!(shown.contains(text), "`{text}` in:\n{shown}");
    }
    visit.console_is_silent().await
}

#[tokio::test]
async fn dog_houses_page_shows_its_guides_first_and_other_pages_do_not() -> Result<()> {
    let visit = Visit::in_panel(WEDNESDAY_NOON, "/dog-houses/classic/").await?;
    let first = visit.browser.widget(".answers > li").await?.text().await?;
    assert!(first.contains("Как приучить щенка к будке") && first.contains("к этой странице"), "{first}");
    visit.browser.widget_says("Как выбрать размер будки").await?;
    visit.browser.shoot("home-dog-house-desktop-light-ru").await?;
    visit.browser.open(&visit.host.url("/delivery/")).await?;
    let shown = visit.open_panel().await?;
    assert!(shown.contains("Что проверить при получении") && !shown.contains("щенка к будке"), "{shown}");
    visit.console_is_silent().await
}

#[tokio::test]
async fn answer_unfolds_in_place_and_another_is_found_by_searching() -> Result<()> {
    let visit = Visit::in_panel(WEDNESDAY_NOON, "/").await?;
    visit.browser.widget("input[type=search]").await?.send_keys("вернуть").await?;
    visit.browser.widget_says("Как вернуть").await?;
    visit.browser.click("Как вернуть").await?;
    let answer = visit.browser.widget("details[open] .rich").await?.text().await?;
    assert!(answer.chars().count() > 40, "{answer}");
    visit.browser.shoot("answer-desktop-light-ru").await?;
    let field = visit.browser.widget("input[type=search]").await?;
    field.clear().await?;
    field.send_keys("гиппопотам").await?;
    visit.browser.widget_says("ничего не нашлось").await?;
    visit.console_is_silent().await
}
