//! Answers (FAQ entries) and guides, and the search in them.

use crate::locale::Locale;

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

/// A pattern over the path of a page: `*` stands for any run of characters, everything else for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePattern(pub String);

impl PagePattern {
    /// Whether the path of this page address matches; a query or fragment does not matter.
    pub fn matches(&self, page: &str) -> bool {
        unimplemented!("{page}")
    }
}

/// A search index over the answers of one site.
#[derive(Debug)]
pub struct AnswerIndex {}

impl AnswerIndex {
    /// Indexes answers by the stems of their words.
    pub fn new(answers: &[Answer]) -> Self {
        unimplemented!("{answers:?}")
    }

    /// Positions (in the slice indexed) of the answers in `locale` that fit `query`, best first.
    pub fn search(&self, query: &str, locale: Locale) -> Vec<usize> {
        unimplemented!("{query} {locale:?}")
    }
}
