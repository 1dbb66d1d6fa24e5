//! Texts in the reader's language, from the Fluent files in `host/model/texts`.
//!
//! Ids that begin with `panel-` or `launcher-` are read out of the same files by the widget's build.

mod moments;
mod problems;

use std::sync::OnceLock;

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::{channel::ChannelKind, locale::Locale, request::Status};

/// All texts of one language.
pub struct Texts {
    locale: Locale,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Texts({})", self.locale.tag())
    }
}

impl Texts {
    /// The texts of a language.
    pub fn of(locale: Locale) -> &'static Self {
        static ALL: OnceLock<[Texts; 3]> = OnceLock::new();
        let [en, ru, bg] = ALL.get_or_init(|| Locale::ALL.map(Texts::read));
        match locale {
            Locale::En => en,
            Locale::Ru => ru,
            Locale::Bg => bg,
        }
    }

    /// The language.
    pub fn locale(&self) -> Locale {
        self.locale
    }

    /// A text by its id, without placeables.
    pub fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// A text by its id, with its placeables filled in.
    ///
    /// The argument called `count` is a number: it chooses the plural. A text that does not exist is said as its id; a test
    /// finds every such place in the house before a reader does.
    pub fn say_with(&self, id: &str, arguments: &[(&str, &str)]) -> String {
        let Some(pattern) = self.bundle.get_message(id).and_then(|message| message.value()) else {
            return id.to_owned();
        };
        let arguments: FluentArgs = arguments.iter().map(|(name, value)| (*name, argument(name, value))).collect();
        self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }

    /// A text that counts something: `{ $count }` chooses the plural.
    pub fn count(&self, id: &str, count: u64) -> String {
        self.say_with(id, &[("count", &count.to_string())])
    }

    /// What a channel without a label of its owner is called: "Call us".
    pub fn channel(&self, kind: ChannelKind) -> String {
        self.say(match kind {
            ChannelKind::Phone => "channel-phone",
            ChannelKind::Email => "channel-email",
            ChannelKind::Whatsapp => "channel-whatsapp",
            ChannelKind::Telegram => "channel-telegram",
            ChannelKind::Viber => "channel-viber",
            ChannelKind::Messenger => "channel-messenger",
            ChannelKind::Sms => "channel-sms",
            ChannelKind::Social => "channel-social",
        })
    }

    /// What a status is called: "Working on it".
    pub fn status(&self, status: Status) -> String {
        self.say(&format!("status-{}", status.as_str()))
    }

    fn read(locale: Locale) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language(locale)]);
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(parsed(locale));
        Self { locale, bundle }
    }
}

fn argument<'a>(name: &str, value: &'a str) -> FluentValue<'a> {
    if name == "count" { FluentValue::try_number(value) } else { FluentValue::from(value) }
}

fn source(locale: Locale) -> &'static str {
    match locale {
        Locale::En => include_str!("../../texts/en.ftl"),
        Locale::Ru => include_str!("../../texts/ru.ftl"),
        Locale::Bg => include_str!("../../texts/bg.ftl"),
    }
}

/// Fluent goes on past an entry it cannot read; a test says that there is none.
fn parsed(locale: Locale) -> FluentResource {
    FluentResource::try_new(source(locale).to_owned()).unwrap_or_else(|(resource, _)| resource)
}

#[expect(clippy::expect_used, reason = "the tags are ours, and each is read in a test")]
fn language(locale: Locale) -> LanguageIdentifier {
    locale.tag().parse().expect("a language tag of ours")
}

#[cfg(test)]
mod tests;
