//! POST `/c/{site}`: a form sent without JavaScript.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use porchlight_model::{delivery::Reader, locale::Locale, submission::Draft};
use porchlight_store::IdempotencyKey;
use sha2::{Digest, Sha256};

use super::{
    super::{
        body,
        cors::is_own,
        listener::Peer,
        offer::require_site,
        page,
        problem::{Fault, Problem},
        visit,
    },
    PageQuery, Typed, shown, spoken,
};
use crate::{
    app::App,
    flows::{
        links,
        request::{Arrival, FollowBy, Submitted, submit as take_in},
    },
    hexadecimal::hexadecimal,
    sites::LiveSite,
    wire::submission::SubmissionBody,
};

/// A form sent without JavaScript.
pub async fn submit(
    State(app): State<App>,
    Path(site): Path<String>,
    query: Result<Query<PageQuery>, QueryRejection>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let locale = spoken(query, &headers, &live);
    let bytes = form_body(&app, &headers, sent).await.map_err(|fault| fault.said_in(locale))?;
    let values = values(&bytes);
    let idempotency = values.get("attempt").map(|attempt| key(&site, attempt, &bytes));
    let arrival = Arrival {
        idempotency,
        problems: Vec::new(),
        address: peer.client(&headers, &app.trusted_proxies),
        follow_by: FollowBy::Page,
    };
    match take_in(&app, &live, submission(&values), arrival).await {
        Ok(submitted) => Ok(followed(&app, &live, locale, &submitted)),
        Err(error) => again(&app, &live, locale, values, error.into()).await,
    }
}

/// Refuses what a page of another origin sent.
pub fn require_own(app: &App, headers: &HeaderMap) -> Result<(), Fault> {
    let origin = headers.get(header::ORIGIN);
    let own = origin.is_none_or(|origin| origin.to_str().is_ok_and(|origin| is_own(app, headers, origin)));
    if own { Ok(()) } else { Err(Fault::ForbiddenOrigin) }
}

/// The body of a form that one of our own pages sent.
pub async fn form_body(app: &App, headers: &HeaderMap, sent: Body) -> Result<bytes::Bytes, Fault> {
    require_own(app, headers)?;
    body::require_form(headers)?;
    body::read(sent, &app.limits).await
}

/// The fields of a sent form; the last of a name counts.
pub fn values(bytes: &[u8]) -> HashMap<String, String> {
    form_urlencoded::parse(bytes).into_owned().collect()
}

fn submission(values: &HashMap<String, String>) -> SubmissionBody {
    let field = |name: &str| values.get(name).filter(|value| !value.trim().is_empty()).map(|value| unix_lines(value));
    SubmissionBody {
        draft: Draft {
            kind: field("kind"),
            name: field("name"),
            phone: field("phone"),
            email: field("email"),
            slot: field("slot"),
            text: field("text"),
            reply_by: None,
            locale: field("locale"),
            page: None,
            consent: field("consent").map(|agreed| agreed == "true"),
        },
        form_token: field("form_token"),
        website: field("website"),
        proof: None,
    }
}

/// Forms end lines with CR LF (HTML, "form submission"); text is kept with LF.
fn unix_lines(value: &str) -> String {
    value.replace("\r\n", "\n")
}

/// The same form sent twice (an impatient finger, a page loaded again) is one request; an edited one is another.
fn key(site: &str, attempt: &str, bytes: &[u8]) -> IdempotencyKey {
    let attempt: String = attempt.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    let body: [u8; 32] = Sha256::digest(bytes).into();
    IdempotencyKey { site: site.to_owned(), key: format!("page:{attempt}:{}", hexadecimal(&body[..16])), body }
}

/// Leads whoever sent a form to the status of their request.
fn followed(app: &App, live: &LiveSite, locale: Locale, submitted: &Submitted) -> Response {
    match &submitted.visit {
        Some(id) => {
            let path = links::path_of(Reader::Requester, &live.site.key, id);
            let cookie = visit::cookie(app, &path, id);
            ([(header::SET_COOKIE, cookie)], Redirect::to(&path)).into_response()
        }
        None => page::notice(&live.site, locale, StatusCode::OK, "page-saved-title", &["page-saved-keep"], None),
    }
}

/// The form once more, filled as it was, with what has to be mended or waited for.
async fn again(
    app: &App,
    live: &Arc<LiveSite>,
    locale: Locale,
    values: HashMap<String, String>,
    fault: Fault,
) -> Result<Response, Problem> {
    let status = fault.said().0;
    let (problems, failed) = match fault {
        Fault::Fields(problems) => (problems, None),
        other => (Vec::new(), Some(other.said_in(locale))),
    };
    failed.iter().for_each(Problem::report);
    let typed = Typed { values, problems, failed: failed.as_ref().map(Problem::title) };
    let mut response = shown(app, live, locale, typed, status).await.map_err(|fault| fault.said_in(locale))?;
    if let Some(problem) = failed {
        problem.mark(response.headers_mut());
    }
    Ok(response)
}
