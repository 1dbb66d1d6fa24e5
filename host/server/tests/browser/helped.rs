//! Whether an answer helped.

use anyhow::Result;
use jiff::civil::Date;
use porchlight_store::{Days, MeasureStore, Settings, SqliteStore};

use crate::visit::{SUNDAY_NIGHT, Visit};

#[tokio::test]
async fn visitor_says_whether_an_answer_helped_and_is_thanked() -> Result<()> {
    let visit = Visit::in_panel(SUNDAY_NIGHT, "/").await?;
    visit.browser.click("Как вернуть или обменять товар?").await?;
    visit.browser.widget_says("Это помогло?").await?;
    visit.browser.click("Да").await?;
    let shown = visit.browser.widget_says("Спасибо, это нам поможет.").await?;
    assert!(!shown.contains("Это помогло?"), "it is asked once: {shown}");
    assert_eq!(visit.browser.focused().await?, "Спасибо, это нам поможет.");
    let store = SqliteStore::open(&visit.host.data().join("porchlight.db"), Settings::default())?;
    let day = Date::constant(2026, 11, 22);
    let said = store.report("pet-shop", Days { from: day, to: day }).await?.answers;
    assert_eq!(
        said.iter().map(|it| (it.answer.as_str(), it.helped, it.unhelped)).collect::<Vec<_>>(),
        [("returns", 1, 0)]
    );
    visit.console_is_silent().await
}
