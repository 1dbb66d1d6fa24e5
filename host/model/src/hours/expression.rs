//! What an expression says about a date, in minutes of the clock on the wall.
//!
//! The crate `opening-hours` reads and evaluates; here stands what it is not asked to decide: what is refused, whose a night
//! is, and what a fallback fills. It takes the hours after midnight as part of the day after, so that a closed day keeps the
//! night that began on it; therefore an expression with such hours is evaluated as several, for each side of midnight. It
//! takes a fallback for whole days; the specification has it fill hours.

use chrono::TimeDelta;
use jiff::civil::Date;
use opening_hours::{Context, ContextHolidays, OpeningHours};
use opening_hours_syntax::{
    Error as SyntaxError,
    rules::{OpeningHoursExpression, RuleSequence},
};

use self::spans::Spans;
use super::{State, local::Minutes};
use crate::holidays::Calendar;

mod check;
mod fallback;
mod midnight;
mod spans;
mod text;

/// The longest expression that is read, in characters.
pub(super) const LONGEST: usize = 1_000;

/// The most rules, and days named in them, that are looked through for one date. With the year that is looked ahead it bounds
/// the work of every question; a thousand characters of what people write come to some hundred.
const MOST_LOOKED_AT: usize = 200;

/// A date for rules that say the same about each.
const ANY_DATE: Date = Date::constant(2000, 1, 1);

/// A parsed expression.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    /// The rules without their fallbacks, then each fallback with the rules after it: it fills what those before leave.
    alternatives: Box<[Alternative]>,
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
        let alternatives = fallback::alternatives(read(expression)?);
        let looked_at = alternatives.iter().flatten().map(weight).sum::<usize>();
        if looked_at > MOST_LOOKED_AT {
            return Err(format!(
                "{looked_at} rules and days to look through, where {MOST_LOOKED_AT} may be (those after a `||` count once more); write \
                 days that follow one another as a range, `Dec 24-26`"
            ));
        }
        let alternatives = alternatives.into_iter().map(|rules| Alternative::new(rules, calendar));
        let alternatives = alternatives.collect::<Result<Box<[_]>, _>>()?;
        let constant = if let [only] = &alternatives[..] { only.constant() } else { None };
        Ok(Self { alternatives, constant })
    }

    /// What is open of a date, in no order: its own hours and, where there is an `eve`, what the night of that runs into it.
    pub fn on(&self, date: Date, eve: Option<Date>) -> Vec<Minutes> {
        spans::filled(self.alternatives.iter().map(|rules| rules.on(date, eve)))
    }

    /// What of the next date belongs to this one.
    pub fn night(&self, date: Date) -> Vec<Minutes> {
        spans::filled(self.alternatives.iter().map(|rules| rules.night(date)))
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
        Ok(Self { today: rules.on(ANY_DATE, None), night: rules.night(ANY_DATE) })
    }
}

/// A rule and the days it names.
fn weight(rule: &RuleSequence) -> usize {
    let days = &rule.day_selector;
    1 + days.year.len() + days.monthday.len() + days.week.len() + days.weekday.len()
}

/// Rules of which none is a fallback, one expression for each side of midnight.
#[derive(Clone, Debug)]
struct Alternative {
    today: OpeningHours,
    night: Option<OpeningHours>,
    /// What is taken away from the next date, as if that were open.
    closing: Option<OpeningHours>,
}

impl Alternative {
    fn new(rules: Vec<RuleSequence>, calendar: &Calendar) -> Result<Self, String> {
        let sides = midnight::split(rules);
        let evaluable = |rules: &OpeningHoursExpression| evaluable(rules, calendar);
        let [night, closing] = [sides.night, sides.closing].map(|rules| rules.as_ref().map(evaluable).transpose());
        Ok(Self { today: evaluable(&sides.today)?, night: night?, closing: closing? })
    }

    fn constant(&self) -> Option<State> {
        let constant = self.night.is_none() && self.closing.is_none() && self.today.get_expression().is_constant();
        constant.then(|| if Spans::of(&self.today, ANY_DATE).open.is_empty() { State::Closed } else { State::Open })
    }

    fn on(&self, date: Date, eve: Option<Date>) -> Spans {
        let today = Spans::of(&self.today, date);
        let (Some(eve), Some(closing)) = (eve, &self.closing) else {
            return today.and(eve.map(|eve| self.night(eve)).unwrap_or_default());
        };
        today.without(&Spans::of(closing, eve).open).and(self.night(eve))
    }

    fn night(&self, date: Date) -> Spans {
        self.night.as_ref().map(|night| Spans::of(night, date)).unwrap_or_default()
    }
}

fn read(expression: &str) -> Result<OpeningHoursExpression, String> {
    if expression.chars().nth(LONGEST).is_some() {
        return Err(format!("longer than {LONGEST} characters"));
    }
    check::pieces(expression)?;
    check::dates_by_weekday(expression)?;
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
    let read_back = text::text_of(rules).parse::<OpeningHours>().ok().filter(|hours| *hours.get_expression() == *rules);
    let hours = read_back.ok_or("too intricate to be sure of; write each day's rule apart, with `;` between")?;
    let holidays = ContextHolidays::new(calendar.0.clone(), Default::default());
    // Only single days are asked for today; with the bound, nobody who ever iterates searches until the year 9999.
    let context = Context::default().with_holidays(holidays).approx_bound_interval_size(TimeDelta::days(370));
    Ok(hours.with_context(context))
}
