//! `/v1/console/password`, `/totp`, `/invitation`: one's own account.

use axum::{
    Extension, Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};

use super::{
    Unsaid,
    body::{Members, SECRET},
    signed_in::SignedIn,
};
use crate::{
    app::App,
    flows::sign_in,
    http::listener::Peer,
    sign_in::totp,
    wire::console::agent::{Enrolment, RecoveryCodes},
};

/// Changes one's password; other sessions end.
pub async fn change_password(signed_in: SignedIn, headers: HeaderMap, sent: Body) -> Result<StatusCode, Unsaid> {
    let SignedIn { app, agent, session } = signed_in;
    let mut members = Members::of(&app, &headers, sent).await?;
    let (current, new) = (members.text("current", SECRET)?, members.text("new", SECRET)?);
    members.end()?;
    sign_in::change_password(&app, &agent, session.token, &current, &new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begins a second factor. Nothing is asked for until its first code has confirmed it.
pub async fn enrol(signed_in: SignedIn, headers: HeaderMap, sent: Body) -> Result<Json<Enrolment>, Unsaid> {
    let password = password(&signed_in, &headers, sent).await?;
    let secret = sign_in::enrol(&signed_in.app, &signed_in.agent, &password).await?;
    let uri = totp::uri(&secret, signed_in.agent.email.as_str());
    Ok(Json(Enrolment { secret, uri }))
}

/// Confirms it by its first code; other sessions end. The recovery codes are shown this once.
pub async fn confirm(signed_in: SignedIn, headers: HeaderMap, sent: Body) -> Result<Json<RecoveryCodes>, Unsaid> {
    let SignedIn { app, agent, session } = signed_in;
    let mut members = Members::of(&app, &headers, sent).await?;
    let code = members.text("code", SECRET)?;
    members.end()?;
    let recovery_codes = sign_in::confirm(&app, &agent, session.token, &code).await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Removes it.
pub async fn disenrol(signed_in: SignedIn, headers: HeaderMap, sent: Body) -> Result<StatusCode, Unsaid> {
    let password = password(&signed_in, &headers, sent).await?;
    sign_in::disenrol(&signed_in.app, &signed_in.agent, &password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Chooses the first password by an invitation's one-time code.
pub async fn take_up(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<StatusCode, Unsaid> {
    let mut members = Members::of(&app, &headers, sent).await?;
    let (code, password) = (members.text("code", SECRET)?, members.text("password", SECRET)?);
    members.end()?;
    sign_in::take_up(&app, &code, &password, peer.client(&headers, &app.trusted_proxies)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn password(signed_in: &SignedIn, headers: &HeaderMap, sent: Body) -> Result<String, Unsaid> {
    let mut members = Members::of(&signed_in.app, headers, sent).await?;
    let password = members.text("password", SECRET)?;
    members.end()?;
    Ok(password)
}
