//! Each language, by the page's or the browser's choice.

use anyhow::Result;
use porchlight_testkit::{Scheme, Screen};

use crate::{
    elsewhere::{Elsewhere, Named},
    visit::{SUNDAY_NIGHT, Visit, only_one_kept},
};

/// What a language says on the way through callback form and status.
struct Words {
    language: &'static str,
    launcher: &'static str,
    home: [&'static str; 3],
    callback: &'static str,
    wrong_phone: &'static str,
    status: [&'static str; 3],
}

const ENGLISH: Words = Words {
    language: "en",
    launcher: "Help",
    home: ["How to reach us and when we answer", "Solve it yourself", "we’ll answer"],
    callback: "Call me back",
    wrong_phone: "digit",
    status: ["Your request", "Received", "Change the time"],
};

const RUSSIAN: Words = Words {
    language: "ru",
    launcher: "Помощь",
    home: ["Как с нами связаться и когда ответим", "Решить самому", "ответим"],
    callback: "Перезвоните мне",
    wrong_phone: "не хватает цифр",
    status: ["Ваше обращение", "Получили", "Изменить время"],
};

const BULGARIAN: Words = Words {
    language: "bg",
    launcher: "Помощ",
    home: ["Как да се свържете с нас и кога отговаряме", "Намерете отговора сами", "ще отговорим"],
    callback: "Обадете ми се",
    wrong_phone: "цифр",
    status: ["Вашето запитване", "Получихме го", "Промени часа"],
};

/// Books a call on this page in this language, with a wrong number first.
async fn play(words: &Words, browser_speaks: &str, page: &str) -> Result<()> {
    let shop = Elsewhere::visitor(Named::Ours, browser_speaks, page).await?;
    let (visit, browser, language) = (&shop.visit, &shop.visit.browser, words.language);
    browser.screen(Screen::Phone).await?;
    browser.click(words.launcher).await?;
    let shown = browser.widget_says(words.home[0]).await?;
    for text in words.home {
        assert!(shown.contains(text), "`{text}` in:\n{shown}");
    }
    browser.click(words.callback).await?;
    browser.widget("#f-slot .chip").await?.click().await?;
    visit.fill("phone", "+359 88").await?;
    visit.send().await?;
    let error = browser.widget("#f-phone-error").await?.text().await?;
    assert!(error.contains(words.wrong_phone), "{error}");
    browser.scheme(Scheme::Dark).await?;
    browser.shoot(&format!("callback-wrong-phone-phone-dark-{language}")).await?;
    visit.fill("phone", "8 12 34 56").await?;
    visit.send().await?;
    visit.reference().await?;
    let shown = browser.widget_says(words.status[1]).await?;
    for text in words.status {
        assert!(shown.contains(text), "`{text}` in:\n{shown}");
    }
    browser.shoot(&format!("status-phone-dark-{language}")).await?;
    assert_eq!(only_one_kept(visit.host.data()).await?["locale"], language);
    visit.console_speaks_only_of("status of 422").await
}

#[tokio::test]
async fn english_page_is_served_in_english_whatever_the_browser_speaks() -> Result<()> {
    play(&ENGLISH, "ru", "/en").await
}

#[tokio::test]
async fn russian_page_is_served_in_russian_whatever_the_browser_speaks() -> Result<()> {
    play(&RUSSIAN, "en", "/ru").await
}

#[tokio::test]
async fn bulgarian_browser_is_served_in_bulgarian_where_the_page_does_not_say() -> Result<()> {
    play(&BULGARIAN, "bg", "/").await
}

#[tokio::test]
async fn shop_switches_the_language_by_a_command_before_and_while_the_panel_is_open() -> Result<()> {
    let visit = Visit::at(SUNDAY_NIGHT, "/").await?;
    visit.browser.screen(Screen::Phone).await?;
    visit.browser.script("Porchlight('set-locale', 'en')").await?;
    visit.browser.click("Help").await?;
    visit.browser.widget_says("Closed · we open tomorrow at 10:00").await?;
    visit.browser.shoot("home-night-phone-light-en").await?;
    visit.browser.script("Porchlight('set-locale', 'bg-BG')").await?;
    visit.browser.widget_says("Затворено · отваряме утре в 10:00").await?;
    visit.browser.scheme(Scheme::Dark).await?;
    visit.browser.shoot("home-night-phone-dark-bg").await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn browser_of_another_language_is_served_in_the_sites() -> Result<()> {
    let shop = Elsewhere::visitor(Named::Ours, "tr", "/tr").await?;
    shop.visit.browser.widget_control("Помощь").await?;
    Ok(())
}
