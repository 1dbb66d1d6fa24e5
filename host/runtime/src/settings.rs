//! What plugins may use up, unless their site or hook says less.

use std::{sync::Arc, time::Duration};

use crate::{
    compiled::CompiledFolder,
    compiler::{Compiler, InProcess},
};

/// What plugins may use up. The defaults are those of the plugin contract.
#[derive(Clone, Debug)]
pub struct RuntimeSettings {
    /// Memory of one call in bytes, summed over all its memories, where the site file sets no limit of its own.
    pub memory_bytes: usize,
    /// The most a site file can set that limit to, in bytes. It sizes the pool, in address space only.
    pub memory_ceiling_bytes: usize,
    /// Size of a component, in bytes.
    pub component_bytes: usize,
    /// Data that one call may hand to the host, in bytes.
    pub payload_bytes: usize,
    /// Calls that run at the same time, over all plugins. Further ones wait, and their waiting counts as wall time.
    pub concurrent_calls: u32,
    /// How often a running guest is stopped for a moment to count its CPU time and to let others run.
    pub tick: Duration,
    /// Where random numbers of guests are drawn from. The same bytes give the same numbers: whoever wires the host together
    /// puts real chance here.
    pub entropy: [u8; 32],
    /// Where components are compiled.
    pub compiler: Arc<dyn Compiler>,
    /// Where compiled components are kept from one start to the next; without it each start compiles them.
    pub compiled: Option<CompiledFolder>,
}

impl Default for RuntimeSettings {
    fn default() -> Self {
        Self {
            memory_bytes: 16 << 20,
            memory_ceiling_bytes: 256 << 20,
            component_bytes: 8 << 20,
            payload_bytes: 256 << 10,
            concurrent_calls: 32,
            tick: Duration::from_millis(1),
            entropy: [0; 32],
            compiler: Arc::new(InProcess),
            compiled: None,
        }
    }
}
