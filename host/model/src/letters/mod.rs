//! Letters: the e-mails that tell of a request.
//!
//! Plain text, so that nothing a visitor writes is more than what it says. What visitors and plugins wrote stands behind
//! labels on one line, or quoted line by line, and cannot pass for a line of ours. Moments name their date in full, because a
//! letter is read later than it was written.

use jiff::Timestamp;

use crate::{
    contact::{EmailAddress, Phone},
    delivery::{Erased, Letter, Mail, Reader},
    locale::Locale,
    plugin::Priority,
    reference::Reference,
    reply::{Basis, ExpectedReply},
    request::{Actor, CallOutcome, Entry, Event, Happening, ReplyBy, Request, Status},
    site::Site,
    slots::Slot,
    texts::Texts,
};

mod conversation;
mod requester;

pub use conversation::{
    answer_to_requester, due_to_business, entry_to_business, later_to_requester, overdue_to_business, rated_to_business,
};
pub use requester::{links_to_requester, missed_to_requester, to_requester};

/// The letters that a new request calls for: those there is an address for.
pub fn of_new(site: &Site, request: &Request) -> Vec<Letter> {
    let to_business = site.mail.as_ref().map(|_| Letter::NewToBusiness);
    let to_requester = request.requester.email.as_ref().map(|_| Letter::NewToRequester);
    to_business.into_iter().chain(to_requester).collect()
}

/// The letters that a request's next revision calls for: those there is an address for. A business that acts knows of it.
pub fn of_change(site: &Site, before: &Request, after: &Request) -> Vec<Letter> {
    let news = &after.events[before.events.len().min(after.events.len())..];
    let has_address = |letter: &Letter| match letter.reader() {
        Reader::Business => site.mail.is_some(),
        Reader::Requester => after.requester.email.is_some(),
    };
    news.iter().filter_map(of_event).filter(has_address).collect()
}

/// The letter that tells of an event, where one does. A request that is reopened tells so by what was written.
fn of_event(event: &Event) -> Option<Letter> {
    match (event.by, event.what) {
        (Actor::Requester, Happening::EntryAdded { entry }) => Some(Letter::EntryToBusiness { entry }),
        (Actor::Requester, Happening::Rated { .. }) => Some(Letter::RatedToBusiness),
        (Actor::Requester, Happening::Reopened) => None,
        (Actor::Requester, _) => Some(Letter::ChangedToBusiness),
        (Actor::Agent, Happening::EntryAdded { entry }) => Some(Letter::AnswerToRequester { entry }),
        (Actor::Agent, Happening::Attempted { outcome: CallOutcome::NoAnswer }) => Some(Letter::MissedToRequester),
        (Actor::Agent, _) => None,
        (Actor::Host, Happening::DueSoon) => Some(Letter::DueSoonToBusiness),
        (Actor::Host, Happening::Postponed { .. }) => Some(Letter::LaterToRequester),
        (Actor::Host, Happening::Overdue) => Some(Letter::OverdueToBusiness),
        (Actor::Host, _) => None,
    }
}

/// Writes a letter about a request. `link` is the address of the reader's page of it. `None` where there is nothing to say any
/// more: it came to an end that another letter tells of, or a missed call is to be made at another time already.
pub fn written(letter: Letter, site: &Site, request: &Request, link: &str, now: Timestamp) -> Option<Mail> {
    if !is_news(letter, request) {
        return None;
    }
    match letter {
        Letter::NewToBusiness => to_business(site, request, link, now),
        Letter::NewToRequester => to_requester(site, request, link, now),
        Letter::ChangedToBusiness => changed_to_business(site, request, link, now),
        Letter::MissedToRequester => missed_to_requester(site, request, link, now),
        Letter::EntryToBusiness { entry } => entry_to_business(site, request, entry, link, now),
        Letter::AnswerToRequester { entry } => answer_to_requester(site, request, entry, link, now),
        Letter::RatedToBusiness => rated_to_business(site, request, link, now),
        Letter::LaterToRequester => later_to_requester(site, request, link, now),
        Letter::DueSoonToBusiness => due_to_business(site, request, link, now),
        Letter::OverdueToBusiness => overdue_to_business(site, request, link, now),
    }
}

fn is_news(letter: Letter, request: &Request) -> bool {
    let last = request.events.last().map(|event| event.what);
    match letter {
        Letter::ChangedToBusiness
        | Letter::EntryToBusiness { .. }
        | Letter::AnswerToRequester { .. }
        | Letter::RatedToBusiness => true,
        Letter::DueSoonToBusiness | Letter::OverdueToBusiness | Letter::LaterToRequester => {
            request.open_promise().is_some()
        }
        Letter::NewToBusiness | Letter::NewToRequester => !request.status.is_final(),
        Letter::MissedToRequester => last == Some(Happening::Attempted { outcome: CallOutcome::NoAnswer }),
    }
}

/// One thing to know about a request, with its name in the business's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it says, on one line.
    pub value: String,
    /// Where a click leads: the number to call, the address to write to.
    pub href: Option<String>,
}

/// All that the business should know of a request, but for its conversation.
pub fn facts(site: &Site, request: &Request, now: Timestamp) -> Vec<Fact> {
    Draft { site, request, now, texts: Texts::of(site.locale) }.facts()
}

/// Tells the business of a new request. `None` where the site has no address for it.
///
/// In the site's language and zone. An answer to the letter goes to the requester, where they left an address.
pub fn to_business(site: &Site, request: &Request, link: &str, now: Timestamp) -> Option<Mail> {
    let letter = Draft { site, request, now, texts: Texts::of(site.locale) };
    let (subject, intro) = match letter.call() {
        Some(call) => {
            ("letter-business-callback-subject", letter.with("letter-business-callback-intro", "moment", &call))
        }
        None => ("letter-business-message-subject", letter.texts.say("letter-business-message-intro")),
    };
    letter.for_business(
        subject,
        vec![
            Some(intro),
            letter.promise(),
            Some(letter.link_behind("letter-business-link", link)),
            Some(letter.fact_lines()),
            letter.quoted(),
        ],
    )
}

/// Tells the business what its requester made of a request: cancelled, or changed, with how it stands now. `None` where the
/// site has no address for it.
pub fn changed_to_business(site: &Site, request: &Request, link: &str, now: Timestamp) -> Option<Mail> {
    let letter = Draft { site, request, now, texts: Texts::of(site.locale) };
    if request.status == Status::Cancelled {
        let intro = letter.texts.say("letter-business-cancelled-intro");
        let call = letter.call().map(|call| letter.with("letter-business-no-answer-needed", "moment", &call));
        return letter
            .for_business("letter-business-cancelled-subject", vec![Some(intro), call, Some(letter.fact_lines())]);
    }
    let call = letter.call().map(|call| letter.with("letter-business-callback-intro", "moment", &call));
    let subject = if call.is_some() { "letter-business-moved-subject" } else { "letter-business-changed-subject" };
    let intro = letter.texts.say("letter-business-changed-intro");
    let link = Some(letter.link_behind("letter-business-link", link));
    letter.for_business(
        subject,
        vec![Some(intro), call, letter.promise(), link, Some(letter.fact_lines()), letter.quoted()],
    )
}

/// Tells the business that a request it may still be waiting to answer was erased by its requester: the reference and the
/// call that is not needed any more, and nothing of the person. `None` where the site has no address for it.
pub fn erased_to_business(site: &Site, erased: &Erased, now: Timestamp) -> Option<Mail> {
    let texts = Texts::of(site.locale);
    let call = erased.slot.map(|slot| texts.full_moment(slot.from, now, &site.time_zone));
    let intro = texts.say("letter-business-cancelled-intro");
    let not_needed = call.as_ref().map(|call| texts.say_with("letter-business-no-answer-needed", &[("moment", call)]));
    Some(Mail {
        to: site.mail.clone()?,
        reply_to: None,
        from_name: site.name.clone(),
        subject: subject(texts, "letter-business-cancelled-subject", &erased.reference, call.as_deref()),
        text: joined(vec![Some(intro), not_needed]),
    })
}

/// What a letter is written from.
struct Draft<'a> {
    site: &'a Site,
    request: &'a Request,
    now: Timestamp,
    texts: &'static Texts,
}

impl Draft<'_> {
    fn for_business(&self, subject: &str, paragraphs: Vec<Option<String>>) -> Option<Mail> {
        Some(Mail {
            to: self.site.mail.clone()?,
            reply_to: self.request.requester.email.clone(),
            from_name: self.site.name.clone(),
            subject: self.subject(subject),
            text: joined(paragraphs),
        })
    }

    fn subject(&self, id: &str) -> String {
        subject(self.texts, id, &self.request.reference, self.call().as_deref())
    }

    fn with(&self, id: &str, name: &str, value: &str) -> String {
        self.texts.say_with(id, &[(name, value)])
    }

    /// A link, with what it is for before it.
    fn link_behind(&self, id: &str, link: &str) -> String {
        format!("{}\n{link}", self.texts.say(id))
    }

    /// When the call is wanted, if it is a call.
    fn call(&self) -> Option<String> {
        let Slot { from, .. } = self.request.slot?;
        Some(self.moment(from))
    }

    fn moment(&self, moment: Timestamp) -> String {
        self.texts.full_moment(moment, self.now, &self.site.time_zone)
    }

    /// What was promised, where it is more than the call itself.
    fn promise(&self) -> Option<String> {
        let ExpectedReply { by, basis, .. } = self.request.promise?;
        let by = self.texts.full_moment_by(by, self.now, &self.site.time_zone);
        (basis != Basis::Slot).then(|| self.with("letter-business-promise", "moment", &by))
    }

    fn fact_lines(&self) -> String {
        self.facts().iter().map(|fact| format!("{}: {}", fact.label, fact.value)).collect::<Vec<_>>().join("\n")
    }

    fn facts(&self) -> Vec<Fact> {
        let (request, routing) = (self.request, &self.request.routing);
        let said = |label, value: Option<String>| (label, value, None);
        let phone = request.requester.phone.as_ref();
        let email = request.requester.email.as_ref();
        let facts = [
            said("letter-label-name", request.requester.name.clone()),
            ("letter-label-phone", phone.map(|phone| phone.as_str().to_owned()), phone.map(Phone::href)),
            ("letter-label-email", email.map(|email| email.as_str().to_owned()), email.map(EmailAddress::href)),
            said("letter-label-reply-by", Some(self.reply_by())),
            said("letter-label-language", Some(self.language())),
            said("letter-label-page", request.page.clone()),
            said("letter-label-team", routing.team.clone()),
            said("letter-label-topic", routing.topic.clone()),
            said("letter-label-tags", Some(routing.tags.join(", ")).filter(|tags| !tags.is_empty())),
            said("letter-label-priority", self.priority()),
            said("letter-label-consent", request.consent.as_ref().map(|consent| consent.text.clone())),
            said("letter-label-received", Some(self.moment(request.received_at()))),
            said("letter-label-reference", Some(request.reference.as_str().to_owned())),
        ];
        let fact = |(label, value, href): (&str, Option<String>, Option<String>)| {
            Some(Fact { label: self.texts.say(label), value: one_line(&value?), href })
        };
        facts.into_iter().filter_map(fact).collect()
    }

    fn reply_by(&self) -> String {
        self.texts.say(match self.request.reply_by {
            ReplyBy::Phone => "letter-reply-by-phone",
            ReplyBy::Email => "letter-reply-by-email",
        })
    }

    fn language(&self) -> String {
        self.texts.say(match self.request.locale {
            Locale::En => "letter-language-en",
            Locale::Ru => "letter-language-ru",
            Locale::Bg => "letter-language-bg",
        })
    }

    /// The priority, where it is not the usual one.
    fn priority(&self) -> Option<String> {
        match self.request.routing.priority {
            Priority::Low => Some(self.texts.say("letter-priority-low")),
            Priority::Normal => None,
            Priority::High => Some(self.texts.say("letter-priority-high")),
        }
    }

    /// What the requester wrote first, each line behind `> `.
    fn quoted(&self) -> Option<String> {
        let asked = self.request.entries.iter().find(|entry| entry.from == Actor::Requester)?;
        Some(self.behind("letter-text-heading", &self.said(asked)))
    }

    /// What an entry says: its text, and a line for each of its files.
    fn said(&self, entry: &Entry) -> String {
        let files = entry.attachments.iter().map(|file| self.texts.file(file));
        let text = Some(entry.text.trim().to_owned()).filter(|text| !text.is_empty());
        text.into_iter().chain(files).collect::<Vec<_>>().join("\n")
    }

    /// What somebody wrote, each line behind `> `, with what it is before it.
    fn behind(&self, heading: &str, text: &str) -> String {
        let lines = text.trim().lines().map(|line| format!("> {line}"));
        format!("{}\n{}", self.texts.say(heading), lines.collect::<Vec<_>>().join("\n"))
    }
}

fn subject(texts: &Texts, id: &str, reference: &Reference, call: Option<&str>) -> String {
    texts.say_with(id, &[("reference", reference.as_str()), ("moment", call.unwrap_or_default())])
}

fn joined(paragraphs: Vec<Option<String>>) -> String {
    paragraphs.into_iter().flatten().collect::<Vec<_>>().join("\n\n") + "\n"
}

/// What others wrote cannot begin a line of its own.
fn one_line(value: &str) -> String {
    value.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests;
