//! Floods, bombs and stalls in HTTP/2: the connection ends or is held within bounds, and honest visitors are served.

use std::time::Duration;

use anyhow::{Context, Result};
use porchlight_testkit::Host;
use reqwest::StatusCode;
use tokio::time::{Instant, timeout};

use crate::{
    frames::{
        ACK, CONTINUATION, Client, DATA, END_HEADERS, END_STREAM, Frame, GOAWAY, HEADERS, PING, RESET, SETTINGS,
        WINDOW_UPDATE, field, frame, get, text,
    },
    raw::authority,
    shop::{self, OFFER},
};

/// `ENHANCE_YOUR_CALM` (RFC 9113, section 7).
const CALM: u32 = 11;

/// Most memory that one hostile connection may make the host take, in KiB.
const TAKEN: u64 = 32 * 1024;

/// A host with what it takes before anything happened, in KiB.
struct Watched {
    host: Host,
    before: u64,
}

impl Watched {
    async fn open() -> Result<Self> {
        Self::with(&[]).await
    }

    async fn with(settings: &[(&str, &str)]) -> Result<Self> {
        let host = shop::with(settings).await?;
        // What an honest visit makes it take is not the attacker's doing.
        host.get(OFFER).send().await?;
        let before = host.memory()?;
        Ok(Self { host, before })
    }

    /// Whether it took no more than it may, and serves on.
    async fn is_well(&self) -> Result<()> {
        assert_eq!(self.host.get(OFFER).send().await?.status(), StatusCode::OK);
        let taken = self.host.memory()?.saturating_sub(self.before);
        println!("{taken} KiB were taken");
        assert!(taken < TAKEN, "{taken} KiB were taken");
        Ok(())
    }
}

fn told_to_calm_down(frames: &[Frame]) -> bool {
    frames.iter().any(|frame| frame.kind == GOAWAY && frame.code() == Some(CALM))
}

#[tokio::test]
async fn an_honest_client_is_served() -> Result<()> {
    let host = shop::open().await?;
    let mut client = Client::connect(&host, &[]).await?;
    for stream in [1, 3, 5] {
        client.ask(stream, OFFER).await?;
        client.hear_until("an answer", |frame| frame.stream == stream && frame.is_ok()).await?;
        client
            .hear_until("its end", |frame| {
                frame.stream == stream && frame.kind == DATA && frame.flags & END_STREAM != 0
            })
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_host_that_contradicts_itself_is_refused() -> Result<()> {
    let host = shop::open().await?;
    for (given, is_served) in [(authority(&host), true), ("other.example", false), ("a b", false)] {
        let mut client = Client::connect(&host, &[]).await?;
        let head = [get(authority(&host), OFFER), field("host", given)].concat();
        client.say(&frame(HEADERS, END_HEADERS | END_STREAM, 1, &head)).await?;
        let answer = client.hear_until("an answer", |frame| frame.stream == 1).await?;
        assert_eq!(answer.is_ok(), is_served, "{given}");
    }
    Ok(())
}

#[tokio::test]
async fn a_flood_of_resets_ends_the_connection() -> Result<()> {
    let watched = Watched::open().await?;
    let mut client = Client::connect(&watched.host, &[]).await?;
    let head = get(authority(&watched.host), OFFER);
    let both = |stream: u32| {
        [frame(HEADERS, END_HEADERS | END_STREAM, stream, &head), frame(RESET, 0, stream, &8_u32.to_be_bytes())]
            .concat()
    };
    let flood: Vec<u8> = (0..10_000).flat_map(|number| both(2 * number + 1)).collect();
    // The host may well close in the middle of it.
    client.say(&flood).await.ok();
    assert!(told_to_calm_down(&client.hear_out().await?));
    watched.is_well().await
}

#[tokio::test]
async fn a_flood_of_streams_that_make_the_host_reset_ends_the_connection() -> Result<()> {
    let watched = Watched::open().await?;
    let mut client = Client::connect(&watched.host, &[]).await?;
    let head = get(authority(&watched.host), OFFER);
    // A window of nothing more is a mistake of the stream alone, which the host answers with a reset (CVE-2025-8671).
    let both = |stream: u32| {
        [frame(HEADERS, END_HEADERS | END_STREAM, stream, &head), frame(WINDOW_UPDATE, 0, stream, &[0; 4])].concat()
    };
    let flood: Vec<u8> = (0..10_000).flat_map(|number| both(2 * number + 1)).collect();
    client.say(&flood).await.ok();
    let frames = client.hear_out().await?;
    assert!(frames.iter().any(|frame| frame.kind == GOAWAY), "{}", frames.len());
    watched.is_well().await
}

#[tokio::test]
async fn a_head_without_an_end_ends_the_connection() -> Result<()> {
    let watched = Watched::open().await?;
    let mut client = Client::connect(&watched.host, &[]).await?;
    client.say(&frame(HEADERS, END_STREAM, 1, &get(authority(&watched.host), OFFER))).await?;
    let filler = frame(CONTINUATION, 0, 1, &field("x", &"a".repeat(16_000)));
    client.say(&filler.repeat(2_000)).await.ok();
    assert!(told_to_calm_down(&client.hear_out().await?));
    let mut client = Client::connect(&watched.host, &[]).await?;
    client.say(&frame(HEADERS, END_STREAM, 1, &get(authority(&watched.host), OFFER))).await?;
    client.say(&frame(CONTINUATION, 0, 1, &[]).repeat(100_000)).await.ok();
    assert!(told_to_calm_down(&client.hear_out().await?));
    watched.is_well().await
}

#[tokio::test]
async fn a_table_of_headers_is_no_bomb() -> Result<()> {
    let watched = Watched::open().await?;
    let mut client = Client::connect(&watched.host, &[]).await?;
    // One entry of 4,000 bytes into the dynamic table, then 12,000 references to it of a byte each: 48 MB in 16 KiB.
    let mut head = get(authority(&watched.host), OFFER);
    head.push(0x40);
    head.extend(text("x"));
    head.extend(text(&"a".repeat(4_000)));
    head.extend(vec![0x80 | 62; 12_000]);
    for stream in 0..50 {
        let told = client.say(&frame(HEADERS, END_HEADERS | END_STREAM, 2 * stream + 1, &head)).await;
        if told.is_err() {
            break;
        }
    }
    let frames = client.hear_out().await?;
    assert!(!frames.iter().any(Frame::is_ok), "no such head is taken");
    watched.is_well().await
}

#[tokio::test]
async fn floods_of_pings_and_settings_hold_neither_memory_nor_a_place() -> Result<()> {
    let watched = Watched::with(&[("PORCHLIGHT_LIMITS__HEAD_SECONDS", "2")]).await?;
    for flood in
        [frame(PING, 0, 0, &[0; 8]), frame(SETTINGS, 0, 0, &[]), frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 255, 255])]
    {
        let flood = flood.repeat(500);
        let mut clients = Vec::new();
        for _ in 0..2 {
            let mut client = Client::connect(&watched.host, &[]).await?;
            client.ask(1, "/healthz").await?;
            clients.push(client);
        }
        let (deaf, hearing) = (clients.remove(0), clients.remove(0));
        let had_enough = async { tokio::join!(deaf.shout(&flood), hearing.chatter(&flood)) };
        timeout(Duration::from_secs(15), had_enough).await.context("the host still listens")?;
        watched.is_well().await?;
    }
    Ok(())
}

#[tokio::test]
async fn answers_that_a_window_of_nothing_holds_back_are_given_up() -> Result<()> {
    let watched = Watched::open().await?;
    let mut clients = Vec::new();
    for window in [0, 1] {
        for _ in 0..10 {
            let mut client = Client::connect(&watched.host, &[(4, window)]).await?;
            for number in 0..64 {
                client.ask(2 * number + 1, "/w/pet-shop.js").await?;
            }
            clients.push(client);
        }
    }
    let begun = Instant::now();
    for client in &mut clients {
        let frames = client.hear_out().await?;
        assert!(frames.iter().any(Frame::is_ok), "they were answered");
        assert!(
            frames.iter().all(|frame| frame.kind != DATA || frame.payload.len() <= 1),
            "and nothing was forced on them"
        );
    }
    assert!(begun.elapsed() <= Duration::from_secs(15), "they were held for {:?}", begun.elapsed());
    watched.is_well().await
}

#[tokio::test]
async fn frames_that_make_no_sense_end_the_connection() -> Result<()> {
    let watched = Watched::open().await?;
    let head = get(authority(&watched.host), OFFER);
    let nonsense = [
        frame(DATA, 0, 1, b"x"),
        frame(HEADERS, END_HEADERS, 2, &head),
        frame(HEADERS, END_HEADERS, 0, &head),
        frame(HEADERS, END_HEADERS | END_STREAM, 1, &[0xff; 64]),
        frame(CONTINUATION, END_HEADERS, 1, &head),
        frame(PING, 0, 0, &[0; 7]),
        frame(PING, ACK, 1, &[0; 8]),
        frame(SETTINGS, 0, 0, &[0, 4, 255, 255, 255, 255]),
        frame(WINDOW_UPDATE, 0, 0, &[0; 4]),
        frame(GOAWAY, 0, 0, &[]),
        [&[255, 255, 255, DATA, 0][..], &1_u32.to_be_bytes()[..]].concat(),
    ];
    for nonsense in nonsense {
        let mut client = Client::connect(&watched.host, &[]).await?;
        client.say(&nonsense).await?;
        let frames = client.hear_out().await?;
        let refused = |frame: &Frame| frame.kind == GOAWAY && frame.code() != Some(0);
        assert!(frames.iter().any(refused), "{nonsense:?} → {frames:?}");
    }
    watched.is_well().await
}
