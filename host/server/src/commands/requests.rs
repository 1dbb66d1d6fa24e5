//! `porchlight requests`.

use anyhow::bail;
use porchlight_model::{reference::Reference, request::Request};
use porchlight_store::{Damaged, Listing, RequestFilter, Store};

use super::{
    open_store,
    person::{self, Named, Sites},
    read_settings,
};
use crate::{
    cli::{RequestsCommand, Settings, Whose},
    flows::erasure,
    wiring::clock::Clock,
};

/// Shows, hands over and erases what visitors left.
pub async fn requests(settings: &Settings, command: RequestsCommand) -> anyhow::Result<()> {
    let data = read_settings(settings)?.data;
    let store = open_store(&data)?;
    let store = store.as_ref();
    match command {
        RequestsCommand::List { site, limit, json } => list(store, site, limit, json).await,
        RequestsCommand::Export { whose, site } => match meant(whose) {
            Meant::Request(reference) => export(store, &reference).await,
            Meant::Person(named) => person::export(store, &person::named(store, &data, &named, site).await?).await,
        },
        RequestsCommand::Erase { whose, site, yes } => match meant(whose) {
            Meant::Request(reference) => erase(store, &reference).await,
            Meant::Person(named) => {
                let person = person::named(store, &data, &named, site).await?;
                if yes { person::erase(store, &person).await } else { person::announce(store, &person).await }
            }
        },
    }
}

/// What the command line means.
enum Meant {
    Request(String),
    Person(Named),
}

fn meant(whose: Whose) -> Meant {
    let email = whose.email.map(Named::Email);
    let person = email.or(whose.phone.map(Named::Phone));
    person.map_or_else(|| Meant::Request(whose.reference.unwrap_or_default()), Meant::Person)
}

async fn export(store: &dyn Store, reference: &str) -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(&require(store, reference).await?)?);
    Ok(())
}

/// Erases one request as its requester's own wish does: who may be waiting to answer it is told.
async fn erase(store: &dyn Store, reference: &str) -> anyhow::Result<()> {
    let found = find(store, reference).await?;
    let erasure = match &found {
        Found::Whole(request) => Sites::read(store).await?.erasure(request, Clock::real().now()),
        Found::Damaged(damaged) => erasure::of_unreadable(damaged.id),
    };
    erasure::erase(store, vec![erasure]).await?;
    println!("{}: erased", found.reference());
    Ok(())
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

impl Found {
    fn reference(&self) -> &str {
        match self {
            Self::Whole(request) => request.reference.as_str(),
            Self::Damaged(damaged) => &damaged.reference,
        }
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
