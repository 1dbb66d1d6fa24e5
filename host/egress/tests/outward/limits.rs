//! What takes too long or gets too big is cut off.

use std::{future::pending, io, net::IpAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use porchlight_egress::{Client, Connector, EgressError, Limits, Phase, Resolver, Stream, TcpConnector, Vetting};

use crate::bench::{Door, Names, PLAIN, QUICK, plain_client, post, server};

const SHORT: Duration = Duration::from_millis(200);

fn phase(error: &EgressError) -> Option<Phase> {
    match error {
        EgressError::TimedOut { phase, .. } => Some(*phase),
        _ => None,
    }
}

async fn cut(pieces: &'static [Option<&'static str>], limits: Limits) -> EgressError {
    let (address, _) = server(pieces).await;
    post(&plain_client(&Door::to(address), limits), PLAIN).await.expect_err("it is cut off")
}

#[tokio::test]
async fn slow_head_is_cut_off() {
    let limits = Limits { head: SHORT, ..QUICK };
    assert_eq!(phase(&cut(&[None], limits).await), Some(Phase::Head));
    assert_eq!(phase(&cut(&[Some("HTTP/1.1 200 OK\r\nContent-"), None], limits).await), Some(Phase::Head));
}

#[tokio::test]
async fn slow_body_is_cut_off() {
    let limits = Limits { body: SHORT, ..QUICK };
    let begun = &[Some("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), None];
    assert_eq!(phase(&cut(begun, limits).await), Some(Phase::Body));
}

#[tokio::test]
async fn request_as_a_whole_is_cut_off() {
    let limits = Limits { whole: SHORT, ..QUICK };
    assert_eq!(phase(&cut(&[None], limits).await), Some(Phase::Whole));
}

#[tokio::test]
async fn body_that_is_too_long_is_cut_off_with_and_without_its_length_said() {
    const HUGE: &str = concat!("HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n", "abc");
    assert!(matches!(cut(&[Some(HUGE), None], QUICK).await, EgressError::TooLong { bytes: 1_000 }));
    const HEAD: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const CHUNK: &str = "20\r\n01234567890123456789012345678901\r\n";
    static CHUNKS: [Option<&str>; 50] = {
        let mut pieces = [Some(CHUNK); 50];
        (pieces[0], pieces[49]) = (Some(HEAD), None);
        pieces
    };
    assert!(matches!(cut(&CHUNKS, QUICK).await, EgressError::TooLong { bytes: 1_000 }));
}

#[tokio::test]
async fn head_that_is_too_long_is_an_error() {
    const LINE: &str =
        "X-Filling: 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567\r\n";
    static HEAD: [Option<&str>; 600] = {
        let mut pieces = [Some(LINE); 600];
        pieces[0] = Some("HTTP/1.1 200 OK\r\n");
        pieces
    };
    let error = cut(&HEAD, QUICK).await;
    assert!(matches!(error, EgressError::Http(_)), "{error:?}");
}

/// Never comes back.
struct Silent;

#[async_trait]
impl Resolver for Silent {
    async fn resolve(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        pending().await
    }
}

#[async_trait]
impl Connector for Silent {
    async fn connect(&self, _: std::net::SocketAddr) -> io::Result<Box<dyn Stream>> {
        pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn resolver_and_connection_that_never_come_are_cut_off() {
    let silent = Client::new(Arc::new(Silent), Arc::new(TcpConnector), Vetting::default(), QUICK).expect("a client");
    let error = post(&silent, "https://hooks.shop.example/").await.expect_err("no name");
    assert_eq!(error.to_string(), "finding the host took more than 20 s");
    let names = Names::answering(&[&["8.8.8.8"]]);
    let silent = Client::new(names, Arc::new(Silent), Vetting::default(), QUICK).expect("a client");
    let error = post(&silent, "https://hooks.shop.example/").await.expect_err("no connection");
    assert_eq!(phase(&error), Some(Phase::Connecting));
}
