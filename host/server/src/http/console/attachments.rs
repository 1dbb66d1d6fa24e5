//! POST `/v1/console/requests/{request}/attachments`, GET `…/{attachment}`: files of a request's conversation.

use axum::{
    Json,
    body::Body,
    extract::Path,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::Response,
};
use porchlight_model::agent::Permission;

use super::{Unsaid, handling::opened, signed_in::SignedIn};
use crate::{
    flows::attach::{By, attach},
    http::{
        attachments::{brought, download},
        conversation::entry_id,
        problem::Fault,
        submit::given_key,
    },
    uploads::Uploader,
    wire::attachment::Attachment,
};

/// Sends a file to the requester: 201 once it is durable. The same `Idempotency-Key` sends it once.
pub async fn send(
    signed_in: SignedIn,
    Path(request): Path<String>,
    headers: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<Attachment>), Unsaid> {
    let opened = opened(&signed_in, &request).await?;
    if !headers.contains_key(CONTENT_TYPE) {
        return Err(Fault::UnsupportedMediaType.into());
    }
    let key = given_key(&headers)?.map(|key| format!("agent {} {key}", signed_in.agent.id.0));
    let entry = entry_id(&opened.request, key.as_deref());
    let (brought, upload) = brought(&signed_in.app, opened.request.id, Uploader::Agent, &headers, sent).await?;
    let SignedIn { app, agent, .. } = signed_in;
    let by = By { app, live: opened.live, request: opened.request.id, agent: Some(agent) };
    let added = attach(by, entry, brought, upload).await?;
    Ok((StatusCode::CREATED, Json(Attachment::from(&added))))
}

/// A file, as a download.
pub async fn read(
    signed_in: SignedIn,
    Path((request, attachment)): Path<(String, String)>,
) -> Result<Response, Unsaid> {
    let opened = signed_in.require_request(&request, Permission::Answer).await?;
    Ok(download(&signed_in.app, &opened.request, &attachment).await?)
}
