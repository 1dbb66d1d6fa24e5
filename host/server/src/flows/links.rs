//! Links: addresses of pages about a request, for letters and for whoever submitted without JavaScript.

use jiff::{SignedDuration, Timestamp};
use porchlight_model::{delivery::Reader, request::Request};
use porchlight_store::Spent;

use crate::{
    keys::Keys,
    tokens::{self, Link},
};

/// How long a link works: from when it was decided on, or from the end of the call it is about.
const LIFE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A link to a page about a request that is decided on at a moment. It ends with a whole second, as its one-time id says it.
pub fn link(request: &Request, nonce: [u8; 8], decided_at: Timestamp) -> Link {
    let from = request.slot.map_or(decided_at, |slot| slot.to.max(decided_at));
    let end = from.as_second().saturating_add(LIFE.as_secs());
    Link { request: request.id, nonce, expires_at: Timestamp::from_second(end).unwrap_or(Timestamp::MAX) }
}

/// The path of a reader's page, with its one-time id.
pub fn path(keys: &Keys, reader: Reader, site: &str, link: Link) -> String {
    match reader {
        Reader::Requester => path_of(reader, site, &tokens::link(keys, link)),
        Reader::Business => path_of(reader, site, &tokens::desk(keys, link)),
    }
}

/// The path of the page that a one-time id leads to.
pub fn path_of(reader: Reader, site: &str, one_time_id: &str) -> String {
    match reader {
        Reader::Requester => format!("/r/{site}/{one_time_id}"),
        Reader::Business => format!("/desk/{site}/{one_time_id}"),
    }
}

/// What opening a link uses up.
pub fn spent_by(link: Link, one_time_id: &str) -> Spent {
    Spent { hash: tokens::spent_hash(one_time_id.as_bytes()), expires_at: link.expires_at }
}
