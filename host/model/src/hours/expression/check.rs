//! What is refused although the grammar allows it, because no promise could be made of it.

use opening_hours_syntax::rules::{
    OpeningHoursExpression, RuleSequence,
    day::{HolidayKind, WeekDayRange},
    time::TimeSpan,
};

/// The most dates such as `Jan Mo[1]` that may be followed by another in a list.
const MOST_DATES_BY_WEEKDAY: usize = 5;

/// Looks at the text between separators: the grammar takes a blank rule, and one of nothing but a comment, for "24/7".
pub(super) fn pieces(expression: &str) -> Result<(), String> {
    let mut quoted = false;
    let separators = |letter: char| {
        quoted ^= letter == '"';
        !quoted && matches!(letter, ';' | ',')
    };
    expression.split(separators).flat_map(|rule| rule.split("||")).try_for_each(piece)
}

fn piece(piece: &str) -> Result<(), String> {
    let piece = piece.trim();
    if piece.is_empty() {
        return Err("a rule is empty; write `off` for never, `24/7` for always".to_owned());
    }
    let after_comment = piece.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(_, rest)| rest);
    if after_comment.is_some_and(|rest| !rest.starts_with(':')) {
        return Err(format!("`{piece}` alone says no hours; leave it out"));
    }
    Ok(())
}

/// Looks at lists of dates such as `Jan Mo[1]`. From each the parser looks ahead over the next, several times, and so from that:
/// every one more multiplies its work.
pub(super) fn dates_by_weekday(expression: &str) -> Result<(), String> {
    let listed =
        expression.match_indices("],").filter(|(at, comma)| begins_date(&expression[at + comma.len()..])).count();
    if listed > MOST_DATES_BY_WEEKDAY {
        return Err("too many dates such as `Jan Mo[1]` in lists; write each as a rule, `Jan Mo[1] 10:00-18:00; Feb Mo[1] 10:00-18:00`".to_owned());
    }
    Ok(())
}

/// A year, a month or Easter; not a weekday.
fn begins_date(text: &str) -> bool {
    const MONTHS: [&str; 13] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "eas"];
    let word: String = text.chars().take(3).collect();
    word.starts_with(|letter: char| letter.is_ascii_digit()) || MONTHS.contains(&word.to_ascii_lowercase().as_str())
}

/// Looks at what the rules promise.
pub(super) fn promises(expression: &OpeningHoursExpression) -> Result<(), String> {
    expression.rules.iter().try_for_each(rule)
}

fn rule(rule: &RuleSequence) -> Result<(), String> {
    if rule
        .day_selector
        .weekday
        .iter()
        .any(|day| matches!(day, WeekDayRange::Holiday { kind: HolidayKind::School, .. }))
    {
        return Err("school holidays are not known here; write their dates".to_owned());
    }
    rule.time_selector.spans.iter().try_for_each(span)
}

fn span(span: &TimeSpan) -> Result<(), String> {
    let sun = [span.range.start, span.range.end].iter().find_map(|time| time.as_time_event());
    if let Some(event) = sun {
        return Err(format!("the time of `{event}` is not known here; write it as `08:00`"));
    }
    if span.open_end {
        return Err(format!("`{span}` does not say when it ends; write `10:00-18:00`"));
    }
    if span.repeats.is_some() {
        return Err(format!("`{span}` are points in time, not hours; write `10:00-18:00`"));
    }
    Ok(())
}
