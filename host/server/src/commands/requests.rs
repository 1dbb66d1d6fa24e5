//! `porchlight requests`.

use anyhow::bail;
use porchlight_model::{
    reference::Reference,
    request::{Request, RequestId},
};
use porchlight_store::{Damaged, Listing, RequestFilter, Store};

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
            let (id, reference) = named(find(store.as_ref(), &reference).await?);
            store.erase_request(id, vec![]).await?;
            println!("{reference}: erased");
            Ok(())
        }
    }
}

async fn list(store: &dyn Store, site: Option<String>, limit: u32, json: bool) -> anyhow::Result<()> {
    let filter = RequestFilter { site, limit: Some(limit), ..RequestFilter::default() };
    let listing = store.requests(&filter).await?;
    for request in &listing.requests {
        if json {
            println!("{}", serde_json::to_string(request)?);
        } else {
            println!("{}", line(request));
        }
    }
    for damaged in &listing.damaged {
        eprintln!("{}", unreadable(damaged));
    }
    match listing.damaged.len() {
        0 => Ok(()),
        count => bail!("{count} of the requests cannot be read; all others are listed"),
    }
}

fn unreadable(damaged: &Damaged) -> String {
    let Damaged { reference, error, .. } = damaged;
    format!(
        "`{reference}` cannot be read: {error}; restore it from a backup, or erase it: porchlight requests erase {reference}"
    )
}

fn line(request: &Request) -> String {
    let (kind, status) = (request.kind.as_str(), request.status.as_str());
    let slot = request.slot.map(|slot| format!("\tcall at {}", slot.from)).unwrap_or_default();
    let team = request.routing.team.as_ref().map(|team| format!("\tteam {team}")).unwrap_or_default();
    let (reference, at, site) = (request.reference.as_str(), request.received_at(), &request.site);
    format!("{reference}\t{at:.0}\t{site}\t{kind}\t{status}{slot}{team}")
}

async fn require(store: &dyn Store, written: &str) -> anyhow::Result<Request> {
    match find(store, written).await? {
        Found::Whole(request) => Ok(*request),
        Found::Damaged(damaged) => bail!("{}", unreadable(&damaged)),
    }
}

/// A request that is there.
enum Found {
    Whole(Box<Request>),
    Damaged(Damaged),
}

fn named(found: Found) -> (RequestId, String) {
    match found {
        Found::Whole(request) => (request.id, request.reference.as_str().to_owned()),
        Found::Damaged(damaged) => (damaged.id, damaged.reference),
    }
}

async fn find(store: &dyn Store, written: &str) -> anyhow::Result<Found> {
    let Some(reference) = Reference::parse(written) else {
        bail!("`{written}` is not a reference: a character is wrong or missing; one looks like `PS-7K4Q2MX`");
    };
    let filter = RequestFilter { reference: Some(reference.as_str().to_owned()), ..RequestFilter::default() };
    let Listing { mut requests, mut damaged } = store.requests(&filter).await?;
    let whole = requests.pop().map(|request| Found::Whole(Box::new(request)));
    match whole.or(damaged.pop().map(Found::Damaged)) {
        Some(found) => Ok(found),
        None => bail!("there is no request `{}`", reference.as_str()),
    }
}
