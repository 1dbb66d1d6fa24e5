//! Answer: what a person of the business does about a request.

use jiff::Timestamp;
use porchlight_model::{
    delivery::Letter,
    request::{self, AgentAction, Request, RequestId},
};
use porchlight_store::Change;

use super::{
    own::{OwnError, revised},
    request::delivery,
};
use crate::app::App;

/// Does it. Returns only once it, and the letter that it calls for, is durable.
pub async fn act(app: &App, id: RequestId, action: AgentAction) -> Result<Request, OwnError> {
    revised(app, id, |current, now| Ok(answered(request::answer(current, action, now)?, action, now))).await
}

fn answered(next: Request, action: AgentAction, now: Timestamp) -> Change {
    let tells = action == AgentAction::NoAnswer && next.requester.email.is_some();
    let deliveries = if tells { vec![delivery(&next, Letter::MissedToRequester, now)] } else { vec![] };
    Change { request: next, slot: None, deliveries }
}
