//! Splits an expression at midnight: what of a date's hours lies before it, and what after.

use std::fmt::Display;

use opening_hours_syntax::{
    ExtendedTime, RuleKind,
    rules::{
        OpeningHoursExpression, RuleOperator, RuleSequence,
        day::{Date, MonthdayRange, Year},
        time::{Time, TimeSelector, TimeSpan},
    },
};

/// The hours of each date before its midnight and, where there are any, after it.
pub(super) fn split(
    expression: OpeningHoursExpression,
) -> Result<(OpeningHoursExpression, Option<OpeningHoursExpression>), String> {
    let fallback = |rule: &RuleSequence| rule.operator == RuleOperator::Fallback;
    // A fallback that does not open says nothing, unless it stands before one that does.
    let opens = expression.rules.iter().any(|rule| fallback(rule) && rule.kind == RuleKind::Open);
    let rules = expression.rules.into_iter().filter(|rule| opens || !fallback(rule));
    let rules: Vec<_> = rules.map(with_whole_months).collect();
    if !rules.iter().any(has_night) {
        return Ok((expression_of(rules.iter().map(|rule| Some(rule.clone()))), None));
    }
    if opens {
        return Err("`||` beside hours past midnight is ambiguous; write each day's rule apart".to_owned());
    }
    let today = expression_of(rules.iter().map(|rule| Some(with_spans(rule, spans(rule).filter_map(before_midnight)))));
    Ok((today, Some(expression_of(rules.iter().map(night)))))
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
fn expression_of(rules: impl Iterator<Item = Option<RuleSequence>>) -> OpeningHoursExpression {
    let mut rules: Vec<_> = rules.flatten().collect();
    if let Some(first) = rules.first_mut() {
        first.operator = RuleOperator::Normal;
    }
    OpeningHoursExpression { rules }
}

/// What a rule says about the hours after its date's midnight; `None` where it leaves them as they are.
fn night(rule: &RuleSequence) -> Option<RuleSequence> {
    let after: Vec<_> = spans(rule).filter_map(after_midnight).collect();
    if !after.is_empty() {
        return Some(with_spans(rule, after.into_iter()));
    }
    let whole_day = rule.time_selector == TimeSelector::default();
    let replaces_date = rule.operator == RuleOperator::Normal && rule.kind != RuleKind::Closed;
    let closes_date = rule.kind == RuleKind::Closed && whole_day;
    (replaces_date || closes_date)
        .then(|| RuleSequence { kind: RuleKind::Closed, ..with_spans(rule, [WHOLE_DAY].into_iter()) })
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

fn with_spans(rule: &RuleSequence, spans: impl Iterator<Item = Span>) -> RuleSequence {
    let spans = spans.map(|(start, end)| TimeSpan::fixed_range(start, end)).collect();
    RuleSequence { time_selector: TimeSelector::new(spans), ..rule.clone() }
}

/// The rules as text that reads back the same. (The crate's own text joins a year and a month: `2026Dec`.)
pub(super) fn text_of(expression: &OpeningHoursExpression) -> String {
    let mut text = String::new();
    for (index, rule) in expression.rules.iter().enumerate() {
        text.push_str(separator(index, rule.operator));
        write_rule(&mut text, rule);
    }
    text
}

fn separator(index: usize, operator: RuleOperator) -> &'static str {
    match operator {
        _ if index == 0 => "",
        RuleOperator::Normal => "; ",
        RuleOperator::Additional => ", ",
        RuleOperator::Fallback => " || ",
    }
}

fn write_rule(text: &mut String, rule: &RuleSequence) {
    let days = &rule.day_selector;
    let weeks = list(&days.week);
    let weeks = if weeks.is_empty() { weeks } else { format!("week {weeks}") };
    let kind = match rule.kind {
        RuleKind::Open => "open",
        RuleKind::Closed => "off",
        RuleKind::Unknown => "unknown",
    };
    let comment = if rule.comment.is_empty() { String::new() } else { format!("\"{}\"", rule.comment) };
    let times = list(&rule.time_selector.spans);
    let parts = [list(&days.year), list(&days.monthday), weeks, list(&days.weekday), times, kind.to_owned(), comment];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    text.push_str(&parts.join(" "));
}

fn list<T: Display>(items: &[T]) -> String {
    items.iter().map(T::to_string).collect::<Vec<_>>().join(",")
}
