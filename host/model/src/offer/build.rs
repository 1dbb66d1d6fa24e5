//! What a visitor sees before plugins are asked.

use jiff::Timestamp;

use super::{Offer, OfferedCallback, OfferedChannel, OfferedMessage, VisitorContext};
use crate::{
    answers::{Answer, Guide, PagePattern},
    channel::Channel,
    form::{CallbackForm, MessageForm},
    hours::{State, SupportHours},
    reply::{self, ExpectedReply, ReplyPromise},
    site::Site,
    slots::{self, Bookings, Days, OfferedSlot},
    texts::Texts,
};

/// What this visitor sees, before plugins are asked.
pub fn offer(site: &Site, visitor: &VisitorContext, bookings: &Bookings, now: Timestamp) -> Offer {
    Offer {
        now,
        availability: site.hours.availability(now),
        channels: channels(site, visitor, now),
        callback: site.callback.as_ref().map(|form| callback(form, bookings, now)),
        message: site.message.as_ref().map(|form| message(form, now)),
        answers: answers(site, visitor),
        guides: guides(site, visitor),
        notices: Vec::new(),
    }
}

fn channels(site: &Site, visitor: &VisitorContext, now: Timestamp) -> Vec<OfferedChannel> {
    let texts = Texts::of(visitor.locale);
    let mut channels: Vec<OfferedChannel> = site.channels.iter().map(|one| channel(one, texts, now)).collect();
    channels.sort_by_key(|channel| channel.availability.state == State::Closed);
    channels
}

fn channel(channel: &Channel, texts: &Texts, now: Timestamp) -> OfferedChannel {
    OfferedChannel {
        id: channel.id.clone(),
        kind: channel.kind,
        label: channel.label.clone().unwrap_or_else(|| texts.channel(channel.kind)),
        value: channel.value.clone(),
        href: channel.href.clone(),
        availability: channel.hours.availability(now),
        promise: channel.promise,
        expected_reply: expected(channel.promise, &channel.hours, now),
    }
}

fn callback(form: &CallbackForm, bookings: &Bookings, now: Timestamp) -> OfferedCallback {
    let slots = slots::slots(form, bookable_days(form, now), bookings, now);
    let expected_reply = match form.promise {
        Some(ReplyPromise::Slot) => first_free(&slots, now),
        promise => expected(promise, &form.hours, now),
    };
    OfferedCallback {
        availability: form.hours.availability(now),
        promise: form.promise,
        expected_reply,
        slots,
        consent: form.consent.clone(),
    }
}

fn bookable_days(form: &CallbackForm, now: Timestamp) -> Days {
    let first = now.to_zoned(form.hours.zone().clone()).date();
    Days { first, count: form.slots.days_ahead.saturating_add(1) }
}

fn first_free(slots: &[OfferedSlot], now: Timestamp) -> Option<ExpectedReply> {
    let first = slots.iter().find(|offered| offered.free)?;
    Some(ExpectedReply::at_slot(first.slot, now))
}

fn message(form: &MessageForm, now: Timestamp) -> OfferedMessage {
    OfferedMessage {
        availability: form.hours.availability(now),
        promise: form.promise,
        expected_reply: expected(form.promise, &form.hours, now),
        consent: form.consent.clone(),
    }
}

pub(super) fn expected(promise: Option<ReplyPromise>, hours: &SupportHours, now: Timestamp) -> Option<ExpectedReply> {
    reply::expected_reply(promise?, hours, now)
}

/// Answers in the visitor's language, or in the site's where there are none; those of this page first.
fn answers(site: &Site, visitor: &VisitorContext) -> Vec<Answer> {
    let written = |locale| site.answers.iter().filter(move |answer| answer.locale == locale).cloned();
    let mut answers: Vec<Answer> = written(visitor.locale).collect();
    if answers.is_empty() {
        answers = written(site.locale).collect();
    }
    answers.sort_by_key(|answer| !is_on(&answer.pages, visitor));
    answers
}

fn guides(site: &Site, visitor: &VisitorContext) -> Vec<Guide> {
    let here = |guide: &&Guide| guide.pages.is_empty() || is_on(&guide.pages, visitor);
    let readable = |guide: &&Guide| guide.locale.is_none_or(|locale| locale == visitor.locale);
    site.guides.iter().filter(here).filter(readable).cloned().collect()
}

fn is_on(pages: &[PagePattern], visitor: &VisitorContext) -> bool {
    visitor.page.as_deref().is_some_and(|page| pages.iter().any(|pattern| pattern.matches(page)))
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;
    use crate::{fixture, locale::Locale, reply::Basis};

    fn seen(site: &Site, now: &str) -> Offer {
        offer(site, &fixture::visitor(Locale::Ru, "https://shop.example/"), &Bookings::new(), fixture::at(now))
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
        let labels: Vec<String> =
            seen(&site, "2026-11-23T08:00:00Z").channels.into_iter().map(|one| one.label).collect();
        assert_eq!(labels, ["Позвонить", "Пишите смело"]);
    }

    #[test]
    fn a_promise_at_night_counts_from_the_next_opening() {
        let seen = seen(&fixture::site(), "2026-11-22T19:30:00Z");
        let phone = seen.channels.iter().find(|one| one.id == "phone").and_then(|one| one.expected_reply);
        assert_eq!(phone.map(|reply| (reply.by, reply.seconds)), Some((fixture::at("2026-11-23T06:01:00Z"), 37_860)));
        let message = seen.message.and_then(|form| form.expected_reply);
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
    fn the_first_free_slot_is_the_promise_of_a_callback() {
        let full = fixture::at("2026-11-23T07:00:00Z");
        let site = fixture::site();
        let visitor = fixture::visitor(Locale::Ru, "https://shop.example/");
        let bookings = Bookings::from([(full, 2)]);
        let callback = offer(&site, &visitor, &bookings, fixture::at("2026-11-22T19:30:00Z")).callback;
        let callback = callback.expect("a callback form");
        assert!(!callback.slots[0].free);
        let promised = callback.expected_reply.expect("a promise");
        assert_eq!((promised.by, promised.basis), (full + 30.minutes(), Basis::Slot));
    }

    #[test]
    fn a_callback_whose_hours_never_open_offers_no_slot() {
        let callback = seen(&fixture::site_with_hours("off"), "2026-11-22T19:30:00Z").callback.expect("a form");
        assert_eq!((callback.slots, callback.expected_reply), (vec![], None));
    }

    #[test]
    fn answers_of_this_page_come_first() {
        let site = fixture::site();
        let questions = |page: &str| -> Vec<String> {
            let visitor = fixture::visitor(Locale::Ru, page);
            let seen = offer(&site, &visitor, &Bookings::new(), fixture::at("2026-11-23T08:00:00Z"));
            seen.answers.into_iter().map(|answer| answer.id).collect()
        };
        assert_eq!(questions("https://shop.example/"), ["returns", "delivery", "kennel"]);
        assert_eq!(questions("https://shop.example/dog-houses/lux"), ["kennel", "returns", "delivery"]);
    }

    #[test]
    fn a_visitor_without_answers_in_their_language_gets_the_sites() {
        let visitor = fixture::visitor(Locale::Bg, "https://shop.example/");
        let seen = offer(&fixture::site(), &visitor, &Bookings::new(), fixture::at("2026-11-23T08:00:00Z"));
        assert_eq!(seen.answers.len(), 3);
        assert!(seen.answers.iter().all(|answer| answer.locale == Locale::Ru));
    }

    #[test]
    fn guides_are_those_of_the_page_and_of_the_language() {
        let site = fixture::site();
        let titles = |locale, page: &str| -> Vec<String> {
            let visitor = fixture::visitor(locale, page);
            let seen = offer(&site, &visitor, &Bookings::new(), fixture::at("2026-11-23T08:00:00Z"));
            seen.guides.into_iter().map(|guide| guide.title).collect()
        };
        assert_eq!(titles(Locale::Ru, "https://shop.example/dog-houses/lux"), ["Как приучить щенка к будке", "Blog"]);
        assert_eq!(titles(Locale::En, "https://shop.example/dog-houses/lux"), ["Blog"]);
        assert_eq!(titles(Locale::Ru, "https://shop.example/"), ["Blog"]);
    }
}
