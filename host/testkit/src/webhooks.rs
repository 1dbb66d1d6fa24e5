//! A receiver of webhooks: the PyPI package `standardwebhooks`, which the specification's authors keep, behind Python's own HTTP
//! server.

use std::{process::Command, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    process::Process,
    wait::{PATIENCE, wait_until},
};

/// The program.
const RECEIVER: &str = include_str!("webhooks/receiver.py");

/// A webhook as it arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct ReceivedWebhook {
    /// Its id.
    pub id: String,
    /// Path and query that it came to.
    pub path: String,
    /// What is wrong with its signature or its time, if anything is.
    pub fault: Option<String>,
    /// What it says.
    pub body: Value,
}

/// How a receiver answers.
#[derive(Clone, Debug)]
pub struct Answers {
    statuses: String,
    after: Duration,
}

impl Answers {
    /// With these statuses in turn, of which the last one stays. A signature that is wrong is answered with 401.
    pub fn with(statuses: &[u16]) -> Self {
        let statuses: Vec<String> = statuses.iter().map(u16::to_string).collect();
        Self { statuses: statuses.join(","), after: Duration::ZERO }
    }

    /// So long after each webhook came.
    pub fn after(self, wait: Duration) -> Self {
        Self { after: wait, ..self }
    }
}

/// A receiver on 127.0.0.1. Dropping it stops it.
#[derive(Debug)]
pub struct WebhookSink {
    port: u16,
    process: Process,
}

impl WebhookSink {
    /// Starts a receiver that knows this secret.
    pub async fn start(secret: &str, answers: &Answers) -> Result<Self> {
        let python = std::env::var_os("PORCHLIGHT_STANDARDWEBHOOKS").context(
            "PORCHLIGHT_STANDARDWEBHOOKS is not set: run `cargo xtask test`, or set it to a Python that has standardwebhooks",
        )?;
        let mut command = Command::new(python);
        command.args(["-c", RECEIVER, secret, &answers.statuses]).arg(answers.after.as_secs_f64().to_string());
        let mut process = Process::start(&mut command)?;
        let port = |line: &str| line.strip_prefix("listening on ")?.parse().ok();
        let port = process.wait_for_line("its port", PATIENCE, port).await?;
        Ok(Self { port, process })
    }

    /// The address that webhooks are sent to.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hooks", self.port)
    }

    /// Every webhook that arrived, in that order.
    pub fn received(&self) -> Result<Vec<ReceivedWebhook>> {
        let printed = self.process.out();
        let whole = printed.rfind('\n').map_or("", |end| &printed[..end]);
        whole.lines().filter(|line| line.starts_with('{')).map(read).collect()
    }

    /// Waits until at least `count` webhooks have arrived, and returns all there are; fails where a signature is wrong.
    pub async fn wait_for(&self, count: usize) -> Result<Vec<ReceivedWebhook>> {
        let arrived = async || match self.received() {
            Ok(received) if received.len() < count => None,
            outcome => Some(outcome),
        };
        let received = wait_until(&format!("{count} webhooks"), PATIENCE, arrived).await??;
        let wrong: Vec<_> = received.iter().filter(|webhook| webhook.fault.is_some()).collect();
        ensure!(wrong.is_empty(), "wrong signatures: {wrong:?}");
        Ok(received)
    }
}

fn read(line: &str) -> Result<ReceivedWebhook> {
    let line: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
    let text = |key: &str| line[key].as_str().map(str::to_owned);
    Ok(ReceivedWebhook {
        id: text("id").context("an id")?,
        path: text("path").context("a path")?,
        fault: text("fault"),
        body: line["body"].clone(),
    })
}
