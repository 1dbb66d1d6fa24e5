//! Submissions: what a visitor sends, before it becomes a request.

use jiff::Timestamp;

use crate::{
    form::FormKind,
    locale::Locale,
    request::{Consent, ReplyBy, Requester},
    site::Site,
    slots::Slot,
};

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

/// What is wrong with one field; the texts say it in the visitor's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the field, `phone`.
    pub field: String,
    /// What is wrong.
    pub code: ProblemCode,
}

/// What can be wrong with a field. [`ProblemCode::as_str`] is the `code` outsiders see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemCode {
    /// It must be given.
    Required,
    /// One of phone and e-mail must be given.
    ContactRequired,
    /// It has another JSON type than it should.
    WrongType,
    /// There is no such field.
    UnknownField,
    /// It is none of the values there are.
    UnknownValue,
    /// This site has no such form.
    NoSuchForm,
    /// It has more than this many characters.
    TooLong(usize),
    /// It contains a character that text cannot have: NUL or another control character.
    ControlCharacter,
    /// A number with too few digits, by at least this many.
    PhoneTooShort(u8),
    /// Not a telephone number.
    PhoneInvalid,
    /// Not an e-mail address.
    EmailInvalid,
    /// Not an http or https address.
    PageInvalid,
    /// Not a moment in RFC 3339.
    SlotInvalid,
    /// The slot has begun, or begins too soon.
    SlotPast,
    /// The slot lies too far ahead.
    SlotTooFar,
    /// Nobody calls at that moment.
    SlotNone,
    /// Others took it.
    SlotTaken,
    /// The sentence must be agreed to.
    ConsentRequired,
    /// A plugin refused it, and said why in the visitor's language.
    Refused(String),
}

impl ProblemCode {
    /// The code outsiders may branch on, `phone-too-short`.
    pub fn as_str(&self) -> &'static str {
        unimplemented!()
    }
}

/// Checks every field, and says of each what is wrong; nothing is repaired.
pub fn validate(draft: &Draft, site: &Site, now: Timestamp) -> Result<Submission, Vec<Problem>> {
    unimplemented!("{draft:?} {} {now}", site.key)
}
