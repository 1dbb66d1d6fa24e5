//! Texts that the owner writes once per language.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// One text in several languages, for settings: `notice = { ru = "…", en = "…" }`. Keys are BCP 47 tags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<String, String>);

impl Texts {
    /// The text in a language: its own (`bg` serves `bg-BG` too), or the English one, or any there is; `None` where there
    /// is none at all.
    pub fn in_language(&self, tag: &str) -> Option<&str> {
        self.exactly(tag).or_else(|| self.0.get("en").or_else(|| self.0.values().next()).map(String::as_str))
    }

    /// The text in a language, without falling back on another one.
    pub fn exactly(&self, tag: &str) -> Option<&str> {
        let language = tag.split(['-', '_']).next()?;
        self.0.get(tag).or_else(|| self.0.get(language)).map(String::as_str)
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Texts {
    fn from(texts: [(&str, &str); N]) -> Self {
        Self(texts.into_iter().map(|(tag, text)| (tag.to_owned(), text.to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_the_language_or_the_next_best() {
        let texts = Texts::from([("bg", "Здравейте"), ("en", "Hello")]);
        assert_eq!(texts.in_language("bg-BG"), Some("Здравейте"));
        assert_eq!(texts.in_language("ru"), Some("Hello"));
        assert_eq!(Texts::from([("bg", "Здравейте")]).in_language("ru"), Some("Здравейте"));
        assert_eq!(Texts::default().in_language("ru"), None);
    }
}
