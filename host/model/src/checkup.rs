//! Do the hours of a site make sense? What is in order as it is written, and yet can hardly be meant.

use std::fmt;

use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::{
    channel::{Channel, ChannelKind},
    holidays::Calendar,
    hours::SupportHours,
    reply::{ReplyPromise, expected_reply},
    site::Site,
    slots::{Bookings, Days, slots},
};

/// How far ahead somebody has to be there once.
const SOON_DAYS: i64 = 14;

/// The longest that an answer can be promised for without being asked whether that is meant, in days.
const LONG_DAYS: i64 = 7;

/// Whose hours they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The site's.
    Site,
    /// Those of the channel with this id.
    Channel(String),
    /// The callback form's.
    Callback,
    /// The message form's.
    Message,
}

/// As it is said in a sentence.
impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Site => f.write_str("the site"),
            Self::Channel(id) => write!(f, "the channel `{id}`"),
            Self::Callback => f.write_str("`forms.callback`"),
            Self::Message => f.write_str("`forms.message`"),
        }
    }
}

/// What can hardly be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// Nobody is there within two weeks.
    NeverOpen(Whose),
    /// Somebody is there day and night, to take calls.
    AlwaysOpen(Whose),
    /// It is not said which country's holidays are kept.
    NoHolidays,
    /// Which days are holidays is not known for the year ahead.
    HolidaysUnknown {
        /// The country (ISO 3166-1 alpha-2).
        country: String,
    },
    /// All overrides are of dates that are over.
    OverridesOver {
        /// The last of them.
        last: Date,
    },
    /// No callback can be booked, however few there are.
    NoSlot {
        /// How many days ahead can be booked.
        days_ahead: u16,
    },
    /// Every callback that can be booked is booked.
    AllSlotsTaken,
    /// The answer that is promised to who asks now comes in more than a week, or never.
    LongReply {
        /// Who promises.
        whose: Whose,
        /// When it comes; `None` where it does not within a year.
        by: Option<Timestamp>,
    },
    /// The hours are read in a zone that no business is in.
    NoPlace {
        /// Its name.
        zone: String,
    },
}

impl Doubt {
    /// Whether visitors are led astray by it already; otherwise it may be meant.
    pub fn is_wrong(&self) -> bool {
        matches!(self, Self::NeverOpen(_) | Self::NoSlot { .. } | Self::LongReply { by: None, .. })
    }
}

/// All doubts about the hours of a site, for somebody who looks `now`, when these callbacks are booked.
pub fn of_hours(site: &Site, bookings: &Bookings, now: Timestamp) -> Vec<Doubt> {
    let hours = hours(site);
    let never = hours.iter().filter(|(_, hours)| is_never_open(hours, now)).map(|(whose, _)| whose.clone());
    let never: Vec<_> = never.map(Doubt::NeverOpen).collect();
    let always = hours.iter().filter(|(whose, hours)| takes_calls(site, whose) && is_always_open(hours, now));
    let always: Vec<_> = always.map(|(whose, _)| Doubt::AlwaysOpen(whose.clone())).collect();
    let of_the_rest = [holidays(site, now), overrides(site, now), booking(site, bookings, now), place(site)];
    never.into_iter().chain(always).chain(of_the_rest.into_iter().flatten()).chain(promises(site, now)).collect()
}

/// The hours there are, each once: what has none of its own has the site's.
fn hours(site: &Site) -> Vec<(Whose, &SupportHours)> {
    let of = |channel: &'_ Channel| Whose::Channel(channel.id.clone());
    let channels = site.channels.iter().map(|channel| (of(channel), &channel.hours));
    let callback = site.callback.iter().map(|form| (Whose::Callback, &form.hours));
    let message = site.message.iter().map(|form| (Whose::Message, &form.hours));
    let own = channels.chain(callback).chain(message).filter(|(_, hours)| !hours.is_shared_with(&site.hours));
    [(Whose::Site, &site.hours)].into_iter().chain(own).collect()
}

fn is_never_open(hours: &SupportHours, now: Timestamp) -> bool {
    hours.intervals(now, later(now, SOON_DAYS)).is_empty()
}

fn is_always_open(hours: &SupportHours, now: Timestamp) -> bool {
    let soon = later(now, SOON_DAYS);
    hours.intervals(now, soon).iter().any(|open| open.from <= now && open.to >= soon)
}

/// Where nobody sleeps who answers. What is written can wait until they get up.
fn takes_calls(site: &Site, whose: &Whose) -> bool {
    match whose {
        Whose::Site | Whose::Callback => true,
        Whose::Message => false,
        Whose::Channel(id) => {
            site.channels.iter().any(|channel| channel.id == *id && channel.kind == ChannelKind::Phone)
        }
    }
}

fn holidays(site: &Site, now: Timestamp) -> Option<Doubt> {
    if is_always_open(&site.hours, now) {
        return None;
    }
    let Some(country) = &site.region else { return Some(Doubt::NoHolidays) };
    let (first, last) = (site.hours.date_of(now), site.hours.date_of(later(now, 366)));
    let known = Calendar::of_country(country).is_some_and(|calendar| calendar.has_any_within(first, last));
    (!known).then(|| Doubt::HolidaysUnknown { country: country.clone() })
}

fn overrides(site: &Site, now: Timestamp) -> Option<Doubt> {
    let last = site.hours.last_override()?;
    (last < site.hours.date_of(now)).then_some(Doubt::OverridesOver { last })
}

fn booking(site: &Site, bookings: &Bookings, now: Timestamp) -> Option<Doubt> {
    let form = site.callback.as_ref()?;
    let days_ahead = form.slots.days_ahead;
    let days = Days { first: form.hours.date_of(now), count: days_ahead.saturating_add(1) };
    let offered = slots(form, days, bookings, now);
    if offered.is_empty() {
        return Some(Doubt::NoSlot { days_ahead });
    }
    offered.iter().all(|slot| !slot.free).then_some(Doubt::AllSlotsTaken)
}

fn place(site: &Site) -> Option<Doubt> {
    let zone = &site.time_zone_name;
    let is_none = zone == "UTC" || zone == "GMT" || zone.starts_with("Etc/");
    is_none.then(|| Doubt::NoPlace { zone: zone.clone() })
}

fn promises(site: &Site, now: Timestamp) -> Vec<Doubt> {
    let channels =
        site.channels.iter().map(|channel| (Whose::Channel(channel.id.clone()), &channel.hours, channel.promise));
    let message = site.message.iter().map(|form| (Whose::Message, &form.hours, form.promise));
    let long = |(whose, hours, promise): (Whose, &SupportHours, Option<ReplyPromise>)| {
        let promise = promise.filter(|promise| *promise != ReplyPromise::Slot)?;
        let by = expected_reply(promise, hours, now).map(|expected| expected.by);
        // Where nobody ever is there, that is told already.
        let is_long = !is_never_open(hours, now) && by.is_none_or(|by| by > later(now, LONG_DAYS));
        is_long.then_some(Doubt::LongReply { whose, by })
    };
    channels.chain(message).filter_map(long).collect()
}

fn later(moment: Timestamp, days: i64) -> Timestamp {
    moment.checked_add(SignedDuration::from_hours(days * 24)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::{
        fixture::{at, moscow, site, site_with_hours},
        hours::Override,
    };

    const NOW: &str = "2026-11-22T19:30:00Z";

    fn doubts(site: &Site) -> Vec<Doubt> {
        of_hours(site, &Bookings::default(), at(NOW))
    }

    fn hours(expression: &str, overrides: &[Override]) -> SupportHours {
        SupportHours::parse(expression, &moscow(), &Calendar::default(), overrides).expect("hours")
    }

    fn over(date: &str) -> Override {
        Override { date: date.parse().expect("a date"), hours: "off".to_owned() }
    }

    #[test]
    fn shop_as_shops_are_raises_no_doubt() {
        assert_eq!(doubts(&site()), []);
    }

    #[test]
    fn nobody_there_for_two_weeks_is_told_for_whom_it_is_so() {
        let mut shop = site();
        shop.channels[0].hours = hours("Jul Mo-Fr 09:00-18:00", &[]);
        assert_eq!(doubts(&shop), [Doubt::NeverOpen(Whose::Channel("phone".to_owned()))], "and of its promise nothing");
        let closed = doubts(&site_with_hours("Jul Mo-Fr 09:00-18:00"));
        let whole = [Whose::Site, Whose::Callback, Whose::Message].map(Doubt::NeverOpen);
        assert_eq!(closed[..3], whole);
        assert!(closed.contains(&Doubt::NoSlot { days_ahead: 7 }), "{closed:?}");
        assert!(closed.iter().all(Doubt::is_wrong), "{closed:?}");
    }

    #[test]
    fn hours_shared_with_the_site_are_told_of_once() {
        let mut shop = site_with_hours("off");
        (shop.channels, shop.callback) = (vec![], None);
        shop.message.as_mut().expect("a form").hours = shop.hours.clone();
        assert_eq!(doubts(&shop), [Doubt::NeverOpen(Whose::Site)]);
    }

    #[test]
    fn day_and_night_is_doubted_only_where_somebody_has_to_be_awake() {
        let mut shop = site();
        shop.message.as_mut().expect("a form").hours = hours("24/7", &[]);
        assert_eq!(doubts(&shop), []);
        shop.channels[0].hours = hours("Mo-Su 00:00-24:00", &[]);
        let found = doubts(&shop);
        assert_eq!(found, [Doubt::AlwaysOpen(Whose::Channel("phone".to_owned()))]);
        assert!(!found[0].is_wrong(), "some are");
    }

    #[test]
    fn holidays_that_nobody_knows_are_told() {
        let mut shop = site();
        shop.region = None;
        assert_eq!(doubts(&shop), [Doubt::NoHolidays]);
        shop.region = Some("RU".to_owned());
        let far = of_hours(&shop, &Bookings::default(), at("2040-03-01T00:00:00Z"));
        assert_eq!(far, [Doubt::HolidaysUnknown { country: "RU".to_owned() }]);
    }

    #[test]
    fn overrides_are_forgotten_only_when_all_are_over() {
        let mut shop = site();
        shop.hours = hours("Mo-Fr 10:00-20:00", &[over("2025-12-31"), over("2026-01-01")]);
        assert_eq!(doubts(&shop), [Doubt::OverridesOver { last: "2026-01-01".parse().expect("a date") }]);
        shop.hours = hours("Mo-Fr 10:00-20:00", &[over("2025-12-31"), over("2026-11-22")]);
        assert_eq!(doubts(&shop), [], "today's is not over");
    }

    #[test]
    fn form_whose_slots_are_all_taken_is_told_apart_from_one_without() {
        let mut shop = site();
        shop.callback.as_mut().expect("a form").slots.days_ahead = 0;
        assert_eq!(doubts(&shop), [Doubt::NoSlot { days_ahead: 0 }], "today is Sunday");
        let form = shop.callback.as_mut().expect("a form");
        form.slots.days_ahead = 1;
        let (days, none) = (Days { first: form.hours.date_of(at(NOW)), count: 2 }, Bookings::default());
        let taken: Bookings = slots(form, days, &none, at(NOW)).iter().map(|slot| (slot.slot.from, 99)).collect();
        assert_eq!(of_hours(&shop, &taken, at(NOW)), [Doubt::AllSlotsTaken]);
    }

    #[test]
    fn answer_that_takes_more_than_a_week_is_told_with_its_moment() {
        let mut shop = site();
        shop.message.as_mut().expect("a form").promise = Some(ReplyPromise::Within(80 * 3_600));
        let [Doubt::LongReply { whose: Whose::Message, by: Some(by) }] = &doubts(&shop)[..] else {
            panic!("a promise")
        };
        assert_eq!(*by, at("2026-12-02T10:00:00Z"), "57 hours are open this week, 20 until Tuesday, 3 on Wednesday");
    }

    #[test]
    fn zone_that_is_no_place_is_told() {
        let mut shop = site();
        (shop.time_zone, shop.time_zone_name) = (TimeZone::UTC, "UTC".to_owned());
        assert_eq!(doubts(&shop), [Doubt::NoPlace { zone: "UTC".to_owned() }]);
    }
}
