//! References: short names of requests, to read out loud.

use serde::{Deserialize, Serialize};

/// `PS-7K4Q2MX`: the site's prefix, six characters of Crockford's base 32 and a check character of the same alphabet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// A reference out of four random bytes, of which thirty bits are used.
    pub fn from_random(prefix: &str, random: [u8; 4]) -> Self {
        unimplemented!("{prefix} {random:?}")
    }

    /// Reads a reference as a person wrote it down: case, spaces and hyphens do not matter, `O` is 0, `I` and `L` are 1.
    /// `None` where the check character does not fit.
    pub fn parse(written: &str) -> Option<Self> {
        unimplemented!("{written}")
    }

    /// The reference as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
