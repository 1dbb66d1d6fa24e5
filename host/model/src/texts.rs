//! Texts in the reader's language, from the Fluent files in `host/model/texts`.

use jiff::{Timestamp, tz::TimeZone};

use crate::{locale::Locale, submission::Problem};

/// All texts of one language.
pub struct Texts {
    locale: Locale,
}

impl std::fmt::Debug for Texts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Texts({})", self.locale.tag())
    }
}

impl Texts {
    /// The texts of a language.
    pub fn of(locale: Locale) -> &'static Self {
        unimplemented!("{locale:?}")
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
    pub fn say_with(&self, id: &str, arguments: &[(&str, &str)]) -> String {
        unimplemented!("{id} {arguments:?}")
    }

    /// What is wrong with a field, as a sentence that says the mend.
    pub fn problem(&self, problem: &Problem) -> String {
        unimplemented!("{problem:?}")
    }

    /// A moment as people say it, seen from `now` in a zone: `today by 17:00` is said with `Moment::By`, and so on.
    pub fn moment(&self, moment: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
        unimplemented!("{moment} {now} {zone:?}")
    }
}
