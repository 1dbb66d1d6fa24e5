//! A real mail server: `aiosmtpd`, a package of its own, started as a process and writing into a Maildir.

use std::{fs, net::TcpListener, path::Path, process::Command};

use anyhow::{Context, Result};
use mail_parser::{Message, MessageParser};
use tempfile::TempDir;
use tokio::{io::AsyncReadExt, net::TcpStream};

use crate::{
    process::Process,
    wait::{PATIENCE, wait_until},
};

/// A mail as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMail {
    /// Sender of the envelope.
    pub envelope_from: String,
    /// Recipients of the envelope.
    pub envelope_to: Vec<String>,
    /// Display name of the sender.
    pub from_name: Option<String>,
    /// Address of the sender.
    pub from: String,
    /// Where an answer would go, if it says so.
    pub reply_to: Option<String>,
    /// `Message-ID` without angle brackets.
    pub message_id: Option<String>,
    /// The subject, decoded.
    pub subject: String,
    /// The text, decoded.
    pub text: String,
    /// The whole mail, undecoded.
    pub raw: String,
}

/// A mail server on 127.0.0.1. Dropping it stops it and deletes its mail.
#[derive(Debug)]
pub struct SmtpSink {
    port: u16,
    folder: TempDir,
    _process: Process,
}

impl SmtpSink {
    /// Starts a server on a free port.
    pub async fn start() -> Result<Self> {
        Self::start_on(free_port()?).await
    }

    /// Starts a server on a port chosen earlier by [`free_port`]: until then nobody answers there.
    pub async fn start_on(port: u16) -> Result<Self> {
        let python = std::env::var_os("PORCHLIGHT_AIOSMTPD").context(
            "PORCHLIGHT_AIOSMTPD is not set: run `cargo xtask test`, or set it to a Python that has aiosmtpd",
        )?;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let listen = format!("127.0.0.1:{port}");
        let mut command = Command::new(python);
        command.args(["-m", "aiosmtpd", "--nosetuid", "--listen", &listen]);
        command.args(["--class", "aiosmtpd.handlers.Mailbox"]).arg(folder.path().join("mail"));
        let process = Process::start(&mut command)?;
        let sink = Self { port, folder, _process: process };
        wait_until("the mail server's greeting", PATIENCE, || greets(port))
            .await
            .with_context(|| sink._process.err())?;
        Ok(sink)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Every mail that arrived, in no particular order.
    pub fn mails(&self) -> Result<Vec<ReceivedMail>> {
        let folder = self.folder.path().join("mail/new");
        let entries = fs::read_dir(&folder).with_context(|| format!("`{}` cannot be read", folder.display()))?;
        entries.map(|entry| read_mail(&entry?.path())).collect()
    }

    /// How many mails arrived.
    pub fn count(&self) -> Result<usize> {
        let folder = self.folder.path().join("mail/new");
        Ok(fs::read_dir(&folder).with_context(|| format!("`{}` cannot be read", folder.display()))?.count())
    }

    /// Waits until at least `count` mails have arrived, and returns all there are.
    pub async fn wait_for(&self, count: usize) -> Result<Vec<ReceivedMail>> {
        wait_until(&format!("{count} mails"), PATIENCE, async || match self.mails() {
            Ok(mails) if mails.len() < count => None,
            outcome => Some(outcome),
        })
        .await?
    }
}

/// A port of 127.0.0.1 that nobody listens on now.
pub fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
    Ok(listener.local_addr()?.port())
}

async fn greets(port: u16) -> Option<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.ok()?;
    let mut code = [0; 3];
    stream.read_exact(&mut code).await.ok()?;
    (&code == b"220").then_some(())
}

fn read_mail(path: &Path) -> Result<ReceivedMail> {
    let raw = fs::read(path).with_context(|| format!("`{}` cannot be read", path.display()))?;
    let mail = MessageParser::default().parse(&raw).with_context(|| format!("`{}` is no mail", path.display()))?;
    received(&mail, &raw).with_context(|| format!("`{}` lacks a header", path.display()))
}

fn received(mail: &Message, raw: &[u8]) -> Option<ReceivedMail> {
    let from = mail.from()?.first()?;
    let reply_to = mail.reply_to().and_then(|address| address.first()).and_then(|address| address.address());
    Some(ReceivedMail {
        envelope_from: envelope(mail, "X-MailFrom")?,
        envelope_to: envelope(mail, "X-RcptTo")?.split(", ").map(str::to_owned).collect(),
        from_name: from.name().map(str::to_owned),
        from: from.address()?.to_owned(),
        reply_to: reply_to.map(str::to_owned),
        message_id: mail.message_id().map(str::to_owned),
        subject: mail.subject()?.to_owned(),
        text: mail.body_text(0)?.into_owned(),
        raw: String::from_utf8_lossy(raw).into_owned(),
    })
}

/// What the server noted of the envelope.
fn envelope(mail: &Message, header: &str) -> Option<String> {
    Some(mail.header_raw(header)?.trim().to_owned())
}
