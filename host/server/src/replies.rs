//! The addresses that letters are answered to: `help+TOKEN@shop.example`, one for each request and reader.

use porchlight_model::{
    contact::{EmailAddress, EmailError},
    delivery::Reader,
    request::RequestId,
};

use crate::{
    keys::Keys,
    tokens::{self, REPLY_CHARS},
};

/// The most bytes before the `@` (RFC 5321, section 4.5.3.1.1).
const LOCAL_BYTES: usize = 64;

/// Bytes that are left for the name before the plus sign.
const NAME_BYTES: usize = LOCAL_BYTES - REPLY_CHARS - 1;

/// The address that all answers come to, each with a mark of its own behind a plus sign (RFC 5233).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyAddress {
    name: String,
    domain: String,
}

/// Why an address cannot be answered to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplyAddressError {
    /// It is none.
    #[error(transparent)]
    Address(#[from] EmailError),
    /// There is no room for the mark.
    #[error("the name before the @ is longer than {NAME_BYTES} bytes, or has a plus sign: a mark has to fit behind it")]
    Name,
}

/// What a recipient's address means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// An answer to a letter about this request, which this reader got.
    Reply(RequestId, Reader),
    /// It looks like one, and is not: its mark is not ours, or not whole.
    Forged,
    /// Somebody else.
    Other,
}

impl ReplyAddress {
    /// Reads an address.
    ///
    /// # Errors
    /// [`ReplyAddressError`] says what to write instead.
    pub fn parse(written: &str) -> Result<Self, ReplyAddressError> {
        EmailAddress::parse(written)?;
        let (name, domain) = written.rsplit_once('@').ok_or(EmailError::Syntax)?;
        if name.len() > NAME_BYTES || name.contains('+') {
            return Err(ReplyAddressError::Name);
        }
        Ok(Self { name: name.to_owned(), domain: domain.to_owned() })
    }

    /// The address that a letter about a request is answered to by its reader.
    pub fn of(&self, keys: &Keys, request: RequestId, reader: Reader) -> Option<EmailAddress> {
        let token = tokens::reply(keys, request, reader);
        EmailAddress::parse(&format!("{}+{token}@{}", self.name, self.domain)).ok()
    }

    /// What a recipient's address means, however its letters are cased.
    pub fn read(&self, keys: &Keys, recipient: &str) -> Recipient {
        let marked = || {
            let recipient = folded(recipient)?;
            let ours = folded(&format!("{}@{}", self.name, self.domain))?;
            let (local, domain) = recipient.rsplit_once('@')?;
            let (name, mark) = local.split_once('+')?;
            (format!("{name}@{domain}") == ours).then(|| mark.to_owned())
        };
        match marked().map(|mark| tokens::read_reply(keys, &mark)) {
            Some(Some((request, reader))) => Recipient::Reply(request, reader),
            Some(None) => Recipient::Forged,
            None => Recipient::Other,
        }
    }
}

/// An address as it is compared: in lower case, its domain in ASCII (RFC 5891). `None` for what is no address.
pub fn folded(address: &str) -> Option<String> {
    let (name, domain) = address.trim().rsplit_once('@')?;
    let domain = idna::domain_to_ascii(domain).ok()?;
    Some(format!("{}@{domain}", name.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn request() -> RequestId {
        RequestId(Uuid::from_u128(7))
    }

    #[test]
    fn address_fits_and_leads_back_to_its_request_and_reader() {
        let keys = Keys::fixed(&[1]);
        let replies = ReplyAddress::parse("nineteen-characters@Пёс.рф").expect("an address");
        for reader in [Reader::Business, Reader::Requester] {
            let address = replies.of(&keys, request(), reader).expect("it fits");
            let (local, _) = address.as_str().rsplit_once('@').expect("a name");
            assert_eq!(local.len(), LOCAL_BYTES);
            let ways =
                [address.as_str().to_owned(), address.as_str().to_uppercase(), format!("{local}@xn--o1ae1c.xn--p1ai")];
            for written in ways {
                assert_eq!(replies.read(&keys, &written), Recipient::Reply(request(), reader), "{written}");
            }
        }
    }

    #[test]
    fn mark_that_is_not_ours_is_told_from_somebody_elses_address() {
        let keys = Keys::fixed(&[1]);
        let replies = ReplyAddress::parse("help@shop.example").expect("an address");
        let ours = replies.of(&Keys::fixed(&[2]), request(), Reader::Business).expect("it fits");
        for forged in [ours.as_str(), "help+@shop.example", "HELP+x@SHOP.example", "help+a+b@shop.example"] {
            assert_eq!(replies.read(&keys, forged), Recipient::Forged, "{forged}");
        }
        for other in ["help@shop.example", "helper+x@shop.example", "help+x@other.example", "", "help+x", "x@y@z"] {
            assert_eq!(replies.read(&keys, other), Recipient::Other, "{other}");
        }
    }
}
