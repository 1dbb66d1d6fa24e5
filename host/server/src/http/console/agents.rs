//! `/v1/console/agents`: who answers, for owners; `/v1/console/sites/{site}/colleagues`: whom a request can be given to.

use axum::{
    Json,
    body::Body,
    extract::Path,
    http::{HeaderMap, StatusCode},
};
use porchlight_model::{
    agent::{Agent, AgentId, Permission, Reach, Role, check_name},
    contact::EmailAddress,
    submission::ProblemCode,
};

use super::{
    Unsaid,
    body::{ADDRESS, Members},
    signed_in::SignedIn,
};
use crate::{
    flows::agents,
    http::problem::{Fault, field},
    wire::console::agent::{Agents, Colleagues, Invited},
    wiring::chance,
};

/// The agents one manages.
pub async fn list(signed_in: SignedIn) -> Result<Json<Agents>, Unsaid> {
    signed_in.require_role(Permission::ManageAgents)?;
    let managed = agents::managed(&signed_in.app, &signed_in.agent).await?;
    Ok(Json(Agents::new(&managed)))
}

/// Adds an agent; the answer holds the one-time code by which they choose a password.
pub async fn add(signed_in: SignedIn, headers: HeaderMap, sent: Body) -> Result<(StatusCode, Json<Invited>), Unsaid> {
    signed_in.require_role(Permission::ManageAgents)?;
    let members = Members::of(&signed_in.app, &headers, sent).await?;
    let agent = read(members)?;
    if !signed_in.agent.may_manage(&agent.reach) {
        return Err(field("sites", ProblemCode::UnknownValue).into());
    }
    if let Reach::Sites(sites) = &agent.reach
        && sites.iter().any(|site| signed_in.app.sites.lookup(site).is_none())
    {
        return Err(field("sites", ProblemCode::UnknownValue).into());
    }
    let code = agents::add(&signed_in.app, &signed_in.agent, agent.clone()).await?;
    Ok((StatusCode::CREATED, Json(Invited::new(&agent, code))))
}

/// Removes an agent; they are signed out at once.
pub async fn remove(signed_in: SignedIn, Path(agent): Path<String>) -> Result<StatusCode, Unsaid> {
    signed_in.require_role(Permission::ManageAgents)?;
    let agent = agent.parse().map(AgentId).map_err(|_| Fault::UnknownAgent)?;
    agents::remove(&signed_in.app, &signed_in.agent, agent).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Whom a request of a site can be given to.
pub async fn colleagues(signed_in: SignedIn, Path(site): Path<String>) -> Result<Json<Colleagues>, Unsaid> {
    signed_in.require(&site, Permission::Answer)?;
    let agents = signed_in.app.store.agents().await?;
    Ok(Json(Colleagues::new(agents.iter().filter(|agent| agent.may(Permission::Answer, &site)))))
}

/// `sites` left out means all of them.
fn read(mut members: Members) -> Result<Agent, Fault> {
    let email = members.text("email", ADDRESS)?;
    let email = EmailAddress::parse(email.trim()).map_err(|_| field("email", ProblemCode::EmailInvalid))?;
    let name = members.text("name", 1_000)?;
    check_name(&name).map_err(|code| field("name", code))?;
    let role = members.choice("role", &[Role::Owner, Role::Agent], Role::as_str)?;
    let reach = match members.texts("sites")? {
        None => Reach::All,
        Some(sites) if sites.is_empty() => return Err(field("sites", ProblemCode::Required)),
        Some(sites) => Reach::Sites(sites),
    };
    members.end()?;
    Ok(Agent { id: AgentId(chance::uuid()), email, name, role, reach })
}
