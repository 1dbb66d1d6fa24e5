//! A site's report as JSON. Times are seconds, rounded up (`porchlight_model::measure`); shares are between 0 and 1, to three places, and
//! left out where there is nothing to take them of.

pub mod csv;

use jiff::civil::Date;
use porchlight_model::{
    form::FormKind,
    measure::{self, Concern, Count, Span, Tally},
    request::{Origin, Stars},
    site::Site,
};
use porchlight_store::Days;
use schemars::JsonSchema;
use serde::Serialize;

/// What is counted of a site within some days.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Report {
    site: String,
    #[schemars(with = "String", extend("format" = "date"))]
    from: Date,
    #[schemars(with = "String", extend("format" = "date"))]
    to: Date,
    time_zone: String,
    total: Figures,
    by_channel: Vec<Group>,
    by_form: Vec<Group>,
    by_hour: Vec<Group>,
    /// Each channel, form and hour that there were requests in.
    groups: Vec<Group>,
    by_concern: Vec<ConcernCount>,
    by_topic: Vec<ConcernCount>,
    searches_without_result: Vec<SearchCount>,
    answers: Vec<AnswerCount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    solved_themselves: Option<f64>,
}

/// Requests that have something in common.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Group {
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<&'static str>,
    /// Of the local clock, 0 to 23.
    #[serde(skip_serializing_if = "Option::is_none")]
    hour: Option<u8>,
    #[serde(flatten)]
    figures: Figures,
}

/// What some requests come to.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Figures {
    requests: u32,
    cancelled: u32,
    first_reply: FirstReply,
    promises: Promises,
    resolution: Resolution,
    callbacks: Callbacks,
    rating: Rating,
}

/// How soon requests were first answered.
#[derive(Debug, Serialize, JsonSchema)]
struct FirstReply {
    count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    wall: Option<Times>,
    #[serde(skip_serializing_if = "Option::is_none")]
    support_hours: Option<Times>,
}

/// Within how many seconds half of them were over, and nine of ten.
#[derive(Debug, Serialize, JsonSchema)]
struct Times {
    median: u64,
    p90: u64,
}

/// What became of first promises.
#[derive(Debug, Serialize, JsonSchema)]
struct Promises {
    kept: u32,
    put_off: u32,
    broken: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_share: Option<f64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Resolution {
    resolved: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    wall: Option<Times>,
    at_first_contact: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    at_first_contact_share: Option<f64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Callbacks {
    called: u32,
    reached: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    reached_share: Option<f64>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Ratings")]
struct Rating {
    count: u32,
    /// How many gave one star, two, …
    stars: [u32; 5],
    #[serde(skip_serializing_if = "Option::is_none")]
    average: Option<f64>,
    /// Of those whose request was resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    response_rate: Option<f64>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ConcernCount {
    concern: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<String>,
    requests: u32,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SearchCount {
    words: String,
    searches: u32,
}

#[derive(Debug, Serialize, JsonSchema)]
struct AnswerCount {
    id: String,
    helped: u32,
    did_not_help: u32,
}

impl Report {
    /// What a site's report says.
    pub fn new(report: &measure::Report, site: &Site, days: Days) -> Self {
        let topics = report.concerns.iter().filter(|count| count.topic.is_some());
        let (solved, all) = report.solved_themselves();
        Self {
            site: site.key.clone(),
            from: days.from,
            to: days.to,
            time_zone: site.time_zone_name.clone(),
            total: Figures::of(&report.total()),
            by_channel: groups(report.by(|cell| (Some(cell.channel), None, None))),
            by_form: groups(report.by(|cell| (None, Some(cell.form), None))),
            by_hour: groups(report.by(|cell| (None, None, Some(cell.hour)))),
            groups: groups(report.by(|cell| (Some(cell.channel), Some(cell.form), Some(cell.hour)))),
            by_concern: Concern::ALL.map(|concern| of_concern(report, concern)).into(),
            by_topic: topics.map(ConcernCount::from).collect(),
            searches_without_result: report.searches.iter().map(SearchCount::from).collect(),
            answers: report.answers.iter().map(AnswerCount::from).collect(),
            solved_themselves: share(solved, all),
        }
    }
}

fn of_concern(report: &measure::Report, concern: Concern) -> ConcernCount {
    ConcernCount { concern: concern.as_str(), topic: None, requests: report.by_concern(concern) }
}

type Key = (Option<Origin>, Option<FormKind>, Option<u8>);

fn groups(sums: impl IntoIterator<Item = (Key, Tally)>) -> Vec<Group> {
    let group = |((channel, form, hour), tally): (Key, Tally)| Group {
        channel: channel.map(Origin::as_str),
        form: form.map(FormKind::as_str),
        hour,
        figures: Figures::of(&tally),
    };
    sums.into_iter().filter(|(_, tally)| tally.of(Count::Requests) > 0).map(group).collect()
}

impl Figures {
    /// What a tally comes to.
    fn of(tally: &Tally) -> Self {
        let of = |count| tally.of(count);
        let (kept, put_off, broken) = (of(Count::Kept), of(Count::PutOff), of(Count::Broken));
        let (resolved, at_once) = (of(Count::Resolved), of(Count::FirstContact));
        let (called, reached) = (of(Count::Called), of(Count::Reached));
        Self {
            requests: of(Count::Requests),
            cancelled: of(Count::Cancelled),
            first_reply: FirstReply {
                count: tally.times(Span::FirstReply).count(),
                wall: Times::of(tally, Span::FirstReply),
                support_hours: Times::of(tally, Span::FirstReplyInHours),
            },
            promises: Promises { kept, put_off, broken, kept_share: part(kept, &[kept, put_off, broken]) },
            resolution: Resolution {
                resolved,
                wall: Times::of(tally, Span::Resolution),
                at_first_contact: at_once,
                at_first_contact_share: part(at_once, &[resolved]),
            },
            callbacks: Callbacks { called, reached, reached_share: part(reached, &[called]) },
            rating: rating(tally),
        }
    }
}

impl Times {
    fn of(tally: &Tally, span: Span) -> Option<Self> {
        let times = tally.times(span);
        times.within(50).zip(times.within(90)).map(|(median, p90)| Self { median, p90 })
    }
}

fn rating(tally: &Tally) -> Rating {
    let stars = [1, 2, 3, 4, 5].map(|stars| Stars::try_from(stars).map_or(0, |stars| tally.of(Count::Stars(stars))));
    let count = stars.iter().sum();
    let sum = stars.iter().zip(1..).map(|(count, stars)| u64::from(*count) * stars).sum();
    let response_rate = part(count, &[tally.of(Count::AskedToRate)]);
    Rating { count, stars, average: share(sum, count.into()), response_rate }
}

fn part(some: u32, all: &[u32]) -> Option<f64> {
    share(some.into(), all.iter().map(|count| u64::from(*count)).sum())
}

/// A share to three places; none of nothing.
fn share(some: u64, all: u64) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "requests are counted in millions, not in thousands of billions")]
    let exact = (all > 0).then(|| some as f64 / all as f64)?;
    Some((exact * 1_000.0).round() / 1_000.0)
}

impl From<&measure::ConcernCount> for ConcernCount {
    fn from(count: &measure::ConcernCount) -> Self {
        Self { concern: count.concern.as_str(), topic: count.topic.clone(), requests: count.requests }
    }
}

impl From<&measure::SearchCount> for SearchCount {
    fn from(count: &measure::SearchCount) -> Self {
        Self { words: count.words.clone(), searches: count.searches }
    }
}

impl From<&measure::AnswerCount> for AnswerCount {
    fn from(count: &measure::AnswerCount) -> Self {
        Self { id: count.answer.clone(), helped: count.helped, did_not_help: count.unhelped }
    }
}
