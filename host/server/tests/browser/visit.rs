//! A visitor in the pet shop: a running host, a browser, and what people do with both.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use porchlight_testkit::{Browser, Host, HostOptions, PATIENCE, wait_until};
use serde_json::Value;
use tokio::process::Command;

/// Wednesday in Moscow, 14:20: open.
pub const WEDNESDAY_NOON: &str = "2026-11-25T11:20:00Z";
/// Sunday in Moscow, 22:30: closed.
pub const SUNDAY_NIGHT: &str = "2026-11-22T19:30:00Z";
/// The fifth of January in Moscow, noon: a public holiday on a Tuesday.
pub const HOLIDAY: &str = "2027-01-05T09:00:00Z";

/// The first and the second slot offered on Sunday night: Monday at 10:00 and at 10:30.
pub const MONDAY_AT_TEN: &str = "2026-11-23T07:00:00Z";
/// Half an hour later.
pub const MONDAY_HALF_PAST_TEN: &str = "2026-11-23T07:30:00Z";

/// A telephone number that is in order.
pub const PHONE: &str = "+7 916 123-45-67";

/// The program under test.
pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_porchlight"))
}

/// A visitor's browser in the shop.
#[derive(Debug)]
pub struct Visit {
    /// The host that serves shop and widget.
    pub host: Host,
    /// The visitor's.
    pub browser: Browser,
}

impl Visit {
    /// A visitor in Moscow who opens a page of the shop at a moment.
    pub async fn at(moment: &str, page: &str) -> Result<Self> {
        let options = HostOptions::demo().clock(moment).unlimited();
        let host = Host::start(binary(), options).await?;
        let address = host.url(page);
        Self::on(host, &address).await
    }

    /// A visitor in Moscow who opens an address where a running host's widget is.
    pub async fn on(host: Host, address: &str) -> Result<Self> {
        let browser = Browser::start().await?;
        browser.time_zone("Europe/Moscow").await?;
        browser.open(address).await?;
        Ok(Self { host, browser })
    }

    /// A visitor who has pressed the launcher, and sees the panel with its offer.
    pub async fn in_panel(moment: &str, page: &str) -> Result<Self> {
        let visit = Self::at(moment, page).await?;
        visit.open_panel().await?;
        Ok(visit)
    }

    /// A visitor whose panel shows the form that a button leads to.
    pub async fn in_form(moment: &str, button: &str) -> Result<Self> {
        let visit = Self::in_panel(moment, "/").await?;
        visit.browser.click(button).await?;
        visit.browser.widget("form").await?;
        Ok(visit)
    }

    /// Presses the launcher and waits for what the panel offers.
    pub async fn open_panel(&self) -> Result<String> {
        self.browser.click("Помощь").await?;
        self.browser.widget_says("Как с нами связаться").await
    }

    /// Types into a field of the form that is shown.
    pub async fn fill(&self, field: &str, text: &str) -> Result<()> {
        let field = self.browser.widget(&format!("[name={field}]")).await?;
        field.send_keys(text).await.context("the field cannot be typed into")
    }

    /// What a field of the form holds.
    pub async fn typed(&self, field: &str) -> Result<String> {
        let field = self.browser.widget(&format!("[name={field}]")).await?;
        Ok(field.value().await?.unwrap_or_default())
    }

    /// Presses the button that sends the form.
    pub async fn send(&self) -> Result<()> {
        Ok(self.browser.widget("form button[type=submit]").await?.click().await?)
    }

    /// Waits for the view of one's own request, and gives its reference.
    pub async fn reference(&self) -> Result<String> {
        let reference = self.browser.widget(".about .ref").await?.text().await?;
        ensure!(reference.starts_with("PS-"), "`{reference}` is no reference");
        Ok(reference)
    }

    /// Books a call for Monday at ten through the panel, and gives its reference.
    pub async fn book_a_call(&self) -> Result<String> {
        self.browser.click("Перезвоните мне").await?;
        self.browser.click("10:00").await?;
        self.fill("phone", PHONE).await?;
        self.send().await?;
        self.reference().await
    }

    /// Waits until what has the focus is named so.
    pub async fn focus_is_on(&self, name: &str) -> Result<()> {
        let what = format!("the focus on `{name}`");
        let found =
            wait_until(&what, PATIENCE, async || self.browser.focused().await.ok()?.contains(name).then_some(()));
        match found.await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!("it is on `{}`", self.browser.focused().await?))),
        }
    }

    /// Fails if the console has complained.
    pub async fn console_is_silent(&self) -> Result<()> {
        self.console_speaks_only_of("nothing at all").await
    }

    /// Fails if the console has complained about anything but the failed loads that the story is about.
    pub async fn console_speaks_only_of(&self, expected: &str) -> Result<()> {
        let errors = self.browser.console_errors().await?;
        let is_surprise = |error: &&String| !(error.contains("Failed to load resource") && error.contains(expected));
        let surprises: Vec<&String> = errors.iter().filter(is_surprise).collect();
        ensure!(surprises.is_empty(), "on the console: {surprises:#?}");
        Ok(())
    }
}

/// Every request that a data folder keeps, newest first, as the operator would list them.
pub async fn kept(data: &Path) -> Result<Vec<Value>> {
    let list = Command::new(binary()).args(["requests", "list", "--json", "--data"]).arg(data).output().await?;
    ensure!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
    let lines = String::from_utf8(list.stdout)?;
    lines.lines().map(|line| serde_json::from_str(line).with_context(|| line.to_owned())).collect()
}

/// The one request that a data folder keeps.
pub async fn only_one_kept(data: &Path) -> Result<Value> {
    let mut requests = kept(data).await?;
    ensure!(requests.len() == 1, "{} requests are kept: {requests:#?}", requests.len());
    requests.pop().context("a request")
}
