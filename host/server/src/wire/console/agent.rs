//! Agents, as they and their owners see them. No hash and no secret is among it but those that are shown once.

use porchlight_model::{
    agent::{Agent as Kept, AgentId, Reach, Role},
    site::Site,
};
use porchlight_store::{Credentials, Session};
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::Instant;

/// An agent.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Agent {
    id: AgentId,
    email: String,
    name: String,
    role: Role,
    /// Left out where the agent is of all sites.
    #[serde(skip_serializing_if = "Option::is_none")]
    sites: Option<Vec<String>>,
}

impl From<&Kept> for Agent {
    fn from(agent: &Kept) -> Self {
        let sites = match &agent.reach {
            Reach::All => None,
            Reach::Sites(sites) => Some(sites.clone()),
        };
        let (email, name) = (agent.email.as_str().to_owned(), agent.name.clone());
        Self { id: agent.id, email, name, role: agent.role, sites }
    }
}

/// The one who is signed in.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Me {
    agent: Agent,
    sites: Vec<SiteName>,
    second_factor: bool,
    recovery_codes_left: usize,
    signed_in_at: Instant,
    ends_at: Instant,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SiteName {
    key: String,
    name: String,
    time_zone: String,
}

impl Me {
    /// The agent with the sites that are theirs.
    pub fn new<'a>(
        agent: &Kept,
        credentials: &Credentials,
        session: &Session,
        sites: impl Iterator<Item = &'a Site>,
    ) -> Self {
        let name = |site: &Site| SiteName {
            key: site.key.clone(),
            name: site.name.clone(),
            time_zone: site.time_zone_name.clone(),
        };
        Self {
            agent: agent.into(),
            sites: sites.map(name).collect(),
            second_factor: credentials.totp.as_ref().is_some_and(|totp| totp.confirmed_at.is_some()),
            recovery_codes_left: credentials.recovery.len(),
            signed_in_at: Instant(session.created_at),
            ends_at: Instant(session.ends_at),
        }
    }
}

/// The agents an owner manages.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Agents {
    agents: Vec<Agent>,
}

impl Agents {
    /// These.
    pub fn new(agents: &[Kept]) -> Self {
        Self { agents: agents.iter().map(Agent::from).collect() }
    }
}

/// Whom a request can be given to: names and no addresses.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Colleagues {
    colleagues: Vec<Colleague>,
}

/// How an agent is called among colleagues.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Colleague {
    id: AgentId,
    name: String,
}

impl From<&Kept> for Colleague {
    fn from(agent: &Kept) -> Self {
        Self { id: agent.id, name: agent.name.clone() }
    }
}

impl Colleagues {
    /// These.
    pub fn new<'a>(agents: impl Iterator<Item = &'a Kept>) -> Self {
        Self { colleagues: agents.map(Colleague::from).collect() }
    }
}

/// Names of the agents there are; who was removed is known by the id alone.
pub struct Names<'a>(pub &'a [Kept]);

impl Names<'_> {
    /// How somebody is called.
    pub fn of(&self, id: AgentId) -> Said {
        let name = self.0.iter().find(|agent| agent.id == id).map(|agent| agent.name.clone());
        Said { id, name }
    }
}

/// An agent who did something.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "NamedAgent")]
pub struct Said {
    id: AgentId,
    /// Left out where there is no such agent any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// An agent who was added, with the code of the invitation, which is shown this once.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Invited {
    agent: Agent,
    invitation: String,
}

impl Invited {
    /// The agent and the code.
    pub fn new(agent: &Kept, invitation: String) -> Self {
        Self { agent: agent.into(), invitation }
    }
}

/// What an authenticator needs, shown this once.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Enrolment {
    /// The secret in base 32, to be typed.
    pub secret: String,
    /// The same as an `otpauth:` address, for a QR code.
    pub uri: String,
}

/// Codes for the day the authenticator is lost: each is good once. They are shown this once.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RecoveryCodes {
    /// The codes.
    pub recovery_codes: Vec<String>,
}
