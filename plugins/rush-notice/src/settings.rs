//! What an owner can set.

use std::collections::BTreeMap;

use porchlight_sdk::Texts;
use schemars::JsonSchema;
use serde::Deserialize;

/// Settings in the site file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Times in which answers take longer. Where several overlap, the longest reply counts and every notice is shown.
    pub rushes: Vec<Rush>,
}

/// A time in which answers take longer.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rush {
    /// When it begins, on the site's wall clock: a day (`2026-12-15`) or a moment (`2026-12-15T09:00`).
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$"))]
    pub from: String,
    /// Its last day, or the moment when it is over.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$"))]
    pub until: String,
    /// What every promised reply time is multiplied by.
    #[schemars(range(min = 1, max = 100))]
    pub multiplier: Option<f64>,
    /// Replies in hours of support time, by form (`callback`, `message`) or channel id. One that is shorter than promised
    /// changes nothing.
    #[serde(default)]
    #[schemars(inner(range(min = 0, max = 1000)))]
    pub reply_hours: BTreeMap<String, f64>,
    /// What the visitor reads, by language; without one nothing is said.
    #[serde(default)]
    pub notice: Texts,
    /// How pressing the notice is.
    #[serde(default)]
    pub level: Level,
}

/// How pressing a notice is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Good to know.
    #[default]
    Info,
    /// Changes what can be expected.
    Warning,
}

impl Settings {
    /// Says which rush ends before it begins, if one does: a schema cannot.
    pub fn require_sense(&self) -> Result<(), String> {
        match self.rushes.iter().position(|rush| rush.until < rush.from && !rush.from.starts_with(&rush.until)) {
            Some(at) => Err(format!("settings: `/rushes/{at}/until` comes before `from`")),
            None => Ok(()),
        }
    }
}

impl Rush {
    /// Whether it is on, at a moment of the site's wall clock (`2026-11-22T22:30:00+03:00`).
    pub fn is_on(&self, local: &str) -> bool {
        let begun = local >= self.from.as_str();
        // A last day is whole: every moment of it begins like it.
        let over = local >= self.until.as_str() && !(is_day(&self.until) && local.starts_with(&self.until));
        begun && !over
    }
}

fn is_day(written: &str) -> bool {
    !written.contains('T')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rush(from: &str, until: &str) -> Rush {
        Rush { from: from.to_owned(), until: until.to_owned(), ..Rush::default() }
    }

    #[test]
    fn days_count_from_their_first_to_their_last_second() {
        let rush = rush("2026-12-15", "2026-12-31");
        assert!(!rush.is_on("2026-12-14T23:59:59+03:00"));
        assert!(rush.is_on("2026-12-15T00:00:00+03:00"));
        assert!(rush.is_on("2026-12-31T23:59:59+03:00"));
        assert!(!rush.is_on("2027-01-01T00:00:00+03:00"));
    }

    #[test]
    fn moments_count_to_the_second() {
        let rush = rush("2026-12-15T09:00", "2026-12-15T18:00");
        assert!(!rush.is_on("2026-12-15T08:59:59+03:00"));
        assert!(rush.is_on("2026-12-15T09:00:00+03:00"));
        assert!(rush.is_on("2026-12-15T17:59:59+03:00"));
        assert!(!rush.is_on("2026-12-15T18:00:00+03:00"));
    }

    #[test]
    fn a_single_day_is_a_rush_and_a_backward_one_is_an_error() {
        assert!(rush("2026-12-15", "2026-12-15").is_on("2026-12-15T12:00:00+03:00"));
        let said = |from, until| Settings { rushes: vec![rush(from, until)] }.require_sense();
        assert_eq!(said("2026-12-15", "2026-12-15"), Ok(()));
        assert_eq!(said("2026-12-15T09:00", "2026-12-15"), Ok(()));
        assert_eq!(said("2026-12-15", "2026-12-14"), Err("settings: `/rushes/0/until` comes before `from`".to_owned()));
    }
}
