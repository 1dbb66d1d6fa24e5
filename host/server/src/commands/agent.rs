//! `porchlight agent`.

use std::io::{self, BufRead, IsTerminal};

use anyhow::{Context, bail};
use porchlight_model::{
    agent::{Agent, AgentId, Reach, Role, check_name, check_password},
    contact::EmailAddress,
    submission::Problem,
    texts::Texts,
};
use porchlight_store::{AddAgentError, Credentials, Ending, Store};

use super::{open_store, read_settings};
use crate::{
    cli::{AgentCommand, AgentRole, Settings},
    sign_in::passwords::hashed,
    wiring::chance,
};

/// The most that is read as a password, in bytes.
const READ: u64 = 4_096;

/// Adds, lists and removes agents, and gives them passwords.
pub async fn agent(settings: &Settings, command: AgentCommand) -> anyhow::Result<()> {
    let store = open_store(&read_settings(settings)?.data)?;
    match command {
        AgentCommand::Add { email, name, role, sites } => add(store.as_ref(), &email, name, role, sites).await,
        AgentCommand::Password { email, without_totp } => password(store.as_ref(), &email, without_totp).await,
        AgentCommand::List => list(store.as_ref()).await,
        AgentCommand::Remove { email } => remove(store.as_ref(), &email).await,
    }
}

async fn add(store: &dyn Store, email: &str, name: String, role: AgentRole, sites: Vec<String>) -> anyhow::Result<()> {
    let email = EmailAddress::parse(email).with_context(|| format!("`{email}`"))?;
    if let Err(code) = check_name(&name) {
        let problem = Problem { field: "name".to_owned(), code };
        bail!("`--name`: {}", Texts::of(porchlight_model::locale::Locale::En).problem(&problem));
    }
    let known = known_sites(store).await?;
    if let Some(unknown) = sites.iter().find(|site| !known.contains(site)) {
        bail!("there is no site `{unknown}`: `porchlight site list` names them");
    }
    let (role, reach) = (Role::from(role), if sites.is_empty() { Reach::All } else { Reach::Sites(sites) });
    let agent = Agent { id: AgentId(chance::uuid()), email, name, role, reach };
    if store.lookup_sign_in(agent.email.as_str()).await?.is_some() {
        bail!("{}", taken(&agent));
    }
    let credentials = Credentials { password: Some(chosen(&agent, &known)?), ..Credentials::default() };
    match store.add_agent(agent.clone(), credentials).await {
        Ok(()) => println!("{}", line(&agent)),
        Err(AddAgentError::EmailTaken) => bail!("{}", taken(&agent)),
        Err(AddAgentError::Store(error)) => return Err(error.into()),
    }
    Ok(())
}

fn taken(agent: &Agent) -> String {
    let email = agent.email.as_str();
    format!(
        "an agent signs in by `{email}` already: to give them another password, `porchlight agent password {email}`"
    )
}

/// Sets a password, and ends all sessions of the agent.
async fn password(store: &dyn Store, email: &str, without_totp: bool) -> anyhow::Result<()> {
    let (agent, credentials) = require(store, email).await?;
    let password = Some(chosen(&agent, &known_sites(store).await?)?);
    let revision = credentials.revision + 1;
    let next = match without_totp {
        true => Credentials { password, revision, ..Credentials::default() },
        false => Credentials { password, invitation: None, revision, ..credentials },
    };
    if !store.change_credentials(agent.id, next, Ending::All).await? {
        bail!("the account of `{email}` was changed in between: please do it again");
    }
    println!("{}: the password is set, and all sessions have ended", agent.email.as_str());
    Ok(())
}

async fn list(store: &dyn Store) -> anyhow::Result<()> {
    store.agents().await?.iter().for_each(|agent| println!("{}", line(agent)));
    Ok(())
}

async fn remove(store: &dyn Store, email: &str) -> anyhow::Result<()> {
    let (agent, _) = require(store, email).await?;
    store.remove_agent(agent.id).await?;
    println!("{}: removed", agent.email.as_str());
    Ok(())
}

async fn require(store: &dyn Store, email: &str) -> anyhow::Result<(Agent, Credentials)> {
    match store.lookup_sign_in(email).await? {
        Some(found) => Ok(found),
        None => bail!("no agent signs in by `{email}`: `porchlight agent list` names them"),
    }
}

async fn known_sites(store: &dyn Store) -> anyhow::Result<Vec<String>> {
    Ok(store.site_versions().await?.into_iter().map(|(key, _)| key).collect())
}

fn line(agent: &Agent) -> String {
    let sites = match &agent.reach {
        Reach::All => "all sites".to_owned(),
        Reach::Sites(sites) => sites.join(","),
    };
    format!("{}\t{}\t{}\t{sites}", agent.email.as_str(), agent.role.as_str(), agent.name)
}

/// The hash of a password that is asked for: at the terminal, without showing it, else read from the first line of standard input.
fn chosen(agent: &Agent, sites: &[String]) -> anyhow::Result<String> {
    let password = if io::stdin().is_terminal() { typed()? } else { first_line()? };
    let sites: Vec<&str> = sites.iter().map(String::as_str).collect();
    check_password(&password, agent, &sites)?;
    hashed(&password, chance::bytes()).context("the password could not be hashed")
}

fn typed() -> anyhow::Result<String> {
    let password = rpassword::prompt_password("Password (12 characters or more): ").context("the terminal")?;
    if password != rpassword::prompt_password("The same again: ").context("the terminal")? {
        bail!("the two are not the same: nothing was changed");
    }
    Ok(password)
}

fn first_line() -> anyhow::Result<String> {
    let mut line = String::new();
    let mut input = io::Read::take(io::stdin().lock(), READ);
    io::BufReader::new(&mut input).read_line(&mut line).context("standard input holds no text")?;
    let password = line.strip_suffix('\n').unwrap_or(&line);
    Ok(password.strip_suffix('\r').unwrap_or(password).to_owned())
}

impl From<AgentRole> for Role {
    fn from(role: AgentRole) -> Self {
        match role {
            AgentRole::Owner => Self::Owner,
            AgentRole::Agent => Self::Agent,
        }
    }
}
