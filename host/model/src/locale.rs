//! The languages Porchlight speaks to visitors and owners.

use serde::{Deserialize, Serialize};

/// A language with a complete set of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    En,
    /// Russian.
    Ru,
    /// Bulgarian.
    Bg,
}

impl Locale {
    /// Every language there is, English first.
    pub const ALL: [Self; 3] = [Self::En, Self::Ru, Self::Bg];

    /// The language's BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
            Self::Bg => "bg",
        }
    }

    /// The language of one BCP 47 tag such as `ru` or `bg-BG`; `None` where Porchlight has no texts in it.
    pub fn of_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|locale| locale.tag().eq_ignore_ascii_case(language))
    }

    /// The first language of an `Accept-Language` header (RFC 9110, section 12.5.4) that there are texts in.
    pub fn of_accept_language(header: &str) -> Option<Self> {
        let mut wanted: Vec<(f32, Self)> = header.split(',').filter_map(weighted).filter(|(q, _)| *q > 0.0).collect();
        wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
        wanted.first().map(|(_, locale)| *locale)
    }
}

fn weighted(part: &str) -> Option<(f32, Locale)> {
    let mut pieces = part.split(';');
    let locale = Locale::of_tag(pieces.next()?.trim())?;
    let weight = pieces.find_map(|piece| piece.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
    Some((weight, locale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regional_tag_finds_its_language() {
        assert_eq!(Locale::of_tag("bg-BG"), Some(Locale::Bg));
        assert_eq!(Locale::of_tag("de"), None);
        assert_eq!(Locale::of_tag(""), None);
    }

    #[test]
    fn accept_language_is_taken_by_weight() {
        assert_eq!(Locale::of_accept_language("de, en;q=0.5, ru;q=0.9"), Some(Locale::Ru));
        assert_eq!(Locale::of_accept_language("ru;q=0, en;q=0.1"), Some(Locale::En));
        assert_eq!(Locale::of_accept_language("fr, *"), None);
    }
}
