//! POST `/v1/request/entries` and `/v1/request/rating`: what its requester adds to a request, by its tracking token.

use axum::{
    Extension, Json,
    body::Body,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use porchlight_model::{
    request::{Rating, Request, Stars},
    submission::{self, ProblemCode},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    body,
    listener::Peer,
    own::{require, said, spoken},
    problem::{Fault, Problem, field},
    submit::given_key,
    walls::changing,
};
use crate::{app::App, flows::own, sites::LiveSite, wire, wiring::chance};

type Answer = Result<(StatusCode, Json<wire::request::Request>), Problem>;

/// Adds an entry to the conversation: 201 once it is durable. The same `Idempotency-Key` adds it once.
pub async fn write(State(app): State<App>, Extension(peer): Extension<Peer>, headers: HeaderMap, sent: Body) -> Answer {
    let (request, live) = require(&app, &headers).await?;
    let written = written(&app, &live, &request, peer, &headers, sent).await;
    let written = written.map_err(|fault| fault.said_in(spoken(&headers, &request)))?;
    Ok((StatusCode::CREATED, Json(said(&written, &live, &headers, app.now()))))
}

/// Rates the answer, once there is one; the last word counts.
pub async fn rate(State(app): State<App>, Extension(peer): Extension<Peer>, headers: HeaderMap, sent: Body) -> Answer {
    let (request, live) = require(&app, &headers).await?;
    let rated = rated(&app, &live, &request, peer, &headers, sent).await;
    let rated = rated.map_err(|fault| fault.said_in(spoken(&headers, &request)))?;
    Ok((StatusCode::OK, Json(said(&rated, &live, &headers, app.now()))))
}

async fn written(
    app: &App,
    live: &LiveSite,
    request: &Request,
    peer: Peer,
    headers: &HeaderMap,
    sent: Body,
) -> Result<Request, Fault> {
    changing(app, peer, headers)?;
    let members = members(app, headers, sent, &["text"]).await?;
    let text = text(members.get("text")).map_err(|code| field("text", code))?;
    let entry = entry_id(request, given_key(headers)?);
    Ok(own::write(app, live, request.id, entry, &text).await?)
}

async fn rated(
    app: &App,
    live: &LiveSite,
    request: &Request,
    peer: Peer,
    headers: &HeaderMap,
    sent: Body,
) -> Result<Request, Fault> {
    changing(app, peer, headers)?;
    let rating = rating(&members(app, headers, sent, &["stars", "comment"]).await?)?;
    Ok(own::rate(app, live, request.id, &rating).await?)
}

async fn members(app: &App, headers: &HeaderMap, sent: Body, known: &[&str]) -> Result<Map<String, Value>, Fault> {
    body::require_json(headers)?;
    let members = body::object(&body::read(sent, &app.limits).await?)?;
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(field(name, ProblemCode::UnknownField)),
        None => Ok(members),
    }
}

fn text(written: Option<&Value>) -> Result<String, ProblemCode> {
    match written {
        None => Err(ProblemCode::Required),
        Some(Value::String(text)) => submission::text(text),
        Some(_) => Err(ProblemCode::WrongType),
    }
}

fn rating(members: &Map<String, Value>) -> Result<Rating, Fault> {
    let stars = match members.get("stars") {
        None => Err(ProblemCode::Required),
        Some(count @ Value::Number(_)) => {
            let count = body::whole(count).and_then(|count| u8::try_from(count).ok());
            count.and_then(|count| Stars::try_from(count).ok()).ok_or(ProblemCode::UnknownValue)
        }
        Some(_) => Err(ProblemCode::WrongType),
    };
    let stars = stars.map_err(|code| field("stars", code))?;
    let comment = match members.get("comment") {
        None => None,
        given => Some(text(given).map_err(|code| field("comment", code))?),
    };
    Ok(Rating { stars, comment })
}

/// The id of an entry that a client names by a key: the same for the same key of the same request, so that the entry is there
/// once however often it is sent. It has the form of a custom one (RFC 9562, section 5.8).
pub fn entry_id(request: &Request, key: Option<&str>) -> Uuid {
    let Some(key) = key else { return chance::uuid() };
    let hash = Sha256::new_with_prefix(request.id.0.as_bytes()).chain_update(key).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
