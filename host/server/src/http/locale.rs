//! Which language a client is spoken to in.

use axum::http::{HeaderMap, header::ACCEPT_LANGUAGE};
use porchlight_model::{locale::Locale, site::Site};

/// The language asked for by name, else the browser's, else the site's.
pub fn negotiate(asked: Option<&str>, headers: &HeaderMap, site: &Site) -> Locale {
    asked.and_then(Locale::of_tag).or_else(|| accepted(headers)).unwrap_or(site.locale)
}

/// The browser's language, else English: for answers that belong to no site.
pub fn of_headers(headers: &HeaderMap) -> Locale {
    accepted(headers).unwrap_or(Locale::En)
}

/// The browser's language, if there are texts in it.
pub fn accepted(headers: &HeaderMap) -> Option<Locale> {
    Locale::of_accept_language(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?)
}
