//! What becomes of a text.

use porchlight_sdk::Routing;

use crate::{
    settings::{Priority, Rule, Settings},
    words::{Words, links},
};

/// Tags a request can have.
const TAGS: usize = 16;

/// What becomes of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It belongs here.
    Belongs(Routing),
    /// It is not wanted.
    Unwanted(Reason),
}

/// Why a request is not wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It contains something blocked.
    Blocked,
    /// It contains more links than this.
    Links {
        /// How many are allowed.
        max: u32,
    },
}

/// Judges a text by the owner's settings.
pub fn judge(settings: &Settings, text: &str) -> Verdict {
    let words = Words::of(text);
    if settings.blocked.iter().any(|phrase| words.contain(phrase)) {
        return Verdict::Unwanted(Reason::Blocked);
    }
    if let Some(max) = settings.max_links.filter(|max| links(text) > *max as usize) {
        return Verdict::Unwanted(Reason::Links { max });
    }
    Verdict::Belongs(routing(settings, &words))
}

fn routing(settings: &Settings, words: &Words) -> Routing {
    let fitting: Vec<&Rule> = settings.rules.iter().filter(|rule| fits(rule, words)).collect();
    let mut tags: Vec<String> = Vec::new();
    for tag in fitting.iter().filter_map(|rule| rule.tag.clone()) {
        if !tags.contains(&tag) && tags.len() < TAGS {
            tags.push(tag);
        }
    }
    Routing {
        team: fitting.iter().find_map(|rule| rule.team.clone()),
        topic: fitting.iter().find_map(|rule| rule.topic.clone()),
        tags,
        priority: fitting.iter().map(|rule| rule.priority).max().unwrap_or_default().into(),
    }
}

fn fits(rule: &Rule, words: &Words) -> bool {
    rule.words.iter().any(|phrase| words.contain(phrase))
}

impl From<Priority> for porchlight_sdk::Priority {
    fn from(priority: Priority) -> Self {
        match priority {
            Priority::Low => Self::Low,
            Priority::Normal => Self::Normal,
            Priority::High => Self::High,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(word: &str, team: &str, tag: &str, priority: Priority) -> Rule {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Rule { words: vec![word.to_owned()], team: some(team), topic: some(word), tag: some(tag), priority }
    }

    fn settings() -> Settings {
        Settings {
            rules: vec![
                rule("возврат", "returns", "возврат", Priority::Normal),
                rule("срочно", "", "срочно", Priority::High),
                rule("счёт", "accounts", "возврат", Priority::Low),
            ],
            blocked: vec!["казино".to_owned(), "быстрый займ".to_owned()],
            max_links: Some(1),
            ..Settings::default()
        }
    }

    #[test]
    fn the_first_fitting_rule_names_the_team_and_all_add_tags() {
        let Verdict::Belongs(routing) = judge(&settings(), "Срочно! Возврат, и пришлите счета")
        else {
            panic!("it should be kept")
        };
        assert_eq!(routing.team.as_deref(), Some("returns"));
        assert_eq!(routing.topic.as_deref(), Some("возврат"));
        assert_eq!(routing.tags, ["возврат", "срочно"]);
        assert_eq!(routing.priority, porchlight_sdk::Priority::High);
    }

    #[test]
    fn a_text_no_rule_fits_is_kept_without_routing() {
        assert_eq!(judge(&settings(), "Добрый день"), Verdict::Belongs(Routing::default()));
        assert_eq!(judge(&Settings::default(), ""), Verdict::Belongs(Routing::default()));
    }

    #[test]
    fn a_rule_that_says_low_makes_it_low() {
        let Verdict::Belongs(routing) = judge(&settings(), "нужен счёт") else { panic!("it should be kept") };
        assert_eq!(routing.priority, porchlight_sdk::Priority::Low);
    }

    #[test]
    fn blocked_words_and_phrases_are_refused() {
        assert_eq!(judge(&settings(), "Лучшие КАЗИНО"), Verdict::Unwanted(Reason::Blocked));
        assert_eq!(judge(&settings(), "быстрый займ без проверок"), Verdict::Unwanted(Reason::Blocked));
    }

    #[test]
    fn more_links_than_allowed_are_refused() {
        assert_eq!(
            judge(&settings(), "https://a.example https://b.example"),
            Verdict::Unwanted(Reason::Links { max: 1 })
        );
        assert!(matches!(judge(&settings(), "https://a.example"), Verdict::Belongs(_)));
    }

    #[test]
    fn tags_stay_within_the_contract() {
        let rules = (0..40).map(|n| rule("слово", "", &format!("t{n}"), Priority::Normal)).collect();
        let Verdict::Belongs(routing) = judge(&Settings { rules, ..Settings::default() }, "слово") else {
            panic!("it should be kept")
        };
        assert_eq!(routing.tags.len(), TAGS);
    }
}
