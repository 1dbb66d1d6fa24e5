//! Proof of work, as the `altcha` protocol writes it (version 1).

use base64::{Engine, engine::general_purpose::STANDARD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The one algorithm that is asked for.
pub const ALGORITHM: &str = "SHA-256";

/// What has to be solved: the number, at most `maxnumber`, that makes `challenge` the SHA-256 of `salt` and number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Challenge {
    /// `SHA-256`.
    pub algorithm: &'static str,
    /// The hash in hexadecimal.
    pub challenge: String,
    /// The largest number it can be.
    pub maxnumber: u32,
    /// What stands before the number; parameters begin after a `?`.
    pub salt: String,
    /// HMAC-SHA-256 of `challenge`, in hexadecimal.
    pub signature: String,
}

/// A solved challenge.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Solution {
    /// As in the challenge.
    pub algorithm: String,
    /// As in the challenge.
    pub challenge: String,
    /// The number.
    pub number: u32,
    /// As in the challenge.
    pub salt: String,
    /// As in the challenge.
    pub signature: String,
}

/// The field `proof`: base64 (RFC 4648, section 4) of a solution's JSON.
pub fn read(field: &str) -> Option<Solution> {
    serde_json::from_slice(&STANDARD.decode(field).ok()?).ok()
}
