//! The offer.

use jiff::tz::TimeZone;
use porchlight_model::{
    answers,
    channel::ChannelKind,
    offer as model,
    reply::{self, ReplyPromise},
    site,
    texts::Texts,
};
use serde::Serialize;

use super::{Availability, ExpectedReply, Instant, Slots};

/// What one visitor sees on one page at one moment.
#[derive(Debug, Serialize)]
pub struct Offer {
    site: Site,
    now: Instant,
    availability: Availability,
    channels: Vec<Channel>,
    forms: Forms,
    form_token: String,
    answers: Vec<Answer>,
    guides: Vec<Guide>,
    lookups: [(); 0],
    notices: Vec<Notice>,
}

#[derive(Debug, Serialize)]
struct Site {
    key: String,
    name: String,
    locale: &'static str,
    time_zone: String,
}

#[derive(Debug, Serialize)]
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

#[derive(Debug, Serialize)]
struct Forms {
    #[serde(skip_serializing_if = "Option::is_none")]
    callback: Option<CallbackForm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<MessageForm>,
}

#[derive(Debug, Serialize)]
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

#[derive(Debug, Serialize)]
struct MessageForm {
    availability: Availability,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_reply: Option<ExpectedReply>,
    fields: &'static [Field],
    #[serde(skip_serializing_if = "Option::is_none")]
    consent: Option<String>,
}

#[derive(Debug, Serialize)]
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
#[derive(Debug, Serialize)]
pub struct Answer {
    id: String,
    question: String,
    html: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl From<answers::Answer> for Answer {
    fn from(answer: answers::Answer) -> Self {
        Self { id: answer.id, question: answer.question, html: answer.html, url: answer.url }
    }
}

#[derive(Debug, Serialize)]
struct Guide {
    title: String,
    url: String,
}

#[derive(Debug, Serialize)]
struct Notice {
    level: &'static str,
    text: String,
}

impl Offer {
    /// Says an offer in a language.
    pub fn new(offer: model::Offer, site: &site::Site, texts: &Texts, form_token: String) -> Self {
        let now = offer.now;
        let zone: &TimeZone = &site.time_zone;
        let reply = |reply: Option<reply::ExpectedReply>, promise| {
            reply.map(|reply| ExpectedReply::new(reply, promise, texts, now, zone))
        };
        Self {
            site: Site {
                key: site.key.clone(),
                name: site.name.clone(),
                locale: texts.locale().tag(),
                time_zone: site.time_zone_name.clone(),
            },
            now: Instant(now),
            availability: offer.availability.into(),
            channels: offer.channels.into_iter().map(|channel| self::channel(channel, &reply)).collect(),
            forms: Forms {
                callback: offer.callback.map(|form| CallbackForm {
                    availability: form.availability.into(),
                    expected_reply: reply(form.expected_reply, form.promise),
                    fields: CALLBACK_FIELDS,
                    slots: form.slots.as_slice().into(),
                    consent: form.consent,
                }),
                message: offer.message.map(|form| MessageForm {
                    availability: form.availability.into(),
                    expected_reply: reply(form.expected_reply, form.promise),
                    fields: MESSAGE_FIELDS,
                    consent: form.consent,
                }),
            },
            form_token,
            answers: offer.answers.into_iter().map(Answer::from).collect(),
            guides: offer.guides.into_iter().map(|guide| Guide { title: guide.title, url: guide.url }).collect(),
            lookups: [],
            notices: offer.notices.into_iter().map(notice).collect(),
        }
    }
}

fn channel(
    channel: model::OfferedChannel,
    reply: &impl Fn(Option<reply::ExpectedReply>, Option<ReplyPromise>) -> Option<ExpectedReply>,
) -> Channel {
    Channel {
        id: channel.id,
        kind: channel.kind,
        label: channel.label,
        value: channel.value,
        href: channel.href,
        availability: channel.availability.into(),
        expected_reply: reply(channel.expected_reply, channel.promise),
    }
}

fn notice(notice: model::Notice) -> Notice {
    let level = match notice.level {
        model::NoticeLevel::Info => "info",
        model::NoticeLevel::Warning => "warning",
    };
    Notice { level, text: notice.text }
}
