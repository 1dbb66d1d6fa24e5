//! Who is signed in, and what they may do: the one place where the console's permissions are checked.

use std::sync::Arc;

use axum::{
    extract::{self, FromRequestParts, State},
    http::{HeaderMap, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use porchlight_model::{
    agent::{Agent, Permission},
    request::{Request, RequestId},
};
use porchlight_store::Session;

use super::Unsaid;
use crate::{
    app::App,
    flows::{handle::Case, sign_in},
    http::problem::Fault,
    sign_in::cookies::Cookie,
    sites::LiveSite,
};

/// Somebody who is signed in. A handler that takes this answers nobody else.
#[derive(Clone)]
pub struct SignedIn {
    /// The host.
    pub app: App,
    /// Who.
    pub agent: Agent,
    /// By which session.
    pub session: Session,
}

/// Lets nobody through who is not signed in. Surrounds every route that needs it, by the table of routes; nothing of a body has been
/// read by then.
pub async fn required(State(app): State<App>, mut request: extract::Request, next: Next) -> Response {
    match signed_in(app, request.headers()).await {
        Ok(signed_in) => {
            request.extensions_mut().insert(signed_in);
            next.run(request).await
        }
        Err(fault) => Unsaid::from(fault).into_response(),
    }
}

async fn signed_in(app: App, headers: &HeaderMap) -> Result<SignedIn, Fault> {
    let token = Cookie::Session.read(headers, &app.public_url).ok_or(Fault::SignedOut)?;
    let (session, agent) = sign_in::signed_in(&app, &token).await?.ok_or(Fault::SignedOut)?;
    Ok(SignedIn { app, agent, session })
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Unsaid;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Unsaid> {
        Ok(parts.extensions.remove().ok_or(Fault::SignedOut)?)
    }
}

/// A request that somebody may do something about, and its site.
pub struct Opened {
    /// The request.
    pub request: Request,
    /// Its site.
    pub live: Arc<LiveSite>,
}

impl SignedIn {
    /// The site of a key, where the agent may do this. A site that is not the agent's is not there for them.
    pub fn require(&self, site: &str, permission: Permission) -> Result<Arc<LiveSite>, Fault> {
        if !self.agent.knows(site) {
            return Err(Fault::UnknownSite);
        }
        let live = self.app.sites.lookup(site).ok_or(Fault::UnknownSite)?;
        if self.agent.may(permission, site) { Ok(live) } else { Err(Fault::Forbidden) }
    }

    /// A request of a site where the agent may do this. One of another site is not there for them.
    pub async fn require_request(&self, id: &str, permission: Permission) -> Result<Opened, Fault> {
        let id = id.parse().map(RequestId).map_err(|_| Fault::UnknownRequest)?;
        let request = self.app.store.lookup_request(id).await?.ok_or(Fault::UnknownRequest)?;
        let live = self.require(&request.site, permission).map_err(|fault| match fault {
            Fault::UnknownSite => Fault::UnknownRequest,
            other => other,
        })?;
        Ok(Opened { request, live })
    }

    /// Whether the agent may do this somewhere.
    pub fn require_role(&self, permission: Permission) -> Result<(), Fault> {
        if self.agent.role.may(permission) { Ok(()) } else { Err(Fault::Forbidden) }
    }

    /// A request that this agent handles.
    pub fn case<'a>(&'a self, opened: &'a Opened) -> Case<'a> {
        Case { app: &self.app, live: &opened.live, agent: &self.agent, id: opened.request.id }
    }
}
