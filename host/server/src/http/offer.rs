//! GET `/v1/sites/{site}/offer`.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::HeaderMap,
};
use porchlight_model::{offer::VisitorContext, submission::ProblemCode, texts::Texts, web};
use serde::Deserialize;

use super::{
    locale,
    problem::{Fault, Problem, field},
};
use crate::{
    app::App,
    flows,
    sites::LiveSite,
    tokens::{self, Form},
    wire,
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
    headers: HeaderMap,
) -> Result<Json<wire::offer::Offer>, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let Query(query) = query.map_err(|_| Fault::BadQuery.said_in(locale::of_headers(&headers)))?;
    let locale = locale::negotiate(query.locale.as_deref(), &headers, &live.site);
    let visitor = visitor(query, locale).map_err(|fault| fault.said_in(locale))?;
    let now = app.now();
    let shaped =
        flows::offer::offer(&app, &live, &visitor, now).await.map_err(|error| Fault::from(error).said_in(locale))?;
    let form = Form { shown_at: app.now(), nonce: chance::bytes() };
    let form_token = tokens::form(&app.keys, &live.site.key, form);
    Ok(Json(wire::offer::Offer::new(shaped.offer, &live.site, Texts::of(locale), form_token)))
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
