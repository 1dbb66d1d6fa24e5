//! How long a delivery waits after an attempt that failed, and when it is given up.

use jiff::{SignedDuration, Timestamp};

/// Seconds after the first failure; each further one doubles them.
const FIRST: u64 = 30;

/// The longest wait: six hours.
const LONGEST: u64 = 6 * 60 * 60;

/// How long a delivery is tried.
pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_hours(3 * 24);

/// When to try a delivery again that has been tried `since` then and failed so often (once at least), with 64 random bits;
/// `None` once that would be more than three days after it was to be sent.
///
/// 30 seconds, doubled with each failure up to six hours, of which the second half is left to chance: deliveries that failed
/// together do not come back together.
pub(crate) fn retry_at(since: Timestamp, failures: u32, chance: u64, now: Timestamp) -> Option<Timestamp> {
    let next = now.checked_add(wait(failures, LONGEST, chance)).ok()?;
    (next.duration_since(since) <= PATIENCE).then_some(next)
}

/// How long to wait after so many failures, at most `longest` seconds.
pub(crate) fn wait(failures: u32, longest: u64, chance: u64) -> SignedDuration {
    let doublings = failures.saturating_sub(1).min(16);
    let full = (FIRST << doublings).min(longest);
    SignedDuration::from_secs((full / 2 + chance % (full / 2 + 1)).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T19:30:00Z".parse().expect("a moment")
    }

    fn waited(failures: u32, chance: u64) -> i64 {
        retry_at(now(), failures, chance, now()).expect("it is tried again").duration_since(now()).as_secs()
    }

    /// The bounds of the wait, found by trying every remainder.
    fn bounds(failures: u32) -> (i64, i64) {
        let waits = (0..20_000).map(|chance| waited(failures, chance));
        waits.fold((i64::MAX, i64::MIN), |(least, most), wait| (least.min(wait), most.max(wait)))
    }

    #[test]
    fn the_wait_doubles_with_each_failure() {
        assert_eq!(bounds(1), (15, 30));
        assert_eq!(bounds(2), (30, 60));
        assert_eq!(bounds(5), (240, 480));
    }

    #[test]
    fn the_wait_ends_at_six_hours() {
        assert_eq!(bounds(10), (7_680, 15_360));
        assert_eq!(bounds(11), (10_800, 21_600));
        assert_eq!(bounds(u32::MAX), (10_800, 21_600));
    }

    #[test]
    fn after_three_days_a_delivery_is_given_up() {
        let (since, late) = (now(), now() + SignedDuration::from_hours(69));
        assert_eq!(retry_at(since, 20, 0, late), Some(late + SignedDuration::from_hours(3)), "the last time");
        assert_eq!(retry_at(since, 20, 0, late + SignedDuration::from_secs(1)), None);
        assert_eq!(retry_at(Timestamp::MAX, 3, 0, Timestamp::MAX), None);
    }

    #[test]
    fn within_three_days_a_delivery_is_tried_some_thirty_times() {
        for chance in [0, 7, 10_000, u64::MAX] {
            let (mut at, mut failures) = (now(), 1);
            while let Some(next) = retry_at(now(), failures, chance, at) {
                (at, failures) = (next, failures + 1);
            }
            assert!((20..=40).contains(&failures), "{failures} with {chance}");
        }
    }
}
