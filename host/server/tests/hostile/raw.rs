//! A client that says exactly what it is told to.

use anyhow::{Context, Result};
use porchlight_testkit::{Host, PATIENCE};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// A request that is always served, to follow one after which nothing may be.
pub const FOLLOWER: &str = "GET /healthz HTTP/1.1\r\nHost: follower.example\r\n\r\n";

/// One answer.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Its head, in lower case.
    pub head: String,
    /// Its body.
    pub body: Vec<u8>,
}

impl Answer {
    /// The problem it tells of, without `urn:porchlight:error:`.
    pub fn problem(&self) -> Result<String> {
        anyhow::ensure!(self.head.contains("content-type: application/problem+json"), "no problem: {self:?}");
        let problem: Value = serde_json::from_slice(&self.body)?;
        anyhow::ensure!(
            problem["status"] == self.status && problem["title"].as_str().is_some_and(|title| !title.is_empty())
        );
        let kind = problem["type"].as_str().context("a type")?;
        Ok(kind.trim_start_matches("urn:porchlight:error:").to_owned())
    }

    /// Whether it is a page for people, which may say a refusal in its own way.
    pub fn is_page(&self) -> bool {
        self.head.contains("content-type: text/html")
    }
}

/// Where a host listens.
pub fn authority(host: &Host) -> &str {
    host.address().trim_start_matches("http://")
}

/// Everything that is answered to these bytes until the host closes the connection.
pub async fn answers(host: &Host, bytes: impl AsRef<[u8]>) -> Result<Vec<Answer>> {
    let (mut reading, mut writing) = TcpStream::connect(authority(host)).await?.into_split();
    let mut heard = Vec::new();
    let say = async {
        // A host that has heard enough closes; what it answered before counts.
        writing.write_all(bytes.as_ref()).await.ok();
    };
    let hear = async {
        reading.read_to_end(&mut heard).await.ok();
    };
    let ended = timeout(PATIENCE, async { tokio::join!(say, hear) }).await;
    anyhow::ensure!(ended.is_ok(), "the connection was left open: {}", String::from_utf8_lossy(&heard));
    read(&heard)
}

/// The one answer to these bytes, after which the host closes the connection and hears nothing more.
pub async fn last_answer(host: &Host, bytes: impl AsRef<[u8]>) -> Result<Answer> {
    let bytes = [bytes.as_ref(), FOLLOWER.as_bytes()].concat();
    let mut answers = answers(host, bytes).await?;
    anyhow::ensure!(answers.len() == 1, "not one answer: {answers:?}");
    answers.pop().context("an answer")
}

/// The one answer to a head that asks for the connection to be closed.
pub async fn answer(host: &Host, line: &str, headers: &str) -> Result<Answer> {
    last_answer(host, format!("{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{headers}\r\n", authority(host)))
        .await
}

/// A POST of these bytes as JSON, after which the connection is closed.
pub async fn post(host: &Host, path: &str, headers: &str, body: &[u8]) -> Result<Answer> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{headers}\r\n",
        authority(host),
        body.len()
    );
    last_answer(host, [head.as_bytes(), body].concat()).await
}

/// Takes what was heard apart.
fn read(mut heard: &[u8]) -> Result<Vec<Answer>> {
    let mut answers = Vec::new();
    while !heard.is_empty() {
        let end = heard.windows(4).position(|bytes| bytes == b"\r\n\r\n").context("an unfinished head")?;
        let head = String::from_utf8(heard[..end].to_vec())?.to_lowercase();
        let status = head.split(' ').nth(1).context("a status")?.parse()?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map(str::parse).transpose()?.unwrap_or(0);
        let body = heard.get(end + 4..end + 4 + length).context("an unfinished body")?.to_vec();
        heard = &heard[end + 4 + length..];
        answers.push(Answer { status, head, body });
    }
    Ok(answers)
}
