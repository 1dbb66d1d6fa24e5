//! Reports: what was counted of a site's requests, and of what its visitors looked for.

use async_trait::async_trait;
use jiff::civil::Date;
use porchlight_model::{measure::Report, request::RequestId};

use crate::StoreError;

/// Counts what is reported, and reports it.
///
/// What a request adds comes with it ([`Acceptance::measures`](crate::Acceptance::measures)) and is kept with each change of it. When
/// the request is erased, the numbers stay, and nothing says any more whose they are.
#[async_trait]
pub trait MeasureStore: Send + Sync {
    /// What was counted of a site on these days: reading takes the longer the more hours of them there were requests in, however many.
    async fn report(&self, site: &str, days: Days) -> Result<Report, StoreError>;

    /// Takes out of its site's report what a request adds to it, if there is such a request: it was only a test.
    async fn uncount(&self, request: RequestId) -> Result<(), StoreError>;

    /// Counts searches without result. A site has a hundred different ones a day: another takes the place of a rarer one. Those older
    /// than 92 days are forgotten, and what was looked for fewer than three times is not reported: it may say who looked.
    async fn count_searches(&self, searches: Vec<Unfound>) -> Result<(), StoreError>;

    /// Counts what one visitor said of an answer.
    async fn count_feedback(&self, feedback: Feedback) -> Result<(), StoreError>;
}

/// Local days, from the first to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
}

/// Searches without result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfound {
    /// The site.
    pub site: String,
    /// On which local day.
    pub day: Date,
    /// The words, as `porchlight_model::measure::search_words` gives them.
    pub words: String,
    /// How often they were looked for.
    pub searches: u32,
}

/// What a visitor said of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// The site.
    pub site: String,
    /// On which local day.
    pub day: Date,
    /// Id of the answer: one that the site has.
    pub answer: String,
    /// Whether it helped.
    pub helped: bool,
}
