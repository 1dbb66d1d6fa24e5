//! The hosted page and its status, in a browser without JavaScript.

use anyhow::{Context, Result};
use porchlight_testkit::{Browser, PATIENCE, Scheme, Screen, wait_until};
use serde_json::json;

use crate::visit::{MONDAY_HALF_PAST_TEN, PHONE, SUNDAY_NIGHT, Visit, only_one_kept};

/// Opens the hosted page in a browser that runs no scripts of pages.
pub async fn opened() -> Result<Visit> {
    let visit = Visit::at(SUNDAY_NIGHT, "/").await?;
    let off = json!({"value": true});
    visit.browser.driver().cdp().send_raw("Emulation.setScriptExecutionDisabled", off).await?;
    visit.browser.open(&visit.host.url("/c/pet-shop?locale=ru")).await?;
    Ok(visit)
}

/// Waits until the page shows a text, and gives all it shows.
pub async fn says(browser: &Browser, text: &str) -> Result<String> {
    let shown = async || browser.script("return document.body.innerText").await;
    let what = format!("`{text}` on the page");
    let found = wait_until(&what, PATIENCE, async || {
        let shown = shown().await.ok()?.as_str()?.to_owned();
        shown.contains(text).then_some(shown)
    });
    match found.await {
        Ok(shown) => Ok(shown),
        Err(error) => Err(error.context(shown().await?.to_string())),
    }
}

/// An element of the page by a CSS selector.
pub async fn click(browser: &Browser, selector: &str) -> Result<()> {
    let found =
        browser.driver().execute(format!("return document.querySelector({})", json!(selector)), Vec::new()).await?;
    found.element().with_context(|| selector.to_owned())?.click().await.with_context(|| selector.to_owned())
}

pub async fn fill(browser: &Browser, selector: &str, text: &str) -> Result<()> {
    let found =
        browser.driver().execute(format!("return document.querySelector({})", json!(selector)), Vec::new()).await?;
    Ok(found.element().with_context(|| selector.to_owned())?.send_keys(text).await?)
}

/// A browser of the business's, where the page of a request is open by its letter.
pub async fn at_the_desk(visit: &Visit, reference: &str) -> Result<Browser> {
    let business = Browser::start().await?;
    wait_until("the letter in the mailbox", PATIENCE, async || {
        business.open(&visit.host.url("/demo/mail")).await.ok()?;
        let letter = "[...document.querySelectorAll('li')].find((it) => it.innerText.includes('owner@'))";
        let open = format!("const it = {letter}; it?.querySelector('a').click(); return !!it");
        (business.script(&open).await.ok()? == true).then_some(())
    })
    .await?;
    says(&business, reference).await?;
    click(&business, "a[href*='/desk/pet-shop/']").await?;
    says(&business, "Показать обращение").await?;
    click(&business, "button").await?;
    says(&business, "Беру в работу").await?;
    Ok(business)
}

#[tokio::test]
async fn call_is_booked_moved_and_cancelled_without_javascript() -> Result<()> {
    let visit = opened().await?;
    let browser = &visit.browser;
    let shown = says(browser, "Закрыто").await?;
    for text in ["Пёс и Кот", "откроемся завтра в 10:00", "Перезвоните мне", "Как вернуть"]
    {
        assert!(shown.contains(text), "`{text}` in:\n{shown}");
    }
    browser.shoot("hosted-desktop-light-ru").await?;
    fill(browser, "#callback-phone", PHONE).await?;
    fill(browser, "#callback-name", "Анна").await?;
    click(browser, "#callback button").await?;
    let shown = says(browser, "PS-").await?;
    assert!(shown.contains("завтра в 10:00"), "{shown}");
    browser.shoot("hosted-status-desktop-light-ru").await?;
    click(browser, &format!("option[value='{MONDAY_HALF_PAST_TEN}']")).await?;
    click(browser, "form:has(select) button").await?;
    says(browser, "Изменили: вот как теперь").await?;
    assert_eq!(only_one_kept(visit.host.data()).await?["slot"]["from"], MONDAY_HALF_PAST_TEN);
    click(browser, "form:has([value=cancel]) button").await?;
    says(browser, "Обращение отменено").await?;
    assert_eq!(only_one_kept(visit.host.data()).await?["status"], "cancelled");
    visit.console_is_silent().await
}

#[tokio::test]
async fn wrong_phone_comes_back_as_typed_with_its_error() -> Result<()> {
    let visit = opened().await?;
    let browser = &visit.browser;
    browser.screen(Screen::Phone).await?;
    browser.shoot("hosted-phone-light-ru").await?;
    fill(browser, "#callback-phone", "+7 916 123-45").await?;
    fill(browser, "#callback-text", "Какой размер нужен таксе?").await?;
    click(browser, "#callback button").await?;
    says(browser, "не хватает цифр").await?;
    let typed = "return ['#callback-phone', '#callback-text'].map((it) => document.querySelector(it).value)";
    assert_eq!(browser.script(typed).await?, json!(["+7 916 123-45", "Какой размер нужен таксе?"]));
    browser.scheme(Scheme::Dark).await?;
    browser.shoot("hosted-wrong-phone-phone-dark-ru").await?;
    fill(browser, "#callback-phone", "-67").await?;
    click(browser, "#callback button").await?;
    says(browser, "PS-").await?;
    browser.shoot("hosted-status-phone-dark-ru").await?;
    visit.console_speaks_only_of("status of 422").await
}

#[tokio::test]
async fn business_takes_a_call_on_by_its_letter_and_the_visitor_sees_it() -> Result<()> {
    let visit = Visit::in_panel(SUNDAY_NIGHT, "/").await?;
    let reference = visit.book_a_call().await?;
    let business = at_the_desk(&visit, &reference).await?;
    business.shoot("desk-desktop-light-ru").await?;
    business.screen(Screen::Phone).await?;
    business.scheme(Scheme::Dark).await?;
    click(&business, "button").await?;
    says(&business, "Сохранено").await?;
    business.shoot("desk-phone-dark-ru").await?;
    assert_eq!(business.console_errors().await?, [""; 0]);

    visit.browser.open(&visit.host.url("/contacts/")).await?;
    visit.open_panel().await?;
    visit.browser.widget(".mine").await?.click().await?;
    visit.browser.widget("li.done.accepted").await?;
    visit.browser.shoot("status-accepted-desktop-light-ru").await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn mailed_link_shows_the_status_in_another_browser_once_its_button_is_pressed() -> Result<()> {
    let visit = Visit::in_panel(SUNDAY_NIGHT, "/").await?;
    visit.browser.click("Оставить сообщение").await?;
    visit.fill("text", "Жду письма").await?;
    visit.fill("email", "anna@example.com").await?;
    visit.send().await?;
    let reference = visit.reference().await?;
    let other = Visit { browser: Browser::start().await?, host: visit.host };
    wait_until("the letter in the mailbox", PATIENCE, async || {
        other.browser.open(&other.host.url("/demo/mail")).await.ok()?;
        let letter = "[...document.querySelectorAll('li')].find((it) => it.innerText.includes('anna@example.com'))";
        let open = format!("const it = {letter}; it?.querySelector('a').click(); return !!it");
        (other.browser.script(&open).await.ok()? == true).then_some(())
    })
    .await?;
    says(&other.browser, &reference).await?;
    other.browser.shoot("letter-desktop-light-ru").await?;
    click(&other.browser, "a[href*='/r/pet-shop/']").await?;
    let shown = says(&other.browser, "Показать моё обращение").await?;
    assert!(!shown.contains("Жду письма"), "nothing is shown before the button is pressed");
    other.browser.shoot("link-desktop-light-ru").await?;
    click(&other.browser, "button").await?;
    let shown = says(&other.browser, &reference).await?;
    assert!(shown.contains("Жду письма"), "{shown}");
    other.console_is_silent().await
}
