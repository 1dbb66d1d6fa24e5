//! POST `/v1/inbound/mail`: a mail provider, or a mail server, brings an e-mail as it came (RFC 5322).

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;
use subtle::ConstantTimeEq;

use super::{
    body, locale,
    problem::{Fault, Problem},
};
use crate::{
    app::App,
    config::host::LimitsConfig,
    flows::inbox::{self, Taken},
};

/// What became of a mail.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "InboundOutcome")]
pub struct Answer {
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// 202 once it is durable, 200 where it is not kept and need not come again; 503 where it should.
pub async fn mail(State(app): State<App>, headers: HeaderMap, sent: Body) -> Result<Response, Problem> {
    let locale = locale::of_headers(&headers);
    taken(&app, &headers, sent).await.map_err(|fault| fault.said_in(locale))
}

async fn taken(app: &App, headers: &HeaderMap, sent: Body) -> Result<Response, Fault> {
    let secret = app.inbound.secret.as_deref().ok_or(Fault::NotFound)?;
    if !shows(headers, secret) {
        return Err(Fault::Unauthorized);
    }
    body::require_mail(headers)?;
    let limits = LimitsConfig { body_bytes: app.inbound.bytes, ..app.limits.clone() };
    let taken = inbox::take_in(app, body::read(sent, &limits).await?).await?;
    let (status, outcome, reason) = match taken {
        Taken::Kept => (StatusCode::ACCEPTED, "kept", None),
        Taken::Dropped(_) => (StatusCode::OK, "dropped", Some(taken.class())),
    };
    Ok((status, Json(Answer { outcome, reason })).into_response())
}

/// Whether a call shows the secret; how long that takes says nothing of it but its length.
fn shows(headers: &HeaderMap, secret: &str) -> bool {
    let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token =
        shown.and_then(|shown| shown.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    token.is_some_and(|(_, token)| bool::from(token.trim().as_bytes().ct_eq(secret.as_bytes())))
}
