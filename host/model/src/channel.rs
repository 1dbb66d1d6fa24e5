//! Channels: the ways outward to a business.

use serde::{Deserialize, Serialize};

use crate::{hours::SupportHours, reply::ReplyPromise};

/// What sort of way outward a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// A telephone number, E.164 or as written locally.
    Phone,
    /// An e-mail address.
    Email,
    /// A WhatsApp number.
    Whatsapp,
    /// A Telegram user name.
    Telegram,
    /// A Viber number.
    Viber,
    /// A Facebook Messenger page name.
    Messenger,
    /// A number that takes text messages.
    Sms,
    /// A page on a social network, as an `https:` address.
    Social,
}

/// One way outward to the business, with its own hours and promise.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Name unique within the site, `phone` or `phone-2`.
    pub id: String,
    /// What sort of way it is.
    pub kind: ChannelKind,
    /// The label the owner gave; without one the widget's texts name the kind.
    pub label: Option<String>,
    /// The number, address or name as the owner wrote it.
    pub value: String,
    /// The address a click leads to: `tel:`, `mailto:`, `https:`, …
    pub href: String,
    /// When somebody answers here: the channel's own hours, or the site's.
    pub hours: SupportHours,
    /// How soon an answer is promised here, if it is.
    pub promise: Option<ReplyPromise>,
}
