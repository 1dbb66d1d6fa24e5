//! The calendar file of a booked call (RFC 5545), for the requester's own calendar.

use chrono::DateTime;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};
use jiff::Timestamp;
use porchlight_model::{reply::Basis, request::Request, site::Site, slots::Slot, texts::Texts};

/// The media type (RFC 5545, section 8.1).
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8; method=PUBLISH";

/// The call that a request waits for, as a file with one event. `None` where it waits for none. A call that was moved has the same
/// identity and a higher sequence number, so that a calendar that has it moves it too.
pub fn of_call(request: &Request, site: &Site, host: &str, now: Timestamp) -> Option<String> {
    let promise = request.open_promise()?;
    let slot = request.slot.filter(|_| promise.basis == Basis::Slot)?;
    let texts = Texts::of(request.locale);
    let event = event(request, site, host, slot, texts, now)?;
    let mut calendar = Calendar::new();
    calendar.append_property(Property::new("METHOD", "PUBLISH")).push(event);
    Some(calendar.to_string())
}

fn event(request: &Request, site: &Site, host: &str, slot: Slot, texts: &Texts, now: Timestamp) -> Option<Event> {
    let reference = request.reference.as_str();
    let phone = request.requester.phone.as_ref().map_or("", |phone| phone.as_str());
    let said = texts.say_with("calendar-description", &[("phone", phone), ("reference", reference)]);
    let event = Event::new()
        .uid(&format!("{reference}@{}", host.trim_start_matches("https://").trim_start_matches("http://")))
        .sequence(request.revision)
        .timestamp(utc(now)?)
        .starts(utc(slot.from)?)
        .ends(utc(slot.to)?)
        .summary(&texts.say_with("calendar-summary", &[("site", &site.name)]))
        .description(&said)
        .status(EventStatus::Confirmed)
        .done();
    Some(event)
}

fn utc(moment: Timestamp) -> Option<DateTime<chrono::Utc>> {
    DateTime::from_timestamp(moment.as_second(), 0)
}
