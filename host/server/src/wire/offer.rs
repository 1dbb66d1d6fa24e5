//! The offer.

use jiff::Timestamp;
use porchlight_model::{
    answers,
    channel::ChannelKind,
    offer as model,
    reply::{self, ReplyPromise},
    site,
    texts::Texts,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::{Availability, ExpectedReply, Instant, Slots};

/// What stands before the form token: who is spoken for, and how it can be reached. Visitors have most of it in common.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reach {
    site: Site,
    now: Instant,
    availability: Availability,
    channels: Vec<Channel>,
    forms: Forms,
}

/// What stands after the form token: how visitors can help themselves on this page, and what they should know.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SelfHelp<'a> {
    #[schemars(with = "Vec<Answer>")]
    answers: Vec<&'a RawValue>,
    guides: Vec<Guide<'a>>,
    #[schemars(with = "Vec<serde_json::Value>", length(max = 0))]
    lookups: [(); 0],
    notices: Vec<Notice<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Site {
    key: String,
    name: String,
    locale: &'static str,
    time_zone: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Channel {
    id: String,
    kind: ChannelKind,
    label: String,
    value: String,
    href: String,
    availability: Availability,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reply: Option<ExpectedReply>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Forms {
    #[serde(skip_serializing_if = "Option::is_none")]
    callback: Option<CallbackForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<MessageForm>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct CallbackForm {
    availability: Availability,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reply: Option<ExpectedReply>,
    fields: &'static [Field],
    #[serde(flatten)]
    slots: Slots,
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct MessageForm {
    availability: Availability,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reply: Option<ExpectedReply>,
    fields: &'static [Field],
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Field {
    name: &'static str,
    required: bool,
}

const fn field(name: &'static str, required: bool) -> Field {
    Field { name, required }
}

const CALLBACK_FIELDS: &[Field] =
    &[field("slot", true), field("phone", true), field("name", false), field("email", false), field("text", false)];
const MESSAGE_FIELDS: &[Field] =
    &[field("text", true), field("name", false), field("email", false), field("phone", false)];

/// One FAQ entry.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answer {
    id: String,
    question: String,
    html: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl From<&answers::Answer> for Answer {
    fn from(answer: &answers::Answer) -> Self {
        let answers::Answer { id, question, html, url, .. } = answer.clone();
        Self { id, question, html, url }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct Guide<'a> {
    title: &'a str,
    url: &'a str,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Notice<'a> {
    #[schemars(extend("enum" = ["info", "warning"]))]
    level: &'static str,
    text: &'a str,
}

impl Reach {
    /// Says in a language how a site can be reached.
    pub fn new(offer: &model::Offer, site: &site::Site, texts: &Texts) -> Self {
        let words = Words { site, texts, now: offer.now };
        Self {
            site: Site {
                key: site.key.clone(),
                name: site.name.clone(),
                locale: texts.locale().tag(),
                time_zone: site.time_zone_name.clone(),
            },
            now: Instant(offer.now),
            availability: offer.availability.into(),
            channels: offer.channels.iter().map(|channel| words.channel(channel)).collect(),
            forms: Forms {
                callback: offer.callback.as_ref().map(|form| words.callback(form)),
                message: offer.message.as_ref().map(|form| words.message(form)),
            },
        }
    }
}

impl<'a> SelfHelp<'a> {
    /// Lists what there is, with the answers as they are written in JSON.
    pub fn new(offer: &'a model::Offer, answers: Vec<&'a RawValue>) -> Self {
        let guides = offer.guides.iter().map(|guide| Guide { title: &guide.title, url: &guide.url }).collect();
        Self { answers, guides, lookups: [], notices: offer.notices.iter().map(notice).collect() }
    }
}

fn notice(notice: &model::Notice) -> Notice<'_> {
    let level = match notice.level {
        model::NoticeLevel::Info => "info",
        model::NoticeLevel::Warning => "warning",
    };
    Notice { level, text: &notice.text }
}

/// Says parts of an offer in a language.
struct Words<'a> {
    site: &'a site::Site,
    texts: &'a Texts,
    now: Timestamp,
}

impl Words<'_> {
    fn channel(&self, channel: &model::OfferedChannel) -> Channel {
        Channel {
            id: channel.id.clone(),
            kind: channel.kind,
            label: channel.label.clone(),
            value: channel.value.clone(),
            href: channel.href.clone(),
            availability: channel.availability.into(),
            expected_reply: self.reply(channel.expected_reply(self.site, self.now), channel.promise),
        }
    }

    fn callback(&self, form: &model::OfferedCallback) -> CallbackForm {
        CallbackForm {
            availability: form.availability.into(),
            expected_reply: self.reply(form.expected_reply(self.site, self.now), form.promise),
            fields: CALLBACK_FIELDS,
            slots: form.slots.as_ref().into(),
            consent: form.consent.clone(),
        }
    }

    fn message(&self, form: &model::OfferedMessage) -> MessageForm {
        MessageForm {
            availability: form.availability.into(),
            expected_reply: self.reply(form.expected_reply(self.site, self.now), form.promise),
            fields: MESSAGE_FIELDS,
            consent: form.consent.clone(),
        }
    }

    fn reply(&self, reply: Option<reply::ExpectedReply>, promise: Option<ReplyPromise>) -> Option<ExpectedReply> {
        reply.map(|reply| ExpectedReply::new(reply, promise, self.texts, self.now, &self.site.time_zone))
    }
}
