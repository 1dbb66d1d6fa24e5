//! PUT `/v1/console/duty`: going on duty, and off. It lasts as long as the session: who signs out, or uses it no more, is off.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode},
};
use porchlight_model::agent::Duty;

use super::{Unsaid, body::Members, signed_in::SignedIn};
use crate::http::problem::Fault;

/// Goes on duty with `{"on": true}`, and off.
pub async fn set(signed_in: SignedIn, headers: HeaderMap, sent: Body) -> Result<StatusCode, Unsaid> {
    let mut members = Members::of(&signed_in.app, &headers, sent).await?;
    let duty = if members.truth("on")? { Duty::On } else { Duty::Off };
    members.end()?;
    if !signed_in.app.store.set_duty(signed_in.session.token, duty).await? {
        return Err(Fault::SignedOut.into());
    }
    signed_in.app.recent.forget();
    Ok(StatusCode::NO_CONTENT)
}
