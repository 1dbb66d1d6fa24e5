//! Offers made within this second. An offer says moments in whole seconds, so whoever looks at the same page, in the same
//! language, within the same second sees the same: it is made once.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use axum::body::Bytes;
use jiff::Timestamp;
use porchlight_model::offer::VisitorContext;
use serde::Serialize;

/// How many offers are kept at once. Each takes as many bytes as its answer and its page's address have.
const OFFERS: usize = 256;

/// What an offer depends on, besides the moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Seen {
    /// Key of the site.
    pub site: String,
    /// Its version.
    pub version: u32,
    /// Who looks, and where.
    pub visitor: VisitorContext,
}

/// An offer in JSON, but for its form token: every visitor gets one of their own.
#[derive(Debug)]
pub struct Rendered {
    text: String,
    /// Where the token belongs.
    place: usize,
}

impl Rendered {
    /// Writes an offer as JSON and takes its token out.
    #[expect(
        clippy::expect_used,
        reason = "an offer is made of texts and numbers, and holds the token it was made with"
    )]
    pub fn without(offer: &impl Serialize, token: &str) -> Self {
        let mut text = serde_json::to_string(offer).expect("an offer can be written");
        let place = text.find(token).expect("the token is in it");
        text.replace_range(place..place + token.len(), "");
        Self { text, place }
    }

    /// The offer with a visitor's own token.
    pub fn with(&self, token: &str) -> Bytes {
        let (before, after) = self.text.split_at(self.place);
        [before, token, after].concat().into()
    }
}

/// What was the case when an offer was begun. One that was begun before a booking is not kept after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    second: i64,
    bookings: u64,
}

/// The offers made within this second.
#[derive(Debug, Default)]
pub struct RecentOffers(RwLock<Recent>);

#[derive(Debug, Default)]
struct Recent {
    moment: Moment,
    offers: HashMap<Seen, Arc<Rendered>>,
}

impl RecentOffers {
    /// An offer made within this second; else the moment to [keep](Self::keep) a new one for.
    pub fn lookup(&self, seen: &Seen, now: Timestamp) -> Result<Arc<Rendered>, Moment> {
        let recent = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let moment = Moment { second: now.as_second(), ..recent.moment };
        let known = recent.offers.get(seen).filter(|_| recent.moment == moment);
        known.cloned().ok_or(moment)
    }

    /// Keeps an offer for the rest of its second, if there is room and nothing was booked since it was begun.
    pub fn keep(&self, moment: Moment, seen: Seen, offer: Arc<Rendered>) {
        let mut recent = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if moment.bookings != recent.moment.bookings {
            return;
        }
        if moment != recent.moment {
            *recent = Recent { moment, offers: HashMap::new() };
        }
        if recent.offers.len() < OFFERS {
            recent.offers.insert(seen, offer);
        }
    }

    /// Forgets them all: a slot was taken or given back.
    pub fn forget(&self) {
        let mut recent = self.0.write().unwrap_or_else(PoisonError::into_inner);
        recent.moment.bookings += 1;
        recent.offers.clear();
    }
}

#[cfg(test)]
mod tests {
    use porchlight_model::locale::Locale;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn seen(page: &str) -> Seen {
        let visitor = VisitorContext { locale: Locale::Ru, page: Some(page.to_owned()), time_zone: None };
        Seen { site: "pet-shop".to_owned(), version: 1, visitor }
    }

    fn rendered() -> Arc<Rendered> {
        let offer = serde_json::json!({ "answers": [], "form_token": "t0", "notices": [] });
        Arc::new(Rendered::without(&offer, "t0"))
    }

    fn made(offers: &RecentOffers, page: &str, now: Timestamp) {
        let moment = offers.lookup(&seen(page), now).expect_err("it is not made yet");
        offers.keep(moment, seen(page), rendered());
    }

    #[test]
    fn an_offer_holds_for_its_second_and_page() {
        let offers = RecentOffers::default();
        made(&offers, "https://a.example", at(5));
        assert!(offers.lookup(&seen("https://a.example"), at(5)).is_ok());
        assert!(offers.lookup(&seen("https://b.example"), at(5)).is_err());
        assert!(offers.lookup(&seen("https://a.example"), at(6)).is_err());
        assert!(offers.lookup(&seen("https://a.example"), at(4)).is_err(), "a clock set back");
    }

    #[test]
    fn every_visitor_gets_a_token_of_their_own() {
        assert_eq!(rendered().with("t1"), r#"{"answers":[],"form_token":"t1","notices":[]}"#);
        assert_eq!(rendered().with("t22"), r#"{"answers":[],"form_token":"t22","notices":[]}"#);
    }

    #[test]
    fn a_booking_ends_what_was_made_or_begun_before_it() {
        let offers = RecentOffers::default();
        made(&offers, "https://a.example", at(5));
        let begun = offers.lookup(&seen("https://b.example"), at(5)).expect_err("it is not made yet");
        offers.forget();
        offers.keep(begun, seen("https://b.example"), rendered());
        assert!(offers.lookup(&seen("https://a.example"), at(5)).is_err());
        assert!(offers.lookup(&seen("https://b.example"), at(5)).is_err());
    }

    #[test]
    fn only_so_many_are_kept_at_once() {
        let offers = RecentOffers::default();
        for number in 0..=OFFERS {
            made(&offers, &format!("https://a.example/{number}"), at(5));
        }
        assert!(offers.lookup(&seen("https://a.example/0"), at(5)).is_ok());
        assert!(offers.lookup(&seen(&format!("https://a.example/{OFFERS}")), at(5)).is_err());
        made(&offers, &format!("https://a.example/{OFFERS}"), at(6));
    }
}
