//! Where the mailbox is, read from its URL (RFC 5092 as far as it is needed).

use std::error::Error;

use percent_encoding::percent_decode_str;
use url::Url;

/// How the connection is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Security {
    /// Not at all.
    None,
    /// By STARTTLS, or else nobody logs in.
    Required,
    /// By TLS from the start.
    Wrapped,
}

/// Where the mailbox is.
pub(super) struct ServerAddress {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) mailbox: String,
}

/// Why the URL of a mailbox was refused. No text repeats it: there is a password in it.
#[derive(Debug, thiserror::Error)]
pub enum ImapUrlError {
    /// Not a URL with a host, a user and a password.
    #[error("the mailbox should be a URL such as `imaps://user:password@mail.example/INBOX`")]
    Syntax,
    /// Neither `imap` nor `imaps`.
    #[error("the mailbox's URL begins with `{0}:` instead of `imap:` or `imaps:`")]
    Scheme(String),
    /// An unknown parameter, or an unknown value of `tls`.
    #[error("the mailbox's URL has an unknown parameter `{0}`: there is `tls=required`")]
    Parameter(String),
    /// TLS cannot be set up.
    #[error("TLS to the mail server cannot be set up")]
    Tls(#[source] Box<dyn Error + Send + Sync>),
}

impl ServerAddress {
    pub(super) fn parse(written: &str) -> Result<Self, ImapUrlError> {
        let url = Url::parse(written).map_err(|_| ImapUrlError::Syntax)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(ImapUrlError::Syntax)?;
        let security = security(&url)?;
        let user = decoded(url.username())?;
        let password = decoded(url.password().ok_or(ImapUrlError::Syntax)?)?;
        let mailbox = decoded(url.path().trim_matches('/'))?;
        let parts = [&user, &password, &mailbox];
        if user.is_empty() || parts.iter().any(|part| part.contains(['\r', '\n', '\0'])) {
            return Err(ImapUrlError::Syntax);
        }
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(if security == Security::Wrapped { 993 } else { 143 }),
            security,
            user,
            password,
            mailbox: if mailbox.is_empty() { "INBOX".to_owned() } else { mailbox },
        })
    }
}

fn security(url: &Url) -> Result<Security, ImapUrlError> {
    let mut security = match url.scheme() {
        "imap" => Security::None,
        "imaps" => Security::Wrapped,
        other => return Err(ImapUrlError::Scheme(other.to_owned())),
    };
    for (name, value) in url.query_pairs() {
        security = match (security, name.as_ref(), value.as_ref()) {
            (Security::None, "tls", "required") => Security::Required,
            (_, "tls", value) => return Err(ImapUrlError::Parameter(format!("tls={value}"))),
            (_, name, _) => return Err(ImapUrlError::Parameter(name.to_owned())),
        };
    }
    Ok(security)
}

/// The parts of a URL are percent-encoded (RFC 3986, section 2.1).
fn decoded(part: &str) -> Result<String, ImapUrlError> {
    let decoded = percent_decode_str(part).decode_utf8().map_err(|_| ImapUrlError::Syntax)?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> (String, u16, Security, String, String, String) {
        let address = ServerAddress::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        (address.host, address.port, address.security, address.user, address.password, address.mailbox)
    }

    #[test]
    fn url_says_where_and_how() {
        let all = |host: &str, port, security, mailbox: &str| {
            (host.to_owned(), port, security, "help@shop.example".to_owned(), "p ss/".to_owned(), mailbox.to_owned())
        };
        let login = "help%40shop.example:p%20ss%2F";
        assert_eq!(
            read(&format!("imaps://{login}@mail.example")),
            all("mail.example", 993, Security::Wrapped, "INBOX")
        );
        assert_eq!(
            read(&format!("imap://{login}@127.0.0.1:1143/INBOX/help%20desk")),
            all("127.0.0.1", 1143, Security::None, "INBOX/help desk")
        );
        assert_eq!(
            read(&format!("imap://{login}@[::1]/Inbox?tls=required")),
            all("::1", 143, Security::Required, "Inbox")
        );
    }

    #[test]
    fn bad_url_is_refused_without_being_repeated() {
        for url in [
            "imaps://mail.example/INBOX",
            "imaps://user@mail.example",
            "imaps://:secret@mail.example",
            "https://user:secret@mail.example",
            "imaps://user:secret@mail.example?tls=required",
            "imap://user:secret@mail.example?tls=maybe",
            "imap://user:secret%0D%0AX@mail.example",
            "imap://user:secret@mail.example/IN%00BOX",
            "secret",
        ] {
            let refused = ServerAddress::parse(url).err().map(|error| error.to_string()).expect(url);
            assert!(!refused.contains("secret"), "{url}: {refused}");
        }
    }
}
