//! `porchlight requests`.

use anyhow::bail;
use porchlight_model::{reference::Reference, request::Request};
use porchlight_store::{RequestFilter, Store};

use super::{open_store, read_settings};
use crate::cli::{RequestsCommand, Settings};

/// Shows, hands over and erases what visitors left.
pub async fn requests(settings: &Settings, command: RequestsCommand) -> anyhow::Result<()> {
    let store = open_store(&read_settings(settings)?.data)?;
    match command {
        RequestsCommand::List { site, limit, json } => list(store.as_ref(), site, limit, json).await,
        RequestsCommand::Export { reference } => {
            let request = require(store.as_ref(), &reference).await?;
            println!("{}", serde_json::to_string_pretty(&request)?);
            Ok(())
        }
        RequestsCommand::Erase { reference } => {
            let request = require(store.as_ref(), &reference).await?;
            store.erase_request(request.id, vec![]).await?;
            println!("{}: erased", request.reference.as_str());
            Ok(())
        }
    }
}

async fn list(store: &dyn Store, site: Option<String>, limit: u32, json: bool) -> anyhow::Result<()> {
    let filter = RequestFilter { site, limit: Some(limit), ..RequestFilter::default() };
    for request in store.requests(&filter).await? {
        if json {
            println!("{}", serde_json::to_string(&request)?);
        } else {
            println!("{}", line(&request));
        }
    }
    Ok(())
}

fn line(request: &Request) -> String {
    let (kind, status) = (request.kind.as_str(), request.status.as_str());
    let slot = request.slot.map(|slot| format!("\tcall at {}", slot.from)).unwrap_or_default();
    let team = request.routing.team.as_ref().map(|team| format!("\tteam {team}")).unwrap_or_default();
    let (reference, at, site) = (request.reference.as_str(), request.received_at(), &request.site);
    format!("{reference}\t{at:.0}\t{site}\t{kind}\t{status}{slot}{team}")
}

async fn require(store: &dyn Store, written: &str) -> anyhow::Result<Request> {
    let Some(reference) = Reference::parse(written) else {
        bail!("`{written}` is not a reference: a character is wrong or missing; one looks like `PS-7K4Q2MX`");
    };
    let filter = RequestFilter { reference: Some(reference.as_str().to_owned()), ..RequestFilter::default() };
    match store.requests(&filter).await?.pop() {
        Some(request) => Ok(request),
        None => bail!("there is no request `{}`", reference.as_str()),
    }
}
