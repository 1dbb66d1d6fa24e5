//! Reports: what the requests of a site, received within some days, come to.

use std::collections::BTreeMap;

use super::{Concern, Count, Tally};
use crate::{form::FormKind, request::Origin};

/// Requests counted together: those that came the same way, by the same form, in the same hour of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cell {
    /// The way they came.
    pub channel: Origin,
    /// By which form.
    pub form: FormKind,
    /// The hour of the local clock, 0 to 23.
    pub hour: u8,
}

/// How many requests there were about something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcernCount {
    /// What sort of thing their requesters had to say.
    pub concern: Concern,
    /// What they were about, where that is known.
    pub topic: Option<String>,
    /// How many.
    pub requests: u32,
}

/// How often something was looked for and not found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchCount {
    /// The words, as [`search_words`](super::search_words) gives them.
    pub words: String,
    /// How often.
    pub searches: u32,
}

/// What visitors said of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerCount {
    /// Its id.
    pub answer: String,
    /// How many it helped.
    pub helped: u32,
    /// How many it did not.
    pub unhelped: u32,
}

/// What is counted of a site within some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Requests, by where they are counted; each cell once.
    pub cells: BTreeMap<Cell, Tally>,
    /// What they were about, the most frequent first.
    pub concerns: Vec<ConcernCount>,
    /// Searches without result, the most frequent first, as many as are told.
    pub searches: Vec<SearchCount>,
    /// All answers that somebody said something of, by id.
    pub answers: Vec<AnswerCount>,
}

impl Report {
    /// All requests together.
    pub fn total(&self) -> Tally {
        self.by(|_| ()).remove(&()).unwrap_or_default()
    }

    /// Requests counted by what is the same in several cells.
    pub fn by<K: Ord>(&self, key: impl Fn(Cell) -> K) -> BTreeMap<K, Tally> {
        let mut sums = BTreeMap::<K, Tally>::new();
        for (cell, tally) in &self.cells {
            sums.entry(key(*cell)).or_default().add(tally);
        }
        sums
    }

    /// Requests by what sort of thing their requesters had to say, whatever it was about.
    pub fn by_concern(&self, concern: Concern) -> u32 {
        let of_it = self.concerns.iter().filter(|count| count.concern == concern);
        of_it.fold(0, |sum, count| sum.saturating_add(count.requests))
    }

    /// Visitors who solved it themselves, and all who had something to solve: those whom an answer helped, and with them everybody who
    /// left a request. Who does not say whether an answer helped is not counted, so the share is the least there was.
    pub fn solved_themselves(&self) -> (u64, u64) {
        let helped = self.answers.iter().map(|answer| u64::from(answer.helped)).sum();
        (helped, helped + u64::from(self.total().of(Count::Requests)))
    }
}
