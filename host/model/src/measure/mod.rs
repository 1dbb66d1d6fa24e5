//! Measures: what one request says of how it was answered, in numbers. `tally` adds them up, `report` says what they come to.
//!
//! Numbers name nobody, so they stay when a request is erased.

mod report;
mod tally;
mod words;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};

pub use report::{AnswerCount, Cell, ConcernCount, Report, SearchCount};
pub use tally::{Count, Span, Tally};
pub use words::search_words;

use crate::{
    form::FormKind,
    hours::SupportHours,
    reply::Basis,
    request::{Actor, CallOutcome, Event, Happening, Origin, Request, Status},
    site::Site,
};

/// What one request adds to a report, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measures {
    /// Where it is counted.
    pub place: Place,
    /// What is counted.
    pub tally: Tally,
}

/// Where a request is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The local date it was received on.
    pub day: Date,
    /// The hour of the local clock it was received in, 0 to 23.
    pub hour: u8,
    /// The way it came: a report's channel.
    pub channel: Origin,
    /// Which form it is of.
    pub form: FormKind,
    /// What sort of thing its requester has to say.
    pub concern: Concern,
    /// What it is about, as plugins decided; none where that may name somebody.
    pub topic: Option<String>,
}

/// What sort of thing a requester has to say. Told by a tag, of an agent's or a plugin's: `complaint`, `praise`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concern {
    /// Whatever is not named otherwise.
    #[default]
    Question,
    /// Something went wrong.
    Complaint,
    /// Something went well.
    Praise,
}

/// Tags that name a complaint, and praise, in the languages of the texts.
const COMPLAINT: [&str; 5] = ["complaint", "жалоба", "претензия", "рекламация", "оплакване"];
const PRAISE: [&str; 5] = ["praise", "похвала", "благодарность", "благодарност", "спасибо"];

impl Concern {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Question, Self::Complaint, Self::Praise];

    /// The name used in JSON, SQL and CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Complaint => "complaint",
            Self::Praise => "praise",
        }
    }

    /// What a request's tags say it is; one that is both is a complaint.
    pub fn of(request: &Request) -> Self {
        let tags: Vec<String> =
            request.handling.tags.iter().chain(&request.routing.tags).map(|tag| tag.trim().to_lowercase()).collect();
        let named = |words: &[&str]| tags.iter().any(|tag| words.contains(&tag.as_str()));
        match (named(&COMPLAINT), named(&PRAISE)) {
            (true, _) => Self::Complaint,
            (false, true) => Self::Praise,
            (false, false) => Self::Question,
        }
    }
}

impl Measures {
    /// What a request of a site adds to its report as it stands.
    ///
    /// Times count from when it was received; those of a callback from the beginning of the slot chosen, and a call before that took
    /// no time.
    pub fn of(request: &Request, site: &Site) -> Self {
        let mut tally = Tally::default();
        tally.count(Count::Requests);
        reply(&mut tally, request, hours(request, site));
        end(&mut tally, request);
        calls(&mut tally, request);
        if let Some(rating) = &request.rating {
            tally.count(Count::Stars(rating.stars));
        }
        Self { place: place(request, &site.time_zone), tally }
    }

    /// These measures where others of the same request were counted before. When it came, and how soon it was first answered, is
    /// settled: a slot that is chosen afterwards, or hours that were changed since, make it neither sooner nor later.
    pub fn following(mut self, before: &Self) -> Self {
        self.place = Place { day: before.place.day, hour: before.place.hour, ..self.place };
        if before.tally.times(Span::FirstReply).count() > 0 {
            self.tally.take_reply_of(&before.tally);
        }
        self
    }
}

fn place(request: &Request, zone: &TimeZone) -> Place {
    let received = request.received_at().to_zoned(zone.clone());
    Place {
        day: received.date(),
        hour: received.hour().unsigned_abs(),
        channel: request.handling.origin,
        form: request.kind,
        concern: Concern::of(request),
        topic: request.routing.topic.clone().filter(|topic| !words::may_name(topic)),
    }
}

/// The hours in which requests like this one are answered.
fn hours<'a>(request: &Request, site: &'a Site) -> &'a SupportHours {
    let own = match request.kind {
        FormKind::Callback => site.callback.as_ref().map(|form| &form.hours),
        FormKind::Message => site.message.as_ref().map(|form| &form.hours),
    };
    own.unwrap_or(&site.hours)
}

/// When the time that its requester waits begins.
fn begun(request: &Request) -> Timestamp {
    let slot = request.slot.filter(|_| request.kind == FormKind::Callback);
    slot.map_or(request.received_at(), |slot| slot.from)
}

/// How soon it was first answered, and whether as promised.
fn reply(tally: &mut Tally, request: &Request, hours: &SupportHours) {
    let reply = request.events.iter().position(is_reply);
    let waiting = &request.events[..reply.unwrap_or(request.events.len())];
    if let Some(reply) = reply.map(|place| &request.events[place]) {
        let from = begun(request).min(reply.at);
        tally.time(Span::FirstReply, seconds(from, reply.at));
        tally.time(Span::FirstReplyInHours, hours.open_seconds(from, reply.at));
    }
    let verdict = verdict(request, waiting, reply.map(|place| request.events[place].at));
    tally.counts(verdict);
    tally.counts((verdict == Some(Count::Broken) && reply.is_none()).then_some(Count::Unanswered));
}

fn is_reply(event: &Event) -> bool {
    let is_word =
        matches!(event.what, Happening::EntryAdded { .. } | Happening::Attempted { .. } | Happening::Resolved);
    event.by == Actor::Agent && is_word
}

/// What became of the first promise; nothing yet while there is time, nor where nothing was promised.
fn verdict(request: &Request, waiting: &[Event], replied: Option<Timestamp>) -> Option<Count> {
    let noted = |is: fn(&Happening) -> bool| waiting.iter().any(|event| is(&event.what));
    if noted(|what| matches!(what, Happening::Overdue)) {
        return Some(Count::Broken);
    }
    if noted(|what| matches!(what, Happening::Postponed { .. })) {
        return Some(Count::PutOff);
    }
    let (promise, replied) = (request.promise?, replied?);
    let slot = request.slot.filter(|_| promise.basis == Basis::Slot);
    let end = slot.map_or(promise.by, |slot| slot.to.max(promise.by));
    Some(if replied <= end { Count::Kept } else { Count::Broken })
}

/// How it ended, if it has.
fn end(tally: &mut Tally, request: &Request) {
    let resolved = |event: &&Event| event.what == Happening::Resolved;
    let last = request.events.iter().rev().find(resolved);
    tally.counts(last.map(|_| Count::AskedToRate));
    match (request.status, last) {
        (Status::Cancelled, _) => tally.count(Count::Cancelled),
        (Status::Resolved, Some(last)) => {
            tally.count(Count::Resolved);
            tally.time(Span::Resolution, seconds(begun(request).min(last.at), last.at));
            tally.counts(at_first_contact(request).then_some(Count::FirstContact));
        }
        _ => {}
    }
}

/// Whether the business wrote or spoke to its requester once at most, and they did not come back.
fn at_first_contact(request: &Request) -> bool {
    let is_contact = |event: &&Event| match event.what {
        Happening::EntryAdded { .. } => event.by == Actor::Agent,
        Happening::Attempted { outcome } => outcome == CallOutcome::Reached,
        _ => false,
    };
    let came_back = request.events.iter().any(|event| event.what == Happening::Reopened);
    !came_back && request.events.iter().filter(is_contact).count() <= 1
}

fn calls(tally: &mut Tally, request: &Request) {
    let tried = |wanted: Option<CallOutcome>| {
        let fits = |outcome| wanted.is_none_or(|wanted| wanted == outcome);
        request.events.iter().any(|event| matches!(event.what, Happening::Attempted { outcome } if fits(outcome)))
    };
    tally.counts(tried(None).then_some(Count::Called));
    tally.counts(tried(Some(CallOutcome::Reached)).then_some(Count::Reached));
}

fn seconds(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.duration_since(from).as_secs()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
