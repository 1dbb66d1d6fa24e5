//! `porchlight requests export` and `erase` of one person.

use std::{collections::HashMap, path::Path};

use anyhow::{Context, bail};
use jiff::Timestamp;
use porchlight_model::{
    contact::{EmailAddress, Phone},
    request::Request,
    site::Site,
};
use porchlight_store::{Erasure, Listing, Store, StoreError};

use super::open_keys;
use crate::{
    config,
    contacts::{self, Reach},
    flows::{
        erasure::{self, Reason},
        person::Person,
    },
    wire::dossier::Dossier,
    wiring::clock::Clock,
};

/// How a person is named on the command line.
pub enum Named {
    /// By an e-mail address.
    Email(String),
    /// By a telephone number.
    Phone(String),
}

/// The person named, at one site or all; every request can be found afterwards.
pub async fn named(store: &dyn Store, data: &Path, named: &Named, site: Option<String>) -> anyhow::Result<Person> {
    let keys = open_keys(data)?;
    contacts::settle(store, &keys).await?;
    let contacts = match named {
        Named::Email(written) => {
            let address = EmailAddress::parse(written).with_context(|| format!("`{written}`"))?;
            Reach::Email(&address).contacts(&keys)
        }
        Named::Phone(written) => {
            let mend = || format!("`{written}`: write it with its country code, `+7 916 123-45-67`");
            let number = Phone::parse(written, None).with_context(mend)?;
            Reach::Phone(&number).contacts(&keys)
        }
    };
    Ok(Person { contacts, site })
}

/// Writes all that is kept of a person, as JSON.
pub async fn export(store: &dyn Store, person: &Person) -> anyhow::Result<()> {
    let dossier = person.dossier(store).await?;
    if dossier.requests.is_empty() && dossier.damaged.is_empty() {
        bail!("nothing is kept of this person");
    }
    println!("{}", serde_json::to_string_pretty(&Dossier::from(&dossier))?);
    match dossier.damaged.len() {
        0 => Ok(()),
        count => bail!("{count} of the requests cannot be read: `unreadable` names them; all others are written"),
    }
}

/// Erases all that is kept of a person, and says how many requests that were.
pub async fn erase(store: &dyn Store, person: &Person) -> anyhow::Result<()> {
    let (sites, now) = (Sites::read(store).await?, Clock::real().now());
    let erased = person.erase(store, |request| sites.erasure(request, now)).await?;
    if erased == 0 {
        bail!("nothing is kept of this person");
    }
    println!("{erased} erased");
    Ok(())
}

/// Says what would be erased, and how to go on.
pub async fn announce(store: &dyn Store, person: &Person) -> anyhow::Result<()> {
    let Listing { requests, damaged } = person.requests(store).await?;
    let references = requests.iter().map(|request| request.reference.as_str());
    let references: Vec<_> = references.chain(damaged.iter().map(|damaged| damaged.reference.as_str())).collect();
    if references.is_empty() {
        bail!("nothing is kept of this person");
    }
    references.iter().for_each(|reference| println!("{reference}"));
    bail!("{} would be erased, and there is no way back: add `--yes`", references.len())
}

/// The sites in the store, to know whom an erasure is told.
pub struct Sites(HashMap<String, Site>);

impl Sites {
    /// Reads every site that can be read; of the others nobody is told.
    pub async fn read(store: &dyn Store) -> Result<Self, StoreError> {
        let mut sites = HashMap::new();
        for (key, _) in store.site_versions().await? {
            let version = store.lookup_site(&key).await?;
            let read = version.and_then(|version| config::site::read(&version.files).ok());
            sites.extend(read.map(|config| (key, config.site)));
        }
        Ok(Self(sites))
    }

    /// What erasing a request takes.
    pub fn erasure(&self, request: &Request, now: Timestamp) -> Erasure {
        erasure::of(self.0.get(&request.site), request, Reason::Wish, now)
    }
}
