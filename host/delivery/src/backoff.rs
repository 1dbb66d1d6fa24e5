//! How long a delivery waits after an attempt that failed.

use jiff::{SignedDuration, Timestamp};

/// Seconds after the first failure; each further one doubles them.
const FIRST: u64 = 30;

/// The longest wait: six hours.
const LONGEST: u64 = 6 * 60 * 60;

/// When to try again after `failures` (one at least), with 64 random bits.
///
/// 30 seconds, doubled with each failure up to six hours, of which the second half is left to chance: deliveries that failed
/// together do not come back together.
pub(crate) fn retry_at(failures: u32, chance: u64, now: Timestamp) -> Timestamp {
    let doublings = failures.saturating_sub(1).min(16);
    let full = (FIRST << doublings).min(LONGEST);
    let seconds = full / 2 + chance % (full / 2 + 1);
    now.saturating_add(SignedDuration::from_secs(seconds.cast_signed())).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(failures: u32, chance: u64) -> i64 {
        let now: Timestamp = "2026-11-22T19:30:00Z".parse().expect("a moment");
        retry_at(failures, chance, now).duration_since(now).as_secs()
    }

    /// The bounds of the wait, found by trying every remainder.
    fn bounds(failures: u32) -> (i64, i64) {
        let waits = (0..20_000).map(|chance| wait(failures, chance));
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
    fn at_the_end_of_time_it_stays_there() {
        assert_eq!(retry_at(3, 0, Timestamp::MAX), Timestamp::MAX);
    }
}
