//! POST, GET, DELETE `/v1/console/session`: signing in and out. DELETE `/v1/console/sessions`: everywhere.

use axum::{
    Extension, Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{AppendHeaders, IntoResponse, Response},
};
use porchlight_store::Ending;

use super::{
    Unsaid,
    body::{ADDRESS, Members, SECRET},
    signed_in::SignedIn,
};
use crate::{
    app::App,
    flows::sign_in::{self, Attempt},
    http::listener::Peer,
    sign_in::cookies::Cookie,
    tokens,
    wire::console::agent::Me,
};

/// Signs in: 204 with the session's cookie, and one by which the device is known from now on.
pub async fn sign_in(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Unsaid> {
    let mut members = Members::of(&app, &headers, sent).await?;
    let (email, password) = (members.text("email", ADDRESS)?, members.text("password", SECRET)?);
    let code = members.some_text("totp", SECRET)?;
    members.end()?;
    let device = Cookie::Device.read(&headers, &app.public_url);
    let attempt = Attempt {
        email: &email,
        password: &password,
        code: code.as_deref(),
        address: peer.client(&headers, &app.trusted_proxies),
        device: device.and_then(|token| tokens::read_device(&app.keys, &token)),
    };
    let welcome = sign_in::sign_in(&app, &attempt).await?;
    let session = Cookie::Session.set(&welcome.token, &app.public_url);
    let device = Cookie::Device.set(&welcome.device, &app.public_url);
    Ok((StatusCode::NO_CONTENT, AppendHeaders([(SET_COOKIE, session), (SET_COOKIE, device)])).into_response())
}

/// Who is signed in.
pub async fn read(signed_in: SignedIn) -> Result<Json<Me>, Unsaid> {
    let found = signed_in.app.store.lookup_agent(signed_in.agent.id).await?;
    let credentials = found.map(|(_, credentials)| credentials).unwrap_or_default();
    let sites = signed_in.app.sites.all();
    let sites = sites.iter().map(|live| &live.site).filter(|site| signed_in.agent.knows(&site.key));
    Ok(Json(Me::new(&signed_in.agent, &credentials, &signed_in.session, sites)))
}

/// Signs out here.
pub async fn sign_out(signed_in: SignedIn) -> Result<Response, Unsaid> {
    ended(&signed_in, Ending::Only(signed_in.session.token)).await
}

/// Signs out everywhere.
pub async fn sign_out_everywhere(signed_in: SignedIn) -> Result<Response, Unsaid> {
    ended(&signed_in, Ending::All).await
}

async fn ended(signed_in: &SignedIn, ending: Ending) -> Result<Response, Unsaid> {
    signed_in.app.store.end_sessions(signed_in.agent.id, ending).await?;
    sign_in::note(&signed_in.app, signed_in.agent.id, "signed-out").await?;
    let gone = Cookie::Session.unset(&signed_in.app.public_url);
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, gone)]).into_response())
}
