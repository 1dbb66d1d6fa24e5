//! Splits an expression at `||`: who opens first, and who fills what is left.

use opening_hours_syntax::rules::{OpeningHoursExpression, RuleOperator, RuleSequence};

/// The rules without their fallbacks; then, for each fallback, itself and the rules after it.
///
/// What is added to a fallback with a comma belongs to it. Any other rule behind one, as the last of
/// `Mo-Fr 10:00-18:00 || Sa 10:00-12:00; PH off`, is meant for all that stands before it; so it follows them all.
pub(super) fn alternatives(expression: OpeningHoursExpression) -> Vec<Vec<RuleSequence>> {
    let rules = expression.rules;
    let first = |index: &usize| *index == 0 || rules[*index].operator == RuleOperator::Fallback;
    (0..rules.len()).filter(first).map(|index| from(&rules[index..])).collect()
}

/// The first of some rules with what is added to it, and the rules after that belong to no fallback.
fn from(rules: &[RuleSequence]) -> Vec<RuleSequence> {
    let mut belongs = true;
    let of_these = |rule: &&RuleSequence| {
        belongs = match rule.operator {
            RuleOperator::Normal => true,
            RuleOperator::Additional => belongs,
            RuleOperator::Fallback => false,
        };
        belongs
    };
    let (first, rest) = rules.split_at(1);
    first.iter().chain(rest.iter().filter(of_these)).cloned().collect()
}
