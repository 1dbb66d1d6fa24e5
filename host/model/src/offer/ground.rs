//! What a visitor sees before plugins are asked.

use std::sync::Arc;

use jiff::Timestamp;

use super::{Offer, OfferedCallback, OfferedChannel, OfferedMessage};
use crate::{
    answers::{Answer, Guide, PagePath, PagePattern},
    channel::{Channel, ChannelKind},
    form::{CallbackForm, MessageForm},
    hours::{Availability, State},
    locale::Locale,
    reply::ReplyHistory,
    site::Site,
    slots::{self, Bookings, Days},
    texts::Texts,
};

/// What everybody sees of a site at one moment in one language: the ground that the offers of its pages stand on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The moment it is true for.
    pub now: Timestamp,
    /// The site's own availability.
    pub availability: Availability,
    /// Ways outward: open ones first, otherwise in the owner's order.
    pub channels: Vec<Arc<OfferedChannel>>,
    /// The callback form.
    pub callback: Option<Arc<OfferedCallback>>,
    /// The message form.
    pub message: Option<Arc<OfferedMessage>>,
    /// Answers in this language (else the site's), in the owner's order.
    pub answers: Arc<[Arc<Answer>]>,
    /// Guides that can be read in this language, of whatever page.
    pub guides: Vec<Arc<Guide>>,
}

/// How a business is placed at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// What measured promises stand on.
    pub history: ReplyHistory,
    /// Whether somebody is on duty.
    pub on_duty: bool,
    /// How many callbacks are open.
    pub open_callbacks: u32,
}

impl Ground {
    /// What is seen of a site by whoever is spoken to in a language; what cannot be served is left out.
    pub fn new(site: &Site, locale: Locale, bookings: &Bookings, circumstances: Circumstances, now: Timestamp) -> Self {
        Self {
            now,
            availability: site.hours.availability(now),
            channels: channels(site, locale, circumstances, now),
            callback: site
                .callback
                .as_ref()
                .filter(|form| form.takes_another(circumstances.open_callbacks))
                .map(|form| Arc::new(callback(form, bookings, now))),
            message: site.message.as_ref().map(|form| Arc::new(message(form, circumstances.history, now))),
            answers: answers(site, locale),
            guides: guides(site, locale),
        }
    }

    /// What is seen on a page, before plugins are asked: its answers first, and its guides.
    pub fn offer(&self, page: Option<&str>) -> Offer {
        let page = page.map(PagePath::of);
        Offer {
            now: self.now,
            availability: self.availability,
            channels: self.channels.clone(),
            callback: self.callback.clone(),
            message: self.message.clone(),
            answers: self.answers_on(page.as_ref()),
            guides: self.guides_on(page.as_ref()),
            notices: Vec::new(),
        }
    }

    fn answers_on(&self, page: Option<&PagePath>) -> Arc<[Arc<Answer>]> {
        let is_here = |answer: &Arc<Answer>| is_on(&answer.pages, page);
        if !self.answers.iter().any(is_here) {
            return self.answers.clone();
        }
        let (here, elsewhere): (Vec<_>, Vec<_>) = self.answers.iter().cloned().partition(is_here);
        here.into_iter().chain(elsewhere).collect()
    }

    fn guides_on(&self, page: Option<&PagePath>) -> Vec<Arc<Guide>> {
        let here = |guide: &&Arc<Guide>| guide.pages.is_empty() || is_on(&guide.pages, page);
        self.guides.iter().filter(here).cloned().collect()
    }
}

fn channels(site: &Site, locale: Locale, circumstances: Circumstances, now: Timestamp) -> Vec<Arc<OfferedChannel>> {
    let texts = Texts::of(locale);
    let served = site.channels.iter().filter(|channel| circumstances.on_duty || !channel.needs_duty);
    let mut channels: Vec<_> = served.map(|one| Arc::new(channel(one, texts, circumstances.history, now))).collect();
    channels.sort_by_key(|channel| channel.availability.state == State::Closed);
    channels
}

fn channel(channel: &Channel, texts: &Texts, history: ReplyHistory, now: Timestamp) -> OfferedChannel {
    // What is said or written elsewhere is not measured here.
    let typical = history.email.filter(|_| channel.kind == ChannelKind::Email);
    OfferedChannel {
        id: channel.id.clone(),
        kind: channel.kind,
        label: channel.label.clone().unwrap_or_else(|| texts.channel(channel.kind)),
        value: channel.value.clone(),
        href: channel.href.clone(),
        availability: channel.hours.availability(now),
        promise: channel.promise.map(|promise| promise.measured(typical)),
    }
}

fn callback(form: &CallbackForm, bookings: &Bookings, now: Timestamp) -> OfferedCallback {
    OfferedCallback {
        availability: form.hours.availability(now),
        promise: form.promise,
        slots: slots::slots(form, bookable_days(form, now), bookings, now).into(),
        consent: form.consent.clone(),
    }
}

fn bookable_days(form: &CallbackForm, now: Timestamp) -> Days {
    let first = now.to_zoned(form.hours.zone().clone()).date();
    Days { first, count: form.slots.days_ahead.saturating_add(1) }
}

fn message(form: &MessageForm, history: ReplyHistory, now: Timestamp) -> OfferedMessage {
    let promise = form.promise.map(|promise| promise.measured(history.message));
    OfferedMessage { availability: form.hours.availability(now), promise, consent: form.consent.clone() }
}

/// Answers in a language, or in the site's where there are none.
fn answers(site: &Site, locale: Locale) -> Arc<[Arc<Answer>]> {
    let written = |locale| site.answers.iter().filter(move |answer| answer.locale == locale).cloned().map(Arc::new);
    let answers: Arc<[_]> = written(locale).collect();
    if answers.is_empty() { written(site.locale).collect() } else { answers }
}

fn guides(site: &Site, locale: Locale) -> Vec<Arc<Guide>> {
    let readable = |guide: &&Guide| guide.locale.is_none_or(|written| written == locale);
    site.guides.iter().filter(readable).cloned().map(Arc::new).collect()
}

fn is_on(pages: &[PagePattern], page: Option<&PagePath>) -> bool {
    page.is_some_and(|page| pages.iter().any(|pattern| pattern.matches(page)))
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;
    use crate::{
        fixture,
        locale::Locale,
        reply::{Basis, ReplyPromise},
    };

    fn seen(site: &Site, now: &str) -> Offer {
        Ground::new(site, Locale::Ru, &Bookings::new(), Circumstances::default(), fixture::at(now))
            .offer(Some("https://shop.example/"))
    }

    /// What is seen of the shop on Monday at 11, on a page.
    fn on(locale: Locale, page: &str) -> Offer {
        Ground::new(
            &fixture::site(),
            locale,
            &Bookings::new(),
            Circumstances::default(),
            fixture::at("2026-11-23T08:00:00Z"),
        )
        .offer(Some(page))
    }

    fn ids(offer: &Offer) -> Vec<&str> {
        offer.channels.iter().map(|channel| channel.id.as_str()).collect()
    }

    #[test]
    fn closed_channels_come_after_open_ones() {
        let site = fixture::site();
        assert_eq!(ids(&seen(&site, "2026-11-23T08:00:00Z")), ["phone", "email"]);
        assert_eq!(ids(&seen(&site, "2026-11-22T19:30:00Z")), ["email", "phone"]);
    }

    #[test]
    fn a_channel_without_a_label_is_named_in_the_visitors_language() {
        let site = fixture::site();
        let seen = seen(&site, "2026-11-23T08:00:00Z");
        let labels: Vec<&str> = seen.channels.iter().map(|one| one.label.as_str()).collect();
        assert_eq!(labels, ["Позвонить", "Пишите смело"]);
    }

    #[test]
    fn a_promise_at_night_counts_from_the_next_opening() {
        let site = fixture::site();
        let seen = seen(&site, "2026-11-22T19:30:00Z");
        let phone = seen.channels.iter().find(|one| one.id == "phone");
        let phone = phone.and_then(|one| one.expected_reply(&site, seen.now));
        assert_eq!(phone.map(|reply| (reply.by, reply.seconds)), Some((fixture::at("2026-11-23T06:01:00Z"), 37_860)));
        let message = seen.message.and_then(|form| form.expected_reply(&site, seen.now));
        assert_eq!(message.map(|reply| reply.by), Some(fixture::at("2026-11-23T09:00:00Z")));
    }

    #[test]
    fn closed_site_offers_a_callback_with_the_next_opening() {
        let callback = seen(&fixture::site(), "2026-11-22T19:30:00Z").callback.expect("a callback form");
        assert_eq!(callback.availability.changes_at, Some(fixture::at("2026-11-23T07:00:00Z")));
        assert_eq!(callback.slots.first().map(|one| one.slot.from), Some(fixture::at("2026-11-23T07:00:00Z")));
        let last = callback.slots.last().map(|one| one.slot.from).expect("a slot");
        assert_eq!(last, fixture::at("2026-11-28T14:30:00Z"));
    }

    #[test]
    fn measured_promises_stand_on_what_was_typical_of_their_own_kind() {
        let mut site = fixture::site();
        let measured = Some(ReplyPromise::Measured { typical: None, otherwise: 7_200 });
        site.channels.iter_mut().for_each(|channel| channel.promise = measured);
        site.message.as_mut().expect("the form").promise = measured;
        let history = ReplyHistory { message: Some(300), email: Some(600) };
        let circumstances = Circumstances { history, ..Circumstances::default() };
        let ground =
            Ground::new(&site, Locale::Ru, &Bookings::new(), circumstances, fixture::at("2026-11-23T08:00:00Z"));
        let promised = |id| ground.channels.iter().find(|one| one.id == id).and_then(|one| one.promise?.seconds());
        assert_eq!((promised("phone"), promised("email")), (Some(7_200), Some(600)));
        assert_eq!(ground.message.and_then(|form| form.promise?.seconds()), Some(300));
    }

    #[test]
    fn what_cannot_be_served_now_is_not_offered() {
        let mut site = fixture::site();
        site.channels[0].needs_duty = true;
        site.callback.as_mut().expect("the form").open_at_most = Some(2);
        let offered = |on_duty, open_callbacks| {
            let circumstances = Circumstances { on_duty, open_callbacks, ..Circumstances::default() };
            let now = fixture::at("2026-11-23T08:00:00Z");
            let offer = Ground::new(&site, Locale::Ru, &Bookings::new(), circumstances, now).offer(None);
            (offer.channels.len(), offer.callback.is_some(), offer.message.is_some())
        };
        assert_eq!(offered(false, 0), (1, true, true));
        assert_eq!(offered(true, 1), (2, true, true));
        assert_eq!(offered(true, 2), (2, false, true), "messages are taken at any hour");
    }

    #[test]
    fn the_first_free_slot_is_the_promise_of_a_callback() {
        let full = fixture::at("2026-11-23T07:00:00Z");
        let site = fixture::site();
        let (bookings, now) = (Bookings::from([(full, 2)]), fixture::at("2026-11-22T19:30:00Z"));
        let callback =
            Ground::new(&site, Locale::Ru, &bookings, Circumstances::default(), now).callback.expect("a callback form");
        assert!(!callback.slots[0].free);
        let promised = callback.expected_reply(&site, now).expect("a promise");
        assert_eq!((promised.by, promised.basis), (full + 30.minutes(), Basis::Slot));
    }

    #[test]
    fn a_callback_whose_hours_never_open_offers_no_slot() {
        let site = fixture::site_with_hours("off");
        let seen = seen(&site, "2026-11-22T19:30:00Z");
        let callback = seen.callback.expect("a form");
        assert!(callback.slots.is_empty());
        assert_eq!(callback.expected_reply(&site, seen.now), None);
    }

    #[test]
    fn answers_of_this_page_come_first() {
        let questions = |page: &str| -> Vec<String> {
            on(Locale::Ru, page).answers.iter().map(|answer| answer.id.clone()).collect()
        };
        assert_eq!(questions("https://shop.example/"), ["returns", "delivery", "kennel"]);
        assert_eq!(questions("https://shop.example/dog-houses/lux"), ["kennel", "returns", "delivery"]);
    }

    #[test]
    fn a_visitor_without_answers_in_their_language_gets_the_sites() {
        let seen = on(Locale::Bg, "https://shop.example/");
        assert_eq!(seen.answers.len(), 3);
        assert!(seen.answers.iter().all(|answer| answer.locale == Locale::Ru));
    }

    #[test]
    fn guides_are_those_of_the_page_and_of_the_language() {
        let titles = |locale, page: &str| -> Vec<String> {
            on(locale, page).guides.iter().map(|guide| guide.title.clone()).collect()
        };
        assert_eq!(titles(Locale::Ru, "https://shop.example/dog-houses/lux"), ["Как приучить щенка к будке", "Blog"]);
        assert_eq!(titles(Locale::En, "https://shop.example/dog-houses/lux"), ["Blog"]);
        assert_eq!(titles(Locale::Ru, "https://shop.example/"), ["Blog"]);
    }
}
