//! Whether a target is tried: one that keeps failing is left to rest, then asked by one delivery whether it works again.

use jiff::{SignedDuration, Timestamp};

use crate::backoff::wait;

/// Failures in a row after which a target is left to rest.
const FAILURES: u32 = 5;

/// The longest rest, in seconds.
const LONGEST_REST: u64 = 15 * 60;

/// What is known of a target.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Circuit {
    /// In a row, up to now.
    failures: u32,
    /// Rests since it worked.
    rests: u32,
    /// Until when it rests, or rested.
    rest_until: Option<Timestamp>,
}

impl Circuit {
    /// How many deliveries may be begun now, of `all` under way together: none while it rests, one to ask it afterwards.
    pub(super) fn room(&self, all: u32, under_way: u32, now: Timestamp) -> u32 {
        match self.rest_until {
            None => all.saturating_sub(under_way),
            Some(until) if now < until => 0,
            Some(_) => 1_u32.saturating_sub(under_way),
        }
    }

    /// A delivery was taken. What was begun before a rest does not end it.
    pub(super) fn worked(&mut self, now: Timestamp) {
        if !self.rests_at(now) {
            *self = Self::default();
        }
    }

    /// A delivery failed, and the target is to blame; says whether a rest begins with that. The target may have `asked` for one
    /// of its own length. What was begun before a rest makes it no longer.
    pub(super) fn failed(&mut self, asked: Option<SignedDuration>, chance: u64, now: Timestamp) -> bool {
        if self.rests_at(now) {
            return false;
        }
        self.failures = self.failures.saturating_add(1);
        if asked.is_none() && self.failures < FAILURES {
            return false;
        }
        self.rests = self.rests.saturating_add(1);
        let rest = asked.unwrap_or_else(|| wait(self.rests, LONGEST_REST, chance));
        self.rest_until = Some(now.saturating_add(rest).unwrap_or(Timestamp::MAX));
        true
    }

    /// Whether it rests, or has rested and has not shown since that it works.
    pub(super) fn is_open(&self) -> bool {
        self.rest_until.is_some()
    }

    /// Whether nothing is known that would have to be remembered.
    pub(super) fn is_new(&self) -> bool {
        *self == Self::default()
    }

    fn rests_at(&self, now: Timestamp) -> bool {
        self.rest_until.is_some_and(|until| now < until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + seconds).expect("a moment")
    }

    /// One that failed so often at the beginning.
    fn failed(times: u32) -> Circuit {
        let mut circuit = Circuit::default();
        for time in 1..=times {
            assert_eq!(circuit.failed(None, 0, at(0)), time == FAILURES, "the {time}th");
        }
        circuit
    }

    #[test]
    fn target_that_works_has_all_its_room() {
        let mut circuit = failed(4);
        assert_eq!((circuit.room(8, 0, at(0)), circuit.room(8, 3, at(0)), circuit.room(8, 9, at(0))), (8, 5, 0));
        circuit.worked(at(1));
        assert!(circuit.is_new());
    }

    #[test]
    fn fifth_failure_in_a_row_begins_a_rest_after_which_one_delivery_asks() {
        let mut circuit = failed(5);
        assert_eq!((circuit.room(8, 0, at(14)), circuit.room(8, 0, at(15)), circuit.room(8, 1, at(15))), (0, 1, 0));
        assert!(circuit.is_open() && !failed(4).is_open());
        circuit.worked(at(16));
        assert!(!circuit.is_open());
        assert_eq!((circuit.room(8, 0, at(16)), circuit.is_new()), (8, true));
    }

    #[test]
    fn rest_gets_longer_with_each_answer_that_fails_up_to_a_quarter_of_an_hour() {
        let (mut circuit, mut now) = (failed(5), 0);
        let mut rests = Vec::new();
        for _ in 0..8 {
            let rest = (0..).find(|second| circuit.room(8, 0, at(now + second)) > 0).expect("an end");
            rests.push(rest);
            now += rest;
            assert!(circuit.failed(None, 0, at(now)), "the next rest");
        }
        assert_eq!(rests, [15, 30, 60, 120, 240, 450, 450, 450]);
    }

    #[test]
    fn what_was_begun_before_a_rest_changes_nothing() {
        let mut circuit = failed(5);
        let before = circuit;
        assert!(!circuit.failed(None, 0, at(10)));
        circuit.worked(at(10));
        assert_eq!(circuit, before);
    }

    #[test]
    fn target_may_ask_for_a_rest() {
        let mut circuit = Circuit::default();
        assert!(circuit.failed(Some(SignedDuration::from_secs(120)), 0, at(0)), "at once");
        assert_eq!((circuit.room(8, 0, at(119)), circuit.room(8, 0, at(120))), (0, 1));
    }
}
