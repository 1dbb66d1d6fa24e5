//! A site: one business website using the widget, as its files describe it.

use jiff::tz::TimeZone;

use crate::{
    answers::{Answer, Guide},
    channel::Channel,
    contact::EmailAddress,
    form::{CallbackForm, MessageForm},
    hours::SupportHours,
    locale::Locale,
    plugin::PluginUse,
    retention::Retention,
};

/// One business website using the widget. Built from its files once, then only read.
#[derive(Clone, Debug)]
pub struct Site {
    /// Short name in addresses: lower-case letters, digits and hyphens.
    pub key: String,
    /// The business's name as visitors know it.
    pub name: String,
    /// What its references begin with: two to four letters of `A`–`Z`.
    pub reference_prefix: String,
    /// Origins whose pages may call the HTTP interface, as `scheme://host[:port]`.
    pub origins: Vec<String>,
    /// Language where a visitor asked for none that there are texts in.
    pub locale: Locale,
    /// Where the business is.
    pub time_zone: TimeZone,
    /// IANA name of that zone.
    pub time_zone_name: String,
    /// The country (ISO 3166-1 alpha-2, `RU`) whose holidays it keeps, and in which a number without a country code is read.
    pub region: Option<String>,
    /// When the business answers.
    pub hours: SupportHours,
    /// Where requests are announced.
    pub mail: Option<EmailAddress>,
    /// How long requests are kept.
    pub retention: Retention,
    /// The address at which it takes requests by e-mail.
    pub inbox: Option<EmailAddress>,
    /// How the widget looks.
    pub look: Look,
    /// Ways outward, in the owner's order.
    pub channels: Vec<Channel>,
    /// The callback form, if there is one.
    pub callback: Option<CallbackForm>,
    /// The message form, if there is one.
    pub message: Option<MessageForm>,
    /// FAQ entries of all languages, in the owner's order.
    pub answers: Vec<Answer>,
    /// Links offered on matching pages.
    pub guides: Vec<Guide>,
    /// Plugins in the order they are asked.
    pub plugins: Vec<PluginUse>,
    /// Programs that are told of requests.
    pub webhooks: Vec<Webhook>,
}

/// A program of the business that is told of requests by HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Tells it from the site's other ones: made of its address, and says nothing of it.
    pub endpoint: String,
    /// Its address.
    pub url: String,
    /// Name of the secret that what is sent there is signed with.
    pub secret: String,
    /// Names of the events that it is told of; without them, of all.
    pub events: Option<Vec<String>>,
}

impl Webhook {
    /// Whether it is told of an event.
    pub fn hears_of(&self, event: &str) -> bool {
        self.events.as_ref().is_none_or(|events| events.iter().any(|name| name == event))
    }
}

/// How the widget looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Accent colour as `#rrggbb`; contrast against it is kept by the widget.
    pub accent: String,
    /// Which lower corner the launcher stands in.
    pub side: Side,
}

/// A lower corner of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Where lines of text begin.
    Left,
    /// Where lines of text end.
    Right,
}
