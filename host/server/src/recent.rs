//! What was made within this second. An offer says moments in whole seconds, so whoever looks at the same page, in the same
//! language, within the same second sees the same: it is made once. What other pages have in common with it is made once too.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, PoisonError, RwLock},
};

use jiff::Timestamp;
use porchlight_model::locale::Locale;

use crate::ground::{Rendered, WrittenGround};

/// How many offers are kept at once. Each takes as many bytes as its answers and its page's address have.
const OFFERS: usize = 256;
/// How many grounds are kept at once. Each takes some times as many bytes as an offer has.
const GROUNDS: usize = 64;
/// Bytes that either of them may take at once. Whoever makes up pages fills that, and no more.
const BYTES: usize = 16 << 20;
/// A clock that is set back by more than this is believed.
const SET_BACK: i64 = 60;

/// What the ground of an offer depends on, besides the moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroundKey {
    /// Key of the site.
    pub site: String,
    /// Its version.
    pub version: u32,
    /// The language it is ground of in.
    pub locale: Locale,
}

/// What an offer depends on, besides the moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OfferKey {
    /// Its ground.
    pub ground: GroundKey,
    /// Address of the page, if it was told.
    pub page: Option<String>,
    /// IANA name of the visitor's zone, if it was told.
    pub time_zone: Option<String>,
}

/// What was the case when something was begun. What was begun before a booking is not kept after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    second: i64,
    bookings: u64,
}

/// The offers made within this second, and their grounds.
#[derive(Debug)]
pub struct RecentOffers {
    /// What many offers have in common.
    pub grounds: Recent<GroundKey, WrittenGround>,
    /// The offers.
    pub offers: Recent<OfferKey, Rendered>,
}

impl Default for RecentOffers {
    fn default() -> Self {
        Self { grounds: Recent::of_at_most(GROUNDS), offers: Recent::of_at_most(OFFERS) }
    }
}

impl RecentOffers {
    /// Forgets them all: a slot was taken or given back.
    pub fn forget(&self) {
        // An offer that is begun in between stands on a new ground, or is not kept.
        self.grounds.forget();
        self.offers.forget();
    }
}

/// Things made within this second.
#[derive(Debug)]
pub struct Recent<K, V> {
    most: usize,
    made: RwLock<Made<K, V>>,
}

#[derive(Debug)]
struct Made<K, V> {
    moment: Moment,
    things: HashMap<K, Arc<V>>,
    bytes: usize,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    fn of_at_most(most: usize) -> Self {
        Self { most, made: RwLock::new(Made { moment: Moment::default(), things: HashMap::new(), bytes: 0 }) }
    }

    /// What was made within this second; else the moment to [keep](Self::keep) a new one for.
    pub fn lookup(&self, key: &K, now: Timestamp) -> Result<Arc<V>, Moment> {
        let made = self.made.read().unwrap_or_else(PoisonError::into_inner);
        let moment = Moment { second: now.as_second(), ..made.moment };
        let known = made.things.get(key).filter(|_| made.moment == moment);
        known.cloned().ok_or(moment)
    }

    /// Keeps something of so many bytes for the rest of its second, if that is not over, there is room, and nothing was booked
    /// since it was begun.
    pub fn keep(&self, moment: Moment, key: K, thing: Arc<V>, bytes: usize) {
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        let is_over = (1..=SET_BACK).contains(&(made.moment.second - moment.second));
        if is_over || moment.bookings != made.moment.bookings {
            return;
        }
        if moment != made.moment {
            *made = Made { moment, things: HashMap::new(), bytes: 0 };
        }
        if made.things.len() < self.most && made.bytes + bytes <= BYTES {
            made.bytes += bytes;
            made.things.insert(key, thing);
        }
    }

    fn forget(&self) {
        let mut made = self.made.write().unwrap_or_else(PoisonError::into_inner);
        made.moment.bookings += 1;
        made.things.clear();
        made.bytes = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn two() -> Recent<&'static str, u32> {
        Recent::of_at_most(2)
    }

    fn made(things: &Recent<&'static str, u32>, key: &'static str, now: Timestamp) {
        let moment = things.lookup(&key, now).expect_err("it is not made yet");
        things.keep(moment, key, Arc::new(1), 1);
    }

    #[test]
    fn what_was_made_holds_for_its_second_and_key() {
        let things = two();
        made(&things, "a", at(5));
        assert!(things.lookup(&"a", at(5)).is_ok());
        assert!(things.lookup(&"b", at(5)).is_err());
        assert!(things.lookup(&"a", at(6)).is_err());
        assert!(things.lookup(&"a", at(4)).is_err(), "a clock set back");
    }

    #[test]
    fn a_booking_ends_what_was_made_or_begun_before_it() {
        let things = two();
        made(&things, "a", at(5));
        let begun = things.lookup(&"b", at(5)).expect_err("it is not made yet");
        things.forget();
        things.keep(begun, "b", Arc::new(1), 1);
        assert!(things.lookup(&"a", at(5)).is_err());
        assert!(things.lookup(&"b", at(5)).is_err());
    }

    #[test]
    fn only_so_many_are_kept_at_once() {
        let things = two();
        ["a", "b", "c"].into_iter().for_each(|key| made(&things, key, at(5)));
        assert!(things.lookup(&"a", at(5)).is_ok());
        assert!(things.lookup(&"c", at(5)).is_err());
        made(&things, "c", at(6));
        assert!(things.lookup(&"c", at(6)).is_ok());
    }

    #[test]
    fn what_would_take_too_much_is_not_kept() {
        let things = two();
        let keep = |key, bytes| {
            let moment = things.lookup(&key, at(5)).expect_err("it is not made yet");
            things.keep(moment, key, Arc::new(1), bytes);
            things.lookup(&key, at(5)).is_ok()
        };
        assert!(keep("a", BYTES - 1));
        assert!(!keep("b", 2));
        assert!(keep("b", 1));
    }

    #[test]
    fn what_is_made_too_late_for_its_second_ends_nothing() {
        let things = two();
        let slow = things.lookup(&"slow", at(5)).expect_err("it is not made yet");
        made(&things, "a", at(6));
        things.keep(slow, "slow", Arc::new(1), 1);
        assert!(things.lookup(&"a", at(6)).is_ok());
        made(&things, "b", at(6 - SET_BACK - 1));
        assert!(things.lookup(&"b", at(6 - SET_BACK - 1)).is_ok(), "a clock set back");
    }

    #[test]
    fn a_booking_ends_offers_and_grounds_alike() {
        let recent = RecentOffers::default();
        let ground = GroundKey { site: "pet-shop".to_owned(), version: 1, locale: Locale::Ru };
        let seen = OfferKey { ground: ground.clone(), page: None, time_zone: None };
        let moments = || (recent.grounds.lookup(&ground, at(5)).err(), recent.offers.lookup(&seen, at(5)).err());
        let (ground, offer) = moments();
        recent.forget();
        assert!(moments().0 != ground && moments().1 != offer);
    }
}
