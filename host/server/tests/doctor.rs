//! `porchlight doctor` beside a host that serves: what is in order is said to be, and what is broken fails with its mend.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use anyhow::{Context, Result};
use porchlight_testkit::{
    Host, HostOptions, PATIENCE, SmtpSink, WebhookSink, guests::built_guest, imap::ImapServer, mail::free_port,
    wait_until, webhooks::Answers,
};
use serde_json::Value;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

const SITE: &str = r#"key = "corner"
name = "Corner shop"
reference_prefix = "CS"
locale = "en"
time_zone = "Europe/Sofia"
holidays = "BG"
hours = "Mo-Su 09:00-18:00"
mail = "owner@shop.example"

[[channels]]
kind = "phone"
value = "+359 2 981 0101"

[forms.message]
expected_reply = "2h"
consent = "We may keep this to answer you."
"#;

fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_porchlight"))
}

/// A shop that is looked at.
struct Shop {
    host: Host,
    settings: Vec<(String, String)>,
    _folder: TempDir,
}

/// How a shop is set up.
struct Setup {
    port: u16,
    lines: String,
    plugin: Option<PathBuf>,
    settings: Vec<(String, String)>,
}

impl Setup {
    /// A shop on a port of its own, with these lines more in its site file; `HOST` in them is its address.
    fn with(lines: &str) -> Result<Self> {
        let port = free_port()?;
        let lines = lines.replace("HOST", &format!("http://127.0.0.1:{port}"));
        let settings = vec![
            ("PORCHLIGHT_LISTEN".to_owned(), format!("127.0.0.1:{port}")),
            ("PORCHLIGHT_EGRESS__ALLOW".to_owned(), "[\"127.0.0.1/32\"]".to_owned()),
            ("PORCHLIGHT_SECRETS__CRM".to_owned(), SECRET.to_owned()),
        ];
        Ok(Self { port, lines, plugin: None, settings })
    }

    fn mail(mut self, server: &str) -> Self {
        self.settings.push(("PORCHLIGHT_MAIL__SERVER".to_owned(), server.to_owned()));
        self.settings.push(("PORCHLIGHT_MAIL__FROM".to_owned(), "help@shop.example".to_owned()));
        self
    }

    fn replies(mut self, mailbox: &ImapServer) -> Self {
        self.settings.push(("PORCHLIGHT_MAIL__REPLIES".to_owned(), "help@shop.example".to_owned()));
        self.settings.push(("PORCHLIGHT_MAIL__IMAP".to_owned(), mailbox.url()));
        self
    }

    fn plugin(mut self, component: PathBuf) -> Self {
        self.plugin = Some(component);
        self.lines.push_str("[[plugins]]\nname = \"routing\"\ncomponent = \"routing.wasm\"\n");
        self
    }

    async fn start(self) -> Result<Shop> {
        let folder = tempfile::tempdir()?;
        fs::write(folder.path().join("site.toml"), format!("{SITE}{}", self.lines))?;
        if let Some(plugin) = &self.plugin {
            fs::copy(plugin, folder.path().join("routing.wasm"))?;
        }
        let mut options = HostOptions::with_arguments(["serve", "--watch"]).argument(folder.path());
        for (name, value) in &self.settings {
            options = options.environment(name, value);
        }
        let host = Host::start(binary(), options).await?;
        assert!(host.address().ends_with(&self.port.to_string()), "{}", host.address());
        Ok(Shop { host, settings: self.settings, _folder: folder })
    }
}

impl Shop {
    /// What the doctor says.
    async fn looked_at(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(binary());
        command.arg("doctor").args(arguments).arg("--data").arg(self.host.data());
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        Ok(tokio::task::spawn_blocking(move || command.output()).await??)
    }

    /// References of the requests that are kept.
    fn kept(&self) -> Result<String> {
        let list = Command::new(binary()).args(["requests", "list", "--data"]).arg(self.host.data()).output()?;
        Ok(String::from_utf8(list.stdout)?)
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Every line, as JSON.
fn found(output: &Output) -> Result<Vec<Value>> {
    said(output).lines().map(|line| serde_json::from_str(line).with_context(|| line.to_owned())).collect()
}

/// Carries the doctor's answer from the server it is sent by into the mailbox it is sent to.
async fn carried(sink: &SmtpSink, mailbox: &ImapServer) -> Result<()> {
    let answer = wait_until("an answer by the doctor", PATIENCE, async || {
        sink.mails().ok()?.into_iter().find(|mail| mail.envelope_to[0].starts_with("help+"))
    });
    mailbox.deliver(answer.await?.raw.as_bytes())
}

#[tokio::test]
async fn shop_in_order_passes_and_keeps_nothing_of_the_test() -> Result<()> {
    let (sink, mailbox) = (SmtpSink::start().await?, ImapServer::start().await?);
    let crm = WebhookSink::start(SECRET, &Answers::with(&[204])).await?;
    let lines = format!(
        "[[guides]]\ntitle = \"Us\"\nurl = \"HOST/c/corner#top\"\n[[webhooks]]\nurl = \"{}\"\nsecret = \"CRM\"\n",
        crm.url()
    );
    let setup = Setup::with(&lines)?.plugin(built_guest("request-routing")?);
    let shop = setup.mail(&format!("smtp://127.0.0.1:{}", sink.port())).replies(&mailbox).start().await?;
    let (looked, carried) = tokio::join!(shop.looked_at(&[]), carried(&sink, &mailbox));
    carried?;
    let looked = looked?;
    let (said, complaint) = (said(&looked), String::from_utf8_lossy(&looked.stderr).into_owned());
    assert_eq!(looked.status.code(), Some(0), "{said}{complaint}");
    for line in [
        "ok      host: it answers, and can keep requests",
        "ok      corner: configuration: version 1 is in order",
        "answers, and is asked for `receive-request`",
        "ok      corner: hours: they make sense, in the zone Europe/Sofia",
        "ok      corner: widget: `/w/corner.js` and the 8 files it asks for are served",
        "ok      corner: offer: a visitor is offered 1 channels and 1 forms",
        "ok      corner: links: all 2 of them lead somewhere",
        "ok      corner: webhooks: `webhooks[0]` took a `doctor.ping`",
        "was taken, and can be followed",
        "ok      corner: deliveries: all 3 letters and webhooks of the test were sent",
        "ok      corner: mail: it goes out and comes back",
        "ok      corner: erasure: the test is removed, and nothing of it is left",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    assert_eq!(shop.kept()?, "", "nothing of it is kept");
    let told = crm.wait_for(3).await?;
    let kinds: Vec<_> = told.iter().filter_map(|webhook| webhook.body["type"].as_str()).collect();
    assert!(kinds.contains(&"doctor.ping") && kinds.contains(&"request.received"), "{kinds:?}");
    let owner = sink.mails()?.into_iter().filter(|mail| mail.envelope_to == ["owner@shop.example"]);
    let letters: Vec<_> = owner.map(|mail| mail.text).collect();
    assert!(letters.iter().any(|text| text.contains("This is a test: `porchlight doctor`")), "{letters:?}");
    Ok(())
}

#[tokio::test]
async fn dead_links_closed_hours_and_a_broken_plugin_each_fail_with_a_mend() -> Result<()> {
    let broken = tempfile::NamedTempFile::new()?;
    fs::write(broken.path(), b"\0asm but no more")?;
    let lines = "[[channels]]\nkind = \"email\"\nvalue = \"help@shop.example\"\nhours = \"2020 Jan 01 10:00-12:00\"\n\
                 [[guides]]\ntitle = \"Gone\"\nurl = \"HOST/nothing-here\"\n";
    let shop = Setup::with(lines)?.plugin(broken.path().to_owned()).start().await?;
    let looked = shop.looked_at(&["--site", "corner"]).await?;
    let said = said(&looked);
    assert_eq!(looked.status.code(), Some(1), "{said}");
    for (line, mend) in [
        (
            "failed  corner: links: `HOST/nothing-here` (guide \"Gone\") answers with 404 Not Found",
            "write the address of a page",
        ),
        ("failed  corner: hours: the channel `email` is never open in the coming two weeks", "look at `hours`"),
        ("failed  corner: plugins: `routing` cannot be used: site.toml:", "build it again"),
        ("warning corner: mail: no mail server is set", "write `server` and `from`"),
    ] {
        let line = line.replace("HOST", shop.host.address());
        let whole = said.lines().find(|said| said.starts_with(&line)).with_context(|| format!("{line}\n{said}"))?;
        assert!(whole.contains(mend), "{whole}");
    }
    assert!(said.contains("ok      corner: erasure:"), "all else is looked at too: {said}");
    assert_eq!(shop.kept()?, "");
    Ok(())
}

/// A mail server that takes no mail of anybody.
async fn refusing() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("smtp://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut stream = BufReader::new(stream);
                stream.write_all(b"220 here\r\n").await.ok()?;
                let mut line = String::new();
                while stream.read_line(&mut line).await.ok()? > 0 {
                    let answer =
                        if line.starts_with("EHLO") { "250 here\r\n" } else { "550 nobody@shop.example? no\r\n" };
                    stream.write_all(answer.as_bytes()).await.ok()?;
                    line.clear();
                }
                Some(())
            });
        }
    });
    Ok(url)
}

#[tokio::test]
async fn mail_server_that_refuses_and_endpoint_that_fails_are_told_and_the_test_is_removed() -> Result<()> {
    let crm = WebhookSink::start(SECRET, &Answers::with(&[500])).await?;
    let lines = format!("[[webhooks]]\nurl = \"{}\"\nsecret = \"CRM\"\n", crm.url());
    let shop = Setup::with(&lines)?.mail(&refusing().await?).start().await?;
    let looked = shop.looked_at(&["--json"]).await?;
    assert_eq!(looked.status.code(), Some(1), "{}", said(&looked));
    let found = found(&looked)?;
    let failed = |check: &str, says: &str| {
        let line = found.iter().find(|line| line["check"] == check && line["verdict"] == "failed");
        let line = line.with_context(|| format!("{check}: {found:#?}"))?;
        assert!(line["says"].as_str().is_some_and(|said| said.contains(says)), "{line}");
        assert!(line["site"] == "corner" && line["mend"].is_string(), "{line}");
        anyhow::Ok(())
    };
    failed("mail", "it does not go out: the mail server refused with 550")?;
    failed("webhooks", "`webhooks[0]`: the endpoint answered with 500")?;
    failed("deliveries", "was not sent: ")?;
    let erased = found.iter().find(|line| line["check"] == "erasure").context("an erasure")?;
    assert_eq!(erased["verdict"], "ok");
    assert!(!said(&looked).contains("nobody@shop.example"), "servers like to repeat addresses");
    assert_eq!(shop.kept()?, "");
    Ok(())
}

#[tokio::test]
async fn mail_that_does_not_come_back_fails_once_it_had_its_time() -> Result<()> {
    let (sink, mailbox) = (SmtpSink::start().await?, ImapServer::start().await?);
    let setup = Setup::with("")?.mail(&format!("smtp://127.0.0.1:{}", sink.port()));
    let shop = setup.replies(&mailbox).start().await?;
    let looked = shop.looked_at(&["--wait", "2"]).await?;
    let said = said(&looked);
    assert_eq!(looked.status.code(), Some(1), "{said}");
    assert!(
        said.contains("failed  corner: mail: it goes out, and did not come back within 2 s; see that mail"),
        "{said}"
    );
    Ok(())
}

#[tokio::test]
async fn mail_that_nobody_takes_in_goes_out_and_is_said_not_to_be_checked() -> Result<()> {
    let sink = SmtpSink::start().await?;
    let shop = Setup::with("")?.mail(&format!("smtp://127.0.0.1:{}", sink.port())).start().await?;
    let looked = shop.looked_at(&[]).await?;
    let said = said(&looked);
    assert_eq!(looked.status.code(), Some(0), "{said}");
    let line = "warning corner: mail: it goes out; that it comes back is not checked: `[mail] replies` is not set";
    assert!(said.contains(line), "{said}");
    let letters = sink.wait_for(3).await?;
    let test = letters.iter().find(|mail| mail.subject == "Test: mail goes out").context("the letter")?;
    assert_eq!(test.envelope_to, ["owner@shop.example"]);
    Ok(())
}

#[tokio::test]
async fn host_that_does_not_answer_fails_and_what_needs_none_is_looked_at() -> Result<()> {
    let shop = Setup::with("")?.start().await?;
    let looked = shop.looked_at(&["--url", &format!("http://127.0.0.1:{}", free_port()?)]).await?;
    let said = said(&looked);
    assert_eq!(looked.status.code(), Some(1), "{said}");
    assert!(said.contains("does not answer: no connection was made"), "{said}");
    assert!(said.contains("start it with `porchlight serve`, or say where it is with `--url`"), "{said}");
    assert!(said.contains("ok      corner: hours:") && !said.contains("corner: request:"), "{said}");
    let unknown = shop.looked_at(&["--site", "nobody"]).await?;
    let complaint = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(unknown.status.code() == Some(1) && complaint.contains("there is no site `nobody`"), "{complaint}");
    assert_eq!(shop.looked_at(&["--wait", "soon"]).await?.status.code(), Some(2));
    Ok(())
}
