//! Desk: what a person of the business does about a request.

use porchlight_model::request::{self, AgentAction, Request, RequestId};

use super::change::{ChangeFailed, revised};
use crate::{app::App, sites::LiveSite};

/// Does it, for somebody who saw the request at `revision`. Returns only once it, and the letter that it calls for, is durable.
pub async fn act(
    app: &App,
    live: &LiveSite,
    id: RequestId,
    action: AgentAction,
    revision: u32,
) -> Result<Request, ChangeFailed> {
    revised(app, live, id, |current, now| Ok((request::act(current, action, revision, now)?, None))).await
}
