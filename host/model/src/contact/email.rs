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
    /// servers take it, and a Cyrillic letter there is nearly always a slip of the keyboard). A domain may be international
    /// (RFC 5890) and is kept so: who sends mail there has to encode it.
    ///
    /// # Errors
    /// [`EmailError::Domain`] for the part after the last `@`, [`EmailError::Syntax`] for all else, length included.
    pub fn parse(written: &str) -> Result<Self, EmailError> {
        let unfit = |letter: char| letter.is_control() || letter.is_whitespace();
        if written.len() > LONGEST || written.contains(unfit) {
            return Err(EmailError::Syntax);
        }
        let (name, domain) = written.rsplit_once('@').ok_or(EmailError::Syntax)?;
        let plain = name.is_ascii() && !name.contains('"');
        if !plain || !email_address::EmailAddress::is_valid_local_part(name) {
            return Err(EmailError::Syntax);
        }
        if is_domain(domain) { Ok(Self(written.to_owned())) } else { Err(EmailError::Domain) }
    }

    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a name can be asked for in DNS (UTS 46, strict), has a dot, and is not an IP address.
fn is_domain(domain: &str) -> bool {
    let Ok(encoded) = idna::domain_to_ascii_strict(domain) else { return false };
    let last = encoded.rsplit_once('.').map(|(_, last)| last);
    last.is_some_and(|last| last.contains(|letter: char| letter.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_people_have_are_taken_as_written() {
        for address in [
            "anna@example.com",
            "Anna.Petrova+shop@Mail.Example.co.uk",
            "o'brien@example.ie",
            "a@b.co",
            "info@почта.рф",
            "info@xn--80a1acny.xn--p1ai",
            "x_y-z%1@sub-domain.example.museum",
        ] {
            assert_eq!(EmailAddress::parse(address).expect(address).as_str(), address);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "@",
            "anna",
            "anna.example.com",
            "@example.com",
            "anna @example.com",
            " anna@example.com",
            "anna@example.com\n",
            "anna@example.com\r\nBcc: all@example.com",
            "anna\0@example.com",
            "anna\u{85}@example.com",
            "anna\u{a0}@example.com",
            "an..na@example.com",
            ".anna@example.com",
            "anna.@example.com",
            "a@b@example.com",
            "\"anna petrova\"@example.com",
            "\"anna\"@example.com",
            "Anna <anna@example.com>",
            "анна@example.com",
            "anna,petr@example.com",
        ] {
            assert_eq!(EmailAddress::parse(text), Err(EmailError::Syntax), "{text:?}");
        }
    }

    #[test]
    fn domain_without_a_dot_or_of_numbers_is_named_as_the_mistake() {
        for domain in [
            "",
            "localhost",
            "example.",
            ".com",
            "example..com",
            "-a.com",
            "a-.com",
            "a_b.com",
            "127.0.0.1",
            "[127.0.0.1]",
            "[IPv6:::1]",
            "1.2.3",
            "exam/ple.com",
            "exa\u{200b}mple.com\u{200e}",
            "<b>.com",
        ] {
            assert_eq!(EmailAddress::parse(&format!("anna@{domain}")), Err(EmailError::Domain), "{domain:?}");
        }
        let long_label = format!("anna@{}.com", "a".repeat(64));
        assert_eq!(EmailAddress::parse(&long_label), Err(EmailError::Domain));
    }

    #[test]
    fn length_is_bounded_at_254_bytes() {
        let domain = format!("{}.{}.{}.com", "a".repeat(63), "b".repeat(63), "c".repeat(57));
        let longest = format!("{}@{domain}", "n".repeat(64));
        assert_eq!(longest.len(), 254);
        EmailAddress::parse(&longest).expect("the longest");
        assert_eq!(EmailAddress::parse(&format!("{}{longest}", "n")), Err(EmailError::Syntax));
        assert_eq!(EmailAddress::parse(&format!("{}@example.com", "n".repeat(65))), Err(EmailError::Syntax));
        assert_eq!(EmailAddress::parse(&"@".repeat(1_000_000)), Err(EmailError::Syntax));
    }

    proptest! {
        #[test]
        fn accepted_address_fits_into_a_header_line(text in ".{0,12}@?[a-zа-я0-9.@\r\n\\[\\] -]{0,12}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert_eq!(address.as_str(), &text);
                prop_assert!(!text.contains(|c: char| c.is_control() || c.is_whitespace() || "<>,;:\"()[]\\".contains(c)));
                prop_assert_eq!(text.matches('@').count(), 1);
            }
        }
    }
}
