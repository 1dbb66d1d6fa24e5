//! The widget's files: each site's loader, and the assets it asks for.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    locale,
    problem::{Fault, Problem},
};
use crate::{app::App, widget::SiteAsset};

const SITE_CACHE: &str = "public, max-age=300, stale-while-revalidate=86400";
const ASSET_CACHE: &str = "public, max-age=31536000, immutable";

/// GET `/w/{site}.js`: the loader with the site's settings in it; `/w/{site}.css`: the style of its hosted pages.
pub async fn of_site(
    State(app): State<App>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asset = lookup(&app, &file).ok_or_else(|| Fault::UnknownSite.said_in(locale::of_headers(&headers)))?;
    let mut response = if has_tag(&headers, &asset.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, asset.media_type)], asset.content).into_response()
    };
    let answered = response.headers_mut();
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static(SITE_CACHE));
    if let Ok(etag) = HeaderValue::from_str(&asset.etag) {
        answered.insert(header::ETAG, etag);
    }
    Ok(response)
}

fn lookup(app: &App, file: &str) -> Option<SiteAsset> {
    let (key, extension) = file.rsplit_once('.')?;
    let live = app.sites.lookup(key)?;
    match extension {
        "js" => Some(live.loader.clone()),
        "css" => Some(live.style.clone()),
        _ => None,
    }
}

/// The widget's files are there for every page, also for one that lets nothing of others in that does not say so.
pub async fn for_every_page(mut response: Response) -> Response {
    let name = HeaderName::from_static("cross-origin-resource-policy");
    response.headers_mut().insert(name, HeaderValue::from_static("cross-origin"));
    response
}

/// Whether `If-None-Match` names this entity tag (weak comparison, RFC 9110, section 13.1.2).
fn has_tag(headers: &HeaderMap, etag: &str) -> bool {
    let given = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(',').any(|tag| matches!(tag.trim(), "*") || tag.trim().trim_start_matches("W/") == etag)
}

/// GET `/assets/{file}`: a built file of this version or an earlier one. Its name changes with its content.
pub async fn asset(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let fault = |fault: Fault| fault.said_in(locale::of_headers(&headers));
    let asset = app.store.lookup_asset(&file).await.map_err(|error| fault(error.into()))?;
    let asset = asset.ok_or_else(|| fault(Fault::NotFound))?;
    let headers = [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, ASSET_CACHE.to_owned())];
    Ok((headers, asset.content).into_response())
}
