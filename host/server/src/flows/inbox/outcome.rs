//! What can become of a mail.

use porchlight_delivery::inbox::{Automatic, Unreadable};

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is kept, or was kept before.
    Kept,
    /// It is not, and need not come again.
    Dropped(Dropped),
}

/// Why a mail is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// It cannot be read.
    Unreadable(Unreadable),
    /// A program wrote it.
    Automatic(Automatic),
    /// It has no sender who could be answered.
    NoSender,
    /// Nobody here has the address it was sent to.
    Nobody,
    /// The mark in the address is not ours, or not whole.
    Forged,
    /// Its writer is not who the mark was mailed to.
    Stranger,
    /// The request it answers was erased.
    Gone,
    /// The request it answers was cancelled.
    Cancelled,
    /// There is nothing to read in it.
    Empty,
    /// Its site takes no messages.
    NoForm,
    /// A plugin refused it.
    Refused,
    /// Its sender, or its request, got too many.
    TooMany,
}

impl Taken {
    /// A short name for logs, metrics and answers.
    pub fn class(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Dropped(Dropped::Unreadable(unreadable)) => unreadable.class(),
            Self::Dropped(Dropped::Automatic(automatic)) => automatic.class(),
            Self::Dropped(Dropped::NoSender) => "no-sender",
            Self::Dropped(Dropped::Nobody) => "nobody",
            Self::Dropped(Dropped::Forged) => "forged",
            Self::Dropped(Dropped::Stranger) => "stranger",
            Self::Dropped(Dropped::Gone) => "gone",
            Self::Dropped(Dropped::Cancelled) => "cancelled",
            Self::Dropped(Dropped::Empty) => "empty",
            Self::Dropped(Dropped::NoForm) => "no-form",
            Self::Dropped(Dropped::Refused) => "refused",
            Self::Dropped(Dropped::TooMany) => "too-many",
        }
    }
}
