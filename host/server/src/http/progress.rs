//! What our pages about a request have in common: its steps and its conversation, in words.

use jiff::{Timestamp, tz::TimeZone};
use porchlight_model::{
    attachment::Attachment,
    request::{Actor, Request, Step},
    texts::Texts,
};

/// One step.
pub struct StepLine {
    /// `done`, `next` or `ahead`.
    pub class: &'static str,
    /// Its name.
    pub name: String,
    /// When it was reached, or is due.
    pub when: Option<String>,
}

/// One entry.
pub struct EntryLine {
    /// `me` or `them`.
    pub class: &'static str,
    /// Plain text.
    pub text: String,
    /// Its files.
    pub files: Vec<FileLine>,
    /// When it was kept.
    pub when: String,
}

/// A file of an entry.
pub struct FileLine {
    /// Where it is.
    pub href: String,
    /// What it is called, and how long it is.
    pub label: String,
}

/// The steps of a request.
pub fn steps(request: &Request, texts: &Texts, now: Timestamp, zone: &TimeZone) -> Vec<StepLine> {
    let steps = request.steps();
    let next = steps.iter().position(|step| step.at.is_none());
    let line = |(position, step): (usize, &Step)| StepLine {
        class: match step.at {
            Some(_) => "done",
            None if next == Some(position) => "next",
            None => "ahead",
        },
        name: texts.say(&format!("panel-status-{}", step.status.as_str())),
        when: step.at.or(step.due).map(|at| texts.moment(at, now, zone)),
    };
    steps.iter().enumerate().map(line).collect()
}

/// What is promised to the requester and not kept yet: the call, or the answer.
pub fn promise(request: &Request, texts: &Texts, now: Timestamp, zone: &TimeZone) -> Option<String> {
    let reply = request.open_promise()?;
    Some(match request.slot {
        Some(slot) => texts.say_with("panel-status-call", &[("moment", &texts.moment(slot.from, now, zone))]),
        None => texts.say_with("panel-status-due", &[("moment", &texts.expected_reply(reply, now, zone))]),
    })
}

/// The conversation of a request as `reader` sees it on the page of this path.
pub fn entries(
    request: &Request,
    reader: Actor,
    path: &str,
    texts: &Texts,
    now: Timestamp,
    zone: &TimeZone,
) -> Vec<EntryLine> {
    let file =
        |file: &Attachment| FileLine { href: format!("{path}/attachments/{}", file.id), label: texts.file(file) };
    let line = |entry: &porchlight_model::request::Entry| EntryLine {
        class: if entry.from == reader { "me" } else { "them" },
        text: entry.text.clone(),
        files: entry.attachments.iter().map(file).collect(),
        when: texts.moment(entry.at, now, zone),
    };
    request.entries.iter().map(line).collect()
}
