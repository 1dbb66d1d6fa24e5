//! Where the parts are joined, and the only place that reads the clock and draws chance.

pub mod chance;
pub mod clock;
pub mod compiler;
pub mod delivery;
pub mod inbox;
pub mod letters;
pub mod memory;
pub mod notices;
pub mod outbox;
