//! Listening: connections with limits on their number, their heads and their silence, and a graceful end.

use std::{
    io,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::Router;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::config::host::LimitsConfig;

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// Serves until told to stop; then lets what is under way finish, within its time.
pub async fn serve(listener: TcpListener, routes: Router, limits: &LimitsConfig, stop: CancellationToken) {
    let builder = Arc::new(builder(limits));
    let room = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let head_time = Duration::from_secs(limits.head_seconds);
    loop {
        let Ok(place) = room.clone().acquire_owned().await else { break };
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
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

/// What serves one connection.
struct Service {
    routes: Router,
    peer: Peer,
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
