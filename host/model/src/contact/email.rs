use serde::{Deserialize, Serialize};

/// The longest address in bytes: RFC 5321, section 4.5.3.1.3, without its angle brackets.
const LONGEST: usize = 254;

/// An e-mail address that mail can be sent to: RFC 5321, with a dotted domain, no IP literal, no line break.
///
/// Read from our own store it is taken as it is; whatever comes from outside goes through [`EmailAddress::parse`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EmailAddress(String);

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

impl EmailAddress {
    /// Reads an address. It is kept as written: only the check is ours.
    ///
    /// Stricter than RFC 5321 where nobody would gain by leniency: no quoted name (`"a b"@…`), no name beyond ASCII (few mail
    /// servers take it, and a Cyrillic letter there is nearly always a slip of the keyboard), none with an encoded word
    /// (`=?utf-8?q?…`, RFC 2047: a server that decodes it would send the mail elsewhere). A domain may be international (RFC
    /// 5890) and is kept so: who sends mail there has to encode it. Nothing here is decoded: `%0a` in a name is three letters.
    ///
    /// # Errors
    /// [`EmailError::Domain`] for the part after the last `@`, [`EmailError::Syntax`] for all else, length included.
    pub fn parse(written: &str) -> Result<Self, EmailError> {
        let unfit = |letter: char| letter.is_control() || letter.is_whitespace();
        if written.len() > LONGEST || written.contains(unfit) {
            return Err(EmailError::Syntax);
        }
        let (name, domain) = written.rsplit_once('@').ok_or(EmailError::Syntax)?;
        let plain = name.is_ascii() && !name.contains('"') && !name.contains("=?");
        if !plain || !email_address::EmailAddress::is_valid_local_part(name) {
            return Err(EmailError::Syntax);
        }
        let domain = ascii_domain(domain).ok_or(EmailError::Domain)?;
        if name.len() + 1 + domain.len() > LONGEST {
            return Err(EmailError::Syntax);
        }
        Ok(Self(written.to_owned()))
    }

    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address as addresses are compared: nobody has two mailboxes that differ in capitals, and an international domain is
    /// the same however it is written (RFC 5890).
    pub fn compared(&self) -> String {
        let (name, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let domain = ascii_domain(domain).unwrap_or_else(|| domain.to_lowercase());
        format!("{}@{domain}", name.to_lowercase())
    }

    /// Where a click leads: `mailto:` (RFC 6068), with what would begin further fields encoded.
    pub fn href(&self) -> String {
        format!("mailto:{}", self.0.replace('%', "%25").replace('?', "%3F").replace('&', "%26"))
    }
}

/// A name as it is asked for in DNS (UTS 46, strict); `None` where it cannot be, has no dot, or is an IP address however written.
fn ascii_domain(domain: &str) -> Option<String> {
    let encoded = idna::domain_to_ascii_strict(domain).ok()?;
    let (_, last) = encoded.rsplit_once('.')?;
    // No top-level domain begins with a digit; `127.0.0.0x1` does.
    last.starts_with(|letter: char| letter.is_ascii_alphabetic()).then_some(encoded)
}

#[cfg(test)]
mod tests;
