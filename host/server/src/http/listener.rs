//! Listening: connections with limits on their number, their heads and their silence, and a graceful end.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::Router;
use hyper::{
    body::Incoming,
    header::{HOST, HeaderMap, HeaderValue},
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::config::host::LimitsConfig;

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// Whoever stands behind the connection: the last address in `X-Forwarded-For` that is no trusted proxy's, if the
    /// connection is one's; else the connection's own.
    pub fn client(self, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
        let is_trusted = |address: &IpAddr| trusted.contains(&address.to_canonical());
        if !is_trusted(&self.0) {
            return self.0;
        }
        let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let said: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        let mut addresses = said.iter().rev().map_while(|said| said.trim().parse().ok());
        addresses.find(|address| !is_trusted(address)).unwrap_or(self.0)
    }
}

/// Serves until told to stop; then lets what is under way finish, within its time.
pub async fn serve(listener: TcpListener, routes: Router, limits: &LimitsConfig, stop: CancellationToken) {
    let builder = Arc::new(builder(limits));
    let room = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let head_time = Duration::from_secs(limits.head_seconds);
    loop {
        let Some((place, stream)) = stop.run_until_cancelled(next(&listener, &room)).await else { break };
        match stream {
            Ok((stream, peer)) => {
                let service = Service { routes: routes.clone(), peer: Peer(peer.ip()) };
                let connection = connection(stream, &builder, &graceful, service, head_time);
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => refused(&error).await,
        }
    }
    drop(listener);
    if timeout(Duration::from_secs(limits.shutdown_seconds), graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still under way when the time to stop was over");
    }
}

type Accepted = (TcpStream, SocketAddr);

/// HTTP/2 names the host in its request line (RFC 9113, section 8.3.1); what follows looks for it where HTTP/1.1 has it.
fn name_host<B>(request: &mut hyper::Request<B>) {
    let authority = request.uri().authority().and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    if let Some(authority) = authority {
        request.headers_mut().entry(HOST).or_insert(authority);
    }
}

/// What serves one connection.
struct Service {
    routes: Router,
    peer: Peer,
}

/// The next connection, once there is room for one.
async fn next(listener: &TcpListener, room: &Arc<Semaphore>) -> (Option<OwnedSemaphorePermit>, io::Result<Accepted>) {
    // The semaphore is never closed, so there is always a place in the end.
    let place = room.clone().acquire_owned().await.ok();
    (place, listener.accept().await)
}

/// Accepting fails when the process runs out of descriptors: waiting a moment lets some come free.
async fn refused(error: &io::Error) {
    tracing::warn!(%error, "a connection could not be accepted");
    sleep(Duration::from_millis(50)).await;
}

fn builder(limits: &LimitsConfig) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(limits.head_seconds))
        .max_headers(limits.headers)
        .max_buf_size(limits.head_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(64)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(Duration::from_secs(limits.head_seconds))
        .keep_alive_timeout(Duration::from_secs(limits.head_seconds));
    builder
}

/// One connection. Whoever has not sent a whole head within the head's time is cut off: the protocol detection below has no
/// timer of its own before the first byte.
fn connection(
    stream: TcpStream,
    builder: &Arc<auto::Builder<TokioExecutor>>,
    graceful: &GracefulShutdown,
    service: Service,
    head_time: Duration,
) -> impl Future<Output = ()> + use<> {
    let begun = Arc::new(AtomicBool::new(false));
    let mark = begun.clone();
    let Service { routes, peer } = service;
    let service = routes.map_request(move |mut request: hyper::Request<Incoming>| {
        mark.store(true, Ordering::Relaxed);
        request.extensions_mut().insert(peer);
        name_host(&mut request);
        request.map(axum::body::Body::new)
    });
    let builder = builder.clone();
    let watcher = graceful.watcher();
    async move {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection was gone before it began");
            return;
        }
        let served = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)).into_owned();
        let served = watcher.watch(served);
        tokio::pin!(served);
        let ended = tokio::select! {
            ended = &mut served => ended,
            () = sleep(head_time) => {
                if !begun.load(Ordering::Relaxed) {
                    return;
                }
                served.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended with an error");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, forwarded: &str) -> String {
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_str(forwarded).expect("a value"));
        Peer(address(peer)).client(&headers, &[address("10.0.0.1"), address("10.0.0.2")]).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(client("192.0.2.7", "198.51.100.1"), "192.0.2.7");
        assert_eq!(client("10.0.0.1", "198.51.100.1"), "198.51.100.1");
    }

    #[test]
    fn what_the_client_itself_wrote_is_not_believed() {
        assert_eq!(client("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2"), "198.51.100.1");
        assert_eq!(client("10.0.0.1", "203.0.113.9, nonsense"), "10.0.0.1");
    }
}
