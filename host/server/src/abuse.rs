//! Walls against abuse: how many submissions one address, and all addresses of one site, may make a minute.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use governor::{
    RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::HashMapStateStore,
};

use crate::config::host::AbuseConfig;

/// How many keys are remembered before those that are free again are swept out.
const KEYS: usize = 50_000;

type Limiter<K> = RateLimiter<K, HashMapStateStore<K>, DefaultClock>;

/// The limits of the host.
pub struct Walls {
    addresses: Limiter<IpAddr>,
    sites: Limiter<String>,
}

impl Walls {
    /// Walls as high as the settings say.
    pub fn new(config: &AbuseConfig) -> Self {
        Self {
            addresses: RateLimiter::hashmap(quota(config.requests_per_minute)),
            sites: RateLimiter::hashmap(quota(config.site_requests_per_minute)),
        }
    }

    /// Counts a submission; where there were too many, the time until the next is taken.
    pub fn pass(&self, address: IpAddr, site: &str) -> Result<(), Duration> {
        sweep(&self.addresses);
        sweep(&self.sites);
        check(&self.addresses, &subscriber(address))?;
        check(&self.sites, &site.to_owned())
    }
}

fn quota(per_minute: NonZeroU32) -> governor::Quota {
    governor::Quota::per_minute(per_minute)
}

fn check<K: std::hash::Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<(), Duration> {
    limiter.check_key(key).map_err(|refused| refused.wait_time_from(DefaultClock::default().now()))
}

fn sweep<K: std::hash::Hash + Eq + Clone>(limiter: &Limiter<K>) {
    if limiter.len() > KEYS {
        limiter.retain_recent();
        limiter.shrink_to_fit();
    }
}

/// Whoever stands behind an address: an IPv6 subscriber has a whole /64 (RFC 6177).
fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walls(per_address: u32, per_site: u32) -> Walls {
        let number = |number| NonZeroU32::new(number).expect("more than none");
        Walls::new(&AbuseConfig {
            requests_per_minute: number(per_address),
            site_requests_per_minute: number(per_site),
        })
    }

    #[test]
    fn one_address_is_held_back_and_another_is_not() {
        let walls = walls(2, 100);
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        assert!(walls.pass(one, "pet-shop").is_ok() && walls.pass(one, "pet-shop").is_ok());
        let wait = walls.pass(one, "pet-shop").expect_err("the third is too many");
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(60), "{wait:?}");
        assert!(walls.pass(other, "pet-shop").is_ok());
    }

    #[test]
    fn addresses_of_one_ipv6_subscriber_are_one() {
        let walls = walls(1, 100);
        let of = |last| IpAddr::from([0x2001, 0xdb8, 0, 7, 0, 0, 0, last]);
        assert!(walls.pass(of(1), "pet-shop").is_ok());
        assert!(walls.pass(of(2), "pet-shop").is_err());
        assert!(walls.pass(IpAddr::from([0x2001, 0xdb8, 0, 8, 0, 0, 0, 1]), "pet-shop").is_ok());
    }

    #[test]
    fn a_site_is_held_back_as_a_whole() {
        let walls = walls(100, 1);
        assert!(walls.pass(IpAddr::from([192, 0, 2, 1]), "pet-shop").is_ok());
        assert!(walls.pass(IpAddr::from([192, 0, 2, 2]), "pet-shop").is_err());
        assert!(walls.pass(IpAddr::from([192, 0, 2, 2]), "cinema").is_ok());
    }
}
