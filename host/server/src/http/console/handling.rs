//! POST `/v1/console/requests/{request}/…`, DELETE: what is done about a request. Every answer is the request as it stands then.

use axum::{
    Json,
    body::Body,
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use porchlight_model::{
    agent::{AgentId, Permission},
    request::{AgentAction, Answered},
    submission::{self, ProblemCode},
};

use super::{
    Unsaid,
    body::Members,
    read::whole,
    signed_in::{Opened, SignedIn},
};
use crate::{
    http::{
        conversation::entry_id,
        problem::{Fault, field},
        submit::given_key,
    },
    wire::console::request::Whole,
};

/// The most characters of a text that are read; the model says how many it may have.
const TEXT: usize = 10_000;

/// Takes it on, closes it, or says how a call went: for somebody who saw it at a revision.
pub async fn act(
    signed_in: SignedIn,
    Path(request): Path<String>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Whole>, Unsaid> {
    let opened = opened(&signed_in, &request).await?;
    let mut members = Members::of(&signed_in.app, &headers, sent).await?;
    let action = members.choice("action", &AgentAction::ALL, AgentAction::as_str)?;
    let revision = members.revision()?;
    members.end()?;
    signed_in.case(&opened).act(action, revision).await?;
    Ok(Json(whole(&signed_in, &opened, &headers).await?))
}

/// Gives it to a colleague, or, without `assignee`, to nobody.
pub async fn assign(
    signed_in: SignedIn,
    Path(request): Path<String>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Whole>, Unsaid> {
    let opened = opened(&signed_in, &request).await?;
    let mut members = Members::of(&signed_in.app, &headers, sent).await?;
    let assignee = members.some_text("assignee", 100)?;
    let revision = members.revision()?;
    members.end()?;
    let assignee = match assignee {
        Some(id) => Some(colleague(&signed_in, &opened, &id).await?),
        None => None,
    };
    signed_in.case(&opened).assign(assignee, revision).await?;
    Ok(Json(whole(&signed_in, &opened, &headers).await?))
}

/// Writes to its requester; with `then: "resolve"` that was all. 201 once it is durable. The same `Idempotency-Key` writes it once.
pub async fn answer(
    signed_in: SignedIn,
    Path(request): Path<String>,
    headers: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<Whole>), Unsaid> {
    let opened = opened(&signed_in, &request).await?;
    let mut members = Members::of(&signed_in.app, &headers, sent).await?;
    let text = submission::text(&members.text("text", TEXT)?).map_err(|code| field("text", code))?;
    let then = match members.some_text("then", 20)?.as_deref() {
        None => Answered::Open,
        Some("resolve") => Answered::Resolved,
        Some(_) => return Err(field("then", ProblemCode::UnknownValue).into()),
    };
    members.end()?;
    let key = given_key(&headers)?.map(|key| format!("agent {} {key}", signed_in.agent.id.0));
    let entry = entry_id(&opened.request, key.as_deref());
    signed_in.case(&opened).answer(entry, &text, then).await?;
    Ok((StatusCode::CREATED, Json(whole(&signed_in, &opened, &headers).await?)))
}

/// Writes a note for colleagues; its requester never sees it.
pub async fn note(
    signed_in: SignedIn,
    Path(request): Path<String>,
    headers: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<Whole>), Unsaid> {
    let opened = opened(&signed_in, &request).await?;
    let mut members = Members::of(&signed_in.app, &headers, sent).await?;
    let text = members.text("text", TEXT)?;
    members.end()?;
    signed_in.case(&opened).note(&text).await?;
    Ok((StatusCode::CREATED, Json(whole(&signed_in, &opened, &headers).await?)))
}

/// Gives it these tags instead of those it had.
pub async fn tag(
    signed_in: SignedIn,
    Path(request): Path<String>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Whole>, Unsaid> {
    let opened = opened(&signed_in, &request).await?;
    let mut members = Members::of(&signed_in.app, &headers, sent).await?;
    let tags = members.texts("tags")?.ok_or_else(|| field("tags", ProblemCode::Required))?;
    let revision = members.revision()?;
    members.end()?;
    signed_in.case(&opened).tag(&tags, revision).await?;
    Ok(Json(whole(&signed_in, &opened, &headers).await?))
}

/// Erases it and all that belongs to it.
pub async fn erase(signed_in: SignedIn, Path(request): Path<String>) -> Result<StatusCode, Unsaid> {
    let opened = signed_in.require_request(&request, Permission::Erase).await?;
    signed_in.case(&opened).erase(&opened.request).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The request, for somebody who may answer it.
pub async fn opened(signed_in: &SignedIn, request: &str) -> Result<Opened, Fault> {
    signed_in.require_request(request, Permission::Answer).await
}

async fn colleague(signed_in: &SignedIn, opened: &Opened, id: &str) -> Result<AgentId, Fault> {
    let unknown = || field("assignee", ProblemCode::UnknownValue);
    let id = id.parse().map(AgentId).map_err(|_| unknown())?;
    let (agent, _) = signed_in.app.store.lookup_agent(id).await?.ok_or_else(unknown)?;
    if agent.may(Permission::Answer, &opened.request.site) { Ok(id) } else { Err(unknown()) }
}
