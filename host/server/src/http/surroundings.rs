//! What surrounds every request: a name, one log line, one host, a time limit, careful headers.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use porchlight_model::locale::Locale;
use tracing::{Instrument, Span};

use super::{
    cors::{self, Asked},
    locale,
    problem::Fault,
};
use crate::{app::App, wiring::chance};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What surrounds every request, in one layer: it has a name, is observed, understood, of an origin that may ask, and answered
/// in time.
pub async fn surrounded(State(app): State<App>, request: Request, next: Next) -> Response {
    let observation = Observation::begin(&request);
    let mut response = answered(&app, request, next).instrument(observation.span.clone()).await;
    careful(response.headers_mut());
    observation.end(&app, &mut response);
    response
}

/// Watches a request until it is answered.
struct Observation {
    id: String,
    method: Method,
    route: Option<MatchedPath>,
    span: Span,
    started: Instant,
}

impl Observation {
    /// Gives the request a random id. The log names the route, never the address: that may hold a one-time id.
    fn begin(request: &Request) -> Self {
        let id = chance::uuid().simple().to_string();
        let route = request.extensions().get::<MatchedPath>().cloned();
        let method = request.method().clone();
        let span = tracing::info_span!("request", id, %method, route = name(route.as_ref()));
        Self { id, method, route, span, started: Instant::now() }
    }

    /// Writes one line about the request; at level `debug` about one that only looked at something and got it.
    fn end(self, app: &App, response: &mut Response) {
        let (status, elapsed) = (response.status().as_u16(), self.started.elapsed());
        let elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        let uneventful = self.method.is_safe() && status < 400;
        self.span.in_scope(|| match uneventful {
            true => tracing::debug!(status, elapsed_us, "answered"),
            false => tracing::info!(status, elapsed_us, "answered"),
        });
        app.metrics.answered(&self.method, name(self.route.as_ref()), status, elapsed);
        if let Ok(value) = HeaderValue::try_from(self.id) {
            response.headers_mut().insert(REQUEST_ID.clone(), value);
        }
    }
}

fn name(route: Option<&MatchedPath>) -> &str {
    route.map_or("-", MatchedPath::as_str)
}

/// The answer to a request, unless it is not understood, or of an origin that may not ask.
async fn answered(app: &App, mut request: Request, next: Next) -> Response {
    let locale = locale::of_headers(request.headers());
    match understood(&mut request).and_then(|()| cors::asked(app, &request)) {
        Ok(Asked::Preflight(origin)) => cors::preflight(&origin),
        Ok(Asked::By(origin)) => cors::marked(bounded(app, locale, request, next).await, &origin),
        Ok(Asked::Plainly) => bounded(app, locale, request, next).await,
        Err(fault) => fault.said_in(locale).into_response(),
    }
}

/// Ends a request that takes too long, its body's arrival included.
async fn bounded(app: &App, locale: Locale, request: Request, next: Next) -> Response {
    let limit = Duration::from_secs(limit(app, &request));
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Fault::Timeout.said_in(locale).into_response(),
    }
}

/// How long a request may take, in seconds: a file is long on its way.
fn limit(app: &App, request: &Request) -> u64 {
    let route = name(request.extensions().get());
    let brings_a_file = request.method() == Method::POST && route.ends_with("/attachments");
    if brings_a_file { app.uploads.limits.seconds + app.limits.request_seconds } else { app.limits.request_seconds }
}

/// Refuses what does not say clearly what it wants: a request that does not name one host, or whose path is no text.
fn understood(request: &mut Request) -> Result<(), Fault> {
    settle_host(request).and_then(|()| require_text(request.uri().path()))
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
fn careful(headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::REFERRER_POLICY).or_insert(HeaderValue::from_static("same-origin"));
}

/// Answers of the interface are true for a moment and for one person.
pub fn uncached(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
