//! A limit on each of any number of keys, in memory that never grows.

use std::{
    hash::{BuildHasher, Hash, RandomState},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::Clock,
    middleware::NoOpMiddleware,
    nanos::Nanos,
    state::{InMemoryState, NotKeyed, StateStore},
};

/// A limit of governor's, whatever its clock.
pub type Limit<K, S, C> = RateLimiter<K, S, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Cells of one row. A cell is eight bytes, so a limit takes half a mebibyte, whoever comes.
const ROW: usize = 1 << 15;

/// A limit on each of any number of keys.
///
/// Every key shares a cell with others in each of two rows, chosen by a hash that nobody outside can foretell. It is held
/// back only where both of its cells are full: so many keys at their limit rarely hold back one that is not.
pub struct Cells<C: Clock> {
    rows: [Limit<usize, Row, C>; 2],
    clock: C,
    hasher: RandomState,
}

impl<C: Clock + Clone> Cells<C> {
    /// A limit of this height.
    pub fn new(quota: Quota, clock: C) -> Self {
        let row = || RateLimiter::new(quota, Row::default(), clock.clone());
        Self { rows: [row(), row()], clock: clock.clone(), hasher: RandomState::new() }
    }

    /// Counts one of a key; where there were too many, the time until the next may come.
    pub fn pass(&self, key: &impl Hash) -> Result<(), Duration> {
        let hash = self.hasher.hash_one(key);
        let cells = [hash, hash >> 32].map(|half| (half % ROW as u64) as usize);
        let [first, second] = [0, 1].map(|row| self.rows[row].check_key(&cells[row]));
        match (first, second) {
            (Err(first), Err(second)) => {
                let now = self.clock.now();
                Err(first.wait_time_from(now).min(second.wait_time_from(now)))
            }
            _ => Ok(()),
        }
    }
}

/// The cells of a row, by their place.
struct Row(Box<[InMemoryState]>);

impl Default for Row {
    fn default() -> Self {
        Self((0..ROW).map(|_| InMemoryState::default()).collect())
    }
}

impl StateStore for Row {
    type Key = usize;

    fn measure_and_replace<T, F, E>(&self, place: &usize, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0[*place].measure_and_replace(&NotKeyed::NonKey, decide)
    }
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv6Addr, num::NonZeroU32};

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn cells(per_minute: u32) -> (Cells<FakeRelativeClock>, FakeRelativeClock) {
        let clock = FakeRelativeClock::default();
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).expect("more than none"));
        (Cells::new(quota, clock.clone()), clock)
    }

    #[test]
    fn key_at_its_limit_waits_as_long_as_it_is_told() {
        let (cells, clock) = cells(2);
        assert!(cells.pass(&"anna").is_ok() && cells.pass(&"anna").is_ok());
        let wait = cells.pass(&"anna").expect_err("the third is too many");
        assert_eq!(wait, Duration::from_secs(30));
        clock.advance(wait - Duration::from_nanos(1));
        assert!(cells.pass(&"anna").is_err());
        clock.advance(Duration::from_nanos(1));
        assert!(cells.pass(&"anna").is_ok());
    }

    #[test]
    fn million_addresses_leave_honest_ones_alone() {
        let (cells, _still) = cells(60);
        let hostile = |number: u32| Ipv6Addr::from(0x2001_0db8_u128 << 96 | u128::from(number) << 64);
        let passed = (0..1_000_000).filter(|number| cells.pass(&hostile(*number)).is_ok()).count();
        assert!(passed > 999_000, "each of them alone is harmless: {passed}");
        let honest = (0..1_000_u32).filter(|number| cells.pass(&format!("honest {number}")).is_ok()).count();
        assert!(honest >= 990, "{honest} of 1,000");
    }

    #[test]
    fn thousand_keys_at_their_limit_hold_back_few_others() {
        let (cells, _still) = cells(10);
        for number in 0..1_000_u32 {
            assert!((0..11).filter(|_| cells.pass(&number).is_ok()).count() <= 10, "{number} got more than its limit");
        }
        let honest = (0..1_000_u32).filter(|number| cells.pass(&format!("honest {number}")).is_ok()).count();
        assert!(honest >= 980, "{honest} of 1,000");
    }
}
