//! Telephone numbers and e-mail addresses.

use serde::{Deserialize, Serialize};

/// A telephone number in E.164: a plus sign and up to fifteen digits; an extension may follow as `;ext=12` (RFC 3966).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(String);

/// An e-mail address that mail can be sent to: RFC 5321, with a dotted domain, no IP literal, no line break.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

/// Why a telephone number was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Digits are missing: this many at least.
    #[error("too short by at least {missing} digits")]
    TooShort {
        /// How many more are needed.
        missing: u8,
    },
    /// There are too many digits.
    #[error("too long")]
    TooLong,
    /// Nobody can have this number.
    #[error("not a number anybody can have")]
    Impossible,
}

/// Why an e-mail address was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Not `name@domain.example`.
    #[error("not an e-mail address")]
    Syntax,
    /// The domain has no dot, or is an IP address.
    #[error("the part after @ is not a domain")]
    Domain,
}

impl Phone {
    /// Reads a number as people write it; one without a country code is read in `region` (ISO 3166-1 alpha-2, `RU`).
    pub fn parse(written: &str, region: Option<&str>) -> Result<Self, PhoneError> {
        unimplemented!("{written} {region:?}")
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl EmailAddress {
    /// Reads an address. It is kept as written: only the check is ours.
    pub fn parse(written: &str) -> Result<Self, EmailError> {
        unimplemented!("{written}")
    }

    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
