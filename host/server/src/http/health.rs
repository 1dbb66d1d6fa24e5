//! Health: whether the host lives, and whether it can keep something.

use axum::{extract::State, http::StatusCode};

use crate::app::App;
use crate::logs::chain;

/// GET `/healthz`: the process answers.
pub async fn live() -> &'static str {
    "ok\n"
}

/// GET `/readyz`: the store can keep something now.
pub async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    match app.store.probe().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(error = %chain(&error), "not ready: the store cannot keep anything");
            (StatusCode::SERVICE_UNAVAILABLE, "the store cannot keep anything\n")
        }
    }
}
