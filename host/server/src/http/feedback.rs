//! POST `/v1/sites/{site}/answers/{id}/feedback`, `/c/{site}/answers/{id}`: whether an answer helped. It is counted, and nobody can tell
//! who said it.

use axum::{
    Extension,
    body::Body,
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use porchlight_model::submission::ProblemCode;
use porchlight_store::Feedback;
use serde_json::{Map, Value};

use super::{
    body,
    hosted::{
        PageQuery,
        forms::{form_body, values},
        spoken,
    },
    listener::Peer,
    locale,
    offer::require_site,
    page,
    problem::{Fault, Problem, field},
    walls::changing,
};
use crate::{app::App, sites::LiveSite};

/// Counts what a visitor says. 204 also where the same address has said so much of this answer that it is counted no more.
pub async fn say(
    State(app): State<App>,
    Path((site, answer)): Path<(String, String)>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<StatusCode, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let said = said(&app, &live, &answer, peer, &headers, sent).await;
    said.map_err(|fault| fault.said_in(locale::negotiate(None, &headers, &live.site)))?;
    Ok(StatusCode::NO_CONTENT)
}

async fn said(
    app: &App,
    live: &LiveSite,
    answer: &str,
    peer: Peer,
    headers: &HeaderMap,
    sent: Body,
) -> Result<(), Fault> {
    body::require_json(headers)?;
    let members = body::object(&body::read(sent, &app.limits).await?)?;
    let helped = helped(&members)?;
    count(app, live, answer, helped, peer, headers).await
}

fn helped(members: &Map<String, Value>) -> Result<bool, Fault> {
    if let Some(name) = members.keys().find(|name| *name != "helped") {
        return Err(field(name, ProblemCode::UnknownField));
    }
    match members.get("helped") {
        Some(Value::Bool(helped)) => Ok(*helped),
        Some(_) => Err(field("helped", ProblemCode::WrongType)),
        None => Err(field("helped", ProblemCode::Required)),
    }
}

/// The same by a form of the hosted page, which says thanks.
pub async fn by_page(
    State(app): State<App>,
    Path((site, answer)): Path<(String, String)>,
    query: Result<Query<PageQuery>, QueryRejection>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let live = require_site(&app, &site, &headers)?;
    let locale = spoken(query, &headers, &live);
    let said = sent_by_form(&app, &live, &answer, peer, &headers, sent).await;
    said.map_err(|fault| fault.said_in(locale))?;
    Ok(page::notice(&live.site, locale, StatusCode::OK, "page-title", &["panel-helped-thanks"], None))
}

async fn sent_by_form(
    app: &App,
    live: &LiveSite,
    answer: &str,
    peer: Peer,
    headers: &HeaderMap,
    sent: Body,
) -> Result<(), Fault> {
    let values = values(&form_body(app, headers, sent).await?);
    let helped = match values.get("helped").map(String::as_str) {
        Some("yes") => true,
        Some("no") => false,
        _ => return Err(field("helped", ProblemCode::UnknownValue)),
    };
    count(app, live, answer, helped, peer, headers).await
}

async fn count(
    app: &App,
    live: &LiveSite,
    answer: &str,
    helped: bool,
    peer: Peer,
    headers: &HeaderMap,
) -> Result<(), Fault> {
    changing(app, peer, headers)?;
    if !live.site.answers.iter().any(|known| known.id == answer) {
        return Err(Fault::NotFound);
    }
    let site = &live.site;
    if !app.walls.feedback(peer.client(headers, &app.trusted_proxies), &site.key, answer) {
        return Ok(());
    }
    let day = app.now().to_zoned(site.time_zone.clone()).date();
    let feedback = Feedback { site: site.key.clone(), day, answer: answer.to_owned(), helped };
    Ok(app.store.count_feedback(feedback).await?)
}
