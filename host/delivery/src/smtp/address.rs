//! Where the mail server is, read from its URL.

use std::error::Error;

use percent_encoding::percent_decode_str;
use url::Url;

/// How the connection is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Security {
    /// Not at all.
    None,
    /// By STARTTLS where the server offers it.
    Opportunistic,
    /// By STARTTLS, or else nothing is sent.
    Required,
    /// By TLS from the start.
    Wrapped,
}

/// Where the mail server is.
pub(super) struct ServerAddress {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) credentials: Option<(String, String)>,
}

/// Why the URL of a mail server was refused. No text repeats it: there may be a password in it.
#[derive(Debug, thiserror::Error)]
pub enum SmtpUrlError {
    /// Not a URL with a host.
    #[error("the mail server should be a URL such as `smtps://user:password@mail.example:465`")]
    Syntax,
    /// Neither `smtp` nor `smtps`.
    #[error("the mail server's URL begins with `{0}:` instead of `smtp:` or `smtps:`")]
    Scheme(String),
    /// An unknown parameter, or an unknown value of `tls`.
    #[error("the mail server's URL has an unknown parameter `{0}`: there is `tls=required` and `tls=opportunistic`")]
    Parameter(String),
    /// TLS cannot be set up.
    #[error("TLS to the mail server cannot be set up")]
    Tls(#[source] Box<dyn Error + Send + Sync>),
    /// The sender's address cannot be sent from.
    #[error("the sender's address cannot be sent from")]
    From,
}

impl ServerAddress {
    pub(super) fn parse(written: &str) -> Result<Self, SmtpUrlError> {
        let url = Url::parse(written).map_err(|_| SmtpUrlError::Syntax)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SmtpUrlError::Syntax)?;
        let security = security(&url)?;
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(usual_port(security)),
            security,
            credentials: credentials(&url)?,
        })
    }
}

fn security(url: &Url) -> Result<Security, SmtpUrlError> {
    let mut security = match url.scheme() {
        "smtp" => Security::None,
        "smtps" => Security::Wrapped,
        other => return Err(SmtpUrlError::Scheme(other.to_owned())),
    };
    for (name, value) in url.query_pairs() {
        security = match (security, name.as_ref(), value.as_ref()) {
            (Security::None, "tls", "required") => Security::Required,
            (Security::None, "tls", "opportunistic") => Security::Opportunistic,
            (_, "tls", value) => return Err(SmtpUrlError::Parameter(format!("tls={value}"))),
            (_, name, _) => return Err(SmtpUrlError::Parameter(name.to_owned())),
        };
    }
    Ok(security)
}

fn usual_port(security: Security) -> u16 {
    match security {
        Security::None => 25,
        Security::Opportunistic | Security::Required => 587,
        Security::Wrapped => 465,
    }
}

fn credentials(url: &Url) -> Result<Option<(String, String)>, SmtpUrlError> {
    let Some(password) = url.password() else { return Ok(None) };
    Ok(Some((decoded(url.username())?, decoded(password)?)))
}

/// User and password are percent-encoded within a URL (RFC 3986, section 3.2.1).
fn decoded(part: &str) -> Result<String, SmtpUrlError> {
    let decoded = percent_decode_str(part).decode_utf8().map_err(|_| SmtpUrlError::Syntax)?;
    Ok(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> (String, u16, Security, Option<(String, String)>) {
        let address = ServerAddress::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
        (address.host, address.port, address.security, address.credentials)
    }

    fn refused(url: &str) -> String {
        ServerAddress::parse(url).err().map(|error| error.to_string()).expect("a refusal")
    }

    #[test]
    fn a_url_says_where_and_how() {
        let login = Some(("user@shop.example".to_owned(), "p+ä&s&s/".to_owned()));
        let url = "smtp://user%40shop.example:p+%C3%A4%26s&s%2F@mail.example?tls=required";
        assert_eq!(read(url), ("mail.example".to_owned(), 587, Security::Required, login));
        assert_eq!(read("smtps://mail.example"), ("mail.example".to_owned(), 465, Security::Wrapped, None));
        assert_eq!(read("smtp://127.0.0.1:1025"), ("127.0.0.1".to_owned(), 1025, Security::None, None));
        assert_eq!(read("smtp://[::1]:1025").0, "::1");
    }

    #[test]
    fn a_bad_url_is_refused_without_being_repeated() {
        for url in
            ["mail.example:25", "smtp://", "http://user:secret@mail.example", "smtp://u:secret@h?tls=maybe", "no"]
        {
            assert!(!refused(url).contains("secret"), "{url}");
        }
        assert_eq!(refused("smtp://h?ssl=1"), SmtpUrlError::Parameter("ssl".to_owned()).to_string());
        assert_eq!(refused("smtps://h?tls=required"), SmtpUrlError::Parameter("tls=required".to_owned()).to_string());
    }
}
