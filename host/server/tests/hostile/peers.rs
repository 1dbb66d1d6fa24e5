//! Who may have how many connections.

use std::net::{IpAddr, SocketAddr};

use anyhow::{Context, Result, bail};
use porchlight_testkit::{Host, PATIENCE, samples::Sample, wait_until};
use reqwest::StatusCode;
use tokio::{
    io::AsyncReadExt,
    net::{TcpSocket, TcpStream},
};

use crate::{
    raw::authority,
    shop::{self, OFFER, REQUESTS},
};

/// The most that one address may have, in these tests.
const MOST: usize = 20;

async fn host(settings: &[(&str, &str)]) -> Result<Host> {
    let few = [("PORCHLIGHT_LIMITS__CONNECTIONS_PER_ADDRESS", "20")];
    shop::with(&[&few, settings].concat()).await
}

/// Connections from an address of this machine.
async fn connections(host: &Host, from: [u8; 4], count: usize) -> Result<Vec<TcpStream>> {
    let mut streams = Vec::new();
    for _ in 0..count {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((from, 0)))?;
        streams.push(socket.connect(authority(host).parse()?).await?);
    }
    Ok(streams)
}

async fn visit(host: &Host, from: [u8; 4]) -> Result<StatusCode> {
    let client = reqwest::Client::builder().local_address(IpAddr::from(from)).build()?;
    Ok(client.get(host.url(OFFER)).send().await?.status())
}

#[tokio::test]
async fn an_address_with_too_many_connections_is_not_heard_and_others_are() -> Result<()> {
    let host = host(&[]).await?;
    let mut streams = connections(&host, [127, 0, 0, 7], MOST + 30).await?;
    for stream in streams.drain(MOST..) {
        assert_eq!(ended(stream).await?, 0, "it was told something");
    }
    assert!(visit(&host, [127, 0, 0, 7]).await.is_err(), "there is no more room for this address");
    assert_eq!(visit(&host, [127, 0, 0, 8]).await?, StatusCode::OK);
    drop(streams);
    let again = wait_until("room", PATIENCE, async || visit(&host, [127, 0, 0, 7]).await.ok()).await?;
    assert_eq!(again, StatusCode::OK);
    Ok(())
}

/// How many bytes a connection still brings before the host ends it.
async fn ended(mut stream: TcpStream) -> Result<usize> {
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut rest)).await.context("it was left open")?;
    // Reset or closed: it is over.
    Ok(ended.unwrap_or(0))
}

#[tokio::test]
async fn a_trusted_proxy_may_have_as_many_as_there_are() -> Result<()> {
    let host = host(&[("PORCHLIGHT_TRUSTED_PROXIES", "[\"127.0.0.7\"]")]).await?;
    let quiet = host.sockets()?;
    let _streams = connections(&host, [127, 0, 0, 7], MOST * 5).await?;
    let all = async || (host.sockets().ok()? >= quiet + MOST * 5).then_some(());
    wait_until("all connections of the proxy", PATIENCE, all).await?;
    assert_eq!(visit(&host, [127, 0, 0, 7]).await?, StatusCode::OK);
    Ok(())
}

#[tokio::test]
async fn a_full_host_serves_again_as_soon_as_there_is_room() -> Result<()> {
    let host = shop::with(&[("PORCHLIGHT_LIMITS__CONNECTIONS", "10")]).await?;
    let streams = connections(&host, [127, 0, 0, 7], 100).await?;
    let late = tokio::spawn({
        let url = host.url(OFFER);
        async move { reqwest::get(url).await.map(|answer| answer.status()) }
    });
    drop(streams);
    assert_eq!(late.await??, StatusCode::OK);
    Ok(())
}

/// Submits for a client until that one is held back; fails when it never is.
async fn exhaust(host: &Host, client: &str) -> Result<()> {
    for _ in 0..50 {
        if submit(host, client).await? != StatusCode::CREATED {
            return Ok(());
        }
    }
    bail!("{client} is never held back")
}

async fn submit(host: &Host, client: &str) -> Result<StatusCode> {
    let post = host.post(REQUESTS, &Sample::message("Вопрос").body()).header("X-Forwarded-For", client);
    Ok(post.send().await?.status())
}

#[tokio::test]
async fn a_visitor_behind_a_trusted_proxy_is_held_back_alone() -> Result<()> {
    let few = ("PORCHLIGHT_ABUSE__REQUESTS_PER_MINUTE", "12");
    let behind = shop::with(&[few, ("PORCHLIGHT_TRUSTED_PROXIES", "[\"127.0.0.1\"]")]).await?;
    exhaust(&behind, "198.51.100.1").await?;
    assert_eq!(submit(&behind, "198.51.100.2").await?, StatusCode::CREATED);
    let direct = shop::with(&[few]).await?;
    exhaust(&direct, "198.51.100.1").await?;
    assert_ne!(submit(&direct, "198.51.100.2").await?, StatusCode::CREATED, "it could say anything");
    Ok(())
}
