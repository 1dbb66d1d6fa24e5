//! POST `/v1/console/sites/{site}/requests`: a request of somebody who called or came by, entered by hand.

use axum::{
    Json,
    body::Body,
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use porchlight_model::{
    agent::Permission,
    request::Origin,
    submission::{Problem, ProblemCode},
};
use porchlight_store::IdempotencyKey;
use serde_json::to_vec;
use sha2::{Digest, Sha256};

use super::{
    Unsaid,
    body::Members,
    read::whole,
    signed_in::{Opened, SignedIn},
};
use crate::{
    flows::request::{Entered, enter as take_in},
    http::{problem::Fault, submit::given_key},
    wire::{
        console::request::{BY_HAND, Whole},
        submission::{self, SubmissionBody},
    },
};

/// Takes it in: `origin` is `phone` or `walk-in`, all else is as a visitor sends it. 201 once it is durable.
pub async fn enter(
    signed_in: SignedIn,
    Path(site): Path<String>,
    headers: HeaderMap,
    sent: Body,
) -> Result<(StatusCode, Json<Whole>), Unsaid> {
    let live = signed_in.require(&site, Permission::Answer)?;
    let mut members = Members::of(&signed_in.app, &headers, sent).await?;
    let origin = members.choice("origin", &BY_HAND, Origin::as_str)?;
    let rest = members.rest();
    let body = to_vec(&(origin, &rest)).unwrap_or_default();
    let idempotency = given_key(&headers)?.map(|key| of_agent(key, &site, &signed_in, &body));
    let (body, mut problems) = submission::read(rest);
    problems.extend(unfit(&body));
    if !problems.is_empty() {
        return Err(Fault::Fields(problems).into());
    }
    let entered = Entered { agent: signed_in.agent.id, origin };
    let request = take_in(&signed_in.app, &live, &body.draft, entered, idempotency).await?;
    let opened = Opened { request, live };
    Ok((StatusCode::CREATED, Json(whole(&signed_in, &opened, &headers).await?)))
}

/// Agents' keys are their own: no visitor's key is one of them.
fn of_agent(key: &str, site: &str, signed_in: &SignedIn, body: &[u8]) -> IdempotencyKey {
    let key = format!("agent {} {key}", signed_in.agent.id.0);
    IdempotencyKey { site: site.to_owned(), key, body: Sha256::digest(body).into() }
}

/// What shows that a visitor sent it has no place here.
fn unfit(body: &SubmissionBody) -> Vec<Problem> {
    let given = [
        ("form_token", body.form_token.is_some()),
        ("website", body.website.is_some()),
        ("proof", body.proof.is_some()),
        ("page", body.draft.page.is_some()),
    ];
    let unfit = given.into_iter().filter(|(_, is_given)| *is_given);
    unfit.map(|(name, _)| Problem { field: name.to_owned(), code: ProblemCode::UnknownField }).collect()
}
