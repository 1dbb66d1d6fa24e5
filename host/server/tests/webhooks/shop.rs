//! A corner shop whose requests are told to endpoints, with a business that answers by mailed links.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use porchlight_testkit::{Host, HostOptions, SmtpSink, samples::Sample};
use reqwest::{Client, Method, StatusCode, redirect::Policy};
use serde_json::Value;
use tempfile::TempDir;

/// What webhooks are signed with.
pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const SITE: &str = r#"key = "corner"
name = "Corner shop"
reference_prefix = "CS"
locale = "ru"
time_zone = "Europe/Sofia"
hours = "24/7"
mail = "owner@shop.example"

[forms.message]
expected_reply = "2h"
"#;

/// A host that serves the shop.
pub struct Shop {
    host: Host,
    _folder: TempDir,
}

impl Shop {
    /// Starts it with a mail server and these endpoints, each with further lines of its table.
    pub async fn start(mail: &SmtpSink, endpoints: &[(&str, &str)]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let secret = |lines: &str| if lines.contains("secret") { "" } else { "secret = \"CRM\"\n" };
        let webhook =
            |(url, lines): &(&str, &str)| format!("[[webhooks]]\nurl = \"{url}\"\n{}{lines}\n", secret(lines));
        let webhooks: String = endpoints.iter().map(webhook).collect();
        fs::write(folder.path().join("site.toml"), format!("{SITE}{webhooks}"))?;
        let options = HostOptions::with_arguments(["serve", "--watch"]).argument(folder.path()).unlimited();
        let options = options
            .environment("PORCHLIGHT_LISTEN", "127.0.0.1:0")
            .environment("PORCHLIGHT_METRICS__LISTEN", "127.0.0.1:0")
            .environment("PORCHLIGHT_EGRESS__ALLOW", "[\"127.0.0.1/32\"]")
            .environment("PORCHLIGHT_SECRETS__CRM", SECRET)
            .environment("PORCHLIGHT_MAIL__SERVER", &format!("smtp://127.0.0.1:{}", mail.port()))
            .environment("PORCHLIGHT_MAIL__FROM", "help@shop.example");
        let host = Host::start(Path::new(env!("CARGO_BIN_EXE_porchlight")), options).await?;
        Ok(Self { host, _folder: folder })
    }

    /// The host.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Ends it at once, with whatever is under way.
    pub fn kill(self) -> Result<()> {
        self.host.kill()
    }

    /// What is measured now.
    pub async fn measured(&self) -> Result<String> {
        let printed = self.host.printed();
        let address = printed.lines().find_map(|line| line.strip_prefix("metrics on ")).context("an address")?;
        Ok(Client::new().get(address).send().await?.text().await?)
    }

    /// Leaves a message; the receipt.
    pub async fn submit(&self, text: &str) -> Result<Value> {
        let message = Sample::message(text).without("consent").body();
        let answer = self.host.post("/v1/sites/corner/requests", &message).send().await?;
        let (status, text) = (answer.status(), answer.text().await?);
        ensure!(status == StatusCode::CREATED, "{status}: {text}");
        Ok(serde_json::from_str(&text)?)
    }

    /// Erases a request, as its requester.
    pub async fn erase(&self, receipt: &Value) -> Result<()> {
        let token = receipt["tracking_token"].as_str().context("a token")?;
        let erased = self.host.request(Method::DELETE, "/v1/request").bearer_auth(token).send().await?;
        ensure!(erased.status().is_success(), "{}", erased.status());
        Ok(())
    }

    /// The business's page of the request that its letter tells of.
    pub async fn desk(&self, mail: &SmtpSink) -> Result<Desk> {
        let letters = mail.wait_for(2).await?;
        let letter = letters.iter().find(|mail| mail.envelope_to == ["owner@shop.example"]).context("a letter")?;
        let page = letter.text.lines().find(|line| line.contains("/desk/corner/")).context("a link")?.trim().to_owned();
        let browser = Client::builder().redirect(Policy::none()).build()?;
        let opened = browser.post(&page).header("Content-Type", FORM).body("action=open").send().await?;
        let cookie = opened.headers()["set-cookie"].to_str()?.split(';').next().unwrap_or_default().to_owned();
        Ok(Desk { browser, page, cookie })
    }
}

const FORM: &str = "application/x-www-form-urlencoded";

/// The business's page of a request.
pub struct Desk {
    browser: Client,
    page: String,
    cookie: String,
}

impl Desk {
    /// Presses a button of the page as it is shown now.
    pub async fn press(&self, action: &str) -> Result<()> {
        let shown = self.browser.get(&self.page).header("Cookie", &self.cookie).send().await?.text().await?;
        let revision = shown.split("name=\"revision\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        let form = format!("action={action}&revision={}", revision.with_context(|| shown.clone())?);
        let post = self.browser.post(&self.page).header("Content-Type", FORM).header("Cookie", &self.cookie).body(form);
        let status = post.send().await?.status();
        ensure!(status == StatusCode::SEE_OTHER, "{status}");
        Ok(())
    }
}
