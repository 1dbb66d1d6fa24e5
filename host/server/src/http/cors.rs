//! CORS: which pages may call the HTTP interface.
//!
//! A site's `origins` and the host itself, echoed, never with credentials; `null` never. The console's interface takes no other
//! origin than the host's, and echoes none.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::problem::Fault;
use crate::app::App;

/// Where the console's interface is.
const CONSOLE: &str = "/v1/console/";

const METHODS: &str = "GET, POST, PATCH, DELETE";
const REQUEST_HEADERS: &str = "authorization, content-type, idempotency-key, last-event-id";
const EXPOSED: &str = "Retry-After, ETag";
/// Seconds a browser may remember a preflight's answer.
const PREFLIGHT_AGE: &str = "600";

/// How a request was asked.
pub enum Asked {
    /// Not by a page of another origin, or for something that is no page's to read.
    Plainly,
    /// By a page of this origin, which may read the answer.
    By(HeaderValue),
    /// By a browser, before a page of this origin asks.
    Preflight(HeaderValue),
}

/// Who asks; pages of foreign origins are refused.
pub fn asked(app: &App, request: &Request) -> Result<Asked, Fault> {
    let path = request.uri().path();
    if path.starts_with("/assets/") {
        return Ok(Asked::By(HeaderValue::from_static("*")));
    }
    let Some(origin) = request.headers().get(header::ORIGIN) else { return Ok(Asked::Plainly) };
    if !path.starts_with("/v1/") {
        return Ok(Asked::Plainly);
    }
    if path.starts_with(CONSOLE) {
        // The console is for its own pages alone, which need no leave; not even a site's pages get it.
        let is_own = origin.to_str().is_ok_and(|origin| is_own(app, request.headers(), origin));
        return if is_own { Ok(Asked::Plainly) } else { Err(Fault::ForeignPage) };
    }
    if !may_call(app, path, request.headers(), origin) {
        return Err(Fault::ForbiddenOrigin);
    }
    let origin = origin.clone();
    Ok(if is_preflight(request) { Asked::Preflight(origin) } else { Asked::By(origin) })
}

fn may_call(app: &App, path: &str, headers: &HeaderMap, origin: &HeaderValue) -> bool {
    let Ok(origin) = origin.to_str() else { return false };
    if is_own(app, headers, origin) {
        return true;
    }
    let site = path.strip_prefix("/v1/sites/").and_then(|rest| rest.split('/').next());
    match site {
        Some(key) => app.sites.lookup(key).is_some_and(|live| live.site.origins.iter().any(|known| known == origin)),
        None => app.sites.have_origin(origin),
    }
}

/// Whether an origin is the host's own: its public address, or the one the request was sent to.
pub fn is_own(app: &App, headers: &HeaderMap, origin: &str) -> bool {
    if origin == app.public_url {
        return true;
    }
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    authority.is_some() && authority == host
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// What a browser is told before a page asks.
pub fn preflight(origin: &HeaderValue) -> Response {
    let allowed: [(HeaderName, HeaderValue); 3] = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS)),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(REQUEST_HEADERS)),
        (header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(PREFLIGHT_AGE)),
    ];
    marked((StatusCode::NO_CONTENT, allowed).into_response(), origin)
}

/// Marks what a page of an origin may read.
pub fn marked(mut response: Response, origin: &HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    response
}
