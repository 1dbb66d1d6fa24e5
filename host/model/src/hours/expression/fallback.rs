//! Splits an expression at `||`: who opens first, and who fills what is left.

use opening_hours_syntax::rules::{OpeningHoursExpression, RuleOperator, RuleSequence};

/// The rules without their fallbacks; then, for each fallback, itself and the rules after it.
///
/// A rule behind a fallback that is none itself, as the last of `Mo-Fr 10:00-18:00 || Sa 10:00-12:00; PH off`, is meant for all
/// that stands before it; so it follows them all.
pub(super) fn alternatives(expression: OpeningHoursExpression) -> Vec<Vec<RuleSequence>> {
    let rules = expression.rules;
    let first = |index: &usize| *index == 0 || is_fallback(&rules[*index]);
    (0..rules.len()).filter(first).map(|index| from(&rules[index..])).collect()
}

fn from(rules: &[RuleSequence]) -> Vec<RuleSequence> {
    let (first, rest) = rules.split_at(1);
    first.iter().chain(rest.iter().filter(|rule| !is_fallback(rule))).cloned().collect()
}

fn is_fallback(rule: &RuleSequence) -> bool {
    rule.operator == RuleOperator::Fallback
}
