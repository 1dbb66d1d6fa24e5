//! Uploads that are broken off, or never end.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use jiff::Timestamp;
use porchlight_store::{AttachmentStore, Settings, SqliteStore};
use porchlight_testkit::{Host, PATIENCE, samples::Sample, wait_until};
use reqwest::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

use super::{photo, received, send, within};
use crate::{
    console::people::{self, AGENT, Left, Person},
    shop,
};

/// Begins to send a file, and gives so much of it as soon as it is asked for.
async fn begun(host: &Host, token: &str, content: &[u8], given: usize) -> Result<TcpStream> {
    let address = host.address().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await?;
    let head = format!(
        "POST /v1/request/attachments HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: image/jpeg\r\nContent-Length: {}\r\n\
         Expect: 100-continue\r\n\r\n",
        content.len()
    );
    stream.write_all(head.as_bytes()).await?;
    // Asked for once the file has its place.
    let mut answer = [0; 25];
    stream.read_exact(&mut answer).await?;
    ensure!(&answer == b"HTTP/1.1 100 Continue\r\n\r\n", "{}", String::from_utf8_lossy(&answer));
    stream.write_all(&content[..given]).await?;
    stream.flush().await?;
    Ok(stream)
}

#[tokio::test]
async fn whoever_hangs_up_leaves_no_file_behind_that_belongs_to_nothing() -> Result<()> {
    let host = within("PER_REQUEST", "100").await?;
    let token = received(&host).await?;
    let content = photo(4_000_000);
    for round in 0..15 {
        let stream = begun(&host, &token, &content, content.len()).await?;
        // From before it is looked at until it is kept, in steps.
        sleep(Duration::from_millis(round * 4)).await;
        drop(stream);
        wait_until("the place of its request", PATIENCE, async || {
            let next = send(&host, &token, "next.txt", "text/plain", b"next".to_vec()).send().await.ok()?;
            (next.status() != StatusCode::SERVICE_UNAVAILABLE).then_some(())
        })
        .await?;
    }
    let store = SqliteStore::open(&host.data().join("porchlight.db"), Settings::default())?;
    assert_eq!(store.sweep_attachments(Timestamp::MAX).await?, 0, "files that belong to nothing");
    Ok(())
}

#[tokio::test]
async fn who_never_ends_sending_keeps_no_agent_and_few_places() -> Result<()> {
    let host = people::shop().await?;
    let agent = Person::signed_in(&host, AGENT).await?;
    let Left { id: request, token, .. } =
        people::left_with_file(&host, &agent, Sample::message("Щенок боится будки")).await?;
    let (second, third) = (received(&host).await?, received(&host).await?);
    let content = photo(1_000);
    let dribbling = [begun(&host, &token, &content, 500).await?, begun(&host, &second, &content, 500).await?];
    let further = send(&host, &third, "a.jpg", "image/jpeg", photo(100)).send().await?;
    assert_eq!(further.status(), StatusCode::SERVICE_UNAVAILABLE);
    for number in 0..3 {
        let sent = agent.call("POST", &format!("requests/{request}/attachments"));
        let sent = sent.header("Content-Type", "image/jpeg").body(photo(100 + number));
        shop::json(sent, StatusCode::CREATED).await.context("an agent's, meanwhile")?;
    }
    drop(dribbling);
    wait_until("a place", PATIENCE, async || {
        let further = send(&host, &third, "a.jpg", "image/jpeg", photo(100)).send().await.ok()?;
        (further.status() == StatusCode::CREATED).then_some(())
    })
    .await
}
