//! Agents: who may sign in, who is signed in, and who did what.

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_model::{
    agent::{Agent, AgentId, CannedReply, Duty, ReplyId},
    request::RequestId,
};
use serde::{Deserialize, Serialize};

use crate::{Dossier, FoundRequests, RequestQuery, StoreError};

/// What is kept for the people who answer. A method that changes something returns only once the change is durable.
#[async_trait]
pub trait AgentStore: Send + Sync + 'static {
    /// Keeps a new agent. [`AddAgentError::EmailTaken`] where another signs in by its address, whatever the case.
    async fn add_agent(&self, agent: Agent, credentials: Credentials) -> Result<(), AddAgentError>;

    /// Every agent, the one added first first.
    async fn agents(&self) -> Result<Vec<Agent>, StoreError>;

    /// The agent who signs in by an address, whatever its case, and what it shows that with.
    async fn lookup_sign_in(&self, email: &str) -> Result<Option<(Agent, Credentials)>, StoreError>;

    /// An agent by its id, and what it signs in with.
    async fn lookup_agent(&self, id: AgentId) -> Result<Option<(Agent, Credentials)>, StoreError>;

    /// Replaces what an agent signs in with by its next revision, and ends sessions of it, in one transaction. `false`, and
    /// nothing done, where the store does not hold the revision before: it was changed in between, or the agent is gone.
    async fn change_credentials(
        &self,
        agent: AgentId,
        credentials: Credentials,
        ending: Ending,
    ) -> Result<bool, StoreError>;

    /// Removes an agent with its sessions, leaving nothing of it in the file but its id where it did something. `false` where
    /// there was none.
    async fn remove_agent(&self, id: AgentId) -> Result<bool, StoreError>;

    /// Keeps a session of somebody who showed that by the credentials of this revision, and forgets those that are over. `false`
    /// where its agent is gone, or signs in by others since.
    async fn open_session(&self, session: Session, revision: u32) -> Result<bool, StoreError>;

    /// The session of a token, by its hash, and whose it is; whether it is over is for the asker to say.
    async fn lookup_session(&self, token: TokenHash) -> Result<Option<(Session, Agent)>, StoreError>;

    /// Notes that a session was used.
    async fn see_session(&self, token: TokenHash, now: Timestamp) -> Result<(), StoreError>;

    /// Ends sessions of an agent.
    async fn end_sessions(&self, agent: AgentId, ending: Ending) -> Result<(), StoreError>;

    /// Says whether the agent of a session is on duty, until it ends; `false` where there is no such session.
    async fn set_duty(&self, token: TokenHash, duty: Duty) -> Result<bool, StoreError>;

    /// Sessions whose agent is on duty, and the agent; whether they are over is for the asker to say.
    async fn on_duty(&self) -> Result<Vec<(Session, Agent)>, StoreError>;

    /// Notes who did what, and forgets what is older than a year.
    async fn record(&self, audited: Audited) -> Result<(), StoreError>;

    /// Who did what at a site or to an account, the last first: up to `limit` of those before a number.
    async fn audit(&self, site: &str, before: Option<i64>, limit: u32) -> Result<Vec<AuditLine>, StoreError>;

    /// Keeps a canned reply of a site, in the place of the one with the same id.
    async fn keep_reply(&self, site: &str, reply: CannedReply) -> Result<(), StoreError>;

    /// The canned replies of a site, in the order they were written.
    async fn replies(&self, site: &str) -> Result<Vec<CannedReply>, StoreError>;

    /// Removes a canned reply of a site; `false` where there is none.
    async fn remove_reply(&self, site: &str, id: ReplyId) -> Result<bool, StoreError>;

    /// Requests of a site that fit a query, the one kept last first.
    async fn find_requests(&self, query: RequestQuery) -> Result<FoundRequests, StoreError>;

    /// A request with what is known beside it.
    async fn lookup_dossier(&self, id: RequestId) -> Result<Option<Dossier>, StoreError>;
}

/// SHA-256 of a session's token. The token itself is in the agent's browser alone.
pub type TokenHash = [u8; 32];

/// What an agent signs in with. Its secrets stand in no debug output.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Its password's hash, as a PHC string; none until an invitation was taken up.
    pub password: Option<String>,
    /// What it may choose its first password with.
    pub invitation: Option<Invitation>,
    /// Its second factor.
    pub totp: Option<Totp>,
    /// SHA-256 of each recovery code that is left, in hexadecimal.
    pub recovery: Vec<String>,
    /// Grows by one with each change: of two made from the same revision one is kept.
    pub revision: u32,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("revision", &self.revision).finish_non_exhaustive()
    }
}

/// A one-time code by which an agent chooses its first password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// SHA-256 of the code, in hexadecimal.
    pub code: String,
    /// When it runs out.
    pub expires_at: Timestamp,
}

/// A second factor: one-time codes of an authenticator (RFC 6238).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// The shared secret, in base 32. It has to be known to check a code, so it is kept as it is: whoever reads the file reads it.
    pub secret: String,
    /// When a first code showed that the authenticator has it; until then no code is asked for.
    pub confirmed_at: Option<Timestamp>,
    /// The time step of the last code taken: neither it nor an earlier one is taken again.
    pub last_step: u64,
}

/// Somebody who is signed in, in one browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Session {
    /// Hash of its token.
    pub token: TokenHash,
    /// Who.
    pub agent: AgentId,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was used last, to the minute.
    pub seen_at: Timestamp,
    /// When it ends, however much it is used.
    pub ends_at: Timestamp,
}

/// Which sessions of an agent end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// None.
    Nothing,
    /// The one of this token.
    Only(TokenHash),
    /// All but the one of this token.
    AllBut(TokenHash),
    /// All.
    All,
}

/// Something that an agent did. It names the agent and the request by their ids, and says nothing of a visitor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audited {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub agent: AgentId,
    /// At which site; none where it concerns an account.
    pub site: Option<String>,
    /// What, `accepted`.
    pub action: String,
    /// To which request. Once that is erased this says only that there was one.
    pub request: Option<RequestId>,
}

/// A line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Grows from line to line.
    pub number: i64,
    /// What it says.
    pub audited: Audited,
    /// Reference of the request, while that is there.
    pub reference: Option<String>,
}

/// Why an agent was not kept.
#[derive(Debug, thiserror::Error)]
pub enum AddAgentError {
    /// Another agent signs in by its address.
    #[error("another agent signs in by this address")]
    EmailTaken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
