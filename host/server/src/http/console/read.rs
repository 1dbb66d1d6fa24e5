//! GET `/v1/console/requests/{request}`: a request with all that is known of it.

use axum::{Json, extract::Path, http::HeaderMap};
use porchlight_model::{agent::Permission, request::Request, texts::Texts};
use porchlight_store::{LookedFor, RequestQuery, StoreError};

use super::{
    Unsaid,
    signed_in::{Opened, SignedIn},
};
use crate::{
    app::App,
    contacts::{self, Reach},
    http::{locale, problem::Fault},
    wire::console::{agent::Names, request::Whole},
};

/// How many other requests of the same person are shown.
const OTHERS: u32 = 20;

/// The request.
pub async fn read(signed_in: SignedIn, Path(request): Path<String>, headers: HeaderMap) -> Result<Json<Whole>, Unsaid> {
    let opened = signed_in.require_request(&request, Permission::Answer).await?;
    Ok(Json(whole(&signed_in, &opened, &headers).await?))
}

/// A request as it stands now.
pub async fn whole(signed_in: &SignedIn, opened: &Opened, headers: &HeaderMap) -> Result<Whole, Fault> {
    let (app, site) = (&signed_in.app, &opened.live.site);
    let dossier = app.store.lookup_dossier(opened.request.id).await?.ok_or(Fault::UnknownRequest)?;
    let others = of_same_person(app, &dossier.request).await?;
    let agents = app.store.agents().await?;
    let texts = Texts::of(locale::accepted(headers).unwrap_or(site.locale));
    Ok(Whole::new(&dossier, &others, site, &Names(&agents), texts, app.now()))
}

/// Other requests that the same person left at this site: told by address and number.
async fn of_same_person(app: &App, request: &Request) -> Result<Vec<Request>, StoreError> {
    let requester = &request.requester;
    let (email, phone) = (requester.email.as_ref().map(Reach::Email), requester.phone.as_ref().map(Reach::Phone));
    let hashes = contacts::hashes(&app.keys, email.into_iter().chain(phone));
    if hashes.is_empty() {
        return Ok(vec![]);
    }
    let (site, looked_for) = (request.site.clone(), Some(LookedFor::Person(hashes)));
    let query = RequestQuery { site, looked_for, limit: OTHERS + 1, ..RequestQuery::default() };
    let found = app.store.find_requests(query).await?.requests.into_iter().map(|(_, other)| other);
    Ok(found.filter(|other| other.id != request.id).take(OTHERS as usize).collect())
}
