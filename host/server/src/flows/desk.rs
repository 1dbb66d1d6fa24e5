//! Desk: what a person of the business does about a request.

use porchlight_model::request::{self, Actor, AgentAction, Answered, Entry, Request, RequestId};

use super::change::{ChangeFailed, revised};
use crate::{app::App, sites::LiveSite, wiring::chance};

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

/// Writes to the requester. `text` is checked. Returns only once it, and the letter that brings it, is durable.
pub async fn answer(
    app: &App,
    live: &LiveSite,
    id: RequestId,
    text: &str,
    then: Answered,
) -> Result<Request, ChangeFailed> {
    let entry = chance::uuid();
    revised(app, live, id, |current, now| {
        let entry = Entry { id: entry, from: Actor::Agent, at: now, text: text.to_owned(), attachments: vec![] };
        Ok((request::answer(current, entry, then, now)?, None))
    })
    .await
}
