//! GET `/v1/request/calendar` and `/r/{site}/{id}/calendar.ics`: the booked call, for the requester's own calendar.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use porchlight_model::{delivery::Reader, request::Request};

use super::{
    locale,
    offer::require_site,
    own::{require, spoken},
    problem::{Fault, Problem},
    visit::{Door, MailedLink},
};
use crate::{app::App, calendar, sites::LiveSite};

/// By the tracking token.
pub async fn by_token(State(app): State<App>, headers: HeaderMap) -> Result<Response, Problem> {
    let (request, live) = require(&app, &headers).await?;
    file(&app, &request, &live).map_err(|fault| fault.said_in(spoken(&headers, &request)))
}

/// By a mailed link that was opened in this browser.
pub async fn by_link(
    State(app): State<App>,
    Path((site, id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let locale = locale::negotiate(None, &headers, &live.site);
    let link = MailedLink { app, live, reader: Reader::Requester, id };
    match link.look(&headers).await.map_err(|fault| fault.said_in(locale))? {
        Door::Open(request) => file(&link.app, &request, &link.live).map_err(|fault| fault.said_in(locale)),
        _ => Err(Fault::NotFound.said_in(locale)),
    }
}

fn file(app: &App, request: &Request, live: &LiveSite) -> Result<Response, Fault> {
    let file = calendar::of_call(request, &live.site, &app.public_url, app.now()).ok_or(Fault::NotFound)?;
    let name = format!("attachment; filename=\"{}.ics\"", request.reference.as_str());
    Ok(([(header::CONTENT_TYPE, calendar::MEDIA_TYPE.to_owned()), (header::CONTENT_DISPOSITION, name)], file)
        .into_response())
}
