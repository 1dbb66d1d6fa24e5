//! Files of the widget, descriptions, health.

use porchlight_store::StoreError;
use serde_json::{Value, json};

use super::{
    operation::{Operation, operation},
    parameters::{if_none_match, path},
    schemas::Schemas,
};
use crate::http::problem::Fault;

fn object(_: &mut Schemas) -> Value {
    json!({"type": "object"})
}

fn file(path: &'static str, name: &'static str, does: &'static str) -> Operation {
    operation("GET", path, name, does).tag("files")
}

/// The routes.
pub fn operations() -> Vec<Operation> {
    let unavailable = || Fault::Unavailable(StoreError::Closed);
    vec![
        file("/w/{file}", "siteFile", "A site's loader, with its settings in it, or the style of its pages.")
            .takes(path("file", json!({"type": "string"}), "`{site}.js` or `{site}.css`."))
            .sends(200, "The file.", "text/javascript")
            .sends(200, "The file.", "text/css")
            .header(200, "ETag", "Changes with the content.")
            .takes(if_none_match())
            .nothing(304, "It is the one that `If-None-Match` names.")
            .refuses(&[Fault::UnknownSite]),
        file(
            "/assets/{file}",
            "asset",
            "A built file of this version or an earlier one; its name changes with its content.",
        )
        .takes(path("file", json!({"type": "string"}), "Its name."))
        .sends(200, "The file.", "text/javascript")
        .sends(200, "The file.", "text/css")
        .refuses(&[Fault::NotFound, unavailable()]),
        file("/v1/openapi.json", "openapi", "This document.")
            .answers(200, "The document.", object)
            .header(200, "ETag", "Changes with the content.")
            .takes(if_none_match())
            .nothing(304, "It is the one that `If-None-Match` names.")
            .refuses(&[Fault::ForbiddenOrigin]),
        file("/schema/site.json", "siteSchema", "JSON Schema of a `site.toml`.").answers(200, "The schema.", object),
        file("/schema/porchlight.json", "hostSchema", "JSON Schema of a `porchlight.toml`.").answers(
            200,
            "The schema.",
            object,
        ),
        operation("GET", "/healthz", "healthz", "Whether the process answers.").sends(200, "It does.", "text/plain"),
        operation("GET", "/readyz", "readyz", "Whether something can be kept now.")
            .sends(200, "It can.", "text/plain")
            .sends(503, "It cannot.", "text/plain"),
    ]
}
