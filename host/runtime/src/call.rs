//! One call: room for it, a fresh instance, its limits, and how it ended.
//!
//! Guests run on the worker that asks, not on a thread of their own: at every tick they yield to the others, and the tick is
//! counted. A call is cut off when its ticks are used up (`cpu`) or when its time is over, waiting included (`wall`).

use std::{
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use porchlight_model::plugin::{Outcome, Provenance};
use wasmtime::{Store, UpdateDeadline, component::Instance};

use crate::{
    Called,
    component::{Exports, Ready},
    engine::Engine,
    hook::Hook,
    plugin::Plugin,
    state::{CallState, Cpu, Lines, Memory, Whose},
};

pub use questions::{Describe, ReceiveRequest, ShapeOffer};

mod questions;

/// Handles to host resources that one call may hold.
const HANDLES: usize = 1_024;
/// Characters of a trap's message that are kept.
const MESSAGE_CHARS: usize = 2_048;

/// Something to ask a guest.
pub trait Question: Send {
    /// The hook it is put through.
    const HOOK: Hook;
    /// What the guest says, in the contract's types.
    type Said: Send;

    /// Puts it to an instance. An error here is a trap.
    fn put(
        self,
        store: &mut Store<CallState>,
        instance: &Instance,
        exports: &Exports,
    ) -> impl Future<Output = wasmtime::Result<Self::Said>> + Send;
}

/// A question whose answer changes something.
pub trait Decides: Question {
    /// The answer in the model's types.
    type Answer;

    /// Reads what the guest said: its answer and that in short words, or how it failed to answer.
    fn read(said: Self::Said) -> Result<(Self::Answer, Vec<String>), Outcome>;
}

/// What a call needs besides the question.
pub struct Call<'a> {
    /// The component.
    pub ready: &'a Ready,
    /// Whose call it is.
    pub whose: Whose,
    /// Settings as JSON text.
    pub settings: Arc<str>,
    /// Memory it may use, in bytes.
    pub memory: usize,
    /// The moment it is about.
    pub now: Timestamp,
}

/// How a call ended.
#[derive(Debug)]
pub struct Ended<T> {
    /// What the guest said, or why it said nothing.
    pub result: Result<T, Failed>,
    /// Time from the call to its end.
    pub wall: Duration,
    /// Memory it used at most, in bytes.
    pub memory: usize,
}

/// Why a guest said nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// It crashed.
    #[error("it crashed: {0}")]
    Trap(String),
    /// It hit a limit.
    #[error("it used more {limit} than the {allowed} allowed")]
    Limit {
        /// Which one.
        limit: &'static str,
        /// What was allowed, with its unit.
        allowed: String,
    },
}

impl From<Failed> for Outcome {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Trap(message) => Self::Trap { message },
            Failed::Limit { limit, allowed } => Self::Limit { limit: limit.to_owned(), allowed },
        }
    }
}

/// Asks a plugin; whatever happens, the caller learns it from the provenance.
pub async fn ask<Q: Decides>(engine: &Engine, plugin: &Plugin, question: Q, now: Timestamp) -> Called<Q::Answer> {
    if !plugin.has(Q::HOOK) {
        let message = format!("it does not export `{}`", Q::HOOK.as_str());
        return called(plugin, Q::HOOK, (Duration::ZERO, 0), Err(Outcome::Missing { message }));
    }
    let whose = Whose { plugin: plugin.name().to_owned(), site: plugin.site().to_owned(), hook: Q::HOOK };
    let (ready, memory) = (plugin.component().ready(), plugin.memory());
    let ended = run(engine, Call { ready, whose, settings: plugin.settings(), memory, now }, question).await;
    let read = ended.result.map_err(Outcome::from).and_then(Q::read);
    called(plugin, Q::HOOK, (ended.wall, ended.memory), read)
}

fn called<A>(
    plugin: &Plugin,
    hook: Hook,
    (wall, memory): (Duration, usize),
    read: Result<(A, Vec<String>), Outcome>,
) -> Called<A> {
    let (answer, outcome) = match read {
        Ok((answer, changes)) => (Some(answer), Outcome::Answered { changes }),
        Err(outcome) => (None, outcome),
    };
    let provenance = Provenance {
        plugin: plugin.name().to_owned(),
        version: plugin.component().description().version.clone(),
        sha256: plugin.component().sha256().to_owned(),
        hook: hook.as_str().to_owned(),
        wall_us: u64::try_from(wall.as_micros()).unwrap_or(u64::MAX),
        outcome,
        facts: [("memory_bytes".to_owned(), memory.to_string())].into(),
    };
    Called { answer, provenance }
}

/// Puts a question to a fresh instance, within the limits of its hook.
pub async fn run<Q: Question>(engine: &Engine, call: Call<'_>, question: Q) -> Ended<Q::Said> {
    let begun = Instant::now();
    let ready = call.ready;
    let mut store = store(engine, call, Q::HOOK, begun);
    let limits = Q::HOOK.limits();
    // Pinned first, so that its state, which is large, is not moved into the time limit.
    let put = {
        let put = pin!(put(engine, ready, &mut store, question));
        tokio::time::timeout(limits.wall, put).await
    };
    let result = match put {
        Ok(Ok(said)) => Ok(said),
        Ok(Err(error)) => Err(failed(&error, store.data(), engine, limits.cpu)),
        Err(_) => Err(Failed::Limit { limit: "wall", allowed: format!("{} ms", limits.wall.as_millis()) }),
    };
    store.data_mut().lines.close();
    Ended { result, wall: begun.elapsed(), memory: store.data().memory.used }
}

async fn put<Q: Question>(
    engine: &Engine,
    ready: &Ready,
    store: &mut Store<CallState>,
    question: Q,
) -> wasmtime::Result<Q::Said> {
    let _room = engine.room.acquire().await?;
    let _ticking = engine.ticker.run();
    let instance = ready.instances.instantiate_async(&mut *store).await?;
    question.put(store, &instance, &ready.exports).await
}

fn store(engine: &Engine, call: Call<'_>, hook: Hook, begun: Instant) -> Store<CallState> {
    let state = CallState {
        settings: call.settings,
        lines: Lines::of(call.whose),
        memory: Memory::of(call.memory),
        cpu: Cpu::of(hook.limits().cpu, engine.settings.tick),
        now: call.now,
        begun,
        random: Arc::clone(&engine.random),
    };
    let mut store = Store::new(&engine.wasmtime, state);
    store.limiter(|state| state);
    store.set_hostcall_fuel(engine.settings.payload_bytes);
    store.set_max_component_handles(HANDLES);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(|mut store| count_tick(&mut store.data_mut().cpu));
    store
}

fn count_tick(cpu: &mut Cpu) -> wasmtime::Result<UpdateDeadline> {
    cpu.left = cpu.left.saturating_sub(1);
    if cpu.left == 0 {
        cpu.exceeded = true;
        return Ok(UpdateDeadline::Interrupt);
    }
    Ok(UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now())))
}

fn failed(error: &wasmtime::Error, state: &CallState, engine: &Engine, cpu: Duration) -> Failed {
    // Wasmtime keeps the type of this error to itself; a test notices should its words change.
    let too_much_data = error.root_cause().to_string().contains("fuel allocated for hostcalls");
    if state.cpu.exceeded {
        Failed::Limit { limit: "cpu", allowed: format!("{} ms", cpu.as_millis()) }
    } else if state.memory.exceeded {
        Failed::Limit { limit: "memory", allowed: in_bytes(state.memory.allowed) }
    } else if too_much_data {
        Failed::Limit { limit: "payload", allowed: in_bytes(engine.settings.payload_bytes) }
    } else {
        Failed::Trap(message(error, state.lines.last_words()))
    }
}

fn in_bytes(bytes: usize) -> String {
    if bytes.is_multiple_of(1 << 20) { format!("{} MiB", bytes >> 20) } else { format!("{} KiB", bytes >> 10) }
}

/// What an operator reads of a trap: the guest's last words if it had any, and what the engine says.
fn message(error: &wasmtime::Error, last_words: &str) -> String {
    let engine = error.root_cause().to_string();
    let said = if last_words.is_empty() { engine } else { format!("{last_words} ({engine})") };
    said.chars().take(MESSAGE_CHARS).collect()
}
