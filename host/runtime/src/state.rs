//! What the host keeps for one call: its limits, its lines, its clock.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use wasmtime::ResourceLimiter;

use crate::{
    bindings::porchlight::plugin::{log, settings, types},
    engine::{MEMORIES, PARTS, TABLE_ENTRIES},
    random::Random,
};

pub use lines::{Lines, Whose};

mod lines;

/// What the host keeps for one call. Nothing of it outlives the call.
#[derive(Debug)]
pub struct CallState {
    /// The plugin's settings as JSON text.
    pub settings: Arc<str>,
    /// What it wrote.
    pub lines: Lines,
    /// What it uses of memory.
    pub memory: Memory,
    /// What it uses of time.
    pub cpu: Cpu,
    /// The moment the call is about: the guest's wall clock stands there.
    pub now: Timestamp,
    /// When the call began: the guest's monotonic clock counts from there.
    pub begun: Instant,
    /// Where its random numbers come from.
    pub random: Arc<Random>,
}

/// Memory of one call, in bytes, summed over all its memories.
#[derive(Debug)]
pub struct Memory {
    /// What may be used.
    pub allowed: usize,
    /// What is used. Memories never shrink, so it is also the most that was used.
    pub used: usize,
    /// Whether more was asked for than is allowed.
    pub exceeded: bool,
    /// Growth granted last, to be taken back where it fails after all.
    granted: usize,
}

/// Computing time of one call, counted in ticks of the engine.
#[derive(Debug)]
pub struct Cpu {
    /// Ticks that may still be used.
    pub left: u64,
    /// Whether they were all used.
    pub exceeded: bool,
}

impl Memory {
    /// No memory used yet of so many bytes.
    pub fn of(allowed: usize) -> Self {
        Self { allowed, used: 0, exceeded: false, granted: 0 }
    }
}

impl Cpu {
    /// As many ticks as fit into the time allowed, at least one.
    pub fn of(allowed: Duration, tick: Duration) -> Self {
        let ticks = allowed.as_micros() / tick.as_micros().max(1);
        Self { left: u64::try_from(ticks).unwrap_or(u64::MAX).max(1), exceeded: false }
    }
}

impl ResourceLimiter for CallState {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let grown = desired.saturating_sub(current);
        let fits = self.memory.used.saturating_add(grown) <= self.memory.allowed;
        // A guest may ask for more than its own maximum to find out where it ends: that is no excess.
        let own = maximum.is_none_or(|maximum| desired <= maximum);
        if fits && own {
            self.memory.granted = grown;
            self.memory.used += grown;
        } else if own {
            self.memory.exceeded = true;
        }
        Ok(fits && own)
    }

    fn memory_grow_failed(&mut self, _error: wasmtime::Error) -> wasmtime::Result<()> {
        self.memory.used -= std::mem::take(&mut self.memory.granted);
        Ok(())
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= TABLE_ENTRIES)
    }

    fn instances(&self) -> usize {
        PARTS as usize
    }

    fn tables(&self) -> usize {
        PARTS as usize
    }

    fn memories(&self) -> usize {
        MEMORIES as usize
    }
}

impl settings::Host for CallState {
    fn get(&mut self) -> String {
        self.settings.to_string()
    }
}

impl log::Host for CallState {
    fn write(&mut self, level: log::Level, message: String) {
        self.lines.write(level.into(), &message);
    }
}

impl types::Host for CallState {}

impl From<log::Level> for tracing::Level {
    fn from(level: log::Level) -> Self {
        match level {
            log::Level::Debug => Self::DEBUG,
            log::Level::Info => Self::INFO,
            log::Level::Warn => Self::WARN,
            log::Level::Error => Self::ERROR,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hook::Hook;

    const MIB: usize = 1 << 20;

    fn with_memory(allowed: usize) -> CallState {
        let whose = Whose { plugin: "p".to_owned(), site: "s".to_owned(), hook: Hook::ShapeOffer };
        CallState {
            settings: "{}".into(),
            lines: Lines::of(whose),
            memory: Memory::of(allowed),
            cpu: Cpu::of(Duration::from_millis(20), Duration::from_millis(1)),
            now: Timestamp::UNIX_EPOCH,
            begun: Instant::now(),
            random: Arc::new(Random::new([0; 32])),
        }
    }

    #[test]
    fn memory_counts_over_all_memories_together() {
        let mut state = with_memory(16 * MIB);
        assert!(state.memory_growing(0, 10 * MIB, None).expect("no trap"));
        assert!(!state.memory_growing(0, 10 * MIB, None).expect("no trap"), "a second memory of the same size");
        assert!(state.memory.exceeded);
        assert!(state.memory_growing(10 * MIB, 16 * MIB, None).expect("no trap"));
        assert_eq!(state.memory.used, 16 * MIB);
    }

    #[test]
    fn memory_that_could_not_be_had_is_not_counted() {
        let mut state = with_memory(16 * MIB);
        assert!(state.memory_growing(0, MIB, None).expect("no trap"));
        state.memory_grow_failed(wasmtime::format_err!("no room")).expect("no trap");
        assert_eq!((state.memory.used, state.memory.exceeded), (0, false));
    }

    #[test]
    fn a_guest_that_finds_its_own_maximum_exceeds_nothing() {
        let mut state = with_memory(16 * MIB);
        assert!(!state.memory_growing(0, 2 * MIB, Some(MIB)).expect("no trap"));
        assert!(!state.memory.exceeded);
    }

    #[test]
    fn cpu_time_is_whole_ticks_and_never_none() {
        assert_eq!(Cpu::of(Duration::from_millis(20), Duration::from_millis(1)).left, 20);
        assert_eq!(Cpu::of(Duration::ZERO, Duration::from_millis(1)).left, 1);
        assert_eq!(Cpu::of(Duration::from_millis(20), Duration::ZERO).left, 20_000);
    }
}
