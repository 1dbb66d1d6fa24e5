//! What an owner can set.

use porchlight_sdk::Texts;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::rules::Reason;

/// Settings in the site file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// What belongs where. The first rule that fits names team and topic, every rule that fits adds its tag, and the highest
    /// priority counts.
    pub rules: Vec<Rule>,
    /// Words and phrases that are not wanted, matched like those of the rules.
    pub blocked: Vec<String>,
    /// How many links a text may contain; any number where it is not set.
    pub max_links: Option<u32>,
    /// What a visitor reads whose text contains something blocked, by language.
    pub blocked_message: Texts,
    /// What a visitor reads whose text contains too many links, by language; `{max}` is replaced by the number.
    pub links_message: Texts,
}

/// One rule.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Words and phrases any of which makes the rule fit. A word fits every word that begins with it, so `возврат` finds
    /// "возврата" too; case does not matter, nor does ё or е.
    #[schemars(length(min = 1))]
    pub words: Vec<String>,
    /// The team that should answer.
    #[schemars(length(min = 1, max = 64))]
    pub team: Option<String>,
    /// What it is about.
    #[schemars(length(min = 1, max = 64))]
    pub topic: Option<String>,
    /// A word to find it by.
    #[schemars(length(min = 1, max = 64))]
    pub tag: Option<String>,
    /// How pressing it is.
    #[serde(default)]
    pub priority: Priority,
}

/// How pressing a request is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Priority {
    /// Can wait.
    Low,
    /// The usual.
    #[default]
    Normal,
    /// Before the others.
    High,
}

impl Settings {
    /// What a visitor reads whose text is not wanted: the owner's words in this language, or our own.
    pub fn refusal(&self, reason: Reason, locale: &str) -> String {
        let (owners, ours) = match reason {
            Reason::Blocked => (&self.blocked_message, blocked_message()),
            Reason::Links { .. } => (&self.links_message, links_message()),
        };
        let text = owners.exactly(locale).or_else(|| ours.in_language(locale)).unwrap_or_default();
        match reason {
            Reason::Blocked => text.to_owned(),
            Reason::Links { max } => text.replace("{max}", &max.to_string()),
        }
    }
}

fn blocked_message() -> Texts {
    Texts::from([
        ("en", "This looks like advertising, so it was not sent. Please put your question in other words."),
        ("ru", "Сообщение похоже на рекламу и не отправлено. Пожалуйста, напишите о своём вопросе другими словами."),
        ("bg", "Съобщението прилича на реклама и не е изпратено. Моля, опишете въпроса си с други думи."),
    ])
}

fn links_message() -> Texts {
    Texts::from([
        ("en", "Too many links: at most {max} can be sent. Please remove some."),
        ("ru", "Слишком много ссылок: можно не больше {max}. Пожалуйста, уберите лишние."),
        ("bg", "Твърде много връзки: може най-много {max}. Моля, премахнете излишните."),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_said_in_the_visitors_language() {
        let settings = Settings::default();
        assert!(settings.refusal(Reason::Blocked, "ru").starts_with("Сообщение похоже на рекламу"));
        assert!(settings.refusal(Reason::Blocked, "bg-BG").starts_with("Съобщението"));
        assert!(settings.refusal(Reason::Links { max: 2 }, "en").contains("at most 2"));
    }

    #[test]
    fn the_owners_words_go_before_ours() {
        let settings = Settings { blocked_message: Texts::from([("ru", "Нет.")]), ..Settings::default() };
        assert_eq!(settings.refusal(Reason::Blocked, "ru"), "Нет.");
        assert!(settings.refusal(Reason::Blocked, "en").starts_with("This looks like"));
    }
}
