//! Submissions: what a visitor sends, before it becomes a request.

pub(crate) mod characters;
mod fields;
mod problem;

use jiff::Timestamp;

use crate::{
    form::FormKind,
    locale::Locale,
    request::{Consent, ReplyBy, Requester},
    site::Site,
    slots::Slot,
};

pub use problem::{Problem, ProblemCode};

/// The fields of a form, in the order people meet them. Problems are told in this order.
pub const FIELDS: [&str; 10] =
    ["kind", "slot", "phone", "name", "email", "text", "reply_by", "locale", "page", "consent"];

/// The fields of a form as they were sent: of the right JSON type, otherwise unchecked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// Which form: `callback` or `message`.
    pub kind: Option<String>,
    /// How to address the requester.
    pub name: Option<String>,
    /// Their telephone number as written.
    pub phone: Option<String>,
    /// Their e-mail address as written.
    pub email: Option<String>,
    /// Beginning of the slot wanted, RFC 3339.
    pub slot: Option<String>,
    /// What it is about.
    pub text: Option<String>,
    /// `phone` or `email`.
    pub reply_by: Option<String>,
    /// BCP 47 tag of the requester's language.
    pub locale: Option<String>,
    /// Address of the page it is sent from.
    pub page: Option<String>,
    /// Whether the consent sentence was agreed to.
    pub consent: Option<bool>,
}

/// A submission that may be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// Which form.
    pub kind: FormKind,
    /// Who.
    pub requester: Requester,
    /// When a call is wanted.
    pub slot: Option<Slot>,
    /// What it is about.
    pub text: Option<String>,
    /// How they want to be answered.
    pub reply_by: ReplyBy,
    /// Their language.
    pub locale: Locale,
    /// Where it was sent from.
    pub page: Option<String>,
    /// What was agreed to.
    pub consent: Option<Consent>,
}

/// Checks every field, and says of each what is wrong, in the order of [`FIELDS`]; nothing is repaired.
///
/// A field in which there is nothing to see counts as missing. Blanks around telephone number, address and page do not belong to them; every
/// other value is kept exactly as sent. A callback needs phone and slot, a message text and one of phone and e-mail; whoever
/// wants to be answered in one way has to leave the contact for it. Without a wish a callback is answered by phone, a message
/// by e-mail where there is an address. A language without texts is answered in the site's.
pub fn validate(draft: &Draft, site: &Site, now: Timestamp) -> Result<Submission, Vec<Problem>> {
    let mut found = Found::default();
    let kind = found.keep("kind", fields::kind(draft, site));
    let slot = found.keep("slot", fields::slot(draft, kind, site, now));
    let phone = found.keep("phone", fields::phone(draft, site));
    let name = found.keep("name", fields::name(draft));
    let email = found.keep("email", fields::email(draft));
    let text = found.keep("text", fields::text(draft));
    let wish = found.keep("reply_by", fields::reply_by(draft));
    let locale = found.keep("locale", fields::locale(draft, site));
    let page = found.keep("page", fields::page(draft));
    let consent = found.keep("consent", fields::consent(draft, kind, site, now));
    found.missing(draft, kind, wish.flatten());
    match (kind, slot, phone, name, email, text, wish, locale, page, consent) {
        (
            Some(kind),
            Some(slot),
            Some(phone),
            Some(name),
            Some(email),
            Some(text),
            Some(wish),
            Some(locale),
            Some(page),
            Some(consent),
        ) if found.problems.is_empty() => {
            let reply_by = wish.unwrap_or(usual_reply(kind, email.is_some()));
            let requester = Requester { name, phone, email };
            Ok(Submission { kind, requester, slot, text, reply_by, locale, page, consent })
        }
        _ => Err(found.in_order()),
    }
}

/// What somebody wrote, if it may be kept: an entry of a conversation, checked as the `text` of a form is. Nothing to see is
/// [`ProblemCode::Required`].
pub fn text(written: &str) -> Result<String, ProblemCode> {
    let draft = Draft { text: Some(written.to_owned()), ..Draft::default() };
    fields::text(&draft)?.ok_or(ProblemCode::Required)
}

fn usual_reply(kind: FormKind, has_email: bool) -> ReplyBy {
    if kind == FormKind::Message && has_email { ReplyBy::Email } else { ReplyBy::Phone }
}

/// What was found wrong so far.
#[derive(Default)]
struct Found {
    problems: Vec<Problem>,
}

impl Found {
    fn keep<T>(&mut self, field: &str, value: Result<T, ProblemCode>) -> Option<T> {
        value.map_err(|code| self.add(field, code)).ok()
    }

    fn add(&mut self, field: &str, code: ProblemCode) {
        self.problems.push(Problem { field: field.to_owned(), code });
    }

    fn missing(&mut self, draft: &Draft, kind: Option<FormKind>, wish: Option<ReplyBy>) {
        match kind {
            Some(FormKind::Callback) => {
                self.require("phone", &draft.phone);
                self.require("slot", &draft.slot);
            }
            Some(FormKind::Message) => {
                self.require("text", &draft.text);
                self.require_contact(draft, wish);
            }
            None => {}
        }
        match wish {
            Some(ReplyBy::Email) => self.require("email", &draft.email),
            Some(ReplyBy::Phone) if kind != Some(FormKind::Callback) => self.require("phone", &draft.phone),
            _ => {}
        }
    }

    fn require(&mut self, field: &str, value: &Option<String>) {
        if fields::is_blank(value) {
            self.add(field, ProblemCode::Required);
        }
    }

    fn require_contact(&mut self, draft: &Draft, wish: Option<ReplyBy>) {
        if wish.is_none() && fields::is_blank(&draft.phone) && fields::is_blank(&draft.email) {
            self.add("email", ProblemCode::ContactRequired);
        }
    }

    fn in_order(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| FIELDS.iter().position(|field| *field == problem.field));
        self.problems
    }
}

#[cfg(test)]
mod tests;
