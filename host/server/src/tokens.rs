//! Tokens: signed statements that need no row of their own.
//!
//! Every token is `key id (1 byte) ‖ statement ‖ HMAC-SHA-256 of purpose, key id and statement (first 16 bytes)`, in
//! unpadded base64url (RFC 4648, section 5). The purpose keeps one kind from passing for another.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use porchlight_model::request::RequestId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::keys::{Key, Keys};

const TAG: usize = 16;

/// What a token is for.
#[derive(Clone, Copy)]
enum Purpose {
    Tracking,
    Form,
    LinkVisit,
}

impl Purpose {
    fn label(self) -> &'static [u8] {
        match self {
            Self::Tracking => b"porchlight tracking 1",
            Self::Form => b"porchlight form 1",
            Self::LinkVisit => b"porchlight link visit 1",
        }
    }
}

/// The tracking token of a request: whoever holds it may read and change the request.
pub fn tracking(keys: &Keys, request: RequestId) -> String {
    sign(keys.current(), Purpose::Tracking, request.0.as_bytes())
}

/// The request a tracking token is for.
pub fn read_tracking(keys: &Keys, token: &str) -> Option<RequestId> {
    let statement = verify(keys, Purpose::Tracking, token)?;
    Uuid::from_slice(&statement).ok().map(RequestId)
}

/// A form that a site showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// When, to the millisecond.
    pub shown_at: Timestamp,
    /// What tells it from others of the same moment.
    pub nonce: [u8; 8],
}

/// The token of a form that a site shows.
pub fn form(keys: &Keys, site: &str, form: Form) -> String {
    let moment = form.shown_at.as_millisecond().to_be_bytes();
    sign(keys.current(), Purpose::Form, &[&moment, form.nonce.as_slice(), site.as_bytes()].concat())
}

/// The form that this site showed with a token.
pub fn read_form(keys: &Keys, site: &str, token: &str) -> Option<Form> {
    let statement = verify(keys, Purpose::Form, token)?;
    let (moment, rest) = statement.split_first_chunk()?;
    let (nonce, shown_by) = rest.split_first_chunk()?;
    let shown_at = Timestamp::from_millisecond(i64::from_be_bytes(*moment)).ok()?;
    (shown_by == site.as_bytes()).then_some(Form { shown_at, nonce: *nonce })
}

/// What the cookie of a mailed link's page holds: proof that its button was pressed here.
pub fn link_visit(keys: &Keys, link: [u8; 32]) -> String {
    sign(keys.current(), Purpose::LinkVisit, &link)
}

/// Whether a cookie proves that the button of this mailed link was pressed here.
pub fn is_link_visit(keys: &Keys, link: [u8; 32], token: &str) -> bool {
    verify(keys, Purpose::LinkVisit, token).is_some_and(|statement| statement == link)
}

/// A one-time id as it stands in a mailed link.
pub fn one_time_id(random: [u8; 16]) -> String {
    URL_SAFE_NO_PAD.encode(random)
}

/// What is kept of a one-time id.
pub fn link_hash(one_time_id: &str) -> [u8; 32] {
    Sha256::digest(one_time_id.as_bytes()).into()
}

/// What is kept of a token that is good for one request.
pub fn spent_hash(token: &[u8]) -> [u8; 16] {
    let mut hash = [0; 16];
    hash.copy_from_slice(&Sha256::digest(token)[..16]);
    hash
}

fn sign(key: &Key, purpose: Purpose, statement: &[u8]) -> String {
    let mut token = vec![key.id];
    token.extend(statement);
    token.extend(tag(key, purpose, statement));
    URL_SAFE_NO_PAD.encode(token)
}

fn verify(keys: &Keys, purpose: Purpose, token: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (id, rest) = bytes.split_first()?;
    let (statement, given) = rest.split_at_checked(rest.len().checked_sub(TAG)?)?;
    let expected = tag(keys.lookup(*id)?, purpose, statement);
    bool::from(expected.as_slice().ct_eq(given)).then(|| statement.to_vec())
}

fn tag(key: &Key, purpose: Purpose, statement: &[u8]) -> [u8; TAG] {
    let full = key.hmac(&[purpose.label(), &[key.id], statement]);
    let mut tag = [0; TAG];
    tag.copy_from_slice(&full[..TAG]);
    tag
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> RequestId {
        RequestId(Uuid::from_u128(0x1234_5678))
    }

    #[test]
    fn a_tracking_token_leads_to_its_request_alone() {
        let keys = Keys::fixed(&[1]);
        let token = tracking(&keys, request());
        assert_eq!(read_tracking(&keys, &token), Some(request()));
        for position in 0..token.len() {
            let mut damaged = token.clone().into_bytes();
            damaged[position] = if damaged[position] == b'A' { b'B' } else { b'A' };
            let damaged = String::from_utf8(damaged).expect("still text");
            assert_eq!(read_tracking(&keys, &damaged), None, "{position}");
        }
    }

    #[test]
    fn a_replaced_key_still_reads_its_tokens() {
        let old = tracking(&Keys::fixed(&[1]), request());
        assert_eq!(read_tracking(&Keys::fixed(&[2, 1]), &old), Some(request()));
        assert_eq!(read_tracking(&Keys::fixed(&[2]), &old), None);
    }

    #[test]
    fn one_kind_of_token_does_not_pass_for_another() {
        let keys = Keys::fixed(&[1]);
        assert!(!is_link_visit(&keys, [0; 32], &tracking(&keys, request())));
        assert_eq!(read_tracking(&keys, &form(&keys, "", shown())), None);
    }

    fn shown() -> Form {
        Form { shown_at: "2026-11-22T19:30:00.123Z".parse().expect("a moment"), nonce: [7; 8] }
    }

    #[test]
    fn a_form_token_holds_for_its_own_site() {
        let keys = Keys::fixed(&[1]);
        let token = form(&keys, "pet-shop", shown());
        assert_eq!(read_form(&keys, "pet-shop", &token), Some(shown()));
        assert_eq!(read_form(&keys, "cinema", &token), None);
        assert_eq!(read_form(&keys, "pet-shop", &tracking(&keys, request())), None);
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let keys = Keys::fixed(&[1]);
        for token in ["", "A", "AQ", "не токен", "====", &"A".repeat(10_000)] {
            assert_eq!(read_tracking(&keys, token), None, "{token}");
        }
    }
}
