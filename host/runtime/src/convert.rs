//! Between the model's nouns and the contract's. What comes back is held to the bounds that `wit/` states.

use jiff::{Timestamp, fmt::temporal::DateTimePrinter, tz::TimeZone};
use porchlight_model::{
    answers::Guide,
    channel::ChannelKind,
    form::FormKind,
    hours::{Availability, State},
    offer::{Lengthened, Notice, NoticeLevel, Offer, OfferPatch, PromiseTarget, VisitorContext},
    plugin::{Decision, Priority, Refusal, Routing},
    reply::ReplyPromise,
    site::Site,
    submission::Submission,
};

use crate::bindings::{
    exports::porchlight::plugin::{receive_request as receive, shape_offer as shape},
    porchlight::plugin::types,
};

/// A bound of the contract that an answer breaks, in words for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach(pub String);

/// Notices, and guides, that one patch can add.
const ADDED: usize = 8;
/// Tags that one routing can have.
const TAGS: usize = 16;
/// Fields that a refusal can name.
const FIELDS: [&str; 5] = ["name", "phone", "email", "slot", "text"];

/// Who is looking, with the moment on the site's wall clock.
#[derive(Debug)]
pub struct Looking<'a> {
    visitor: &'a VisitorContext,
    unix_seconds: i64,
    local: String,
}

/// Who is looking at a site, and when.
pub fn visitor<'a>(visitor: &'a VisitorContext, site: &Site, now: Timestamp) -> Looking<'a> {
    Looking { visitor, unix_seconds: now.as_second(), local: local(now, &site.time_zone) }
}

/// A moment on the site's wall clock, RFC 3339 in whole seconds.
fn local(now: Timestamp, zone: &TimeZone) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(0));
    PRINTER.timestamp_with_offset_to_string(&now, zone.to_offset(now))
}

impl Looking<'_> {
    /// In the contract's types.
    pub fn said(&self) -> types::VisitorContext<'_> {
        types::VisitorContext {
            locale: self.visitor.locale.tag(),
            page: self.visitor.page.as_deref(),
            time_zone: self.visitor.time_zone.as_deref(),
            now: types::Moment { unix_seconds: self.unix_seconds, local: &self.local },
        }
    }
}

/// What is offered so far.
#[derive(Debug)]
pub struct Offered<'a> {
    channels: Vec<shape::Channel<'a>>,
    forms: Vec<shape::Form>,
    answers: Vec<shape::Answer<'a>>,
}

/// What is offered so far, but for what plugins are not told.
pub fn offer(offer: &Offer) -> Offered<'_> {
    let channels = offer.channels.iter().map(|channel| shape::Channel {
        id: &channel.id,
        kind: kind(channel.kind),
        open: open(channel.availability),
        promised_seconds: channel.promise.and_then(ReplyPromise::seconds),
    });
    let callback = offer.callback.as_ref().map(|form| (FormKind::Callback, form.availability, form.promise));
    let message = offer.message.as_ref().map(|form| (FormKind::Message, form.availability, form.promise));
    let forms = callback.into_iter().chain(message).map(|(kind, availability, promise)| shape::Form {
        kind: form_kind(kind),
        open: open(availability),
        promised_seconds: promise.and_then(ReplyPromise::seconds),
    });
    let answers = offer.answers.iter().map(|answer| shape::Answer { id: &answer.id, question: &answer.question });
    Offered { channels: channels.collect(), forms: forms.collect(), answers: answers.collect() }
}

impl Offered<'_> {
    /// In the contract's types.
    pub fn said(&self) -> shape::Offer<'_> {
        shape::Offer { channels: &self.channels, forms: &self.forms, answers: &self.answers }
    }
}

/// What was submitted.
pub fn submission(submission: &Submission) -> receive::Submission<'_> {
    let requester = &submission.requester;
    receive::Submission {
        kind: form_kind(submission.kind),
        name: requester.name.as_deref(),
        phone: requester.phone.as_ref().map(|phone| phone.as_str()),
        email: requester.email.as_ref().map(|email| email.as_str()),
        text: submission.text.as_deref(),
        slot: submission.slot.map(|slot| receive::Slot { begins: slot.from.as_second(), ends: slot.to.as_second() }),
    }
}

/// A patch, held to its bounds.
pub fn patch(patch: shape::OfferPatch) -> Result<OfferPatch, Breach> {
    require_at_most(ADDED, "notices", patch.notices.len())?;
    require_at_most(ADDED, "guides", patch.guides.len())?;
    Ok(OfferPatch {
        notices: patch.notices.into_iter().map(notice).collect::<Result<_, _>>()?,
        guides: patch.guides.into_iter().map(guide).collect::<Result<_, _>>()?,
        answers_first: patch.answers_first,
        hidden_channels: patch.hidden_channels,
        lengthened: patch.lengthened.into_iter().map(lengthened).collect(),
    })
}

fn notice(notice: shape::Notice) -> Result<Notice, Breach> {
    let level = match notice.level {
        shape::NoticeLevel::Info => NoticeLevel::Info,
        shape::NoticeLevel::Warning => NoticeLevel::Warning,
    };
    Ok(Notice { level, text: plain("notice", notice.text, 500)? })
}

fn guide(guide: shape::Guide) -> Result<Guide, Breach> {
    let url = plain("guide's address", guide.url, 2_048)?;
    if !(url.starts_with("https://") || url.starts_with("http://")) {
        return Err(Breach("a guide's address is neither http nor https".to_owned()));
    }
    Ok(Guide { pages: Vec::new(), title: plain("guide's title", guide.title, 500)?, url, locale: None })
}

fn lengthened(lengthened: shape::Lengthened) -> Lengthened {
    let target = match lengthened.target {
        shape::PromiseTarget::Channel(id) => PromiseTarget::Channel(id),
        shape::PromiseTarget::Form(types::FormKind::Callback) => PromiseTarget::Callback,
        shape::PromiseTarget::Form(types::FormKind::Message) => PromiseTarget::Message,
    };
    Lengthened { target, seconds: lengthened.seconds }
}

/// A decision, held to its bounds.
pub fn decision(decision: receive::Decision) -> Result<Decision, Breach> {
    match decision {
        receive::Decision::Accept(routing) => Ok(Decision::Accept(self::routing(routing)?)),
        receive::Decision::Refuse(refusals) if refusals.is_empty() => {
            Err(Breach("a refusal names no field".to_owned()))
        }
        receive::Decision::Refuse(refusals) => {
            Ok(Decision::Refuse(refusals.into_iter().map(refusal).collect::<Result<_, _>>()?))
        }
    }
}

fn routing(routing: receive::Routing) -> Result<Routing, Breach> {
    require_at_most(TAGS, "tags", routing.tags.len())?;
    Ok(Routing {
        team: routing.team.map(|team| plain("team", team, 64)).transpose()?,
        topic: routing.topic.map(|topic| plain("topic", topic, 64)).transpose()?,
        tags: routing.tags.into_iter().map(|tag| plain("tag", tag, 64)).collect::<Result<_, _>>()?,
        priority: match routing.priority {
            receive::Priority::Low => Priority::Low,
            receive::Priority::Normal => Priority::Normal,
            receive::Priority::High => Priority::High,
        },
    })
}

fn refusal(refusal: receive::Refusal) -> Result<Refusal, Breach> {
    if !FIELDS.contains(&refusal.field.as_str()) {
        return Err(Breach(format!("a refusal names none of the fields {}", FIELDS.join(", "))));
    }
    Ok(Refusal { field: refusal.field, message: plain("refusal's message", refusal.message, 500)? })
}

/// A decision in short words, for the provenance.
pub fn changes(decision: &Decision) -> Vec<String> {
    match decision {
        Decision::Refuse(refusals) => refusals.iter().map(|refusal| format!("refused {}", refusal.field)).collect(),
        Decision::Accept(routing) => {
            let team = routing.team.iter().map(|team| format!("team={team}"));
            let topic = routing.topic.iter().map(|topic| format!("topic={topic}"));
            let tags = routing.tags.iter().map(|tag| format!("tag={tag}"));
            let priority = match routing.priority {
                Priority::Low => Some("priority=low"),
                Priority::Normal => None,
                Priority::High => Some("priority=high"),
            };
            team.chain(topic).chain(tags).chain(priority.map(str::to_owned)).collect()
        }
    }
}

fn require_at_most(most: usize, what: &str, count: usize) -> Result<(), Breach> {
    if count > most { Err(Breach(format!("{count} {what}, {most} are allowed"))) } else { Ok(()) }
}

/// Text that a person reads: some, not too much, without control characters other than line breaks.
fn plain(what: &str, text: String, most: usize) -> Result<String, Breach> {
    let count = text.chars().count();
    if count == 0 || count > most {
        return Err(Breach(format!("a {what} has {count} characters, 1 to {most} are allowed")));
    }
    if text.chars().any(|char| char.is_control() && char != '\n') {
        return Err(Breach(format!("a {what} contains a control character")));
    }
    Ok(text)
}

fn kind(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Phone => "phone",
        ChannelKind::Email => "email",
        ChannelKind::Whatsapp => "whatsapp",
        ChannelKind::Telegram => "telegram",
        ChannelKind::Viber => "viber",
        ChannelKind::Messenger => "messenger",
        ChannelKind::Sms => "sms",
        ChannelKind::Social => "social",
    }
}

fn form_kind(kind: FormKind) -> types::FormKind {
    match kind {
        FormKind::Callback => types::FormKind::Callback,
        FormKind::Message => types::FormKind::Message,
    }
}

fn open(availability: Availability) -> bool {
    availability.state == State::Open
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guide_to(url: &str) -> Result<Guide, Breach> {
        guide(shape::Guide {
            title: "Как приучить щенка к будке".to_owned(), url: url.to_owned()
        })
    }

    #[test]
    fn a_guide_leads_to_a_page_and_to_nothing_else() {
        assert!(guide_to("https://shop.example/guides/kennel").is_ok());
        assert!(guide_to("javascript:alert(1)").is_err());
        assert!(guide_to("https://a\u{0}b").is_err());
    }

    #[test]
    fn a_moment_is_told_as_the_sites_clock_shows_it_in_25_characters() {
        let shown =
            |zone, moment: &str| local(moment.parse().expect("a moment"), &TimeZone::get(zone).expect("a zone"));
        assert_eq!(shown("Europe/Moscow", "2026-11-22T19:30:00.75Z"), "2026-11-22T22:30:00+03:00");
        assert_eq!(shown("Asia/Kolkata", "2026-11-22T19:30:00Z"), "2026-11-23T01:00:00+05:30");
        assert_eq!(shown("America/New_York", "2026-07-01T00:00:59Z"), "2026-06-30T20:00:59-04:00");
        assert_eq!(shown("UTC", "2026-11-22T19:30:00Z"), "2026-11-22T19:30:00+00:00");
    }

    #[test]
    fn a_patch_adds_a_few_notices_and_not_a_flood() {
        let notice = || shape::Notice { level: shape::NoticeLevel::Info, text: "!".to_owned() };
        let with = |count: usize| shape::OfferPatch {
            notices: (0..count).map(|_| notice()).collect(),
            guides: Vec::new(),
            answers_first: Vec::new(),
            hidden_channels: Vec::new(),
            lengthened: Vec::new(),
        };
        assert_eq!(patch(with(8)).map(|patch| patch.notices.len()), Ok(8));
        assert_eq!(patch(with(9)), Err(Breach("9 notices, 8 are allowed".to_owned())));
    }

    #[test]
    fn a_refusal_names_a_field_there_is() {
        let refusal =
            |field: &str| refusal(receive::Refusal { field: field.to_owned(), message: "Нет.".to_owned() });
        assert!(refusal("text").is_ok());
        assert!(refusal("password").is_err());
    }

    #[test]
    fn a_decision_is_told_in_short_words() {
        let routing = Routing { team: Some("returns".to_owned()), priority: Priority::High, ..Routing::default() };
        assert_eq!(changes(&Decision::Accept(routing)), ["team=returns", "priority=high"]);
        assert_eq!(changes(&Decision::Accept(Routing::default())), [""; 0]);
    }
}
