//! Quiet until asked.

use anyhow::Result;
use serde_json::json;

use crate::visit::{SUNDAY_NIGHT, Visit, WEDNESDAY_NOON};

/// Cookies, and keys in both storages.
const TRACES: &str = "return [document.cookie, localStorage.length, sessionStorage.length]";

/// Summed layout shift that the browser has recorded for the page.
const SHIFTED: &str = "return new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((it) => sum += it.value)).observe({type: 'layout-shift', buffered: true});
    requestAnimationFrame(() => setTimeout(() => done(sum)));
})";

#[tokio::test]
async fn nothing_but_the_loader_is_loaded_stored_or_moved_before_the_click() -> Result<()> {
    let visit = Visit::at(WEDNESDAY_NOON, "/").await?;
    visit.browser.widget(".launcher").await?;
    let expected = [visit.host.url("/style.css"), visit.host.url("/w/pet-shop.js")];
    let mut loaded = visit.browser.loaded().await?;
    loaded.retain(|address| !address.starts_with("data:"));
    loaded.sort();
    assert_eq!(loaded, expected);
    assert_eq!(visit.browser.script(TRACES).await?, json!(["", 0, 0]));
    assert_eq!(visit.browser.driver().get_all_cookies().await?.len(), 0);
    assert_eq!(visit.browser.script(SHIFTED).await?, json!(0));
    visit.browser.shoot("launcher-desktop-light-ru").await?;
    visit.console_is_silent().await
}

#[tokio::test]
async fn reading_in_the_panel_stores_nothing_and_sending_stores_one_key() -> Result<()> {
    let visit = Visit::in_panel(SUNDAY_NIGHT, "/").await?;
    assert_eq!(visit.browser.script(TRACES).await?, json!(["", 0, 0]));
    visit.book_a_call().await?;
    assert_eq!(visit.browser.script(TRACES).await?, json!(["", 1, 0]));
    let own = visit.host.address();
    let foreign: Vec<String> = visit
        .browser
        .loaded()
        .await?
        .into_iter()
        .filter(|it| !it.starts_with(own) && !it.starts_with("data:"))
        .collect();
    assert_eq!(foreign, [""; 0], "nothing comes from anywhere else");
    visit.console_is_silent().await
}

#[tokio::test]
async fn snippet_pasted_twice_gives_one_launcher() -> Result<()> {
    let visit = Visit::at(WEDNESDAY_NOON, "/").await?;
    let again = "return new Promise((done) => { const it = document.createElement('script'); it.src = '/w/pet-shop.js';
        it.onload = () => done(document.querySelectorAll('porchlight-widget').length); document.head.append(it) })";
    assert_eq!(visit.browser.script(again).await?, json!(1));
    visit.open_panel().await?;
    visit.console_is_silent().await
}
