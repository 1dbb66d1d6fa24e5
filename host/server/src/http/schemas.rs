//! The JSON Schemas of the configuration files, for completion in editors.

use axum::Json;
use serde_json::Value;

use crate::config::{host as host_config, site as site_config};

/// GET `/schema/site.json`: what a `site.toml` may hold.
pub async fn site() -> Json<Value> {
    Json(site_config::schema())
}

/// GET `/schema/porchlight.json`: what a `porchlight.toml` may hold.
pub async fn host() -> Json<Value> {
    Json(host_config::schema())
}
