//! Answers that are pages of our own: they say refusals as a page too, and do nothing but show themselves and send their
//! forms to us.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::{page, problem::Refusal, walls::site_of};
use crate::{app::App, sites::LiveSite};

/// Show themselves, load our own style, send forms to us. Nothing else, nowhere else, in nobody's frame.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Makes a refusal a page, and marks every page.
pub async fn answered(State(app): State<App>, request: Request, next: Next) -> Response {
    let live = site_of(&app, request.uri().path());
    let mut response = next.run(request).await;
    if let Some(refusal) = response.extensions_mut().remove() {
        response = said(&refusal, live.as_deref(), &response);
    }
    for (name, value) in HEADERS {
        // A download says more careful ones of its own.
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

fn said(refusal: &Refusal, live: Option<&LiveSite>, problem: &Response) -> Response {
    let mut page = page::refused(live.map(|live| &live.site), problem.status(), refusal);
    for name in [header::RETRY_AFTER, header::CONNECTION] {
        if let Some(value) = problem.headers().get(&name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    page
}
