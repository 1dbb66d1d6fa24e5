//! Splits rules at midnight: what of a date's hours lies before it, and what after.

use opening_hours_syntax::{
    ExtendedTime, RuleKind,
    rules::{
        OpeningHoursExpression, RuleOperator, RuleSequence,
        day::{Date, MonthdayRange, Year},
        time::{Time, TimeSelector, TimeSpan},
    },
};

/// What rules say about a date and about the hours after its midnight.
pub(super) struct Sides {
    /// The hours of each date before its midnight.
    pub today: OpeningHoursExpression,
    /// The hours after it, where there are any.
    pub night: Option<OpeningHoursExpression>,
    /// The hours after it that are closed whatever the next date says, written as open; where there are any.
    pub closing: Option<OpeningHoursExpression>,
}

/// Splits rules of which none is a fallback.
pub(super) fn split(rules: Vec<RuleSequence>) -> Sides {
    let rules: Vec<_> = rules.into_iter().map(with_whole_months).collect();
    let closes = |rule: &RuleSequence| rule.kind != RuleKind::Open && has_night(rule);
    Sides {
        today: expression_of(rules.iter().filter_map(today)),
        night: rules.iter().any(has_night).then(|| expression_of(rules.iter().filter_map(night))),
        closing: rules.iter().any(closes).then(|| expression_of(rules.iter().filter_map(closing))),
    }
}

/// Writes `2026Dec` as `2026 Dec 1-31`: the crate takes it for the first of December alone.
fn with_whole_months(mut rule: RuleSequence) -> RuleSequence {
    for range in &mut rule.day_selector.monthday {
        let MonthdayRange::Month { range: months, year: Some(year) } = range else { continue };
        let last_year = if months.start() <= months.end() { **year } else { **year + 1 };
        let (first, last) = (Date::ymd(1, *months.start(), *year), Date::ymd(31, *months.end(), Year(last_year)));
        *range = MonthdayRange::Date { start: (first, Default::default()), end: (last, Default::default()) };
    }
    rule
}

/// The first rule stands alone, whatever it followed before.
fn expression_of(rules: impl Iterator<Item = RuleSequence>) -> OpeningHoursExpression {
    let mut rules: Vec<_> = rules.collect();
    if let Some(first) = rules.first_mut() {
        first.operator = RuleOperator::Normal;
    }
    OpeningHoursExpression { rules }
}

/// What a rule says about its date before midnight; `None` where it leaves that as it is.
fn today(rule: &RuleSequence) -> Option<RuleSequence> {
    side(rule, spans(rule).filter_map(before_midnight).collect())
}

/// What a rule says about the hours after its date's midnight; `None` where it leaves them as they are.
fn night(rule: &RuleSequence) -> Option<RuleSequence> {
    side(rule, spans(rule).filter_map(after_midnight).collect())
}

fn side(rule: &RuleSequence, spans: Vec<Span>) -> Option<RuleSequence> {
    if !spans.is_empty() {
        return Some(with_spans(rule, spans));
    }
    let closes_date = rule.kind == RuleKind::Closed && rule.time_selector == TimeSelector::default();
    (replaces_date(rule) || closes_date).then(|| nothing_of_the_day(rule))
}

/// What a rule that does not open takes away from the next date, written as open.
fn closing(rule: &RuleSequence) -> Option<RuleSequence> {
    let after: Vec<_> = spans(rule).filter_map(after_midnight).collect();
    if rule.kind == RuleKind::Open || after.is_empty() {
        return replaces_date(rule).then(|| nothing_of_the_day(rule));
    }
    let operator = if replaces_date(rule) { RuleOperator::Normal } else { RuleOperator::Additional };
    Some(RuleSequence { kind: RuleKind::Open, operator, ..with_spans(rule, after) })
}

/// Whether nothing remains of what the rules before said of its dates.
fn replaces_date(rule: &RuleSequence) -> bool {
    rule.operator != RuleOperator::Additional && rule.kind != RuleKind::Closed
}

fn nothing_of_the_day(rule: &RuleSequence) -> RuleSequence {
    RuleSequence { kind: RuleKind::Closed, ..with_spans(rule, vec![WHOLE_DAY]) }
}

fn has_night(rule: &RuleSequence) -> bool {
    spans(rule).any(|span| after_midnight(span).is_some())
}

type Span = (ExtendedTime, ExtendedTime);

const WHOLE_DAY: Span = (ExtendedTime::MIDNIGHT_00, ExtendedTime::MIDNIGHT_24);

/// A rule's spans, the end counted on past midnight. There are no others than fixed ones: sun times are refused before.
fn spans(rule: &RuleSequence) -> impl Iterator<Item = Span> {
    rule.time_selector.spans.iter().filter_map(|span| match (span.range.start, span.range.end) {
        (Time::Fixed(start), Time::Fixed(end)) if start < end => Some((start, end)),
        (Time::Fixed(start), Time::Fixed(end)) => Some((start, end.add_hours(24)?)),
        _ => None,
    })
}

fn before_midnight((start, end): Span) -> Option<Span> {
    (start < ExtendedTime::MIDNIGHT_24).then(|| (start, end.min(ExtendedTime::MIDNIGHT_24)))
}

fn after_midnight((start, end): Span) -> Option<Span> {
    if end <= ExtendedTime::MIDNIGHT_24 {
        return None;
    }
    Some((start.max(ExtendedTime::MIDNIGHT_24).add_hours(-24)?, end.add_hours(-24)?))
}

fn with_spans(rule: &RuleSequence, spans: Vec<Span>) -> RuleSequence {
    let spans = spans.into_iter().map(|(start, end)| TimeSpan::fixed_range(start, end)).collect();
    RuleSequence { time_selector: TimeSelector::new(spans), ..rule.clone() }
}
