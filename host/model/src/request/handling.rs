//! How the business handles a request among its own people. No requester and no plugin sees any of it; it stands in the request's
//! document, so that it is erased with it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Actor, Event, Happening, Request};
use crate::{
    agent::AgentId,
    submission::{self, ProblemCode},
};

/// The most notes a request may have.
const NOTES: usize = 200;

/// The most tags a request may have, and characters a tag.
const TAGS: usize = 20;
const TAG: usize = 50;

/// How the business handles a request among its own people.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Handling {
    /// How it came.
    pub origin: Origin,
    /// Who takes care of it.
    pub assignee: Option<AgentId>,
    /// What colleagues tell each other about it, oldest first.
    pub notes: Vec<Note>,
    /// Words to find it by, as colleagues gave them.
    pub tags: Vec<String>,
}

/// How a request came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Its requester sent it.
    #[default]
    Web,
    /// Its requester wrote an e-mail.
    Email,
    /// Its requester called, and an agent wrote it down.
    Phone,
    /// Its requester came by, and an agent wrote it down.
    WalkIn,
}

impl Origin {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Web, Self::Email, Self::Phone, Self::WalkIn];

    /// The name used in JSON, SQL and CSV.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::WalkIn => "walk-in",
        }
    }
}

/// What one colleague tells the others about a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Random (UUID v4).
    pub id: Uuid,
    /// Who wrote it.
    pub agent: AgentId,
    /// When it was kept.
    pub at: Timestamp,
    /// Plain text.
    pub text: String,
}

impl Request {
    /// The request as its person may have it: without what the business's people did among themselves, and which of them.
    pub fn for_its_person(&self) -> Self {
        let events = self.events.iter().map(|event| Event { agent: None, ..event.clone() }).collect();
        Self { handling: Handling::default(), events, ..self.clone() }
    }

    /// Whose turn it is: the business's while its requester waits for an answer or a call, else the requester's. Nobody's once it
    /// is closed.
    pub fn turn(&self) -> Option<Actor> {
        let contributed = |event: &&Event| match event.by {
            Actor::Requester => true,
            Actor::Agent => event.what != Happening::Accepted,
            Actor::Host => false,
        };
        let last = self.events.iter().rev().find(contributed).map_or(Actor::Requester, |event| event.by);
        let turn = if last == Actor::Agent { Actor::Requester } else { Actor::Agent };
        (!self.status.is_final()).then_some(turn)
    }

    /// The request with another assignee, or none; one revision on, unless it is the same.
    pub fn assigned(&self, assignee: Option<AgentId>) -> Self {
        self.handled(|handling| handling.assignee = assignee)
    }

    /// The request with one more note, one revision on.
    ///
    /// # Errors
    /// What is wrong with the note's text: nothing to see in it, too long, control characters; or that there are too many.
    pub fn noted(&self, note: Note) -> Result<Self, ProblemCode> {
        submission::text(&note.text)?;
        if self.handling.notes.len() >= NOTES {
            return Err(ProblemCode::TooMany(NOTES));
        }
        Ok(self.handled(|handling| handling.notes.push(note)))
    }

    /// The request with these tags instead of those it had, each once; one revision on, unless they are the same.
    ///
    /// # Errors
    /// What is wrong with one of them.
    pub fn tagged(&self, tags: Vec<String>) -> Result<Self, ProblemCode> {
        if tags.len() > TAGS {
            return Err(ProblemCode::TooMany(TAGS));
        }
        tags.iter().try_for_each(|tag| check_tag(tag))?;
        let mut once: Vec<String> = Vec::new();
        for tag in tags {
            if !once.contains(&tag) {
                once.push(tag);
            }
        }
        Ok(self.handled(|handling| handling.tags = once))
    }

    fn handled(&self, change: impl FnOnce(&mut Handling)) -> Self {
        let mut next = self.clone();
        change(&mut next.handling);
        if next.handling != self.handling {
            next.revision += 1;
        }
        next
    }
}

fn check_tag(tag: &str) -> Result<(), ProblemCode> {
    if tag.trim().is_empty() {
        return Err(ProblemCode::Required);
    }
    if tag.chars().nth(TAG).is_some() {
        return Err(ProblemCode::TooLong(TAG));
    }
    if tag.chars().any(char::is_control) { Err(ProblemCode::ControlCharacter) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::message_request;

    fn vera() -> AgentId {
        AgentId(Uuid::from_u128(7))
    }

    fn note(text: &str) -> Note {
        let at = "2026-11-22T20:00:00Z".parse().expect("a moment");
        Note { id: Uuid::nil(), agent: vera(), at, text: text.to_owned() }
    }

    #[test]
    fn every_handling_is_a_revision_and_no_event() {
        let before = message_request();
        let next = before.assigned(Some(vera())).noted(note("ждём поставку")).expect("a note");
        let next = next.tagged(vec!["будки".to_owned(), "vip".to_owned(), "будки".to_owned()]).expect("tags");
        assert_eq!(next.revision, before.revision + 3);
        assert_eq!(next.events, before.events);
        assert_eq!(next.handling.tags, ["будки", "vip"]);
        assert_eq!(next.handling.assignee, Some(vera()));
    }

    #[test]
    fn turn_is_the_business_until_it_answers_and_the_requester_from_then_on() {
        let request = message_request();
        assert_eq!(request.turn(), Some(Actor::Agent));
        let event = |by, what| Event { at: request.received_at(), by, agent: None, what };
        let after = |events: &[Event]| {
            let mut next = request.clone();
            next.events.extend_from_slice(events);
            next.turn()
        };
        let accepted = event(Actor::Agent, Happening::Accepted);
        let missed = event(Actor::Agent, Happening::Attempted { outcome: super::super::CallOutcome::NoAnswer });
        let moved = event(Actor::Requester, Happening::Rescheduled { slot: crate::fixture::slot() });
        assert_eq!(after(std::slice::from_ref(&accepted)), Some(Actor::Agent), "to take it on is no answer");
        assert_eq!(after(&[accepted.clone(), missed.clone()]), Some(Actor::Requester));
        let overdue = event(Actor::Host, Happening::Overdue);
        assert_eq!(after(&[missed.clone(), overdue]), Some(Actor::Requester), "time passes, nobody has spoken");
        assert_eq!(after(&[accepted, missed, moved]), Some(Actor::Agent));
        let closed = Request { status: super::super::Status::Resolved, ..request.clone() };
        assert_eq!(closed.turn(), None);
    }

    #[test]
    fn what_is_so_already_is_no_revision() {
        let assigned = message_request().assigned(Some(vera()));
        assert_eq!(assigned.assigned(Some(vera())), assigned);
        assert_eq!(assigned.tagged(vec![]).expect("none"), assigned);
    }

    #[test]
    fn hostile_notes_and_tags_are_refused() {
        let request = message_request();
        let noted = |text: &str| request.noted(note(text)).map(drop);
        assert_eq!(noted(" \n"), Err(ProblemCode::Required));
        assert_eq!(noted("a\0"), Err(ProblemCode::ControlCharacter));
        assert_eq!(noted(&"x".repeat(5_001)), Err(ProblemCode::TooLong(5_000)));
        let full = (0..NOTES).fold(request.clone(), |full, _| full.noted(note("ещё")).expect("room"));
        assert_eq!(full.noted(note("ещё")), Err(ProblemCode::TooMany(NOTES)));
        let tagged = |tags: Vec<String>| request.tagged(tags).map(drop);
        assert_eq!(tagged(vec!["x".to_owned(); 21]), Err(ProblemCode::TooMany(20)));
        assert_eq!(tagged(vec!["two\nlines".to_owned()]), Err(ProblemCode::ControlCharacter));
        assert_eq!(tagged(vec![String::new()]), Err(ProblemCode::Required));
    }

    #[test]
    fn request_kept_before_there_was_handling_is_read_as_one_from_the_web() {
        let mut document = serde_json::to_value(message_request()).expect("a document");
        document.as_object_mut().expect("an object").remove("handling");
        let read: Request = serde_json::from_value(document).expect("it is read");
        assert_eq!(read.handling, Handling::default());
    }
}
