//! Sign-in: walls → password, for nobody too → second factor, where there is one → session.

use std::{net::IpAddr, time::Duration};

use jiff::Timestamp;
use porchlight_model::{
    agent::{Agent, AgentId, check_password},
    submission::{Problem, ProblemCode},
};
use porchlight_store::{AddAgentError, Audited, Credentials, Ending, Session, StoreError, TokenHash};

use crate::{
    app::App,
    sign_in::{
        passwords::{Busy, Line},
        secrets, session, totp,
    },
    tokens::{self, Device},
    wiring::chance,
};

/// Somebody who tries to sign in.
pub struct Attempt<'a> {
    /// The sign-in name, as typed.
    pub email: &'a str,
    /// The password, as typed.
    pub password: &'a str,
    /// A code of the second factor, or a recovery code.
    pub code: Option<&'a str>,
    /// Where it comes from.
    pub address: IpAddr,
    /// The device, if somebody signed in from it before.
    pub device: Option<Device>,
}

/// Somebody who is signed in.
pub struct Welcome {
    /// The session's token.
    pub token: String,
    /// What proves the device from now on.
    pub device: String,
}

/// Why something about an account was not done.
#[derive(Debug, thiserror::Error)]
pub enum AccountFailed {
    /// Address, password or code is wrong; which one is nobody's to know.
    #[error("address, password or code is wrong")]
    Refused,
    /// All is right so far, and a code of the second factor is needed.
    #[error("a code is needed")]
    CodeRequired,
    /// A field has to be mended.
    #[error("a field has to be mended")]
    Field(Problem),
    /// There is no such agent, as far as the asker may know.
    #[error("there is no such agent")]
    Unknown,
    /// It is the asker's own account.
    #[error("nobody removes themselves")]
    Own,
    /// It was changed in between.
    #[error("the account was changed in between")]
    Conflict,
    /// Too many tries; there is this long to wait.
    #[error("too many tries")]
    TooMany(Duration),
    /// It could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How long to wait when too many passwords are being checked.
const BUSY: Duration = Duration::from_secs(3);

impl From<Busy> for AccountFailed {
    fn from(_: Busy) -> Self {
        Self::TooMany(BUSY)
    }
}

impl From<AddAgentError> for AccountFailed {
    fn from(error: AddAgentError) -> Self {
        match error {
            AddAgentError::EmailTaken => wrong("email", ProblemCode::EmailTaken),
            AddAgentError::Store(error) => Self::Store(error),
        }
    }
}

/// A field has to be mended.
pub fn wrong(field: &str, code: ProblemCode) -> AccountFailed {
    AccountFailed::Field(Problem { field: field.to_owned(), code })
}

/// Signs somebody in. What was refused is counted and logged, without anything that was typed.
pub async fn sign_in(app: &App, attempt: &Attempt<'_>) -> Result<Welcome, AccountFailed> {
    let done = checked(app, attempt).await;
    match &done {
        Ok(_) => app.metrics.sign_in("done"),
        Err(AccountFailed::Refused) => {
            tracing::warn!("a sign-in was refused");
            app.metrics.sign_in("refused");
        }
        Err(AccountFailed::TooMany(_)) => app.metrics.sign_in("too-many"),
        Err(AccountFailed::CodeRequired) => app.metrics.sign_in("code-required"),
        Err(_) => app.metrics.sign_in("failed"),
    }
    done
}

async fn checked(app: &App, attempt: &Attempt<'_>) -> Result<Welcome, AccountFailed> {
    app.walls.sign_in.address(attempt.address).map_err(AccountFailed::TooMany)?;
    let found = app.store.lookup_sign_in(attempt.email).await?;
    let agent = found.as_ref().map(|(agent, _)| agent.id);
    let device = attempt.device.filter(|device| Some(device.agent) == agent);
    let line = counted(app, attempt.email, device).map_err(AccountFailed::TooMany)?;
    let hash = found.as_ref().and_then(|(_, credentials)| credentials.password.as_deref());
    let is_right = app.passwords.verify(line, attempt.password, hash).await?;
    let (agent, credentials) = found.filter(|_| is_right).ok_or(AccountFailed::Refused)?;
    let revision = second_factor(app, agent.id, credentials, attempt.code).await?;
    begin(app, agent.id, revision, device).await
}

/// Counts a try, and says in which line it waits.
fn counted(app: &App, email: &str, device: Option<Device>) -> Result<Line, Duration> {
    match device {
        Some(device) => app.walls.sign_in.device(device.agent, device.nonce).map(|()| Line::Known),
        None => app.walls.sign_in.account(email).map(|()| Line::Strangers),
    }
}

/// Takes a code, once, where the agent has a second factor; the revision of the credentials by then.
async fn second_factor(
    app: &App,
    agent: AgentId,
    credentials: Credentials,
    code: Option<&str>,
) -> Result<u32, AccountFailed> {
    if credentials.totp.as_ref().is_none_or(|totp| totp.confirmed_at.is_none()) {
        return Ok(credentials.revision);
    }
    let code = code.filter(|code| !code.trim().is_empty()).ok_or(AccountFailed::CodeRequired)?;
    let used = used_up(credentials, code, app.now()).ok_or(AccountFailed::Refused)?;
    // Whoever was quicker used the same code, or changed the account: either way this one is not good any more.
    let revision = used.revision;
    let is_first = app.store.change_credentials(agent, used, Ending::Nothing).await?;
    if is_first { Ok(revision) } else { Err(AccountFailed::Refused) }
}

/// The credentials without the code that was used, if it was one.
fn used_up(mut credentials: Credentials, code: &str, now: Timestamp) -> Option<Credentials> {
    credentials.revision += 1;
    let totp = credentials.totp.as_mut()?;
    if let Some(step) = totp::step_of(&totp.secret, code, totp.last_step, now) {
        totp.last_step = step;
        return Some(credentials);
    }
    let hash = secrets::recovery_hash(code);
    let place = credentials.recovery.iter().position(|kept| secrets::is_same(kept, &hash))?;
    credentials.recovery.remove(place);
    Some(credentials)
}

/// Begins a session, unless the credentials that were checked were changed while the check waited.
async fn begin(app: &App, agent: AgentId, revision: u32, device: Option<Device>) -> Result<Welcome, AccountFailed> {
    let (token, now) = (secrets::token(), app.now());
    if !app.store.open_session(session::begun(secrets::token_hash(&token), agent, now), revision).await? {
        return Err(AccountFailed::Refused);
    }
    note(app, agent, "signed-in").await?;
    let device = device.unwrap_or_else(|| Device { agent, nonce: chance::bytes() });
    Ok(Welcome { token, device: tokens::device(&app.keys, device) })
}

/// Who is signed in by a token, if the session goes on; that it was used is noted.
pub async fn signed_in(app: &App, token: &str) -> Result<Option<(Session, Agent)>, StoreError> {
    let (hash, now) = (secrets::token_hash(token), app.now());
    let found = app.store.lookup_session(hash).await?.filter(|(session, _)| session::is_alive(session, now));
    if found.as_ref().is_some_and(|(session, _)| session::is_to_be_noted(session, now))
        && let Err(error) = app.store.see_session(hash, now).await
    {
        // Reading goes on while nothing can be kept; only the session ends sooner.
        tracing::warn!(error = %crate::logs::chain(&error), "the use of a session could not be noted");
    }
    Ok(found)
}

/// Changes the password of somebody who is signed in; their other sessions end.
pub async fn change_password(
    app: &App,
    agent: &Agent,
    session: TokenHash,
    current: &str,
    new: &str,
) -> Result<(), AccountFailed> {
    let credentials = own(app, agent, "current", current).await?;
    require_good(app, agent, "new", new)?;
    let password = Some(app.passwords.hash(new, chance::bytes()).await?);
    let next = Credentials { password, revision: credentials.revision + 1, ..credentials };
    keep(app, agent.id, next, Ending::AllBut(session)).await?;
    note(app, agent.id, "password-changed").await
}

/// Begins a second factor: gives its secret, to be confirmed with a first code.
pub async fn enrol(app: &App, agent: &Agent, password: &str) -> Result<String, AccountFailed> {
    let credentials = own(app, agent, "password", password).await?;
    let secret = totp::secret(chance::bytes());
    let totp = porchlight_store::Totp { secret: secret.clone(), confirmed_at: None, last_step: 0 };
    if credentials.totp.as_ref().is_some_and(|totp| totp.confirmed_at.is_some()) {
        return Err(AccountFailed::Conflict);
    }
    let next = Credentials { totp: Some(totp), revision: credentials.revision + 1, ..credentials };
    keep(app, agent.id, next, Ending::Nothing).await?;
    Ok(secret)
}

/// Confirms a second factor by its first code; gives recovery codes, which are shown this once.
pub async fn confirm(app: &App, agent: &Agent, session: TokenHash, code: &str) -> Result<Vec<String>, AccountFailed> {
    app.walls.sign_in.device(agent.id, SETTINGS).map_err(AccountFailed::TooMany)?;
    let (_, credentials) = app.store.lookup_agent(agent.id).await?.ok_or(AccountFailed::Unknown)?;
    let mut totp = credentials.totp.clone().filter(|it| it.confirmed_at.is_none()).ok_or(AccountFailed::Conflict)?;
    let step = totp::step_of(&totp.secret, code, totp.last_step, app.now());
    (totp.last_step, totp.confirmed_at) = (step.ok_or(wrong("code", ProblemCode::Wrong))?, Some(app.now()));
    let codes = secrets::recovery_codes();
    let recovery = codes.iter().map(|code| secrets::recovery_hash(code)).collect();
    let next = Credentials { totp: Some(totp), recovery, revision: credentials.revision + 1, ..credentials };
    keep(app, agent.id, next, Ending::AllBut(session)).await?;
    note(app, agent.id, "second-factor-added").await?;
    Ok(codes)
}

/// Removes the second factor and its recovery codes.
pub async fn disenrol(app: &App, agent: &Agent, password: &str) -> Result<(), AccountFailed> {
    let credentials = own(app, agent, "password", password).await?;
    let next = Credentials { totp: None, recovery: vec![], revision: credentials.revision + 1, ..credentials };
    keep(app, agent.id, next, Ending::Nothing).await?;
    note(app, agent.id, "second-factor-removed").await
}

/// Chooses the first password of an invited agent, by the one-time code of the invitation.
pub async fn take_up(app: &App, code: &str, password: &str, address: IpAddr) -> Result<(), AccountFailed> {
    app.walls.sign_in.address(address).map_err(AccountFailed::TooMany)?;
    let (id, secret) = invited(code).ok_or(AccountFailed::Refused)?;
    let (agent, credentials) = app.store.lookup_agent(id).await?.ok_or(AccountFailed::Refused)?;
    let invitation = credentials.invitation.as_ref().filter(|it| app.now() < it.expires_at);
    let is_right = invitation.is_some_and(|it| secrets::is_same(&it.code, &secrets::code_hash(secret)));
    if !is_right {
        return Err(AccountFailed::Refused);
    }
    require_good(app, &agent, "password", password)?;
    let hash = Some(app.passwords.hash(password, chance::bytes()).await?);
    let next = Credentials { password: hash, invitation: None, revision: credentials.revision + 1, ..credentials };
    keep(app, id, next, Ending::All).await?;
    note(app, id, "invitation-taken-up").await
}

/// An invitation's code is the agent's id and a secret.
fn invited(code: &str) -> Option<(AgentId, &str)> {
    let (id, secret) = code.trim().split_once('.')?;
    Some((AgentId(id.parse().ok()?), secret))
}

/// Notes what an agent did about an account.
pub async fn note(app: &App, agent: AgentId, action: &str) -> Result<(), AccountFailed> {
    let audited = Audited { at: app.now(), agent, site: None, action: action.to_owned(), request: None };
    Ok(app.store.record(audited).await?)
}

/// What the tries of somebody who is signed in are counted under.
const SETTINGS: [u8; 8] = *b"settings";

/// The credentials of somebody who is signed in and shows that by the password once more.
async fn own(app: &App, agent: &Agent, field: &str, password: &str) -> Result<Credentials, AccountFailed> {
    app.walls.sign_in.device(agent.id, SETTINGS).map_err(AccountFailed::TooMany)?;
    let (_, credentials) = app.store.lookup_agent(agent.id).await?.ok_or(AccountFailed::Unknown)?;
    let is_right = app.passwords.verify(Line::Known, password, credentials.password.as_deref()).await?;
    if is_right { Ok(credentials) } else { Err(wrong(field, ProblemCode::Wrong)) }
}

fn require_good(app: &App, agent: &Agent, field: &str, password: &str) -> Result<(), AccountFailed> {
    use porchlight_model::agent::PasswordRefused;
    let sites = app.sites.all();
    let known: Vec<&str> = sites.iter().flat_map(|live| [live.site.key.as_str(), live.site.name.as_str()]).collect();
    check_password(password, agent, &known).map_err(|refused| {
        wrong(
            field,
            match refused {
                PasswordRefused::TooShort => ProblemCode::PasswordTooShort,
                PasswordRefused::TooLong => ProblemCode::TooLong(1_024),
                PasswordRefused::Obvious => ProblemCode::PasswordObvious,
            },
        )
    })
}

async fn keep(app: &App, agent: AgentId, next: Credentials, ending: Ending) -> Result<(), AccountFailed> {
    let is_kept = app.store.change_credentials(agent, next, ending).await?;
    if is_kept { Ok(()) } else { Err(AccountFailed::Conflict) }
}
