//! Answers (FAQ entries) and guides, and the search in them.

mod index;
mod pattern;
mod stem;
mod words;

use crate::locale::Locale;

pub use index::AnswerIndex;
pub use pattern::{PagePath, PagePattern};

/// One FAQ entry in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Name unique within the site and language.
    pub id: String,
    /// The question as a visitor would ask it.
    pub question: String,
    /// The language it is written in.
    pub locale: Locale,
    /// Page patterns it is offered first on; empty means every page alike.
    pub pages: Vec<PagePattern>,
    /// A page of the site with the whole story.
    pub url: Option<String>,
    /// The answer as sanitised HTML.
    pub html: String,
    /// The answer as plain text, for the search.
    pub text: String,
}

/// A link offered on matching pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guide {
    /// Pages it is offered on; empty means every page.
    pub pages: Vec<PagePattern>,
    /// What the link says.
    pub title: String,
    /// Where it leads.
    pub url: String,
    /// The language it is written in; `None` is shown to everybody.
    pub locale: Option<Locale>,
}
