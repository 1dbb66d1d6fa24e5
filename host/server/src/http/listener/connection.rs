//! One connection, from its first byte to its last.

use std::{convert::Infallible, net::IpAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use hyper::{Request, Response, Version, body::Incoming, header::CONNECTION, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{net::TcpStream, time::timeout};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::{
    Peer,
    answer::Answer,
    moves::{Exchange, Moves, Patience},
};
use crate::config::host::LimitsConfig;

/// How long a connection that stood still has to hear that it is over.
const GOODBYE: Duration = Duration::from_millis(500);

/// How long a trusted proxy may leave an answer untaken.
const PROXY_READING: Duration = Duration::from_secs(300);

/// Most requests under way in one connection of HTTP/2.
const STREAMS: u32 = 64;
/// Most bytes of one answer that wait in memory for a client of HTTP/2 to take them.
const UNSENT: usize = 64 * 1024;
/// Most bytes of request bodies that wait in memory to be read: of one, and of a whole connection of HTTP/2.
const UNREAD: u32 = 64 * 1024;
const UNREAD_IN_ALL: u32 = 256 * 1024;

/// What serves connections.
pub struct Serving {
    builder: auto::Builder<TokioExecutor>,
    routes: Router,
    patience: Patience,
    trusted: Vec<IpAddr>,
}

impl Serving {
    /// Serves these routes within these limits.
    pub fn new(routes: Router, limits: &LimitsConfig, trusted: &[IpAddr]) -> Self {
        let patience = Patience {
            asking: Duration::from_secs(limits.head_seconds),
            reading: Duration::from_secs(limits.reading_seconds),
        };
        Self { builder: builder(limits), routes, patience, trusted: trusted.to_vec() }
    }

    /// A connection of a trusted proxy carries many visitors: one who does not read is the proxy's to end, or ends the others.
    fn patience(&self, peer: Peer) -> Patience {
        if peer.is_proxy(&self.trusted) { Patience { reading: PROXY_READING, ..self.patience } } else { self.patience }
    }

    /// Serves one connection until it ends, stands still, or the host stops.
    pub async fn serve(self: Arc<Self>, stream: TcpStream, peer: Peer, stop: CancellationToken) {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection was gone before it began");
            return;
        }
        let moves = Moves::new(self.patience(peer));
        let service = service_fn(|request| answer(self.routes.clone(), peer, request, moves.begin()));
        let served = self.builder.serve_connection(TokioIo::new(stream), service);
        tokio::pin!(served);
        let ended = tokio::select! {
            ended = served.as_mut() => Some(ended),
            () = moves.still() => {
                served.as_mut().graceful_shutdown();
                timeout(GOODBYE, served).await.ok()
            }
            () = stop.cancelled() => {
                served.as_mut().graceful_shutdown();
                tokio::select! {
                    ended = served => Some(ended),
                    () = moves.still() => None,
                }
            }
        };
        match ended {
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::debug!(%error, "a connection ended with an error"),
            None => tracing::debug!("a connection stood still and was cut off"),
        }
    }
}

async fn answer(
    routes: Router,
    peer: Peer,
    request: Request<Incoming>,
    exchange: Exchange,
) -> Result<Response<Answer>, Infallible> {
    let version = request.version();
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(peer);
    let mut response = routes.oneshot(request).await?;
    if version == Version::HTTP_2 {
        // A header of HTTP/1.1 alone (RFC 9113, section 8.2.2).
        response.headers_mut().remove(CONNECTION);
    }
    Ok(response.map(|body| Answer::new(body, exchange)))
}

fn builder(limits: &LimitsConfig) -> auto::Builder<TokioExecutor> {
    let head_time = Duration::from_secs(limits.head_seconds);
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(head_time)
        .max_headers(limits.headers)
        .max_buf_size(limits.head_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_send_buf_size(UNSENT)
        .initial_stream_window_size(UNREAD)
        .initial_connection_window_size(UNREAD_IN_ALL)
        .max_header_list_size(u32::try_from(limits.head_bytes).unwrap_or(u32::MAX))
        .keep_alive_interval(head_time)
        .keep_alive_timeout(head_time);
    builder
}
