//! GET, PATCH, DELETE `/v1/request`: the requester's own, by its tracking token.

use std::{str::FromStr, sync::Arc};

use axum::{
    Extension, Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
};
use jiff::Timestamp;
use porchlight_model::{
    locale::Locale,
    request::{ReplyBy, Request},
    submission::{Problem as FieldProblem, ProblemCode},
    texts::Texts,
};
use serde_json::{Map, Value};

use super::{
    body,
    listener::Peer,
    locale,
    problem::{Fault, Problem, field},
    walls::changing,
};
use crate::{
    app::App,
    flows::{
        change,
        own::{self, Wish},
    },
    sites::LiveSite,
    tokens, wire,
};

/// Reads one's own request.
pub async fn read(State(app): State<App>, headers: HeaderMap) -> Result<Json<wire::request::Request>, Problem> {
    let (request, live) = require(&app, &headers).await?;
    Ok(Json(said(&request, &live, &headers, app.now())))
}

/// Changes slot or way to be answered, or cancels: one of them at a time.
pub async fn change(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<wire::request::Request>, Problem> {
    let (request, live) = require(&app, &headers).await?;
    let locale = spoken(&headers, &request);
    changing(&app, peer, &headers).map_err(|fault| fault.said_in(locale))?;
    let wish = wish(&app, &headers, sent).await.map_err(|fault| fault.said_in(locale))?;
    let changed =
        own::change(&app, &live, request.id, &wish).await.map_err(|error| Fault::from(error).said_in(locale))?;
    Ok(Json(said(&changed, &live, &headers, app.now())))
}

/// Erases one's own request and all that belongs to it.
pub async fn erase(
    State(app): State<App>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let (request, live) = require(&app, &headers).await?;
    let locale = spoken(&headers, &request);
    changing(&app, peer, &headers).map_err(|fault| fault.said_in(locale))?;
    own::erase(&app, &live, &request).await.map_err(|error| Fault::from(error).said_in(locale))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The request of the token that is brought, with its site.
pub async fn require(app: &App, headers: &HeaderMap) -> Result<(Request, Arc<LiveSite>), Problem> {
    let fault = |fault: Fault| fault.said_in(locale::of_headers(headers));
    let token = bearer(headers).ok_or_else(|| fault(Fault::Unauthorized))?;
    let id = tokens::read_tracking(&app.keys, token).ok_or_else(|| fault(Fault::Unauthorized))?;
    let request = change::require(app, id).await.map_err(|error| fault(error.into()))?;
    let live = app.sites.lookup(&request.site).ok_or_else(|| fault(Fault::UnknownSite))?;
    Ok((request, live))
}

/// The token of `Authorization: Bearer …` (RFC 6750, section 2.1).
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The language of an answer: the browser's, else the one the request was left in.
pub fn spoken(headers: &HeaderMap, request: &Request) -> Locale {
    locale::accepted(headers).unwrap_or(request.locale)
}

/// A request as its requester sees it.
pub fn said(request: &Request, live: &LiveSite, headers: &HeaderMap, now: Timestamp) -> wire::request::Request {
    wire::request::Request::new(request, &live.site, Texts::of(spoken(headers, request)), now)
}

async fn wish(app: &App, headers: &HeaderMap, sent: Body) -> Result<Wish, Fault> {
    body::require_json(headers)?;
    let bytes = body::read(sent, &app.limits).await?;
    read_wish(&body::object(&bytes)?)
}

fn read_wish(members: &Map<String, Value>) -> Result<Wish, Fault> {
    let unknown = |name: &String| !["slot", "reply_by", "status"].contains(&name.as_str());
    if let Some(name) = members.keys().find(|name| unknown(name)) {
        return Err(field(name, ProblemCode::UnknownField));
    }
    let mut members = members.iter();
    match (members.next(), members.next()) {
        (Some((name, value)), None) => one_wish(name, value),
        (None, _) => Err(Fault::Fields(vec![FieldProblem { field: String::new(), code: ProblemCode::Required }])),
        (Some(_), Some((name, _))) => Err(field(name, ProblemCode::UnknownValue)),
    }
}

fn one_wish(name: &str, value: &Value) -> Result<Wish, Fault> {
    let value = value.as_str().ok_or_else(|| field(name, ProblemCode::WrongType))?;
    match (name, value) {
        ("status", "cancelled") => Ok(Wish::Cancel),
        ("reply_by", "phone") => Ok(Wish::ReplyBy(ReplyBy::Phone)),
        ("reply_by", "email") => Ok(Wish::ReplyBy(ReplyBy::Email)),
        ("slot", moment) => {
            Timestamp::from_str(moment).map(Wish::Slot).map_err(|_| field(name, ProblemCode::SlotInvalid))
        }
        _ => Err(field(name, ProblemCode::UnknownValue)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wished(body: &Value) -> Result<Wish, Fault> {
        read_wish(body.as_object().expect("an object"))
    }

    #[test]
    fn each_wish_is_understood() {
        assert_eq!(wished(&json!({"status": "cancelled"})).expect("a wish"), Wish::Cancel);
        assert_eq!(wished(&json!({"reply_by": "email"})).expect("a wish"), Wish::ReplyBy(ReplyBy::Email));
        let moment: Timestamp = "2026-11-23T07:00:00Z".parse().expect("a moment");
        assert_eq!(wished(&json!({"slot": "2026-11-23T07:00:00Z"})).expect("a wish"), Wish::Slot(moment));
    }

    #[test]
    fn one_wish_at_a_time() {
        for body in [
            json!({}),
            json!({"status": "cancelled", "reply_by": "email"}),
            json!({"status": "resolved"}),
            json!({"slot": 7}),
            json!({"name": "x"}),
        ] {
            assert!(matches!(wished(&body), Err(Fault::Fields(_))), "{body}");
        }
    }
}
