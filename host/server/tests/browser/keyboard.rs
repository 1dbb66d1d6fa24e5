//! The whole way without a mouse.

use anyhow::Result;
use porchlight_testkit::Screen;

use crate::visit::{MONDAY_HALF_PAST_TEN, PHONE, SUNDAY_NIGHT, Visit, WEDNESDAY_NOON, only_one_kept};

/// WebDriver's code points of keys that type nothing.
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const RIGHT: &str = "\u{e014}";
const SPACE: &str = " ";

#[tokio::test]
async fn call_is_booked_by_keyboard_alone_and_escape_returns_the_focus() -> Result<()> {
    let visit = Visit::at(SUNDAY_NIGHT, "/contacts/").await?;
    let browser = &visit.browser;
    browser.tab_to("Помощь", 30).await?;
    browser.shoot("launcher-focus-desktop-light-ru").await?;
    browser.press(ENTER).await?;
    browser.widget_says("Как с нами связаться").await?;
    visit.focus_is_on("Пёс и Кот").await?;
    browser.tab_to("Перезвоните мне", 15).await?;
    browser.press(ENTER).await?;
    visit.focus_is_on("Перезвоните мне").await?;
    browser.tab_to("Пн 23", 4).await?;
    browser.tab_to("10:00", 1).await?;
    browser.press(SPACE).await?;
    browser.press(RIGHT).await?;
    browser.widget_says("Жду звонка завтра в 10:30").await?;
    browser.tab_to("Телефон", 1).await?;
    browser.press(PHONE).await?;
    browser.shoot("callback-focus-desktop-light-ru").await?;
    browser.tab_to("Как к вам обращаться", 1).await?;
    browser.press("Анна").await?;
    browser.tab_to("О чём поговорить", 1).await?;
    browser.press("Про будку").await?;
    browser.tab_to("Жду звонка", 1).await?;
    browser.press(ENTER).await?;
    visit.reference().await?;
    visit.focus_is_on("Ваше обращение").await?;
    assert_eq!(only_one_kept(visit.host.data()).await?["slot"]["from"], MONDAY_HALF_PAST_TEN);
    browser.press(ESCAPE).await?;
    visit.focus_is_on("Помощь").await?;
    assert!(!browser.widget_text().await?.contains("Ваше обращение"), "the panel is closed");
    visit.console_is_silent().await
}

#[tokio::test]
async fn focus_comes_back_to_the_button_of_the_page_that_opened_the_panel() -> Result<()> {
    let visit = Visit::at(WEDNESDAY_NOON, "/").await?;
    let button = "const it = document.createElement('button'); it.textContent = 'Спросить'; document.body.append(it);
        it.onclick = () => Porchlight('open'); Porchlight('hide'); it.focus()";
    visit.browser.script(button).await?;
    visit.browser.press(ENTER).await?;
    visit.browser.widget_says("Как с нами связаться").await?;
    visit.browser.press(ESCAPE).await?;
    visit.focus_is_on("Спросить").await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn full_sheet_on_a_phone_keeps_the_focus_inside() -> Result<()> {
    let visit = Visit::at(WEDNESDAY_NOON, "/").await?;
    visit.browser.screen(Screen::Phone).await?;
    visit.open_panel().await?;
    let inside =
        "return document.activeElement === document.body || document.activeElement.localName === 'porchlight-widget'";
    for _ in 0..40 {
        visit.browser.press("\u{e004}").await?;
        assert_eq!(visit.browser.script(inside).await?, true, "the focus is on `{}`", visit.browser.focused().await?);
    }
    visit.browser.press(ESCAPE).await?;
    visit.focus_is_on("Помощь").await?;
    visit.console_is_silent().await
}
