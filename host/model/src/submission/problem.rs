//! What can be wrong with a field.

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
    /// There are more of them than this many.
    TooMany(usize),
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
    /// The form stood open for too long.
    FormExpired,
    /// The form was sent before.
    FormUsed,
    /// The proof of work asked for is missing, or none.
    ProofRequired,
    /// A password with too few characters.
    PasswordTooShort,
    /// A password that is easily guessed.
    PasswordObvious,
    /// Not the password, or not the code, that it should be.
    Wrong,
    /// Another agent signs in by it.
    EmailTaken,
    /// A word between braces that is no variable.
    UnknownVariable,
    /// A file of a kind that is not taken.
    FileType,
    /// A file that is something else than it says.
    FileMismatch,
    /// A plugin refused it, and said why in the visitor's language.
    Refused(String),
}

impl ProblemCode {
    /// The code outsiders may branch on, `phone-too-short`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::ContactRequired => "contact-required",
            Self::WrongType => "wrong-type",
            Self::UnknownField => "unknown-field",
            Self::UnknownValue => "unknown-value",
            Self::NoSuchForm => "no-such-form",
            Self::TooLong(_) => "too-long",
            Self::TooMany(_) => "too-many",
            Self::ControlCharacter => "control-character",
            Self::PhoneTooShort(_) => "phone-too-short",
            Self::PhoneInvalid => "phone-invalid",
            Self::EmailInvalid => "email-invalid",
            Self::PageInvalid => "page-invalid",
            Self::SlotInvalid => "slot-invalid",
            Self::SlotPast => "slot-past",
            Self::SlotTooFar => "slot-too-far",
            Self::SlotNone => "slot-none",
            Self::SlotTaken => "slot-taken",
            Self::ConsentRequired => "consent-required",
            Self::FormExpired => "form-expired",
            Self::FormUsed => "form-used",
            Self::ProofRequired => "proof-required",
            Self::PasswordTooShort => "password-too-short",
            Self::PasswordObvious => "password-obvious",
            Self::Wrong => "wrong",
            Self::EmailTaken => "email-taken",
            Self::UnknownVariable => "unknown-variable",
            Self::FileType => "file-type",
            Self::FileMismatch => "file-mismatch",
            Self::Refused(_) => "refused",
        }
    }

    /// One of each, for tests that have to see them all.
    #[cfg(test)]
    pub(crate) fn examples() -> Vec<Self> {
        use ProblemCode::*;
        vec![
            Required,
            ContactRequired,
            WrongType,
            UnknownField,
            UnknownValue,
            NoSuchForm,
            TooLong(100),
            TooMany(20),
            ControlCharacter,
            PhoneTooShort(3),
            PhoneInvalid,
            EmailInvalid,
            PageInvalid,
            SlotInvalid,
            SlotPast,
            SlotTooFar,
            SlotNone,
            SlotTaken,
            ConsentRequired,
            FormExpired,
            FormUsed,
            ProofRequired,
            PasswordTooShort,
            PasswordObvious,
            Wrong,
            EmailTaken,
            UnknownVariable,
            FileType,
            FileMismatch,
            Refused("No.".to_owned()),
        ]
    }
}
