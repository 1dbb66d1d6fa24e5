//! Tallies: how many requests, and how long things took, added up.
//!
//! A time is counted in one of 49 classes, three to each doubling from a minute on: what a tally says of times is rounded up, by a
//! little more than a quarter at most. Longer than 36 days is one class.

use crate::request::Stars;

/// How often something was the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Requests.
    Requests,
    /// Withdrawn by their requesters.
    Cancelled,
    /// Resolved, and not reopened since.
    Resolved,
    /// Of these, those where the business wrote or called once.
    FirstContact,
    /// Resolved once at least: their requesters could say how good the answer was.
    AskedToRate,
    /// First promises that were kept.
    Kept,
    /// First promises that were put off before they were over.
    PutOff,
    /// First promises that were over before there was an answer.
    Broken,
    /// Requests whose requester somebody tried to call.
    Called,
    /// Of these, those who were spoken to.
    Reached,
    /// Ratings with this many stars.
    Stars(Stars),
    /// Of first promises that were over before there was an answer, those without one to this day.
    Unanswered,
}

/// How long something took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// Until the first reply, by the clock.
    FirstReply,
    /// Until the first reply, in support hours alone.
    FirstReplyInHours,
    /// Until it was resolved, by the clock.
    Resolution,
}

/// Counts before those of times.
const COUNTS: usize = 16;
/// Classes of times. In the last is all that is longer.
const CLASSES: usize = 49;
const LEN: usize = COUNTS + 3 * CLASSES;

impl Count {
    fn index(self) -> usize {
        match self {
            Self::Requests => 0,
            Self::Cancelled => 1,
            Self::Resolved => 2,
            Self::FirstContact => 3,
            Self::AskedToRate => 4,
            Self::Kept => 5,
            Self::PutOff => 6,
            Self::Broken => 7,
            Self::Called => 8,
            Self::Reached => 9,
            Self::Stars(stars) => 9 + usize::from(u8::from(stars)),
            Self::Unanswered => 15,
        }
    }
}

impl Span {
    fn first(self) -> usize {
        let place = match self {
            Self::FirstReply => 0,
            Self::FirstReplyInHours => 1,
            Self::Resolution => 2,
        };
        COUNTS + place * CLASSES
    }
}

/// Requests counted, and the times they took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally([u32; LEN]);

impl Default for Tally {
    fn default() -> Self {
        Self([0; LEN])
    }
}

/// Times counted.
#[derive(Clone, Copy, Debug)]
pub struct Times<'a>(&'a [u32]);

impl Tally {
    /// Counts one.
    pub fn count(&mut self, what: Count) {
        self.0[what.index()] += 1;
    }

    /// Counts one, if there is something to count.
    pub fn counts(&mut self, what: Option<Count>) {
        what.into_iter().for_each(|what| self.count(what));
    }

    /// Counts a time of so many seconds.
    pub fn time(&mut self, span: Span, seconds: u64) {
        self.0[span.first() + class(seconds)] += 1;
    }

    /// How many there are.
    pub fn of(&self, what: Count) -> u32 {
        self.0[what.index()]
    }

    /// The times there are.
    pub fn times(&self, span: Span) -> Times<'_> {
        Times(&self.0[span.first()..span.first() + CLASSES])
    }

    /// Adds what another counts.
    pub fn add(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(count, more)| *count = count.saturating_add(more));
    }

    /// Takes away what another counts, which was added before.
    pub fn subtract(&mut self, other: &Self) {
        self.0.iter_mut().zip(other.0).for_each(|(count, less)| *count = count.saturating_sub(less));
    }

    /// Every count that is not none, with its place. A place means the same for ever.
    pub fn entries(&self) -> impl Iterator<Item = (usize, u32)> {
        self.0.iter().copied().enumerate().filter(|(_, count)| *count > 0)
    }

    /// Adds what stands at a place; a place that there is not is passed over.
    pub fn add_at(&mut self, place: usize, count: u32) {
        if let Some(known) = self.0.get_mut(place) {
            *known = known.saturating_add(count);
        }
    }

    /// Has the first reply, and what became of the promise, as another has them.
    pub(super) fn take_reply_of(&mut self, other: &Self) {
        for what in [Count::Kept, Count::PutOff, Count::Broken, Count::Unanswered] {
            self.0[what.index()] = other.0[what.index()];
        }
        for span in [Span::FirstReply, Span::FirstReplyInHours] {
            let times = span.first()..span.first() + CLASSES;
            self.0[times.clone()].copy_from_slice(&other.0[times]);
        }
    }
}

impl Times<'_> {
    /// How many there are.
    pub fn count(self) -> u32 {
        self.0.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Seconds within which this share of them, in hundredths, was over; rounded up to the end of a class, and to 36 days at most.
    /// `None` where there are none.
    pub fn within(self, hundredths: u64) -> Option<u64> {
        self.within_of(hundredths, 0)
    }

    /// The same where so many more are not over, and count as longer than any. `None` also where the share is not reached without
    /// these.
    pub fn within_of(self, hundredths: u64, unfinished: u32) -> Option<u64> {
        let all = u64::from(self.count()) + u64::from(unfinished);
        let enough = (all * hundredths).div_ceil(100).max(1);
        let mut over = 0;
        let reached = self.0.iter().position(|count| {
            over += u64::from(*count);
            over >= enough
        });
        reached.map(|class| end(class.min(CLASSES - 2)))
    }
}

/// The class of a time.
fn class(seconds: u64) -> usize {
    (0..CLASSES - 1).find(|class| seconds <= end(*class)).unwrap_or(CLASSES - 1)
}

/// The longest time of a class, in seconds: a minute, and from there on three to each doubling.
fn end(class: usize) -> u64 {
    [60, 76, 96][class % 3] << (class / 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_rounded_up_by_little_more_than_a_quarter() {
        for seconds in (61..4_000).chain((1..700).map(|hours| hours * 3_600)) {
            let mut tally = Tally::default();
            tally.time(Span::FirstReply, seconds);
            let said = tally.times(Span::FirstReply).within(50).expect("a time");
            assert!(seconds <= said && said * 100 < seconds * 127, "{seconds} is said as {said}");
        }
    }

    #[test]
    fn share_of_times_is_told_and_none_where_there_are_none() {
        let mut tally = Tally::default();
        assert_eq!(tally.times(Span::Resolution).within(50), None);
        for _ in 0..9 {
            tally.time(Span::Resolution, 0);
        }
        tally.time(Span::Resolution, u64::MAX);
        let times = tally.times(Span::Resolution);
        assert_eq!([times.within(0), times.within(50), times.within(90)], [Some(60); 3]);
        assert_eq!(times.within(91), Some(96 << 15), "longer than every class is the longest");
        assert_eq!(tally.times(Span::FirstReply).count(), 0, "spans are counted apart");
    }

    #[test]
    fn what_was_added_can_be_taken_away_and_read_place_by_place() {
        let mut one = Tally::default();
        one.count(Count::Requests);
        one.count(Count::Stars(5.try_into().expect("stars")));
        one.time(Span::Resolution, u64::MAX);
        let mut sum = one.clone();
        sum.add(&one);
        assert_eq!(sum.of(Count::Requests), 2);
        let mut read = Tally::default();
        sum.entries().for_each(|(place, count)| read.add_at(place, count));
        read.add_at(LEN, 7);
        assert_eq!(read, sum);
        sum.subtract(&one);
        assert_eq!(sum, one);
        sum.subtract(&one);
        assert_eq!(sum, Tally::default());
    }

    #[test]
    fn every_count_has_a_place_of_its_own() {
        let stars = (1..=5).map(|stars| Count::Stars(stars.try_into().expect("stars")));
        let counts = [
            Count::Requests,
            Count::Cancelled,
            Count::Resolved,
            Count::FirstContact,
            Count::AskedToRate,
            Count::Kept,
            Count::PutOff,
            Count::Broken,
            Count::Called,
            Count::Reached,
        ];
        let places: Vec<usize> = counts.into_iter().chain(stars).chain([Count::Unanswered]).map(Count::index).collect();
        assert_eq!(places, (0..COUNTS).collect::<Vec<_>>());
    }
}
