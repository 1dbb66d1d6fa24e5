//! GET `/v1/sites/{site}/offer`.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Path, Query, Request, State, rejection::QueryRejection},
    http::{HeaderMap, header},
    response::IntoResponse,
};
use jiff::Timestamp;
use porchlight_model::{offer::VisitorContext, submission::ProblemCode, texts::Texts, web};
use porchlight_store::StoreError;
use serde::Deserialize;

use super::{
    locale,
    problem::{Fault, Problem, field},
};
use crate::{
    app::App,
    flows,
    ground::Rendered,
    recent::{GroundKey, OfferKey},
    sites::LiveSite,
    tokens::{self, Form},
    wiring::chance,
};

/// Longest page address that is looked at, in bytes.
const PAGE_BYTES: usize = 2_048;

/// Who asks, and where.
#[derive(Debug, Default, Deserialize)]
pub struct OfferQuery {
    page: Option<String>,
    locale: Option<String>,
    time_zone: Option<String>,
}

/// What one visitor sees on one page, now.
pub async fn read(
    State(app): State<App>,
    Path(site): Path<String>,
    query: Result<Query<OfferQuery>, QueryRejection>,
    request: Request,
) -> Result<impl IntoResponse, Problem> {
    let headers = request.headers();
    let live = require_site(&app, &site, headers)?;
    let Query(query) = query.map_err(|_| Fault::BadQuery.said_in(locale::of_headers(headers)))?;
    let locale = locale::negotiate(query.locale.as_deref(), headers, &live.site);
    let visitor = visitor(query, locale).map_err(|fault| fault.said_in(locale))?;
    let now = app.now();
    let offer = rendered(&app, &live, visitor, now).await.map_err(|error| Fault::from(error).said_in(locale))?;
    let pieces = offer.with(form_token(&app, &live, now));
    let is_compressed = headers.contains_key(header::ACCEPT_ENCODING);
    let body = if is_compressed { Body::from(pieces.whole()) } else { Body::new(pieces) };
    Ok(([(header::CONTENT_TYPE, "application/json")], body))
}

/// A token for a form that is shown now.
pub fn form_token(app: &App, live: &LiveSite, now: Timestamp) -> String {
    tokens::form(&app.keys, &live.site.key, Form { shown_at: now, nonce: chance::bytes() })
}

/// The offer made within this second, or a new one.
async fn rendered(
    app: &App,
    live: &LiveSite,
    visitor: VisitorContext,
    now: Timestamp,
) -> Result<Arc<Rendered>, StoreError> {
    let ground = GroundKey { site: live.site.key.clone(), version: live.version, locale: visitor.locale };
    let key = OfferKey { ground, page: visitor.page.clone(), time_zone: visitor.time_zone.clone() };
    let moment = match app.recent.offers.lookup(&key, now) {
        Ok(known) => return Ok(known),
        Err(moment) => moment,
    };
    // The state of a plugin's call is large: who gets a known offer does not carry room for it along.
    let shaped = Box::pin(flows::offer::offer(app, live, &visitor, now)).await?;
    let offer = Arc::new(shaped.ground.render(&shaped.offer, &live.site, Texts::of(visitor.locale)));
    app.recent.offers.keep(moment, key, offer.clone(), offer.bytes());
    Ok(offer)
}

/// The site of a key; a 404 where there is none.
pub fn require_site(app: &App, key: &str, headers: &HeaderMap) -> Result<Arc<LiveSite>, Problem> {
    app.sites.lookup(key).ok_or_else(|| Fault::UnknownSite.said_in(locale::of_headers(headers)))
}

fn visitor(query: OfferQuery, locale: porchlight_model::locale::Locale) -> Result<VisitorContext, Fault> {
    let page = query.page.filter(|page| !page.is_empty());
    if page.as_ref().is_some_and(|page| page.len() > PAGE_BYTES || !web::is_web_address(page)) {
        return Err(field("page", ProblemCode::PageInvalid));
    }
    let time_zone = query.time_zone.filter(|zone| jiff::tz::TimeZone::get(zone).is_ok());
    Ok(VisitorContext { locale, page, time_zone })
}
