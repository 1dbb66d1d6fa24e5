//! How wide the `margin` column of a row has to be, so that what stands behind it is in overflow pages, and in few of them.
//!
//! A row that is too long for its page leaves its beginning there and fills overflow pages with the rest. Of a row of `P` bytes
//! the page keeps `K = M + (P - M) mod 4092` bytes where that is at most 4061, else `M = 489` (SQLite's file format, section
//! 1.6, for pages of 4096 bytes). The margin makes `P` such that it keeps 489, and is itself at least as wide.

use rusqlite::{Connection, functions::FunctionFlags};

use super::fault::PAGE_SIZE;

const _: () = assert!(PAGE_SIZE == 4096, "the numbers below are of pages of this size");

/// What an overflow page holds, in bytes.
const OVERFLOW: usize = 4_092;

/// What the page of the row keeps, in bytes.
const KEPT: usize = 489;

/// What stands before the margin is some 20 to 200 bytes long, and may grow or shrink by some when the row is changed.
const BEFORE: usize = 110;

/// The middle of the rests of `P - M` for which the page keeps the least: whatever is within 250 bytes of it is one of them.
const MIDDLE: usize = 3_832;

/// Makes the function `margin(bytes)` known to SQL: how wide the margin is before so many bytes.
pub(super) fn register(connection: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function(c"margin", 1, flags, |arguments| {
        let bytes = usize::try_from(arguments.get::<i64>(0)?).unwrap_or(0);
        Ok(i64::try_from(margin(bytes)).unwrap_or(i64::MAX))
    })
}

/// How wide the margin is before so many bytes.
fn margin(bytes: usize) -> usize {
    let room = KEPT + MIDDLE - BEFORE;
    let further_pages = (bytes + KEPT).saturating_sub(room).div_ceil(OVERFLOW);
    room + further_pages * OVERFLOW - bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes of a row of this length that its page keeps.
    fn kept(row: usize) -> usize {
        match KEPT + (row - KEPT) % OVERFLOW {
            kept if row > 4_061 && kept <= 4_061 => kept,
            _ if row > 4_061 => KEPT,
            _ => row,
        }
    }

    #[test]
    fn whatever_stands_behind_a_margin_is_in_overflow_pages_and_in_few() {
        for bytes in 0..30_000 {
            let margin = margin(bytes);
            for before in [20, 60, BEFORE, 160, 200] {
                assert!(kept(before + margin + bytes) <= margin, "{bytes} bytes, {before} before them");
            }
            assert!(margin < KEPT + OVERFLOW, "{margin} before {bytes}");
        }
    }
}
