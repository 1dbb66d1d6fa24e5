//! The example shop's own pages, as its web server would serve them.

use std::path::{Component, Path, PathBuf};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};

/// Serves a folder of static pages at the root.
pub fn routes(pages: &Path) -> Router {
    Router::new().route("/", get(page)).route("/{*path}", get(page)).with_state(pages.to_owned())
}

async fn page(State(pages): State<PathBuf>, uri: Uri) -> Response {
    let Some(path) = file(&pages, uri.path()) else { return StatusCode::NOT_FOUND.into_response() };
    match tokio::fs::read(&path).await {
        Ok(content) => ([(header::CONTENT_TYPE, media_type(&path))], content).into_response(),
        Err(_) => (StatusCode::NOT_FOUND, "There is no such page in the shop.\n").into_response(),
    }
}

/// The file of a path: a folder means its `index.html`; nothing outside of `pages`.
fn file(pages: &Path, path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.trim_start_matches('/'));
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let file = pages.join(relative);
    Some(if path.ends_with('/') || file.is_dir() { file.join("index.html") } else { file })
}

fn media_type(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_of_the_pages_is_served() {
        let pages = Path::new("/shop/pages");
        assert_eq!(file(pages, "/../site.toml"), None);
        assert_eq!(file(pages, "//etc/passwd"), Some(PathBuf::from("/shop/pages/etc/passwd")));
        assert_eq!(file(pages, "/"), Some(PathBuf::from("/shop/pages/index.html")));
    }
}
