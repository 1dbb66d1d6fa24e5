//! What surrounds every request: a name, one log line, a time limit, careful headers.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tracing::Instrument;

use super::{locale, problem::Fault};
use crate::{app::App, wiring::chance};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives the request a random id, and writes one line about it when it is answered. The line names the route, never the
/// address: that may hold a one-time id.
pub async fn observed(State(app): State<App>, request: Request, next: Next) -> Response {
    let id = chance::uuid().simple().to_string();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!("request", id, %method, route);
    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(status, elapsed_us, "answered"));
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
        Err(_) => (closing(), Fault::Timeout.said_in(locale)).into_response(),
    }
}

fn closing() -> [(HeaderName, HeaderValue); 1] {
    [(header::CONNECTION, HeaderValue::from_static("close"))]
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
