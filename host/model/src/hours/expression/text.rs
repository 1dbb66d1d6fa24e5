//! Rules written as text again, as the crate has no other way in for them.

use std::fmt::Display;

use opening_hours_syntax::{
    RuleKind,
    rules::{OpeningHoursExpression, RuleOperator, RuleSequence},
};

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
