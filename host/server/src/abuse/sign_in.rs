//! Walls before signing in. No number of guesses locks an agent out of a device that it signed in from before, and no number of
//! guessing addresses gets further than one does (OWASP: device cookies).
//!
//! | wall | counts | at the usual settings |
//! |---|---|---|
//! | addresses | every try of an address | 10 a minute |
//! | accounts | every try for an account from a device that is not known, whoever makes it | 20, and 20 more each hour |
//! | devices | every try from one known device for the account it is known for | 10, and 10 more each hour |
//!
//! So of 10,000 guesses within an hour at most 40 are looked at, from however many addresses they come. Accounts that are not there
//! are counted like those that are.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{Quota, clock::Clock};
use porchlight_model::agent::{AgentId, sign_in_name};

use super::{at_least_one, cells::Cells, subscriber};

/// Tries for an account an hour, to the submissions an address may make a minute; and of an address a minute, and of a device.
const OF_ACCOUNTS: u32 = 3;
const OF_ADDRESSES: u32 = 6;

/// The walls before signing in.
pub struct SignInWalls<C: Clock> {
    addresses: Cells<C>,
    accounts: Cells<C>,
    devices: Cells<C>,
}

impl<C: Clock + Clone> SignInWalls<C> {
    /// As high as follows from the submissions an address may make a minute.
    pub fn new(submissions: NonZeroU32, clock: &C) -> Self {
        let an_hour = |share| Quota::per_hour(at_least_one(submissions.get() / share));
        Self {
            addresses: Cells::new(Quota::per_minute(at_least_one(submissions.get() / OF_ADDRESSES)), clock.clone()),
            accounts: Cells::new(an_hour(OF_ACCOUNTS), clock.clone()),
            devices: Cells::new(an_hour(OF_ADDRESSES), clock.clone()),
        }
    }

    /// Counts a try of an address; where there were too many, the time until the next is looked at.
    pub fn address(&self, address: IpAddr) -> Result<(), Duration> {
        self.addresses.pass(&subscriber(address))
    }

    /// Counts a try for an account from a device that is not known for it.
    pub fn account(&self, email: &str) -> Result<(), Duration> {
        self.accounts.pass(&sign_in_name(email))
    }

    /// Counts a try from a known device: of the agent, and which of its devices.
    pub fn device(&self, agent: AgentId, device: [u8; 8]) -> Result<(), Duration> {
        self.devices.pass(&(agent, device))
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use governor::clock::FakeRelativeClock;
    use uuid::Uuid;

    use super::*;

    const VERA: AgentId = AgentId(Uuid::nil());

    fn walls() -> (SignInWalls<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        (SignInWalls::new(NonZeroU32::new(60).expect("some"), &clock), clock)
    }

    #[test]
    fn of_ten_thousand_guesses_within_an_hour_from_as_many_addresses_forty_are_looked_at() {
        let (walls, clock) = walls();
        let mut looked_at = 0;
        for guess in 0..10_000_u32 {
            let address = IpAddr::V4(Ipv4Addr::from(guess << 8));
            looked_at += u32::from(walls.address(address).is_ok() && walls.account("Vera@shop.example").is_ok());
            clock.advance(Duration::from_millis(360));
        }
        assert!((20..=40).contains(&looked_at), "{looked_at}");
    }

    #[test]
    fn guessing_locks_nobody_out_of_a_known_device_and_no_other_account() {
        let (walls, _still) = walls();
        while walls.account("vera@shop.example").is_ok() {}
        assert!(walls.account(" VERA@shop.example").is_err(), "however it is written");
        assert!(walls.device(VERA, [1; 8]).is_ok());
        assert!(walls.account("boris@shop.example").is_ok());
    }

    #[test]
    fn known_device_that_was_stolen_guesses_ten_times_an_hour() {
        let (walls, clock) = walls();
        let tries = (0..10_000).filter(|_| walls.device(VERA, [1; 8]).is_ok()).count();
        assert_eq!(tries, 10);
        assert!(walls.device(VERA, [2; 8]).is_ok(), "another device is another matter");
        clock.advance(Duration::from_secs(360));
        assert_eq!((0..10).filter(|_| walls.device(VERA, [1; 8]).is_ok()).count(), 1);
    }

    #[test]
    fn one_address_guesses_ten_times_a_minute_for_all_accounts_together() {
        let (walls, clock) = walls();
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert_eq!((0..1_000).filter(|_| walls.address(address).is_ok()).count(), 10);
        clock.advance(Duration::from_secs(60));
        assert_eq!((0..1_000).filter(|_| walls.address(address).is_ok()).count(), 10);
    }
}
