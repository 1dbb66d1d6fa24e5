//! Which addresses may be connected to: global unicast, and what the operator allows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A block of addresses, as CIDR says it: `10.0.0.0/8`, `fd00::/8`.
pub type Block = IpNet;

/// Which addresses may be connected to.
#[derive(Clone, Debug, Default)]
pub struct Vetting {
    allowed: Vec<Block>,
}

/// An address that may not be connected to, and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{address}` is {what}")]
pub struct Refused {
    /// The address.
    pub address: IpAddr,
    /// What it is: `a private address`.
    pub what: &'static str,
}

impl Vetting {
    /// Global unicast addresses, and those of the operator's own blocks, whatever they are.
    pub fn new(allowed: Vec<Block>) -> Self {
        Self { allowed }
    }

    /// Whether the operator has named a block that this address is in.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.allowed.iter().any(|block| block.contains(&address))
    }

    /// The address to connect to, if it may be: one that is mapped into IPv6 is the IPv4 address that it stands for.
    pub fn vet(&self, address: IpAddr) -> Result<IpAddr, Refused> {
        let canonical = address.to_canonical();
        if self.allows(canonical) {
            return Ok(canonical);
        }
        let what = match canonical {
            IpAddr::V4(address) => special_v4(address),
            IpAddr::V6(address) => special_v6(address),
        };
        what.map_or(Ok(canonical), |what| Err(Refused { address, what }))
    }
}

const PRIVATE: &str = "a private address";
const LOCAL: &str = "the host itself";
const LINK: &str = "an address of the local link";
const RESERVED: &str = "a reserved address";
const EXAMPLE: &str = "an address for documentation";
const GROUP: &str = "a multicast address";
const CLOUD: &str = "a service of the cloud around the host";
const TUNNEL: &str = "an address of a tunnel";
const BENCH: &str = "an address for benchmarks";

/// What is not global unicast: the IANA IPv4 Special-Purpose Address Registry (RFC 6890) and multicast (RFC 5771), and the one
/// address by which Azure serves its guests, which is none of them.
const SPECIAL_V4: [(Ipv4Net, &str); 17] = [
    (v4([0, 0, 0, 0], 8), LOCAL),
    (v4([10, 0, 0, 0], 8), PRIVATE),
    (v4([100, 64, 0, 0], 10), "an address of the provider's own network"),
    (v4([127, 0, 0, 0], 8), LOCAL),
    (v4([168, 63, 129, 16], 32), CLOUD),
    (v4([169, 254, 169, 254], 32), CLOUD),
    (v4([169, 254, 0, 0], 16), LINK),
    (v4([172, 16, 0, 0], 12), PRIVATE),
    (v4([192, 0, 0, 0], 24), RESERVED),
    (v4([192, 0, 2, 0], 24), EXAMPLE),
    (v4([192, 88, 99, 0], 24), TUNNEL),
    (v4([192, 168, 0, 0], 16), PRIVATE),
    (v4([198, 18, 0, 0], 15), BENCH),
    (v4([198, 51, 100, 0], 24), EXAMPLE),
    (v4([203, 0, 113, 0], 24), EXAMPLE),
    (v4([224, 0, 0, 0], 4), GROUP),
    (v4([240, 0, 0, 0], 4), RESERVED),
];

/// What IPv6 has for unicast around the world (RFC 4291, section 2.5.4, as assigned by IANA).
const GLOBAL_V6: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What of that is something else (IANA IPv6 Special-Purpose Address Registry). Tunnels hide an IPv4 address in their own way,
/// and nobody needs them any more: Teredo within 2001::/23, 6to4 (RFC 7526).
const SPECIAL_V6: [(Ipv6Net, &str); 4] = [
    (v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), RESERVED),
    (v6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), EXAMPLE),
    (v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), TUNNEL),
    (v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), EXAMPLE),
];

/// What is outside of it, by names that say more than "reserved".
const OTHER_V6: [(Ipv6Net, &str); 4] = [
    (v6([0, 0, 0, 0, 0, 0, 0, 0], 127), LOCAL),
    (v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7), PRIVATE),
    (v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10), LINK),
    (v6([0xff00, 0, 0, 0, 0, 0, 0, 0], 8), GROUP),
];

/// IPv4 addresses as networks without IPv4 write them (NAT64, RFC 6052): as good as the address that they stand for.
const NAT64: Ipv6Net = v6([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

const fn v4([a, b, c, d]: [u8; 4], length: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), length)
}

const fn v6(segments: [u16; 8], length: u8) -> Ipv6Net {
    let [a, b, c, d, e, f, g, h] = segments;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), length)
}

fn special_v4(address: Ipv4Addr) -> Option<&'static str> {
    SPECIAL_V4.iter().find(|(block, _)| block.contains(&address)).map(|(_, what)| *what)
}

fn special_v6(address: Ipv6Addr) -> Option<&'static str> {
    if NAT64.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return special_v4(Ipv4Addr::new(a, b, c, d));
    }
    let named = |blocks: &[(Ipv6Net, &'static str)]| {
        blocks.iter().find(|(block, _)| block.contains(&address)).map(|(_, what)| *what)
    };
    if GLOBAL_V6.contains(&address) { named(&SPECIAL_V6) } else { named(&OTHER_V6).or(Some(RESERVED)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vetted(vetting: &Vetting, address: &str) -> Result<String, String> {
        let address = address.parse().expect("an address");
        vetting.vet(address).map(|address| address.to_string()).map_err(|refused| refused.to_string())
    }

    #[test]
    fn addresses_of_the_world_are_connected_to() {
        for address in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "198.17.255.255",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a00:1450:4001:82a::200e",
            "2001:200::1",
            "64:ff9b::808:808",
        ] {
            assert_eq!(vetted(&Vetting::default(), address), Ok(address.to_owned()));
        }
        assert_eq!(vetted(&Vetting::default(), "::ffff:8.8.8.8"), Ok("8.8.8.8".to_owned()), "as what it stands for");
    }

    #[test]
    fn addresses_of_the_neighbourhood_are_refused() {
        for (address, what) in [
            ("0.0.0.0", LOCAL),
            ("0.1.2.3", LOCAL),
            ("10.255.255.255", PRIVATE),
            ("100.64.0.0", "an address of the provider's own network"),
            ("100.127.255.255", "an address of the provider's own network"),
            ("100.100.100.200", "an address of the provider's own network"),
            ("127.0.0.1", LOCAL),
            ("127.255.255.254", LOCAL),
            ("168.63.129.16", CLOUD),
            ("169.254.169.254", CLOUD),
            ("169.254.1.1", LINK),
            ("172.16.0.1", PRIVATE),
            ("172.31.255.255", PRIVATE),
            ("192.0.0.192", RESERVED),
            ("192.0.2.1", EXAMPLE),
            ("192.88.99.1", TUNNEL),
            ("192.168.1.1", PRIVATE),
            ("198.19.255.255", BENCH),
            ("198.51.100.7", EXAMPLE),
            ("203.0.113.255", EXAMPLE),
            ("224.0.0.1", GROUP),
            ("239.255.255.255", GROUP),
            ("240.0.0.1", RESERVED),
            ("255.255.255.255", RESERVED),
            ("::", LOCAL),
            ("::1", LOCAL),
            ("::7f00:1", RESERVED),
            ("::ffff:127.0.0.1", LOCAL),
            ("::ffff:10.0.0.1", PRIVATE),
            ("::ffff:169.254.169.254", CLOUD),
            ("64:ff9b::7f00:1", LOCAL),
            ("64:ff9b::a9fe:a9fe", CLOUD),
            ("64:ff9b:1::808:808", RESERVED),
            ("100::1", RESERVED),
            ("2001::1", RESERVED),
            ("2001:1ff:ffff::1", RESERVED),
            ("2001:db8::1", EXAMPLE),
            ("2002:7f00:1::", TUNNEL),
            ("2002:808:808::1", TUNNEL),
            ("3fff:fff::1", EXAMPLE),
            ("4000::1", RESERVED),
            ("5f00::1", RESERVED),
            ("fc00::1", PRIVATE),
            ("fd00:ec2::254", PRIVATE),
            ("fe80::1", LINK),
            ("febf::1", LINK),
            ("fec0::1", RESERVED),
            ("ff02::1", GROUP),
        ] {
            assert_eq!(vetted(&Vetting::default(), address), Err(format!("`{address}` is {what}")));
        }
    }

    #[test]
    fn operator_may_allow_a_block_and_no_more() {
        let vetting =
            Vetting::new(vec!["127.0.0.1/32".parse().expect("a block"), "fd00::/8".parse().expect("a block")]);
        for address in ["127.0.0.1", "fd12::1"] {
            assert_eq!(vetted(&vetting, address), Ok(address.to_owned()));
        }
        assert_eq!(vetted(&vetting, "::ffff:127.0.0.1"), Ok("127.0.0.1".to_owned()));
        for address in ["127.0.0.2", "fc00::1", "10.0.0.1", "::1"] {
            assert!(vetted(&vetting, address).is_err(), "{address}");
        }
    }
}
