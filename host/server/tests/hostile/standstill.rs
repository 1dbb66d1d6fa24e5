//! Clients that hold a connection without getting on: a thousand at once are gone within 15 seconds, while visitors are served.

use std::{future::pending, time::Duration};

use anyhow::{Context, Result, ensure};
use porchlight_testkit::{Host, wait_until};
use reqwest::StatusCode;
use serde_json::Value;
use tokio::{
    io::AsyncWriteExt,
    net::TcpStream,
    sync::Mutex,
    task::JoinSet,
    time::{Instant, interval},
};

use crate::{
    frames::{ACK, END_HEADERS, END_STREAM, HEADERS, PING, PREFACE, SETTINGS, frame, get},
    raw::authority,
    shop::{self, OFFER, REQUESTS},
};

/// How many there are at once.
const CROWD: usize = 1_000;
/// When the last of them has to be gone.
const GONE: Duration = Duration::from_secs(15);
/// Longest that a visitor may wait meanwhile: generous, for machines with little to spare.
const VISIT: Duration = Duration::from_secs(10);
/// Files that the crowd and the host each need.
const FILES: u64 = 2_048;

/// One crowd at a time in this process: together they would need more open files than many systems allow.
static STAGE: Mutex<()> = Mutex::const_new(());

/// Lets each of a crowd do something with its connection to a fresh host, and checks that it is gone in time and nobody else was
/// kept waiting.
async fn crowd<A: Future<Output = ()> + Send + 'static>(act: impl Fn(TcpStream) -> A) -> Result<()> {
    let _stage = STAGE.lock().await;
    let files = rlimit::increase_nofile_limit(FILES)?;
    ensure!(files >= FILES, "this test needs {FILES} open files, the system allows {files}");
    let host = shop::with(&[("PORCHLIGHT_LIMITS__CONNECTIONS_PER_ADDRESS", "2000")]).await?;
    let quiet = host.sockets()?;
    let mut acting = JoinSet::new();
    for _ in 0..CROWD {
        acting.spawn(act(TcpStream::connect(authority(&host)).await?));
    }
    let connected = Instant::now();
    let held = async || host.sockets().ok().map(|open| open.saturating_sub(quiet));
    let come_and_go = async {
        wait_until("the crowd", GONE, async || (held().await? >= CROWD).then_some(())).await?;
        // One may be a visitor's.
        let left = GONE.saturating_sub(connected.elapsed());
        wait_until("its end", left, async || (held().await? <= 1).then_some(())).await
    };
    let mut visits = 0;
    tokio::select! {
        gone = come_and_go => gone.with_context(|| format!("{:?} sockets are open", host.sockets()))?,
        failed = visit(&host, &mut visits) => failed?,
    }
    println!("gone after {:.1} s, {visits} visits meanwhile", connected.elapsed().as_secs_f64());
    ensure!(visits > 0, "nobody was served");
    Ok(())
}

/// Looks at the offer again and again, each time as somebody new; returns when somebody is not served.
async fn visit(host: &Host, visits: &mut u32) -> Result<()> {
    let newcomers = reqwest::Client::builder().pool_max_idle_per_host(0).timeout(VISIT).build()?;
    loop {
        let status = newcomers.get(host.url(OFFER)).send().await?.status();
        ensure!(status == StatusCode::OK, "a visitor was answered {status}");
        *visits += 1;
    }
}

/// Says something, and then the same bytes a second, never reading, until the host closes the connection.
async fn drip(mut stream: TcpStream, first: Vec<u8>, then: Vec<u8>) {
    let mut second = interval(Duration::from_secs(1));
    let mut said = stream.write_all(&first).await;
    while said.is_ok() {
        second.tick().await;
        said = stream.write_all(&then).await;
    }
}

/// Says something, and then nothing, never reading.
async fn hold(mut stream: TcpStream, first: Vec<u8>) {
    // Whether the host hears it does not matter: it has the connection.
    stream.write_all(&first).await.ok();
    pending().await
}

#[tokio::test]
async fn a_thousand_silent_connections_are_gone_in_time() -> Result<()> {
    crowd(|stream| hold(stream, Vec::new())).await
}

#[tokio::test]
async fn a_thousand_half_prefaces_are_gone_in_time() -> Result<()> {
    crowd(|stream| hold(stream, b"PRI * HTTP/2.0\r\n\r\nSM".to_vec())).await
}

#[tokio::test]
async fn a_thousand_slow_heads_are_gone_in_time() -> Result<()> {
    crowd(|stream| drip(stream, b"GET / HTTP/1.1\r\nHost: a.example\r\nX: ".to_vec(), b"a".to_vec())).await
}

#[tokio::test]
async fn a_thousand_slow_bodies_are_gone_in_time() -> Result<()> {
    let head = format!(
        "POST {REQUESTS} HTTP/1.1\r\nHost: a.example\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
    );
    crowd(|stream| drip(stream, head.clone().into_bytes(), b" ".to_vec())).await
}

#[tokio::test]
async fn a_thousand_clients_that_never_read_are_gone_in_time() -> Result<()> {
    let built: Value = serde_json::from_str(include_str!("../../../widget/dist/manifest.json"))?;
    let panel = built["panel"].as_str().context("the panel's file")?;
    let asked = format!("GET /assets/{panel} HTTP/1.1\r\nHost: a.example\r\n\r\n").repeat(1_000).into_bytes();
    crowd(|stream| hold(stream, asked.clone())).await
}

/// What a client of HTTP/2 says to be served once.
fn asked_once() -> Vec<u8> {
    let head = get("a.example", "/healthz");
    let asked = frame(HEADERS, END_HEADERS | END_STREAM, 1, &head);
    [PREFACE, &frame(SETTINGS, 0, 0, &[]), &frame(SETTINGS, ACK, 0, &[]), &asked].concat()
}

#[tokio::test]
async fn a_thousand_idle_connections_of_http_2_are_gone_in_time() -> Result<()> {
    crowd(|stream| hold(stream, asked_once())).await
}

#[tokio::test]
async fn a_thousand_connections_of_http_2_that_only_ping_are_gone_in_time() -> Result<()> {
    crowd(|stream| drip(stream, asked_once(), frame(PING, 0, 0, &[0; 8]))).await
}
