//! `/v1/console/sites/{site}/replies`: canned replies; `/v1/console/requests/{request}/replies`: filled in for a request.

use axum::{
    Json,
    body::Body,
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use porchlight_model::{
    agent::{CannedReply, Permission, ReplyId, Spoken, check_reply},
    texts::Texts,
};

use super::{Unsaid, body::Members, signed_in::SignedIn};
use crate::{
    http::problem::Fault,
    wire::console::reply::{Replies, Reply},
    wiring::chance,
};

/// The most characters that are read; the model says how many there may be.
const READ: usize = 10_000;

/// Those of a site.
pub async fn list(signed_in: SignedIn, Path(site): Path<String>) -> Result<Json<Replies>, Unsaid> {
    signed_in.require(&site, Permission::Answer)?;
    let replies = signed_in.app.store.replies(&site).await?;
    Ok(Json(Replies { replies: replies.iter().map(Reply::from).collect() }))
}

/// Those of its site, filled in for a request in its requester's language.
pub async fn rendered(signed_in: SignedIn, Path(request): Path<String>) -> Result<Json<Replies>, Unsaid> {
    let opened = signed_in.require_request(&request, Permission::Answer).await?;
    let (request, site) = (&opened.request, &opened.live.site);
    let texts = Texts::of(request.locale);
    let promise = request.open_promise();
    let promise = promise.map(|reply| texts.expected_reply(reply, signed_in.app.now(), &site.time_zone));
    let spoken = Spoken {
        name: request.requester.name.as_deref(),
        reference: request.reference.as_str(),
        promise: promise.as_deref(),
        agent: &signed_in.agent.name,
    };
    let replies = signed_in.app.store.replies(&site.key).await?;
    Ok(Json(Replies { replies: replies.iter().map(|reply| Reply::rendered(reply, &spoken)).collect() }))
}

/// Writes one.
pub async fn write(
    signed_in: SignedIn,
    Path(site): Path<String>,
    headers: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<Reply>), Unsaid> {
    let id = ReplyId(chance::uuid());
    signed_in.require(&site, Permission::WriteReplies)?;
    let reply = kept(&signed_in, &site, id, &headers, sent).await?;
    Ok((StatusCode::CREATED, Json(reply)))
}

/// Writes one anew.
pub async fn rewrite(
    signed_in: SignedIn,
    Path((site, reply)): Path<(String, String)>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Json<Reply>, Unsaid> {
    signed_in.require(&site, Permission::WriteReplies)?;
    let id = reply.parse().map(ReplyId).map_err(|_| Fault::UnknownReply)?;
    if !signed_in.app.store.replies(&site).await?.iter().any(|known| known.id == id) {
        return Err(Fault::UnknownReply.into());
    }
    Ok(Json(kept(&signed_in, &site, id, &headers, sent).await?))
}

/// Removes one.
pub async fn remove(signed_in: SignedIn, Path((site, reply)): Path<(String, String)>) -> Result<StatusCode, Unsaid> {
    signed_in.require(&site, Permission::WriteReplies)?;
    let id = reply.parse().map(ReplyId).map_err(|_| Fault::UnknownReply)?;
    match signed_in.app.store.remove_reply(&site, id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Fault::UnknownReply.into()),
    }
}

async fn kept(signed_in: &SignedIn, site: &str, id: ReplyId, headers: &HeaderMap, sent: Body) -> Result<Reply, Fault> {
    let mut members = Members::of(&signed_in.app, headers, sent).await?;
    let (title, text) = (members.text("title", READ)?, members.text("text", READ)?);
    members.end()?;
    check_reply(&title, &text).map_err(Fault::Fields)?;
    let reply = CannedReply { id, title, text };
    signed_in.app.store.keep_reply(site, reply.clone()).await?;
    Ok(Reply::from(&reply))
}
