//! Person: all that is kept of one person, handed over or erased. Works on a store alone, whether a host serves or not.

use std::collections::HashMap;

use porchlight_model::request::Request;
use porchlight_store::{Contact, Damaged, Erasure, Held, Listing, PersonFilter, Store, StoreError};

use uuid::Uuid;

use super::{
    attach,
    erasure::{self, BATCH},
};

/// Whose requests are meant.
#[derive(Clone, Debug)]
pub struct Person {
    /// By what they are found.
    pub contacts: Vec<Contact>,
    /// At this site alone.
    pub site: Option<String>,
}

/// All that is kept of a person.
#[derive(Debug, Default)]
pub struct Dossier {
    /// Requests with all that belongs to them, the one received last first.
    pub requests: Vec<Held>,
    /// The content of their files, by id.
    pub files: HashMap<Uuid, Vec<u8>>,
    /// Those that are there and cannot be read.
    pub damaged: Vec<Damaged>,
}

impl Person {
    /// The person's requests behind a place, as many as are taken at once.
    fn filter(&self) -> PersonFilter {
        let hashes = self.contacts.iter().map(|contact| contact.hash).collect();
        PersonFilter { hashes, site: self.site.clone(), before: None, limit: BATCH }
    }

    /// Every request of the person.
    pub async fn requests(&self, store: &dyn Store) -> Result<Listing, StoreError> {
        let (mut listing, mut filter) = (Listing::default(), self.filter());
        loop {
            let page = store.requests_of(&filter).await?;
            listing.requests.extend(page.listing.requests);
            listing.damaged.extend(page.listing.damaged);
            filter.before = page.next;
            if page.next.is_none() {
                return Ok(listing);
            }
        }
    }

    /// All that is kept of the person.
    pub async fn dossier(&self, store: &dyn Store) -> Result<Dossier, StoreError> {
        let Listing { requests, damaged } = self.requests(store).await?;
        let mut dossier = Dossier { damaged, ..Dossier::default() };
        for request in requests {
            for file in request.attachments() {
                dossier.files.insert(file.id, attach::whole(store, file.id).await?);
            }
            dossier.requests.extend(store.held(request.id).await?);
        }
        Ok(dossier)
    }

    /// Erases every request of the person, also those that come meanwhile; `decide` says who is told of each. Returns, once
    /// nothing of them is left in any file, how many there were.
    pub async fn erase(&self, store: &dyn Store, decide: impl Fn(&Request) -> Erasure) -> Result<u64, StoreError> {
        let mut erased = 0;
        loop {
            let Listing { requests, damaged } = store.requests_of(&self.filter()).await?.listing;
            let unreadable = damaged.into_iter().map(|damaged| erasure::of_unreadable(damaged.id));
            let erasures: Vec<_> = requests.iter().map(&decide).chain(unreadable).collect();
            if erasures.is_empty() {
                return Ok(erased);
            }
            erased += erasure::erase(store, erasures).await?;
        }
    }
}
