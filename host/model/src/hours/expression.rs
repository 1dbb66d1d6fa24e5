//! What an expression says about a date, in minutes of the clock on the wall.
//!
//! The crate `opening-hours` reads and evaluates; here stands what it is not asked to decide: what is refused, and whose a
//! night is. It takes the hours after midnight as part of the day after, so that a closed day keeps the night that began on
//! it; therefore an expression with such hours is evaluated as two, one for each side of midnight.

use chrono::{NaiveDate, TimeDelta};
use jiff::civil::Date;
use opening_hours::{Context, ContextHolidays, OpeningHours, RuleKind};
use opening_hours_syntax::{Error as SyntaxError, rules::OpeningHoursExpression};

use super::{
    State,
    local::{DAY, Minutes},
};
use crate::holidays::Calendar;

mod check;
mod midnight;

/// The longest expression that is read, in characters.
pub(super) const LONGEST: usize = 1_000;

/// A date for rules that say the same about each.
const ANY_DATE: Date = Date::constant(2000, 1, 1);

/// A parsed expression.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    today: OpeningHours,
    night: Option<OpeningHours>,
    constant: Option<State>,
}

/// Times without days: the hours of an overridden date.
#[derive(Clone, Debug)]
pub(super) struct Times {
    /// What is open of the date itself.
    pub today: Vec<Minutes>,
    /// What of the next date belongs to it.
    pub night: Vec<Minutes>,
}

impl Rules {
    /// Reads an expression; on error says why it is refused.
    pub fn parse(expression: &str, calendar: &Calendar) -> Result<Self, String> {
        let (today, night) = midnight::split(read(expression)?)?;
        let evaluable = |rules: &OpeningHoursExpression| evaluable(rules, calendar);
        let constant = night.is_none() && today.is_constant();
        let (today, night) = (evaluable(&today)?, night.as_ref().map(evaluable).transpose()?);
        let constant = constant.then(|| state_on(&today, ANY_DATE));
        Ok(Self { today, night, constant })
    }

    /// What is open of a date, without the night of the day before.
    pub fn today(&self, date: Date) -> Vec<Minutes> {
        open_minutes(&self.today, date)
    }

    /// What of the next date belongs to this one.
    pub fn night(&self, date: Date) -> Vec<Minutes> {
        self.night.as_ref().map(|night| open_minutes(night, date)).unwrap_or_default()
    }

    /// The state that never changes, where that can be told from the rules.
    pub fn constant(&self) -> Option<State> {
        self.constant
    }
}

impl Times {
    /// Reads an expression of times alone; on error says why it is refused.
    pub fn parse(hours: &str) -> Result<Self, String> {
        if read(hours)?.rules.iter().any(|rule| !rule.day_selector.is_empty()) {
            return Err("write the times alone, as `10:00-15:00` or `off`".to_owned());
        }
        let rules = Rules::parse(hours, &Calendar::default())?;
        Ok(Self { today: rules.today(ANY_DATE), night: rules.night(ANY_DATE) })
    }
}

fn read(expression: &str) -> Result<OpeningHoursExpression, String> {
    if expression.chars().nth(LONGEST).is_some() {
        return Err(format!("longer than {LONGEST} characters"));
    }
    check::pieces(expression)?;
    let rules = opening_hours_syntax::parse(expression).map_err(|error| reason(&error, expression))?;
    check::promises(&rules)?;
    Ok(rules)
}

/// Why the parser refused, with the column where it could tell.
fn reason(error: &SyntaxError, expression: &str) -> String {
    let SyntaxError::Syntax(error) = error else { return lower_case_start(&error.to_string()) };
    let (pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _))) = error.location;
    let (read, rest) = expression.split_at_checked(at).unwrap_or((expression, ""));
    let column = read.chars().count() + 1;
    if rest.is_empty() {
        return format!("it ends too early, at column {column}");
    }
    let rest: String = rest.chars().take(20).collect();
    format!("not understood from column {column} on, `{rest}`; days are written `Mo-Fr`, times `10:00-18:00`")
}

fn lower_case_start(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}

/// Makes rules evaluable. They pass through their text, as the crate has no other way in; the text must say the same.
fn evaluable(rules: &OpeningHoursExpression, calendar: &Calendar) -> Result<OpeningHours, String> {
    let read_back =
        midnight::text_of(rules).parse::<OpeningHours>().ok().filter(|hours| *hours.get_expression() == *rules);
    let hours = read_back.ok_or("too intricate to be sure of; write each day's rule apart, with `;` between")?;
    let holidays = ContextHolidays::new(calendar.0.clone(), Default::default());
    // Only single days are asked for today; with the bound, nobody who ever iterates searches until the year 9999.
    let context = Context::default().with_holidays(holidays).approx_bound_interval_size(TimeDelta::days(370));
    Ok(hours.with_context(context))
}

fn state_on(hours: &OpeningHours, date: Date) -> State {
    if open_minutes(hours, date).is_empty() { State::Closed } else { State::Open }
}

fn open_minutes(hours: &OpeningHours, date: Date) -> Vec<Minutes> {
    let (year, month, day) = (date.year().into(), date.month().unsigned_abs().into(), date.day().unsigned_abs().into());
    let Some(date) = NaiveDate::from_ymd_opt(year, month, day) else { return Vec::new() };
    let open = hours.schedule_at(date).into_iter().filter(|span| span.kind == RuleKind::Open);
    let minutes = |time: opening_hours_syntax::ExtendedTime| time.mins_from_midnight().min(DAY);
    open.map(|span| minutes(span.range.start)..minutes(span.range.end)).collect()
}
