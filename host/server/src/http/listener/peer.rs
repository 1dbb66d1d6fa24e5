//! Where connections come from, and who stands behind them.

use std::net::IpAddr;

use hyper::header::HeaderMap;

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl Peer {
    /// Whoever stands behind the connection: the last address in `X-Forwarded-For` that is no trusted proxy's, if the
    /// connection is one's; else the connection's own.
    pub fn client(self, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
        if !is_trusted(self.0, trusted) {
            return self.0;
        }
        let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let said: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
        let mut addresses = said.iter().rev().map_while(|said| said.trim().parse().ok());
        addresses.find(|address| !is_trusted(*address, trusted)).unwrap_or(self.0)
    }

    /// Whether the connection is a trusted proxy's.
    pub fn is_proxy(self, trusted: &[IpAddr]) -> bool {
        is_trusted(self.0, trusted)
    }
}

fn is_trusted(address: IpAddr, trusted: &[IpAddr]) -> bool {
    trusted.contains(&address.to_canonical())
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;

    use super::*;

    fn client(peer: &str, forwarded: &str) -> String {
        let address = |text: &str| text.parse::<IpAddr>().expect("an address");
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_str(forwarded).expect("a value"));
        Peer(address(peer)).client(&headers, &[address("10.0.0.1"), address("10.0.0.2")]).to_string()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        assert_eq!(client("192.0.2.7", "198.51.100.1"), "192.0.2.7");
        assert_eq!(client("10.0.0.1", "198.51.100.1"), "198.51.100.1");
    }

    #[test]
    fn what_the_client_itself_wrote_is_not_believed() {
        assert_eq!(client("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2"), "198.51.100.1");
        assert_eq!(client("10.0.0.1", "203.0.113.9, nonsense"), "10.0.0.1");
    }
}
