//! How long requests are kept, as a site file says it.

use jiff::{SignedDuration, Span, SpanRelativeTo};

/// The shortest time there is: nothing is erased on the day it ended.
const SHORTEST: SignedDuration = SignedDuration::from_hours(24);

/// The longest, a hundred years: more is a slip of the keyboard.
const LONGEST: SignedDuration = SignedDuration::from_hours(100 * 366 * 24);

/// A span of whole days, `365d`; the error says what to write.
pub fn days(written: &str) -> Result<SignedDuration, String> {
    let span = written.parse::<Span>().ok();
    // Months and years differ in length: who wants them to be kept says for how many days.
    let read = span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok());
    let read = read.ok_or_else(|| format!("`{written}` is not a number of days: write `365d`"))?;
    if !(SHORTEST..=LONGEST).contains(&read) {
        return Err(format!("`{written}` is not between one day and a hundred years: write `365d`"));
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_weeks_are_read_and_what_has_no_fixed_length_is_not() {
        assert_eq!(days("365d"), Ok(SignedDuration::from_hours(365 * 24)));
        assert_eq!(days("26w"), Ok(SignedDuration::from_hours(26 * 7 * 24)));
        assert_eq!(days("90 days"), Ok(SignedDuration::from_hours(90 * 24)));
        for wrong in ["", "365", "1y", "6 months", "soon", "P1Y"] {
            assert!(days(wrong).is_err_and(|said| said.contains("write `365d`")), "{wrong}");
        }
        for wrong in ["0d", "23h", "-5d", "40000d"] {
            assert!(days(wrong).is_err_and(|said| said.contains("between one day")), "{wrong}");
        }
    }
}
