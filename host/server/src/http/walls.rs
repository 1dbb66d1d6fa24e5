//! The first wall: how much one address may ask for and change.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Request, State},
    http::HeaderMap,
    middleware::Next,
    response::{IntoResponse, Response},
};
use porchlight_model::locale::Locale;

use super::{listener::Peer, locale, problem::Fault, surroundings};
use crate::{app::App, sites::LiveSite};

/// Counts a call; one of too many is told when to come again.
pub async fn counted(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    request: Request,
    next: Next,
) -> Response {
    match app.walls.read(peer.client(request.headers(), &app.trusted_proxies)) {
        Ok(()) => next.run(request).await,
        Err(wait) => Fault::from(wait).said_in(spoken(&app, &request)).into_response(),
    }
}

/// Counts a call of the interface, whose answers are nobody else's.
pub async fn of_interface(app: State<App>, peer: Extension<Peer>, request: Request, next: Next) -> Response {
    surroundings::uncached(counted(app, peer, request, next).await)
}

/// Counts a change of one's own request as a submission: it is kept, and told to the business, as one.
pub fn changing(app: &App, peer: Peer, headers: &HeaderMap) -> Result<(), Fault> {
    app.walls.submission(peer.client(headers, &app.trusted_proxies)).map_err(Fault::from)
}

/// The language asked for in the address, else the browser's, else that of the site in the address.
fn spoken(app: &App, request: &Request) -> Locale {
    let query = request.uri().query().unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "locale").map(|(_, tag)| tag);
    match site_of(app, request.uri().path()) {
        Some(live) if request.uri().path().starts_with("/desk/") => live.site.locale,
        Some(live) => locale::negotiate(asked.as_deref(), request.headers(), &live.site),
        None => locale::of_headers(request.headers()),
    }
}

/// The site that an address names.
pub fn site_of(app: &App, path: &str) -> Option<Arc<LiveSite>> {
    let rest =
        ["/v1/sites/", "/c/", "/r/", "/mine/", "/desk/"].into_iter().find_map(|before| path.strip_prefix(before))?;
    app.sites.lookup(rest.split('/').next()?)
}
