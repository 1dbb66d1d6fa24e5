//! The engine: what wasmtime is told, the pool, the ticker, and how many may run at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use tokio::sync::Semaphore;
use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::{
    component::Loaded,
    error::RuntimeError,
    random::Random,
    settings::RuntimeSettings,
    ticker::{Pace, Ticker},
};

/// Memories, tables and core modules that one component may consist of. Compilers make two or three of each.
pub const PARTS: u32 = 16;
/// Memories one component may have.
pub const MEMORIES: u32 = 4;
/// Entries of one table.
pub const TABLE_ENTRIES: usize = 20_000;

/// How long the ticker goes on after the last call: waking it costs more than a few ticks.
const LINGER: Duration = Duration::from_secs(1);
const GUEST_STACK: usize = 512 << 10;
/// Imports run on the same stack, above the guest's part of it.
const FIBRE_STACK: usize = 1 << 20;
/// Memory of a returned slot that is cleared rather than given back to the system: a small plugin's whole working set.
const KEPT_WARM: usize = 128 << 10;
/// Slots that wait, with such a working set, for their plugin to be called again. There are more while more calls run.
const WARM_SLOTS: u32 = 32;

/// An engine with all that calls share.
#[derive(Debug)]
pub struct Engine {
    /// Wasmtime's own.
    pub wasmtime: wasmtime::Engine,
    /// Lets time pass for guests.
    pub ticker: Ticker,
    /// Room for calls.
    pub room: Semaphore,
    /// Where guests' random numbers come from.
    pub random: Arc<Random>,
    /// Components in use, by their SHA-256: sites that use the same one share it.
    pub loaded: Mutex<HashMap<String, Weak<Loaded>>>,
    /// What plugins may use up.
    pub settings: RuntimeSettings,
}

impl Engine {
    /// Starts an engine.
    pub fn new(settings: RuntimeSettings) -> Result<Self, RuntimeError> {
        let wasmtime = wasmtime::Engine::new(config().allocation_strategy(pool(&settings)))
            .map_err(|error| RuntimeError::Engine(format!("{error:#}")))?;
        Ok(Self {
            ticker: Ticker::start(wasmtime.clone(), Pace { tick: settings.tick, linger: LINGER })?,
            room: Semaphore::new(settings.concurrent_calls as usize),
            random: Arc::new(Random::new(settings.entropy)),
            wasmtime,
            loaded: Mutex::default(),
            settings,
        })
    }
}

/// An engine that compiles for the one that runs, without a pool of its own: where instances live makes no difference to their
/// code.
pub fn compiling() -> wasmtime::Result<wasmtime::Engine> {
    wasmtime::Engine::new(&config())
}

/// What makes a difference to the code; wasmtime refuses code that was made under another configuration.
fn config() -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config.wasm_component_model(true);
    // Nobody reads where in a plugin a trap happened, and its tables are a third of the compiled form.
    config.wasm_backtrace_max_frames(None);
    config.native_unwind_info(false);
    config.generate_address_map(false);
    config.max_wasm_stack(GUEST_STACK);
    config.async_stack_size(FIBRE_STACK);
    config
}

fn pool(settings: &RuntimeSettings) -> InstanceAllocationStrategy {
    let calls = settings.concurrent_calls;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_core_instances(calls * PARTS)
        .total_memories(calls * MEMORIES)
        .total_tables(calls * PARTS)
        .total_stacks(calls)
        .max_core_instances_per_component(PARTS)
        .max_memories_per_component(MEMORIES)
        .max_tables_per_component(PARTS)
        .max_memory_size(settings.memory_ceiling_bytes)
        .table_elements(TABLE_ENTRIES)
        .linear_memory_keep_resident(KEPT_WARM)
        .table_keep_resident(KEPT_WARM)
        .max_unused_warm_slots(WARM_SLOTS)
        // Linux 6.7 can tell which pages were written: only those are cleared. It saves a third of a fresh call.
        .pagemap_scan(Enabled::Auto);
    InstanceAllocationStrategy::Pooling(pool)
}
