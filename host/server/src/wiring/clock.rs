//! The clock. Everything else receives `now`.

use jiff::{SignedDuration, Timestamp};

/// Tells the time; the demo's may start at another moment, and runs on from there.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    ahead: SignedDuration,
}

impl Clock {
    /// The machine's own clock.
    pub fn real() -> Self {
        Self { ahead: SignedDuration::ZERO }
    }

    /// A clock that shows `start` now.
    pub fn starting_at(start: Timestamp) -> Self {
        Self { ahead: start.duration_since(machine_now()) }
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        machine_now().checked_add(self.ahead).unwrap_or(Timestamp::MAX)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the edge where time comes in")]
fn machine_now() -> Timestamp {
    Timestamp::now()
}
