//! Walls against abuse: how much one address, and all addresses of one site, may ask for and submit.
//!
//! | wall | counts | at the usual settings |
//! |---|---|---|
//! | reads | every call of an address that asks for something | 600 a minute |
//! | submissions | every submission of an address | 60 a minute |
//! | unproven | those without a proof of work | 10 a minute |
//! | sites | every submission of a site that is in order | 600 a minute |
//! | letters | letters to one requester's address | 5 an hour |
//! | links | letters with a link to all requests, to one address | 5 an hour |
//! | senders | requests by e-mail of one sender | 5 an hour |
//! | replies | entries by e-mail in one request | 20 an hour |
//! | feedback | what an address says of one answer | 3 an hour |
//!
//! Those before signing in are in `sign_in.rs`.
//!
//! All but the site's follow from `requests_per_minute`, unless `letters_per_hour` is set. How many addresses come changes nothing about the memory they take.

mod cells;
pub mod proof;
mod sign_in;

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    state::keyed::HashMapStateStore,
};
use jiff::SignedDuration;
use porchlight_model::{contact::EmailAddress, request::RequestId};

use self::{
    cells::{Cells, Limit},
    sign_in::SignInWalls,
};
use crate::config::host::AbuseConfig;

/// How many reads there are to one submission.
const READS: u32 = 10;
/// How many submissions there are to one without a proof of work.
const PROVEN: u32 = 6;
/// How many submissions an address may make a minute for each entry that a request takes by e-mail an hour.
const REPLIES: u32 = 3;
/// How many submissions an address may make a minute for each time an hour that it says whether an answer helped.
const FEEDBACK: u32 = 20;
/// A form that comes back sooner was not filled in by hand.
const YOUTH: SignedDuration = SignedDuration::from_secs(2);
/// The time in which as many forms are young as an address may submit in a minute.
const YOUTH_OF_ALL: SignedDuration = SignedDuration::from_secs(120);

/// The limits of the host.
pub struct Walls<C: Clock = DefaultClock> {
    reads: Cells<C>,
    submissions: Cells<C>,
    unproven: Cells<C>,
    letters: Cells<C>,
    links: Cells<C>,
    senders: Cells<C>,
    replies: Cells<C>,
    feedback: Cells<C>,
    /// Sites that are served: of a bounded number.
    sites: Limit<String, HashMapStateStore<String>, C>,
    /// Before signing in.
    pub sign_in: SignInWalls<C>,
    clock: C,
    youth: SignedDuration,
}

impl Walls {
    /// Walls as high as the settings say.
    pub fn new(config: &AbuseConfig) -> Self {
        Self::with_clock(config, DefaultClock::default())
    }
}

impl<C: Clock + Clone> Walls<C> {
    fn with_clock(config: &AbuseConfig, clock: C) -> Self {
        let a_minute = |count| Cells::new(Quota::per_minute(count), clock.clone());
        let submissions = config.requests_per_minute;
        let sites = Quota::per_minute(config.site_requests_per_minute);
        Self {
            reads: a_minute(at_least_one(submissions.get().saturating_mul(READS))),
            submissions: a_minute(submissions),
            unproven: a_minute(at_least_one(submissions.get() / PROVEN)),
            letters: Cells::new(Quota::per_hour(config.letters_per_hour()), clock.clone()),
            links: Cells::new(Quota::per_hour(config.letters_per_hour()), clock.clone()),
            senders: Cells::new(Quota::per_hour(config.letters_per_hour()), clock.clone()),
            replies: Cells::new(Quota::per_hour(at_least_one(submissions.get() / REPLIES)), clock.clone()),
            feedback: Cells::new(Quota::per_hour(at_least_one(submissions.get() / FEEDBACK)), clock.clone()),
            sign_in: SignInWalls::new(submissions, &clock),
            sites: RateLimiter::new(sites, HashMapStateStore::default(), clock.clone()),
            clock,
            youth: YOUTH.min(YOUTH_OF_ALL / i32::try_from(submissions.get()).unwrap_or(i32::MAX)),
        }
    }

    /// Counts a call that asks for something; where there were too many, the time until the next is answered.
    pub fn read(&self, address: IpAddr) -> Result<(), Duration> {
        self.reads.pass(&subscriber(address))
    }

    /// Counts a submission; where there were too many of its address, the time until the next is taken.
    pub fn submission(&self, address: IpAddr) -> Result<(), Duration> {
        self.submissions.pass(&subscriber(address))
    }

    /// Counts a submission that brings no proof of work; where there were too many, the time until the next is taken.
    pub fn unproven(&self, address: IpAddr) -> Result<(), Duration> {
        self.unproven.pass(&subscriber(address))
    }

    /// Counts a submission that is in order; where its site had too many, the time until the next is taken.
    pub fn site(&self, site: &str) -> Result<(), Duration> {
        let refused = self.sites.check_key(&site.to_owned());
        refused.map_err(|refused| refused.wait_time_from(self.clock.now()))
    }

    /// Counts a letter to somebody who asked for it without showing that the address is theirs; `false` where there were
    /// too many.
    pub fn letter(&self, to: &EmailAddress) -> bool {
        self.letters.pass(&mailbox(to)).is_ok()
    }

    /// Counts a letter with a link to all requests of somebody, which they ask for when they need it: whatever else was sent to them,
    /// it goes out. `false` where there were too many.
    pub fn link(&self, to: &EmailAddress) -> bool {
        self.links.pass(&mailbox(to)).is_ok()
    }

    /// Counts a request by e-mail; `false` where its sender sent too many.
    pub fn sender(&self, from: &EmailAddress) -> bool {
        self.senders.pass(&mailbox(from)).is_ok()
    }

    /// Counts an entry that came by e-mail; `false` where its request got too many: two programs may be answering each other.
    pub fn reply(&self, request: RequestId) -> bool {
        self.replies.pass(&request).is_ok()
    }

    /// Counts what an address says of an answer of a site; `false` where it said so much that it is counted no more.
    pub fn feedback(&self, address: IpAddr, site: &str, answer: &str) -> bool {
        self.feedback.pass(&(subscriber(address), site, answer)).is_ok()
    }

    /// Whether a form of this age came back too soon to have been filled in by hand.
    pub fn is_young(&self, age: SignedDuration) -> bool {
        age < self.youth
    }
}

fn at_least_one(count: u32) -> NonZeroU32 {
    NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN)
}

/// Whoever stands behind an address: an IPv6 subscriber has a whole /64 (RFC 6177).
pub fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}

/// The mailbox behind an address: letters to `anna+1@example.com` and `Anna@example.com` mostly land in one.
fn mailbox(address: &EmailAddress) -> String {
    let address = address.as_str().to_lowercase();
    match address.rsplit_once('@') {
        Some((name, domain)) => format!("{}@{domain}", name.split('+').next().unwrap_or(name)),
        None => address,
    }
}

#[cfg(test)]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    type Still = Walls<FakeRelativeClock>;

    fn walls(per_address: u32, per_site: u32) -> (Still, FakeRelativeClock) {
        let number = |number| NonZeroU32::new(number).expect("more than none");
        let config = AbuseConfig {
            requests_per_minute: number(per_address),
            site_requests_per_minute: number(per_site),
            letters_per_hour: None,
        };
        let clock = FakeRelativeClock::default();
        (Walls::with_clock(&config, clock.clone()), clock)
    }

    fn passes(mut pass: impl FnMut() -> bool) -> usize {
        (0..2_000).take_while(|_| pass()).count()
    }

    const ONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn one_address_is_held_back_and_another_is_not() {
        let (walls, clock) = walls(2, 100);
        assert_eq!(passes(|| walls.submission(ONE).is_ok()), 2);
        assert_eq!(walls.submission(ONE), Err(Duration::from_secs(30)));
        assert!(walls.submission(OTHER).is_ok());
        clock.advance(Duration::from_secs(30));
        assert_eq!(passes(|| walls.submission(ONE).is_ok()), 1);
    }

    #[test]
    fn addresses_of_one_ipv6_subscriber_are_one() {
        let (walls, _still) = walls(1, 100);
        let of = |last| IpAddr::from([0x2001, 0xdb8, 0, 7, 0, 0, 0, last]);
        assert!(walls.submission(of(1)).is_ok());
        assert!(walls.submission(of(2)).is_err());
        assert!(walls.submission(IpAddr::from([0x2001, 0xdb8, 0, 8, 0, 0, 0, 1])).is_ok());
        assert!(walls.submission("::ffff:192.0.2.1".parse().expect("an address")).is_ok());
        assert!(walls.submission(ONE).is_err(), "an IPv4 address written as IPv6 is the same");
    }

    #[test]
    fn a_site_is_held_back_as_a_whole() {
        let (walls, _still) = walls(100, 1);
        assert!(walls.site("pet-shop").is_ok());
        assert_eq!(walls.site("pet-shop"), Err(Duration::from_secs(60)));
        assert!(walls.site("cinema").is_ok());
    }

    #[test]
    fn every_wall_follows_from_the_submissions_allowed() {
        let heights = |per_minute| {
            let (walls, _still) = walls(per_minute, 1);
            let anna = EmailAddress::parse("anna@example.com").expect("an address");
            [
                passes(|| walls.read(ONE).is_ok()),
                passes(|| walls.submission(ONE).is_ok()),
                passes(|| walls.unproven(ONE).is_ok()),
                passes(|| walls.letter(&anna)),
                passes(|| walls.link(&anna)),
                passes(|| walls.sender(&anna)),
                passes(|| walls.reply(RequestId(uuid::Uuid::nil()))),
                passes(|| walls.feedback(ONE, "pet-shop", "returns")),
            ]
        };
        assert_eq!(heights(60), [600, 60, 10, 5, 5, 5, 20, 3]);
        assert_eq!(heights(1), [10, 1, 1, 1, 1, 1, 1, 1]);
        assert_eq!(heights(1_000_000), [2_000; 8]);
    }

    #[test]
    fn forms_are_young_for_two_seconds_and_less_where_more_are_allowed() {
        let young = |per_minute, ms| walls(per_minute, 1).0.is_young(SignedDuration::from_millis(ms));
        assert_eq!([young(60, 0), young(60, 1_999), young(60, 2_000)], [true, true, false]);
        assert_eq!([young(1, 1_999), young(1, 2_000)], [true, false]);
        assert_eq!([young(600, 199), young(600, 200)], [true, false]);
        assert!(!young(1_000_000, 1));
    }

    #[test]
    fn mailbox_is_the_same_however_it_is_written() {
        let (walls, clock) = walls(12, 1);
        let letter = |to| walls.letter(&EmailAddress::parse(to).expect("an address"));
        assert!(letter("anna@example.com"));
        assert!(!letter("Anna@Example.com"));
        assert!(!letter("anna+shop@example.com"));
        assert!(letter("boris@example.com"));
        clock.advance(Duration::from_secs(3600));
        assert!(letter("anna@example.com"));
    }
}
