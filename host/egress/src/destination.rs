//! Where a request goes, as it is written.

use std::{fmt, net::IpAddr};

use url::{Host, Url};

use crate::ports;

/// An `https:` address that a request may go to; or an `http:` one whose host is an IP address, for endpoints that the operator
/// allows by that address.
///
/// Its host has one form however it was written (WHATWG URL standard, section 3.5): `https://2130706433/` and
/// `https://0x7f.1/` are `127.0.0.1`. Neither `Debug` nor any error shows path or query, which may hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Destination {
    url: Url,
    host: Host,
    port: u16,
}

/// Why an address is none that a request may go to. None of these texts repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlRefused {
    /// It is no address.
    #[error("not an address: write `https://shop.example/hooks`")]
    Malformed,
    /// It is not `https:`.
    #[error("not `https:`; `http:` is for IP addresses that the operator allows")]
    Insecure,
    /// It has a user name or a password in it.
    #[error("a user name or password cannot stand in it")]
    UserInfo,
    /// Its port is one of another kind of server.
    #[error("port {port} is none of a web server")]
    Port {
        /// The port.
        port: u16,
    },
}

impl fmt::Debug for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Destination({}://{}:{})", self.url.scheme(), self.host, self.port)
    }
}

impl Destination {
    /// Reads an address.
    pub fn parse(written: &str) -> Result<Self, UrlRefused> {
        let mut url = Url::parse(written).map_err(|_| UrlRefused::Malformed)?;
        let host = url.host().ok_or(UrlRefused::Malformed)?.to_owned();
        match (url.scheme(), &host) {
            ("https", _) | ("http", Host::Ipv4(_) | Host::Ipv6(_)) => {}
            _ => return Err(UrlRefused::Insecure),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlRefused::UserInfo);
        }
        let port = url.port_or_known_default().ok_or(UrlRefused::Malformed)?;
        if !ports::is_good(port) {
            return Err(UrlRefused::Port { port });
        }
        url.set_fragment(None);
        Ok(Self { url, host, port })
    }

    /// Its host where that is an IP address.
    pub fn address(&self) -> Option<IpAddr> {
        match self.host {
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
            Host::Domain(_) => None,
        }
    }

    /// Whether it is `https:`.
    pub fn is_secure(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The host, without the brackets of IPv6.
    pub(crate) fn host(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What the field `Host` says (RFC 9110, section 7.2): no port where it is the scheme's own.
    pub(crate) fn authority(&self) -> String {
        match self.url.port() {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.to_string(),
        }
    }

    /// Path and query, as they stand in the first line of a request.
    pub(crate) fn path(&self) -> &str {
        &self.url[url::Position::BeforePath..url::Position::AfterQuery]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(written: &str) -> Result<String, UrlRefused> {
        Destination::parse(written).map(|destination| destination.host())
    }

    #[test]
    fn literal_address_is_known_in_every_spelling() {
        for written in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.0.0.1./",
            "https://%31%32%37.0.0.1/",
            "https://１２７.0.0.1/",
            "https://127。0。0。1/",
            "HTTPS:\\\\127.0.0.1\\",
        ] {
            let destination = Destination::parse(written).expect(written);
            assert_eq!(destination.address(), Some(IpAddr::from([127, 0, 0, 1])), "{written}");
        }
        let mapped = Destination::parse("https://[::ffff:7f00:1]:8443/").expect("an address");
        assert_eq!(mapped.address().map(|address| address.to_canonical()), Some(IpAddr::from([127, 0, 0, 1])));
        assert_eq!((mapped.authority(), mapped.port()), ("[::ffff:7f00:1]:8443".to_owned(), 8443));
    }

    #[test]
    fn what_no_request_may_go_to_is_refused() {
        for (written, why) in [
            ("", UrlRefused::Malformed),
            ("/hooks", UrlRefused::Malformed),
            ("https://", UrlRefused::Malformed),
            ("https://shop.example:99999/", UrlRefused::Malformed),
            ("https://256.1.1.1/", UrlRefused::Malformed),
            ("https://[::1", UrlRefused::Malformed),
            ("https://[fe80::1%25eth0]/", UrlRefused::Malformed),
            ("https://a b/", UrlRefused::Malformed),
            ("http://shop.example/", UrlRefused::Insecure),
            ("http://localhost/", UrlRefused::Insecure),
            ("ftp://shop.example/", UrlRefused::Insecure),
            ("file://shop.example/etc/passwd", UrlRefused::Insecure),
            ("gopher://127.0.0.1:25/", UrlRefused::Insecure),
            ("data:text/plain,x", UrlRefused::Malformed),
            ("https://user@shop.example/", UrlRefused::UserInfo),
            ("https://shop.example@127.0.0.1/", UrlRefused::UserInfo),
            ("https://:secret@shop.example/", UrlRefused::UserInfo),
            ("https://shop.example:25/", UrlRefused::Port { port: 25 }),
            ("https://shop.example:0/", UrlRefused::Port { port: 0 }),
        ] {
            assert_eq!(host(written), Err(why), "{written}");
        }
    }

    #[test]
    fn parts_of_an_address_are_told_apart() {
        let destination = Destination::parse("https://Hooks.Пёс.рф/in?key=s#top").expect("an address");
        assert_eq!(destination.host(), "hooks.xn--o1ae1c.xn--p1ai");
        assert_eq!((destination.path(), destination.port()), ("/in?key=s", 443));
        assert_eq!(destination.authority(), destination.host());
        assert_eq!(format!("{destination:?}"), "Destination(https://hooks.xn--o1ae1c.xn--p1ai:443)", "and no key");
    }
}
