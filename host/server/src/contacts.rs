//! Contacts: keyed hashes of how people can be reached, by which their requests are found.
//!
//! A hash is made of an e-mail address as addresses are compared, or of a telephone number in E.164, whatever site it was left
//! at. Every request is hashed under every key that is kept. So a key can be put before the others and, later, the old one be
//! dropped: what has no hash under a new key gets one within the hour ([`settle`]), and nobody is lost.

use porchlight_model::{
    contact::{EmailAddress, Phone},
    request::{Request, RequestId, Requester},
};
use porchlight_store::{Contact, Store, StoreError};

use crate::keys::{self, Key, Keys};

const PURPOSE: &[u8] = b"porchlight contacts 1";

/// Requests that are hashed together: one short change.
const BATCH: u32 = 100;

/// How somebody can be reached.
#[derive(Clone, Copy, Debug)]
pub enum Reach<'a> {
    /// By e-mail.
    Email(&'a EmailAddress),
    /// By telephone.
    Phone(&'a Phone),
}

impl Reach<'_> {
    /// Its hashes, one under each key that is kept, the current one first.
    pub fn contacts(self, keys: &Keys) -> Vec<Contact> {
        keys.iter().map(|key| self.contact(key)).collect()
    }

    fn contact(self, key: &Key) -> Contact {
        let secret = key.derived(PURPOSE);
        let full = match self {
            Self::Email(address) => keys::hmac(&secret, &[b"email\0", address.compared().as_bytes()]),
            Self::Phone(number) => keys::hmac(&secret, &[b"phone\0", number.as_str().as_bytes()]),
        };
        let mut hash = [0; 16];
        hash.copy_from_slice(&full[..16]);
        Contact { key: key.id, hash }
    }
}

/// The hash of how somebody can be reached under the current key.
pub fn current(keys: &Keys, reach: Reach<'_>) -> [u8; 16] {
    reach.contact(keys.current()).hash
}

/// By what a request is found: every way that its requester can be reached, under every key.
pub fn of_requester(keys: &Keys, requester: &Requester) -> Vec<Contact> {
    let email = requester.email.as_ref().map(Reach::Email);
    let phone = requester.phone.as_ref().map(Reach::Phone);
    email.into_iter().chain(phone).flat_map(|reach| reach.contacts(keys)).collect()
}

/// By what the requests of somebody are found who can be reached so, whatever key they were hashed under.
pub fn hashes<'a>(keys: &Keys, reaches: impl IntoIterator<Item = Reach<'a>>) -> Vec<[u8; 16]> {
    reaches.into_iter().flat_map(|reach| reach.contacts(keys)).map(|contact| contact.hash).collect()
}

/// Lets every request be found under every key that is kept. Returns how many hashes were missing.
pub async fn settle(store: &dyn Store, keys: &Keys) -> Result<u64, StoreError> {
    let mut settled = 0;
    for key in keys.iter() {
        let mut after = 0;
        loop {
            let found = store.unindexed_requests(key.id, after, BATCH).await?;
            let Some(next) = found.next else { break };
            settled += found.requests.len() as u64;
            store.keep_contacts(found.requests.iter().map(|request| hashed(keys, request)).collect()).await?;
            after = next;
        }
    }
    Ok(settled)
}

fn hashed(keys: &Keys, request: &Request) -> (RequestId, Vec<Contact>) {
    (request.id, of_requester(keys, &request.requester))
}

#[cfg(test)]
mod tests {
    use porchlight_store::{Acceptance, Page, PersonFilter, Settings, SqliteStore};

    use super::*;

    fn anna(written: &str) -> EmailAddress {
        EmailAddress::parse(written).expect("an address")
    }

    #[test]
    fn a_hash_is_the_same_for_the_same_mailbox_and_under_one_key_alone() {
        let hash = |id: u8, written: &str| Reach::Email(&anna(written)).contacts(&Keys::fixed(&[id]))[0].hash;
        assert_eq!(hash(1, "anna@example.com"), hash(1, "Anna@EXAMPLE.com"));
        assert_ne!(hash(1, "anna@example.com"), hash(2, "anna@example.com"));
        assert_ne!(hash(1, "anna@example.com"), hash(1, "boris@example.com"));
    }

    /// A message of Anna's, kept with the hashes under these keys.
    async fn kept(store: &SqliteStore, number: u32, keys: &[u8]) {
        let id = uuid::Uuid::from_u128(u128::from(number));
        let request = serde_json::json!({
            "id": id, "site": "pet-shop", "reference": format!("PS-{number:07}"), "kind": "message", "status": "received",
            "events": [{"event": "received", "by": "requester", "at": "2026-11-22T12:00:00Z"}],
            "requester": {"name": null, "phone": "+79161234567", "email": "anna@example.com"},
            "slot": null, "reply_by": "email", "locale": "ru", "page": null, "consent": null, "promise": null,
            "routing": {"team": null, "topic": null, "tags": [], "priority": "normal"}, "entries": [], "revision": 0,
        });
        let request: Request = serde_json::from_value(request).expect("a request");
        let contacts = if keys.is_empty() { vec![] } else { of_requester(&Keys::fixed(keys), &request.requester) };
        let acceptance = Acceptance {
            request,
            slot: None,
            idempotency: None,
            spends: vec![],
            deliveries: vec![],
            provenance: vec![],
            contacts,
            audited: None,
            measures: None,
        };
        store.accept(acceptance).await.expect("kept");
    }

    async fn found(store: &SqliteStore, keys: &[u8]) -> usize {
        let hashes = Reach::Email(&anna("anna@example.com")).contacts(&Keys::fixed(keys));
        let hashes = hashes.into_iter().map(|contact| contact.hash).collect();
        let filter = PersonFilter { hashes, site: None, before: None, limit: 1_000 };
        let Page { listing, .. } = store.requests_of(&filter).await.expect("read");
        listing.requests.len()
    }

    #[tokio::test]
    async fn nobody_is_lost_when_a_key_is_replaced_and_later_dropped() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(&folder.path().join("kept.db"), Settings::default()).expect("opened");
        kept(&store, 1, &[1]).await;
        kept(&store, 2, &[]).await;
        assert_eq!(found(&store, &[1]).await, 1, "one was kept by a version that made no hashes");
        settle(&store, &Keys::fixed(&[1])).await.expect("settled");
        assert_eq!(found(&store, &[1]).await, 2);

        kept(&store, 3, &[2, 1]).await;
        assert_eq!(settle(&store, &Keys::fixed(&[2, 1])).await.expect("settled"), 2);
        assert_eq!(found(&store, &[1]).await, 3, "links made under the old key still lead to all");
        assert_eq!(found(&store, &[2]).await, 3, "and the old one can go");
        assert_eq!(settle(&store, &Keys::fixed(&[2])).await.expect("settled"), 0);
    }

    #[tokio::test]
    async fn many_requests_are_settled_in_many_batches() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = SqliteStore::open(&folder.path().join("kept.db"), Settings::default()).expect("opened");
        for number in 0..(2 * BATCH + 1) {
            kept(&store, number, &[]).await;
        }
        assert_eq!(settle(&store, &Keys::fixed(&[1])).await.expect("settled"), u64::from(2 * BATCH + 1));
        assert_eq!(found(&store, &[1]).await, 2 * BATCH as usize + 1);
    }
}
