//! The console's cookies: the session, and the device that somebody signed in from before.
//!
//! Both are `HttpOnly; SameSite=Strict`, and `__Host-` and `Secure` wherever browsers take that: everywhere but at a plain-HTTP
//! address of this very machine, where some refuse `Secure`.

use axum::http::{HeaderMap, header};
use jiff::SignedDuration;

/// As long as browsers keep a cookie: 400 days.
const DEVICE_LIFE: SignedDuration = SignedDuration::from_hours(400 * 24);

/// A cookie of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Who is signed in; it goes with the browser's window.
    Session,
    /// That somebody signed in here before.
    Device,
}

impl Cookie {
    fn name(self, is_secure: IsSecure) -> &'static str {
        match (self, is_secure) {
            (Self::Session, IsSecure::Yes) => "__Host-porchlight",
            (Self::Session, IsSecure::OnThisMachineAlone) => "porchlight",
            (Self::Device, IsSecure::Yes) => "__Host-porchlight-device",
            (Self::Device, IsSecure::OnThisMachineAlone) => "porchlight-device",
        }
    }

    /// The header that sets it.
    pub fn set(self, value: &str, public_url: &str) -> String {
        match self {
            Self::Session => self.header(value, "", public_url),
            Self::Device => self.header(value, &format!("; Max-Age={}", DEVICE_LIFE.as_secs()), public_url),
        }
    }

    /// The header that takes it away.
    pub fn unset(self, public_url: &str) -> String {
        self.header("", "; Max-Age=0", public_url)
    }

    fn header(self, value: &str, life: &str, public_url: &str) -> String {
        let is_secure = IsSecure::at(public_url);
        let secure = match is_secure {
            IsSecure::Yes => "; Secure",
            IsSecure::OnThisMachineAlone => "",
        };
        format!("{}={value}; Path=/{life}; HttpOnly; SameSite=Strict{secure}", self.name(is_secure))
    }

    /// Its value in a request. With several of the same name, which no browser sends, there is none.
    pub fn read(self, headers: &HeaderMap, public_url: &str) -> Option<String> {
        let name = self.name(IsSecure::at(public_url));
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut values = pairs.filter(|(given, _)| *given == name).map(|(_, value)| value.to_owned());
        values.next().filter(|_| values.next().is_none())
    }
}

#[derive(Clone, Copy)]
enum IsSecure {
    Yes,
    OnThisMachineAlone,
}

impl IsSecure {
    fn at(public_url: &str) -> Self {
        if is_of_this_machine(public_url) { Self::OnThisMachineAlone } else { Self::Yes }
    }
}

/// Whether an address is plain HTTP to this very machine.
fn is_of_this_machine(public_url: &str) -> bool {
    let Some(authority) = public_url.strip_prefix("http://") else { return false };
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => host,
        _ => authority,
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn cookies_are_secure_but_at_a_plain_address_of_this_machine() {
        for url in ["https://help.shop.example", "http://help.shop.example", "https://localhost", "http://192.0.2.1:80"]
        {
            assert_eq!(
                Cookie::Session.set("t", url),
                "__Host-porchlight=t; Path=/; HttpOnly; SameSite=Strict; Secure",
                "{url}"
            );
        }
        for url in ["http://127.0.0.1:8080", "http://localhost:8080", "http://[::1]:8080", "http://127.8.9.1"] {
            assert_eq!(Cookie::Session.set("t", url), "porchlight=t; Path=/; HttpOnly; SameSite=Strict", "{url}");
        }
        assert_eq!(
            Cookie::Session.unset("https://help.shop.example"),
            "__Host-porchlight=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure"
        );
    }

    #[test]
    fn cookie_is_read_by_its_whole_name_and_only_if_there_is_one() {
        let read = |cookies: &'static str| {
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookies))]);
            Cookie::Session.read(&headers, "https://help.shop.example")
        };
        assert_eq!(read("a=b; __Host-porchlight=t").as_deref(), Some("t"));
        for cookies in
            ["porchlight=t", "x__Host-porchlight=t", "__Host-porchlight", "__Host-porchlight=a; __Host-porchlight=b"]
        {
            assert_eq!(read(cookies), None, "{cookies}");
        }
    }
}
