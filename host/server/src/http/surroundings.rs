//! What surrounds every request: a name, one log line, one host, a time limit, careful headers.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use tracing::Instrument;

use super::{locale, problem::Fault};
use crate::{app::App, wiring::chance};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request a random id, and writes one line about it when it is answered; at level `debug` about one that only
/// looked at something and got it. The line names the route, never the address: that may hold a one-time id.
pub async fn observed(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = chance::uuid().simple().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", id, %method, route);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    let uneventful = method.is_safe() && status < 400;
    span.in_scope(|| match uneventful {
        true => tracing::debug!(status, elapsed_us, "answered"),
        false => tracing::info!(status, elapsed_us, "answered"),
    });
    app.metrics.answered(&method, &route, status, elapsed);
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID.clone(), value);
    }
    response
}

/// Ends a request that takes too long, its body's arrival included.
pub async fn bounded(State(app): State<App>, request: Request, next: Next) -> Response {
    let locale = locale::of_headers(request.headers());
    let limit = Duration::from_secs(app.limits.request_seconds);
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Fault::Timeout.said_in(locale).into_response(),
    }
}

/// Refuses what does not say clearly what it wants: a request that does not name one host, or whose path is no text.
pub async fn understood(mut request: Request, next: Next) -> Response {
    let locale = locale::of_headers(request.headers());
    match settle_host(&mut request).and_then(|()| require_text(request.uri().path())) {
        Ok(()) => next.run(request).await,
        Err(fault) => fault.said_in(locale).into_response(),
    }
}

/// Leaves one `Host` that what follows can rely on. HTTP/1.1 has to give it, and the host in the request line wins (RFC 9112,
/// sections 3.2 and 3.2.2); HTTP/2 gives it in the request line, and must not contradict itself (RFC 9113, section 8.3.1);
/// HTTP/1.0 may leave it out.
fn settle_host(request: &mut Request) -> Result<(), Fault> {
    let mut given = request.headers().get_all(header::HOST).iter();
    let host = match (given.next(), given.next()) {
        (_, Some(_)) => return Err(Fault::BadHost),
        (Some(host), None) => Some(read_host(host.as_bytes())?),
        (None, None) => None,
    };
    let line = request.uri().authority().map(|authority| read_host(authority.as_str().as_bytes())).transpose()?;
    let settled = match (line, host, request.version()) {
        (Some(line), Some(host), Version::HTTP_2) if line != host => return Err(Fault::BadHost),
        (Some(_), None, Version::HTTP_11) => return Err(Fault::BadHost),
        (Some(line), _, _) => line,
        (None, Some(_), _) | (None, None, Version::HTTP_10) => return Ok(()),
        (None, None, _) => return Err(Fault::BadHost),
    };
    let settled = HeaderValue::from_str(settled.as_str()).map_err(|_| Fault::BadHost)?;
    request.headers_mut().insert(header::HOST, settled);
    Ok(())
}

/// A host and perhaps a port, without a user.
fn read_host(written: &[u8]) -> Result<Authority, Fault> {
    let authority = Authority::try_from(written).map_err(|_| Fault::BadHost)?;
    let (host, whole) = (authority.host(), authority.as_str());
    let is_plain = !host.is_empty() && (whole == host || authority.port_u16().is_some()) && !whole.contains('@');
    if is_plain { Ok(authority) } else { Err(Fault::BadHost) }
}

fn require_text(path: &str) -> Result<(), Fault> {
    let is_text = path.starts_with('/') && percent_decode_str(path).decode_utf8().is_ok();
    if is_text { Ok(()) } else { Err(Fault::BadQuery) }
}

/// Keeps browsers from guessing types, and addresses from leaking.
pub async fn careful(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    response
}

/// Answers of the interface are true for a moment and for one person.
pub async fn uncached(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
