//! A real browser, driven by WebDriver: Chromium with a profile of its own.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver, WebElement,
};

use crate::{
    process::Process,
    wait::{PATIENCE, wait_until},
};

/// Flags of the browser: no window, no sandbox (containers run as root), nothing it would ask or load by itself.
const FLAGS: [&str; 7] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--no-default-browser-check",
];

/// The element whose open shadow root holds the widget.
const WIDGET: &str = "document.querySelector('porchlight-widget')?.shadowRoot";

/// Size of the window's inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// 390 × 844, touched with a finger.
    Phone,
    /// 1280 × 860, with a mouse.
    Desktop,
}

/// Which colours the visitor prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

/// A running browser with one tab. Dropping it closes it.
#[derive(Debug)]
pub struct Browser {
    driver: WebDriver,
    port: u16,
    _driver_process: Process,
    _profile: TempDir,
}

impl Browser {
    /// Starts a browser with a fresh profile, speaking Russian, on a desktop screen in light colours.
    pub async fn start() -> Result<Self> {
        Self::start_in("ru").await
    }

    /// Starts a browser with a fresh profile whose user speaks this language (BCP 47 tag).
    pub async fn start_in(language: &str) -> Result<Self> {
        let profile = tempfile::tempdir().context("no temporary folder")?;
        let mut process = Process::start(Command::new(chromedriver()).arg("--port=0"))?;
        let port = process.wait_for_line("its port", PATIENCE, port_in).await?;
        let address = format!("http://127.0.0.1:{port}");
        let driver = WebDriver::new(address, capabilities(language, &profile)?).await.context("no browser session")?;
        let browser = Self { driver, port, _driver_process: process, _profile: profile };
        browser.screen(Screen::Desktop).await?;
        browser.scheme(Scheme::Light).await?;
        Ok(browser)
    }

    /// The WebDriver session, for whatever is not offered here.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Goes to an address and waits until the page has loaded.
    pub async fn open(&self, url: &str) -> Result<()> {
        self.driver.goto(url).await.with_context(|| format!("`{url}` did not open"))
    }

    /// Sets the size of the page.
    pub async fn screen(&self, screen: Screen) -> Result<()> {
        let (width, height, scale, mobile) = match screen {
            Screen::Phone => (390, 844, 2, true),
            Screen::Desktop => (1280, 860, 1, false),
        };
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": scale, "mobile": mobile});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await?;
        self.devtools("Emulation.setTouchEmulationEnabled", json!({"enabled": mobile})).await
    }

    /// Sets the colours preferred.
    pub async fn scheme(&self, scheme: Scheme) -> Result<()> {
        let value = match scheme {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.devtools("Emulation.setEmulatedMedia", features).await
    }

    /// Sets the visitor's time zone by its IANA name.
    pub async fn time_zone(&self, name: &str) -> Result<()> {
        self.devtools("Emulation.setTimezoneOverride", json!({"timezoneId": name})).await
    }

    /// Cuts the network off.
    pub async fn go_offline(&self) -> Result<()> {
        self.network(json!({"offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})).await
    }

    /// Brings the network back.
    pub async fn go_online(&self) -> Result<()> {
        self.network(json!({"offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})).await
    }

    /// Runs a script in the page and returns what it returns, as JSON.
    pub async fn script(&self, script: &str) -> Result<Value> {
        let returned = self.driver.execute(script, Vec::new()).await.with_context(|| format!("script `{script}`"))?;
        Ok(returned.json().clone())
    }

    /// Waits for an element of the widget by a CSS selector within its shadow root, until it is to be seen.
    pub async fn widget(&self, selector: &str) -> Result<WebElement> {
        let script = format!("return {WIDGET}?.querySelector({})", json!(selector));
        self.wait_for_visible(&format!("`{selector}` in the widget"), &script).await
    }

    /// Waits for a button, link, label, input or summary of the widget that shows or is labelled with a text.
    pub async fn widget_control(&self, text: &str) -> Result<WebElement> {
        let script = format!(
            "const controls = [...({WIDGET}?.querySelectorAll('button, a, label, summary, input, textarea, select') ?? [])];
             const names = (it) => [it.innerText, it.getAttribute('aria-label'), it.labels?.[0]?.innerText, it.placeholder];
             return controls.find((it) => it.checkVisibility() && names(it).some((name) => name?.includes({})))",
            json!(text)
        );
        self.wait_for_visible(&format!("a control of the widget that says `{text}`"), &script).await
    }

    /// Clicks a control of the widget found by its text.
    pub async fn click(&self, text: &str) -> Result<()> {
        let control = self.widget_control(text).await?;
        control.scroll_into_view().await?;
        control.click().await.with_context(|| format!("`{text}` cannot be clicked"))
    }

    /// Waits until the widget shows a text somewhere, and returns all it shows.
    pub async fn widget_says(&self, text: &str) -> Result<String> {
        let what = format!("`{text}` in the widget");
        let found = wait_until(&what, PATIENCE, async || {
            let shown = self.widget_text().await.ok()?;
            shown.contains(text).then_some(shown)
        });
        match found.await {
            Ok(shown) => Ok(shown),
            Err(error) => bail!("{error}; it shows:\n{}", self.widget_text().await?),
        }
    }

    /// All the text the widget shows now; empty where there is none.
    pub async fn widget_text(&self) -> Result<String> {
        let script = format!(
            "return [...({WIDGET}?.children ?? [])].map((it) => it.checkVisibility() ? it.innerText ?? '' : '').join('\\n')"
        );
        let text = self.script(&script).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// The name of what has the keyboard's focus, shadow roots looked into: its label, text or tag.
    pub async fn focused(&self) -> Result<String> {
        let script = "let it = document.activeElement;
             while (it?.shadowRoot?.activeElement) it = it.shadowRoot.activeElement;
             return it?.getAttribute('aria-label') || it?.labels?.[0]?.innerText || it?.innerText || it?.tagName || ''";
        let name = self.script(script).await?;
        Ok(name.as_str().unwrap_or_default().trim().to_owned())
    }

    /// Types text or keys (see [`thirtyfour::Key`]) into whatever has the focus.
    pub async fn press(&self, keys: impl AsRef<str>) -> Result<()> {
        self.driver.action_chain().send_keys(keys.as_ref()).perform().await.context("the keys could not be typed")
    }

    /// Presses the tab key until what has the focus is named so, and fails after `most` presses.
    pub async fn tab_to(&self, name: &str, most: usize) -> Result<()> {
        let mut passed = Vec::new();
        for _ in 0..most {
            self.press(char::from(thirtyfour::Key::Tab).to_string()).await?;
            let focused = self.focused().await?;
            if focused.contains(name) {
                return Ok(());
            }
            passed.push(focused);
        }
        bail!("the tab key does not lead to `{name}`; it passed {passed:?}")
    }

    /// Addresses of everything the page has loaded beside itself so far.
    pub async fn loaded(&self) -> Result<Vec<String>> {
        let loaded = self.script("return performance.getEntriesByType('resource').map((it) => it.name)").await?;
        serde_json::from_value(loaded).context("not a list of addresses")
    }

    /// Errors on the page's console since the last call: uncaught exceptions, refused loads, `console.error`.
    pub async fn console_errors(&self) -> Result<Vec<String>> {
        let entries = self.driver.browser_log().await.context("no console log")?;
        Ok(entries.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message).collect())
    }

    /// Keeps a picture of the page as `NAME.png` in the folder that `PORCHLIGHT_SHOTS` names; without one, in none.
    pub async fn shoot(&self, name: &str) -> Result<()> {
        let Some(folder) = std::env::var_os("PORCHLIGHT_SHOTS").map(PathBuf::from) else { return Ok(()) };
        std::fs::create_dir_all(&folder).with_context(|| format!("`{}` cannot be made", folder.display()))?;
        self.driver
            .screenshot(&folder.join(format!("{name}.png")))
            .await
            .with_context(|| format!("no picture `{name}`"))
    }

    async fn wait_for_visible(&self, what: &str, script: &str) -> Result<WebElement> {
        wait_until(what, PATIENCE, async || {
            let element = self.driver.execute(script, Vec::new()).await.ok()?.element().ok()?;
            element.is_displayed().await.ok()?.then_some(element)
        })
        .await
    }

    async fn network(&self, conditions: Value) -> Result<()> {
        self.devtools("Network.enable", json!({})).await?;
        self.devtools("Network.emulateNetworkConditions", conditions).await
    }

    async fn devtools(&self, method: &str, parameters: Value) -> Result<()> {
        self.driver.cdp().send_raw(method, parameters).await.with_context(|| format!("`{method}` was refused"))?;
        Ok(())
    }
}

impl Drop for Browser {
    /// Closes the browser through its driver. thirtyfour's own way waits in vain for a connection of the blocked runtime.
    fn drop(&mut self) {
        if let Err(error) = shut_down(self.port) {
            eprintln!("the browser could not be closed: {error}");
        }
        // An error means that the session has ended already, which is what is wanted.
        drop(self.driver.clone().leak());
    }
}

/// Asks the driver to close its sessions and to end, and waits until it has.
fn shut_down(port: u16) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(b"GET /shutdown HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
    stream.read_to_end(&mut Vec::new())?;
    Ok(())
}

fn chromedriver() -> PathBuf {
    std::env::var_os("PORCHLIGHT_CHROMEDRIVER").map_or_else(|| "chromedriver".into(), PathBuf::from)
}

/// The port in chromedriver's "was started successfully on port 41234."
fn port_in(line: &str) -> Option<u16> {
    line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok()
}

fn capabilities(language: &str, profile: &TempDir) -> Result<ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    for flag in FLAGS {
        capabilities.add_arg(flag)?;
    }
    capabilities.add_arg(&format!("--user-data-dir={}", profile.path().display()))?;
    capabilities.add_arg(&format!("--accept-lang={language}"))?;
    capabilities.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(capabilities)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn port_is_read_from_the_line_of_success_alone() {
        assert_eq!(port_in("ChromeDriver was started successfully on port 41234."), Some(41234));
        assert_eq!(port_in("Starting ChromeDriver 156.0 on port 0"), None);
    }
}
