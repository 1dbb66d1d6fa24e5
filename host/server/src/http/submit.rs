//! POST `/v1/sites/{site}/requests`.

use axum::{
    Extension, Json,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderName, StatusCode},
    response::{IntoResponse, Response},
};
use porchlight_model::texts::Texts;
use porchlight_store::IdempotencyKey;
use sha2::{Digest, Sha256};

use super::{
    body,
    listener::Peer,
    locale,
    offer::require_site,
    problem::{Fault, Problem},
};
use crate::{
    app::App,
    flows::request::{Arrival, FollowBy, submit as take_in},
    tokens,
    wire::{self, request::Receipt},
};

static IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Takes a submission in; 201 once it is durable.
pub async fn submit(
    State(app): State<App>,
    Path(site): Path<String>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let locale = locale::negotiate(None, &headers, &live.site);
    body::require_json(&headers).map_err(|fault| fault.said_in(locale))?;
    let bytes = body::read(sent, &app.limits).await.map_err(|fault| fault.said_in(locale))?;
    let members = body::object(&bytes).map_err(|fault| fault.said_in(locale))?;
    let (submission, problems) = wire::submission::read(members);
    let locale = locale::negotiate(submission.draft.locale.as_deref(), &headers, &live.site);
    let idempotency = idempotency_key(&headers, &site, &bytes).map_err(|fault| fault.said_in(locale))?;
    let arrival = Arrival {
        idempotency,
        problems,
        address: peer.client(&headers, &app.trusted_proxies),
        follow_by: FollowBy::Token,
    };
    let submitted =
        take_in(&app, &live, submission, arrival).await.map_err(|error| Fault::from(error).said_in(locale))?;
    let token = tokens::tracking(&app.keys, submitted.request.id);
    let receipt = Receipt::new(&submitted.request, token, &live.site, Texts::of(submitted.request.locale));
    Ok((StatusCode::CREATED, Json(receipt)).into_response())
}

fn idempotency_key(headers: &HeaderMap, site: &str, body: &[u8]) -> Result<Option<IdempotencyKey>, Fault> {
    let Some(key) = given_key(headers)? else { return Ok(None) };
    Ok(Some(IdempotencyKey { site: site.to_owned(), key: key.to_owned(), body: Sha256::digest(body).into() }))
}

/// The client's idempotency key: 1 to 255 visible ASCII characters.
pub fn given_key(headers: &HeaderMap) -> Result<Option<&str>, Fault> {
    let Some(given) = headers.get(&IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = given.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
    key.map(Some).ok_or(Fault::BadIdempotencyKey)
}
