//! The thread that lets time pass for guests.
//!
//! It ticks while calls run and for a while after; then it sleeps until the next call, so that an idle host stays idle.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// How often time passes, and how long it goes on passing after the last call.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// From one tick to the next.
    pub tick: Duration,
    /// From the last call until the thread sleeps.
    pub linger: Duration,
}

/// Ticks the epoch of an engine while somebody [runs](Ticker::run).
#[derive(Debug)]
pub struct Ticker {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    running: AtomicU32,
    asleep: AtomicBool,
    stopped: AtomicBool,
}

/// A call in progress: the ticker ticks as long as it lives.
#[derive(Debug)]
pub struct Running<'a>(&'a Ticker);

impl Ticker {
    /// Starts the thread.
    pub fn start(engine: wasmtime::Engine, pace: Pace) -> io::Result<Self> {
        let shared = Arc::new(Shared::default());
        let theirs = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("plugin-ticker".to_owned())
            .spawn(move || theirs.tick_until_stopped(&engine, pace))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Keeps time passing until the guard is dropped.
    pub fn run(&self) -> Running<'_> {
        self.shared.running.fetch_add(1, Ordering::SeqCst);
        if self.shared.asleep.load(Ordering::SeqCst) {
            self.wake();
        }
        Running(self)
    }

    fn wake(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.shared.running.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.wake();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has nothing left to say; ticking cannot panic.
            drop(thread.join());
        }
    }
}

impl Shared {
    fn tick_until_stopped(&self, engine: &wasmtime::Engine, pace: Pace) {
        let mut idle = Duration::ZERO;
        while !self.stopped.load(Ordering::SeqCst) {
            if self.running.load(Ordering::SeqCst) > 0 {
                idle = Duration::ZERO;
            } else if idle >= pace.linger {
                self.sleep();
                idle = Duration::ZERO;
            }
            std::thread::sleep(pace.tick);
            idle += pace.tick;
            engine.increment_epoch();
        }
    }

    /// Sleeps until a call begins. `asleep` is set before `running` is looked at, and `run` does it the other way round:
    /// one of the two sees the other.
    fn sleep(&self) {
        self.asleep.store(true, Ordering::SeqCst);
        while self.running.load(Ordering::SeqCst) == 0 && !self.stopped.load(Ordering::SeqCst) {
            std::thread::park();
        }
        self.asleep.store(false, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::{Config, Engine, Instance, Module, Store, Trap};

    use super::*;

    #[test]
    fn a_sleeping_ticker_wakes_for_every_call() {
        let engine = Engine::new(Config::new().epoch_interruption(true)).expect("an engine");
        let spin = wat::parse_str(r#"(module (func (export "spin") (loop (br 0))))"#).expect("a module");
        let module = Module::new(&engine, spin).expect("a module");
        let pace = Pace { tick: Duration::from_micros(100), linger: Duration::ZERO };
        let ticker = Ticker::start(engine.clone(), pace).expect("a thread");
        for _ in 0..200 {
            // A ticker that slept on would leave the guest, and this test, spinning for ever.
            let _running = ticker.run();
            let mut store = Store::new(&engine, ());
            store.set_epoch_deadline(1);
            let instance = Instance::new(&mut store, &module, &[]).expect("an instance");
            let spin = instance.get_typed_func::<(), ()>(&mut store, "spin").expect("the function");
            let error = spin.call(&mut store, ()).expect_err("it never returns");
            assert_eq!(error.downcast_ref::<Trap>(), Some(&Trap::Interrupt));
        }
    }
}
