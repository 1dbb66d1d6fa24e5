//! Web addresses, as far as we have to know them: which ones may stand in a link, and what their path is.

/// Whether this is an `http:` or `https:` address that may stand in a link: a host, no user name, no blank, no control
/// character, no backslash. It is not resolved and not normalised.
pub fn is_web_address(address: &str) -> bool {
    let Some(rest) = after_scheme(address) else { return false };
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let clean = !address.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\');
    clean && !authority.contains('@') && is_host(authority)
}

/// The path of an address, or of what is a path already, without query and fragment; at least `/`.
pub fn path(address: &str) -> &str {
    let rest = match after_scheme(address) {
        Some(rest) => &rest[rest.find(['/', '?', '#']).unwrap_or(rest.len())..],
        None => address,
    };
    match &rest[..rest.find(['?', '#']).unwrap_or(rest.len())] {
        "" => "/",
        path => path,
    }
}

fn after_scheme(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    (scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")).then_some(rest)
}

/// A host, with a port if there is one.
fn is_host(authority: &str) -> bool {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, ""),
    };
    let named = host.starts_with(|c: char| c.is_alphanumeric() || c == '[');
    named && port.len() <= 5 && port.chars().all(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_and_https_addresses_are_web_addresses() {
        for address in [
            "https://shop.example/dog-houses/1?color=red#size",
            "HTTP://localhost:8080",
            "https://пёс.рф/будки",
            "http://127.0.0.1/",
            "http://[::1]:80/a",
            "https://shop.example?q=1",
        ] {
            assert!(is_web_address(address), "{address}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for address in [
            "",
            "javascript:alert(1)",
            "javascript://shop.example/%0Aalert(1)",
            "data:text/html,x",
            "//shop.example",
            "/path",
            "https://",
            "https:///path",
            "https://user@shop.example",
            "https://shop.example\\@evil.example",
            "https://shop.example/a b",
            "https://shop.example/\n",
            "https://shop.example:port/",
            " https://shop.example",
            "ftp://shop.example",
        ] {
            assert!(!is_web_address(address), "{address}");
        }
    }

    #[test]
    fn the_path_leaves_host_query_and_fragment_out() {
        assert_eq!(path("https://shop.example/a/b?c#d"), "/a/b");
        assert_eq!(path("https://shop.example"), "/");
        assert_eq!(path("https://shop.example?x=/y"), "/");
        assert_eq!(path("/a#b?c"), "/a");
        assert_eq!(path("/login?next=https://x/y"), "/login");
    }
}
