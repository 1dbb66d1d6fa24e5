//! Minutes of a date that are open, and those that perhaps are.

use chrono::NaiveDate;
use jiff::civil::Date;
use opening_hours::{OpeningHours, RuleKind};
use opening_hours_syntax::ExtendedTime;

use super::super::local::{DAY, Minutes};

/// What rules say about a date, in no order.
#[derive(Debug, Default)]
pub(super) struct Spans {
    pub open: Vec<Minutes>,
    /// Neither open nor closed: `unknown`.
    pub perhaps: Vec<Minutes>,
}

impl Spans {
    /// What an expression says of a date, up to its midnight.
    pub fn of(hours: &OpeningHours, date: Date) -> Self {
        let mut spans = Self::default();
        let Some(date) = naive(date) else { return spans };
        for span in hours.schedule_at(date) {
            let minutes = |time: ExtendedTime| time.mins_from_midnight().min(DAY);
            let minutes = minutes(span.range.start)..minutes(span.range.end);
            match span.kind {
                RuleKind::Open => spans.open.push(minutes),
                RuleKind::Unknown => spans.perhaps.push(minutes),
                RuleKind::Closed => {}
            }
        }
        spans
    }

    /// These and others.
    pub fn and(mut self, others: Self) -> Self {
        self.open.extend(others.open);
        self.perhaps.extend(others.perhaps);
        self
    }

    /// These but for the minutes that are taken.
    pub fn without(self, taken: &[Minutes]) -> Self {
        Self { open: without(self.open, taken), perhaps: without(self.perhaps, taken) }
    }
}

/// What is open where each alternative fills what those before it leave: neither open nor perhaps open.
pub(super) fn filled(alternatives: impl Iterator<Item = Spans>) -> Vec<Minutes> {
    let mut all = Spans::default();
    for alternative in alternatives {
        let left = alternative.without(&all.perhaps);
        all = all.and(left);
    }
    all.open
}

fn without(spans: Vec<Minutes>, taken: &[Minutes]) -> Vec<Minutes> {
    taken.iter().fold(spans, |spans, taken| {
        let around = |span: Minutes| [span.start..span.end.min(taken.start), span.start.max(taken.end)..span.end];
        spans.into_iter().flat_map(around).filter(|span| span.start < span.end).collect()
    })
}

fn naive(date: Date) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(date.year().into(), date.month().unsigned_abs().into(), date.day().unsigned_abs().into())
}
