//! Agents: who an owner adds and removes.

use jiff::SignedDuration;
use porchlight_model::agent::{Agent, AgentId};
use porchlight_store::{Credentials, Invitation};

use super::sign_in::{AccountFailed, note};
use crate::{app::App, sign_in::secrets};

/// How long an invitation can be taken up.
const INVITED: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Adds an agent who has no password yet; gives the one-time code by which the agent chooses one.
pub async fn add(app: &App, by: &Agent, agent: Agent) -> Result<String, AccountFailed> {
    let secret = secrets::token();
    let expires_at = app.now().saturating_add(INVITED).unwrap_or(jiff::Timestamp::MAX);
    let invitation = Some(Invitation { code: secrets::code_hash(&secret), expires_at });
    let id = agent.id;
    app.store.add_agent(agent, Credentials { invitation, ..Credentials::default() }).await?;
    note(app, by.id, "agent-added").await?;
    Ok(format!("{}.{secret}", id.0.simple()))
}

/// The agents whom somebody may manage.
pub async fn managed(app: &App, by: &Agent) -> Result<Vec<Agent>, AccountFailed> {
    let agents = app.store.agents().await?;
    Ok(agents.into_iter().filter(|agent| by.may_manage(&agent.reach)).collect())
}

/// Removes an agent; it is signed out everywhere at once.
pub async fn remove(app: &App, by: &Agent, id: AgentId) -> Result<(), AccountFailed> {
    let (agent, _) = app.store.lookup_agent(id).await?.ok_or(AccountFailed::Unknown)?;
    if !by.may_manage(&agent.reach) {
        return Err(AccountFailed::Unknown);
    }
    if by.id == id {
        return Err(AccountFailed::Own);
    }
    if !app.store.remove_agent(id).await? {
        return Err(AccountFailed::Unknown);
    }
    note(app, by.id, "agent-removed").await
}
