//! Offers: what one visitor sees on one page at one moment.

mod ground;
mod patch;
mod promise;

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    answers::{Answer, Guide},
    channel::ChannelKind,
    hours::Availability,
    locale::Locale,
    reply::ReplyPromise,
    slots::OfferedSlot,
};

pub use ground::{Circumstances, Ground};

/// Who is looking, and where.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VisitorContext {
    /// Language the visitor is spoken to in.
    pub locale: Locale,
    /// Address of the page, if it was told.
    pub page: Option<String>,
    /// IANA name of the visitor's zone, if it was told.
    pub time_zone: Option<String>,
}

/// What one visitor sees on one page at one moment. Cheap to clone: what visitors have in common is shared between their
/// offers, until a plugin changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The moment it is true for.
    pub now: Timestamp,
    /// The site's own availability.
    pub availability: Availability,
    /// Ways outward: open ones first, otherwise in the owner's order.
    pub channels: Vec<Arc<OfferedChannel>>,
    /// The callback form.
    pub callback: Option<Arc<OfferedCallback>>,
    /// The message form.
    pub message: Option<Arc<OfferedMessage>>,
    /// Answers in the visitor's language (else the site's), those of this page first.
    pub answers: Arc<[Arc<Answer>]>,
    /// Guides of this page.
    pub guides: Vec<Arc<Guide>>,
    /// What everybody should know now.
    pub notices: Vec<Notice>,
}

/// One channel as offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedChannel {
    /// Its id within the site.
    pub id: String,
    /// What sort of way it is.
    pub kind: ChannelKind,
    /// Its label: the owner's, or the texts' name of the kind.
    pub label: String,
    /// Number, address or name as the owner wrote it.
    pub value: String,
    /// Where a click leads.
    pub href: String,
    /// Whether somebody is there.
    pub availability: Availability,
    /// The promise as the owner gave it, or as a plugin lengthened it.
    pub promise: Option<ReplyPromise>,
}

/// The callback form as offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedCallback {
    /// Whether calls are made now.
    pub availability: Availability,
    /// What is promised.
    pub promise: Option<ReplyPromise>,
    /// Slots of the days that can be booked, full ones marked.
    pub slots: Arc<[OfferedSlot]>,
    /// The sentence agreed to by sending.
    pub consent: Option<String>,
}

/// The message form as offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedMessage {
    /// Whether messages are answered now.
    pub availability: Availability,
    /// What is promised.
    pub promise: Option<ReplyPromise>,
    /// The sentence agreed to by sending.
    pub consent: Option<String>,
}

/// What everybody should know now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How pressing it is.
    pub level: NoticeLevel,
    /// Plain text in the visitor's language.
    pub text: String,
}

/// How pressing a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeLevel {
    /// Good to know.
    Info,
    /// Changes what can be expected.
    Warning,
}

/// What a plugin adds to or takes from an offer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OfferPatch {
    /// Notices to add.
    pub notices: Vec<Notice>,
    /// Guides to add, first of all.
    pub guides: Vec<Guide>,
    /// Answers to show first, by id, in this order.
    pub answers_first: Vec<String>,
    /// Channels to leave out, by id.
    pub hidden_channels: Vec<String>,
    /// Promises to lengthen.
    pub lengthened: Vec<Lengthened>,
}

/// A promise that a plugin makes longer. It cannot be made shorter: the owner's word is the least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lengthened {
    /// What it concerns.
    pub target: PromiseTarget,
    /// The new promise, in seconds of support time.
    pub seconds: u32,
}

/// Whose promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromiseTarget {
    /// A channel's, by its id.
    Channel(String),
    /// The callback form's.
    Callback,
    /// The message form's.
    Message,
}
