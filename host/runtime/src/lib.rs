//! Plugins: engine, limits, capabilities, hooks. This crate alone knows wasmtime.
//!
//! A component is [loaded](Runtime::load) once: checked, compiled, asked what it is. A site [binds](Runtime::bind) it under a
//! name, with settings that its own JSON Schema accepts. Every call of a hook then gets a fresh instance, dropped afterwards.
//! A call never fails: it is [`Called`] with an answer, or without one and with the reason in its provenance.
//!
//! Invariants: no instance outlives its call; nothing a guest does blocks a worker for longer than one tick (see
//! [`RuntimeSettings::tick`]) or panics the host; no guest reads a clock or a file of the host.

mod bindings;
mod call;
mod compiled;
mod compiler;
mod component;
mod contract;
mod convert;
mod engine;
mod error;
mod hook;
mod plugin;
mod random;
mod settings;
mod state;
mod ticker;
mod wasi;

use std::sync::Arc;

pub use compiled::CompiledFolder;
pub use compiler::{CompileError, Compiler, InProcess};
pub use component::{Component, Description};
pub use error::{LoadError, RuntimeError, SettingsError, SettingsProblem};
pub use hook::{Hook, HookLimits};
pub use plugin::Plugin;
pub use settings::RuntimeSettings;

use jiff::Timestamp;
use porchlight_model::{
    offer::{Offer, OfferPatch, VisitorContext},
    plugin::{Decision, Provenance},
    site::Site,
    submission::Submission,
};

/// Loads plugins and calls their hooks. Cheap to clone: clones share one engine.
#[derive(Clone, Debug)]
pub struct Runtime {
    engine: Arc<engine::Engine>,
}

/// What came of calling a hook.
#[derive(Clone, Debug, PartialEq)]
pub struct Called<T> {
    /// What the plugin answered; `None` where the host's own answer stands.
    pub answer: Option<T>,
    /// Which plugin, what it cost, and how it ended. For offers `Outcome::Answered` comes without `changes`: what a patch
    /// really changes is known once it is laid over the offer.
    pub provenance: Provenance,
}

impl Runtime {
    /// Starts an engine with its pool of instances and its ticker thread.
    pub fn new(settings: RuntimeSettings) -> Result<Self, RuntimeError> {
        Ok(Self { engine: Arc::new(engine::Engine::new(settings)?) })
    }

    /// Checks and compiles a component, reads off its hooks, and asks it what it is.
    ///
    /// Compiling happens where [`RuntimeSettings::compiler`] says, awaited on tokio's blocking pool. [`LoadError`] says what is wrong and how to mend it.
    pub async fn load(&self, component: &[u8]) -> Result<Component, LoadError> {
        component::load(&self.engine, component).await
    }

    /// Gives a component to a site: under a name, with settings that its own JSON Schema accepts, and with a memory limit in
    /// bytes (the runtime's default where there is none).
    pub fn bind(
        &self,
        component: &Component,
        name: &str,
        site: &str,
        settings: &serde_json::Value,
        memory: Option<usize>,
    ) -> Result<Plugin, SettingsError> {
        plugin::bind(&self.engine.settings, component, plugin::Named { name, site }, settings, memory)
    }

    /// Asks a plugin what it changes in an offer.
    pub async fn shape_offer(
        &self,
        plugin: &Plugin,
        visitor: &VisitorContext,
        site: &Site,
        offer: &Offer,
        now: Timestamp,
    ) -> Called<OfferPatch> {
        let question = call::ShapeOffer { visitor: convert::visitor(visitor, site, now), offer: convert::offer(offer) };
        call::ask(&self.engine, plugin, question, now).await
    }

    /// Asks a plugin what becomes of a submission.
    pub async fn receive_request(
        &self,
        plugin: &Plugin,
        visitor: &VisitorContext,
        site: &Site,
        submission: &Submission,
        now: Timestamp,
    ) -> Called<Decision> {
        let question = call::ReceiveRequest {
            visitor: convert::visitor(visitor, site, now),
            submission: convert::submission(submission),
        };
        call::ask(&self.engine, plugin, question, now).await
    }
}
