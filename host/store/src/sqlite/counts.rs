//! Counts as bytes: pairs of varints (LEB128), how many places lie between this one and the one before, and what is counted there.
//!
//! Most of what can be counted is none, so most take a few dozen bytes.

use std::collections::BTreeMap;

use porchlight_model::measure::Tally;

/// Counts by their places.
pub(super) type Counts = BTreeMap<usize, u32>;

/// Counts as bytes. What is none is left out.
pub(super) fn written(entries: impl Iterator<Item = (usize, u32)>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut next = 0;
    for (place, count) in entries.filter(|(_, count)| *count > 0) {
        write(&mut bytes, u64::try_from(place - next).unwrap_or(u64::MAX));
        write(&mut bytes, count.into());
        next = place + 1;
    }
    bytes
}

/// What stands in bytes, in the order of places. It ends where it is cut off or makes no sense.
pub(super) fn read(mut bytes: &[u8]) -> impl Iterator<Item = (usize, u32)> {
    let mut next = 0_usize;
    std::iter::from_fn(move || {
        let gap = usize::try_from(number(&mut bytes)?).ok()?;
        let count = u32::try_from(number(&mut bytes)?).ok()?;
        let place = next.checked_add(gap)?;
        next = place.checked_add(1)?;
        Some((place, count))
    })
}

/// The tally that stands in bytes.
pub(super) fn tally(bytes: &[u8]) -> Tally {
    let mut tally = Tally::default();
    read(bytes).for_each(|(place, count)| tally.add_at(place, count));
    tally
}

fn write(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    // Most are small.
    if let [byte @ ..0x80, behind @ ..] = *rest {
        *rest = behind;
        return Some(u64::from(*byte));
    }
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, behind) = rest.split_first()?;
        *rest = behind;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use porchlight_model::measure::{Count, Span};

    use super::*;

    #[test]
    fn a_tally_is_read_as_it_was_written() {
        let mut sum = Tally::default();
        assert_eq!(written(sum.entries()), [0_u8; 0]);
        for seconds in (0..5_000_000).step_by(7_919) {
            sum.count(Count::Requests);
            sum.time(Span::Resolution, seconds);
        }
        sum.add_at(3, u32::MAX);
        assert_eq!(tally(&written(sum.entries())), sum);
    }

    #[test]
    fn what_makes_no_sense_ends_what_is_read() {
        for bytes in [&[0x80][..], &[0xff; 40], &[0], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 1]] {
            assert_eq!(tally(bytes), Tally::default(), "{bytes:?}");
        }
        let damaged = [0, 2, 0x80];
        assert_eq!(tally(&damaged).of(Count::Requests), 2, "what stands before the damage counts");
    }
}
