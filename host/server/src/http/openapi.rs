//! GET `/v1/openapi.json`: the whole interface described (OpenAPI 3.1), out of the code: routes from the tables here and the
//! console's, answers from the types of `wire`, refusals from [`Fault`](super::problem::Fault).
//!
//! To describe a new route, add it to one of the tables below; the tests compare them with the router, both ways, and the
//! document with the copy in `host/server/openapi.json`.

mod bodies;
mod console;
mod files;
mod operation;
mod pages;
mod parameters;
mod requesters;
mod schemas;
mod visitors;

use std::sync::LazyLock;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use self::{operation::Operation, schemas::Schemas};
use super::widget::{File, file_answer, has_tag};
use crate::{app::App, hexadecimal::hexadecimal};

/// The document as it is sent.
struct Written {
    json: Bytes,
    etag: String,
}

static WRITTEN: LazyLock<Written> = LazyLock::new(|| {
    // What our own types hold can be written.
    let json = serde_json::to_vec_pretty(&document()).unwrap_or_default();
    let etag = format!("\"{}\"", hexadecimal(&Sha256::digest(&json)[..16]));
    Written { json: json.into(), etag }
});

/// The document.
pub async fn read(State(app): State<App>, headers: HeaderMap) -> Response {
    let written = &*WRITTEN;
    let mut response = if has_tag(&headers, &written.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let name = format!("openapi.json {}", written.etag);
        let file = File { name: &name, media_type: "application/json", content: written.json.clone() };
        file_answer(&app, &headers, file).await
    };
    let answered = response.headers_mut();
    answered.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    answered.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Ok(etag) = HeaderValue::from_str(&written.etag) {
        answered.insert(header::ETAG, etag);
    }
    response
}

/// Every route of the host, described.
fn operations() -> Vec<Operation> {
    [visitors::operations(), requesters::operations(), pages::operations(), console::operations(), files::operations()]
        .into_iter()
        .flatten()
        .collect()
}

fn document() -> Value {
    let (mut schemas, mut paths) = (Schemas::default(), Map::new());
    for operation in operations() {
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        let method = operation.method.to_ascii_lowercase();
        path[method] = operation.described(&mut schemas);
    }
    let (schemas, responses) = schemas.components();
    let components = json!({"securitySchemes": security_schemes(), "responses": responses, "schemas": schemas});
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Porchlight", "version": env!("CARGO_PKG_VERSION"), "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": TAGS.map(|(name, description)| json!({"name": name, "description": description})),
        "paths": paths,
        "components": components,
    })
}

const ABOUT: &str = "Instants are RFC 3339 in UTC, durations seconds. An absent member means none: there are no nulls, and \
    clients leave alone members that they do not know. What is refused is answered with `application/problem+json` \
    (RFC 9457), whose `type` clients may branch on; its words are in the language of `Accept-Language`, else of the request \
    or the site. On pages of our own a refusal is a page.";

const TAGS: [(&str, &str); 6] = [
    ("visitors", "What a site's visitors see and send."),
    ("requesters", "What became of a request, by its tracking token or a requester token."),
    ("pages", "Pages of our own, without JavaScript."),
    (
        "console",
        "The agents' console: for its own pages and those who are signed in, whatever changes something as JSON.",
    ),
    ("files", "Files of the widget, and descriptions."),
    ("host", "The host itself, and what brings it mail."),
];

fn security_schemes() -> Value {
    json!({
        "tracking": {"type": "http", "scheme": "bearer", "description": "The tracking token of one request, which its receipt gives."},
        "requester": {"type": "http", "scheme": "bearer", "description": "A requester token: all requests of one mailbox at one site."},
        "mail": {"type": "http", "scheme": "bearer", "description": "`inbound_secret` of `[mail]`: for a mail provider."},
        "visit": {"type": "apiKey", "in": "cookie", "name": "porchlight-visit",
            "description": "Set by the button of a mailed link, for that link's page alone."},
        "session": {"type": "apiKey", "in": "cookie", "name": "porchlight",
            "description": "Set by signing in; `__Host-porchlight` where the host is reached by https."},
    })
}
