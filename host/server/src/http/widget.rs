//! The widget's files: each site's loader, and the assets it asks for.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    locale,
    problem::{Fault, Problem},
};
use crate::{app::App, squeezed::Coding, widget::SiteAsset};

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
        let name = format!("{file} {}", asset.etag);
        file_answer(&app, &headers, File { name: &name, media_type: asset.media_type, content: asset.content() }).await
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
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

/// Whether `If-None-Match` names this entity tag (weak comparison, RFC 9110, section 13.1.2).
pub fn has_tag(headers: &HeaderMap, etag: &str) -> bool {
    let given = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    given.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

/// GET `/assets/{file}`: a built file of this version or an earlier one. Its name changes with its content.
pub async fn asset(State(app): State<App>, Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let fault = |fault: Fault| fault.said_in(locale::of_headers(&headers));
    let asset = app.store.lookup_asset(&file).await.map_err(|error| fault(error.into()))?;
    let asset = asset.ok_or_else(|| fault(Fault::NotFound))?;
    let content = File { name: &file, media_type: &asset.media_type, content: asset.content.into() };
    let mut response = file_answer(&app, &headers, content).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(ASSET_CACHE));
    Ok(response)
}

/// A file that is sent.
pub struct File<'a> {
    /// Changes with the content.
    pub name: &'a str,
    /// As it stands in `Content-Type`.
    pub media_type: &'a str,
    /// What is in it.
    pub content: Bytes,
}

/// A file as small as the client takes it.
pub async fn file_answer(app: &App, headers: &HeaderMap, file: File<'_>) -> Response {
    let media_type = [(header::CONTENT_TYPE, file.media_type.to_owned())];
    let Some(coding) = Coding::accepted(headers) else { return (media_type, file.content).into_response() };
    match app.squeezed.file(file.name, coding, file.content.clone()).await {
        Ok(squeezed) => (media_type, [(header::CONTENT_ENCODING, coding.name())], squeezed).into_response(),
        Err(error) => {
            tracing::error!(%error, file = file.name, "a file could not be compressed, and is sent as it is");
            (media_type, file.content).into_response()
        }
    }
}
