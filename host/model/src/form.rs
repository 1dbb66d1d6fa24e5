//! Forms: what a visitor can submit here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{hours::SupportHours, reply::ReplyPromise};

/// Which form a request came by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FormKind {
    /// "Call me back at this time."
    Callback,
    /// "Here is my question."
    Message,
}

impl FormKind {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Callback, Self::Message];

    /// The name used in JSON, SQL and site files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Callback => "callback",
            Self::Message => "message",
        }
    }
}

/// Settings of the callback form.
#[derive(Clone, Debug)]
pub struct CallbackForm {
    /// When calls are made: the form's own hours, or the site's.
    pub hours: SupportHours,
    /// Which moments can be chosen.
    pub slots: SlotRules,
    /// How many callbacks may be open at once: as long as there are so many, the form is not offered and no slot
    /// can be booked. Without it, any number.
    pub open_at_most: Option<u32>,
    /// What is promised; usually [`ReplyPromise::Slot`].
    pub promise: Option<ReplyPromise>,
    /// The sentence a requester agrees to by sending; without one no consent is asked.
    pub consent: Option<String>,
}

impl CallbackForm {
    /// Whether another callback can be booked while so many are open.
    pub fn takes_another(&self, open: u32) -> bool {
        self.open_at_most.is_none_or(|most| open < most)
    }
}

/// Settings of the message form.
#[derive(Clone, Debug)]
pub struct MessageForm {
    /// When messages are answered: the form's own hours, or the site's. They are taken at any hour.
    pub hours: SupportHours,
    /// How soon an answer is promised.
    pub promise: Option<ReplyPromise>,
    /// The sentence a requester agrees to by sending; without one no consent is asked.
    pub consent: Option<String>,
}

/// Which callback slots there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotRules {
    /// Length of one slot, in seconds; slots begin at whole multiples of it counted from each opening.
    pub length: u32,
    /// How long before its beginning a slot can still be taken, in seconds of wall time.
    pub lead: u32,
    /// How many local days ahead of today can be booked; 0 is today alone.
    pub days_ahead: u16,
    /// How many callbacks one slot holds.
    pub capacity: u32,
}
