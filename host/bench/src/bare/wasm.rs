//! Bare wasmtime, tuned as the product tunes it: a fresh instance out of the pool, one typed call, and it is gone.
//!
//! WASI is linked as traps alone, and the function's type is checked once, not in every call. Called at once it is the limit;
//! called on a fibre it is what a host does that serves others meanwhile and ends a call when its time is over.

use std::sync::Arc;

use anyhow::{Context, Result};
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store,
    component::{
        Component, ComponentExportIndex, ComponentNamedList, HasSelf, Instance, InstancePre, Lift, Linker, Lower,
        TypedFunc,
    },
};

use bindings::porchlight::plugin::{log, settings, types};

mod bindings {
    wasmtime::component::bindgen!({
        path: "../../wit",
        inline: "
            package porchlight:bench;
            world both-hooks {
                import porchlight:plugin/settings@0.1.0;
                import porchlight:plugin/log@0.1.0;
                export porchlight:plugin/shape-offer@0.1.0;
                export porchlight:plugin/receive-request@0.1.0;
            }
        ",
        world: "porchlight:bench/both-hooks",
    });
}

pub use bindings::exports::porchlight::plugin::{
    receive_request::{Decision, Submission},
    shape_offer::{Answer, Channel, Form, Offer, OfferPatch},
};
pub use types::{FormKind, HookError, Moment, VisitorContext};

/// What the product tells its pool: see `host/runtime/src/engine.rs`.
const CALLS: u32 = 32;
const PARTS: u32 = 16;
const MEMORIES: u32 = 4;
const MEMORY: usize = 256 << 20;
const TABLE_ENTRIES: usize = 20_000;
const KEPT_WARM: usize = 128 << 10;
const WARM_SLOTS: u32 = 32;

/// A hook of a component, ready to be called.
pub struct Hook<Params, Return> {
    instances: InstancePre<State>,
    function: ComponentExportIndex,
    settings: Arc<str>,
    _types: std::marker::PhantomData<fn(Params) -> Return>,
}

/// An instance that is kept, with its function.
pub struct Kept<Params, Return> {
    store: Store<State>,
    function: TypedFunc<Params, Return>,
}

/// What a call has of the host's: its settings.
pub struct State(Arc<str>);

impl<Params, Return> Hook<Params, Return>
where
    Params: ComponentNamedList + Lower + Send + Sync,
    Return: ComponentNamedList + Lift + Send + Sync + 'static,
{
    /// Compiles a component and looks up one function of it, checking its type.
    pub fn of(component: &[u8], interface: &str, function: &str, settings: &str) -> Result<Self> {
        let engine = Engine::new(&config())?;
        let component = Component::new(&engine, component)?;
        let mut linker = Linker::<State>::new(&engine);
        types::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
        settings::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
        log::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
        linker.define_unknown_imports_as_traps(&component)?;
        let interface = component.get_export_index(None, interface).context("it exports the hook")?;
        let function = component.get_export_index(Some(&interface), function).context("the hook has its function")?;
        let instances = linker.instantiate_pre(&component)?;
        let mut store = Store::new(&engine, State(settings.into()));
        store.set_epoch_deadline(1);
        instances.instantiate(&mut store)?.get_typed_func::<Params, Return>(&mut store, function)?;
        Ok(Self { instances, function, settings: settings.into(), _types: std::marker::PhantomData })
    }

    /// A fresh call.
    pub fn call(&self, params: Params) -> Result<Return> {
        let mut store = self.store();
        let instance = self.instances.instantiate(&mut store)?;
        Ok(self.function_of(&mut store, &instance)?.call(&mut store, params)?)
    }

    /// A fresh call, on a fibre.
    pub async fn call_on_a_fibre(&self, params: Params) -> Result<Return> {
        let mut store = self.store();
        let instance = self.instances.instantiate_async(&mut store).await?;
        Ok(self.function_of(&mut store, &instance)?.call_async(&mut store, params).await?)
    }

    /// An instance made and dropped: what a fresh call costs before and after the guest works.
    pub fn make(&self) -> Result<()> {
        self.instances.instantiate(self.store())?;
        Ok(())
    }

    /// An instance to be kept.
    pub fn keep(&self) -> Result<Kept<Params, Return>> {
        let mut store = self.store();
        let instance = self.instances.instantiate(&mut store)?;
        let function = self.function_of(&mut store, &instance)?;
        Ok(Kept { store, function })
    }

    fn store(&self) -> Store<State> {
        let mut store = Store::new(self.instances.engine(), State(Arc::clone(&self.settings)));
        store.set_epoch_deadline(1);
        store
    }

    fn function_of(&self, store: &mut Store<State>, instance: &Instance) -> Result<TypedFunc<Params, Return>> {
        let function = instance.get_func(store, self.function).context("it is there")?;
        #[expect(unsafe_code, reason = "its type was checked when the hook was made, and every instance has the same")]
        Ok(unsafe { TypedFunc::new_unchecked(function) })
    }
}

impl<Params, Return> Kept<Params, Return>
where
    Params: ComponentNamedList + Lower,
    Return: ComponentNamedList + Lift,
{
    /// One more call: the guest's own work, and passing values in and out.
    pub fn call(&mut self, params: Params) -> Result<Return> {
        Ok(self.function.call(&mut self.store, params)?)
    }
}

fn config() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(CALLS)
        .total_core_instances(CALLS * PARTS)
        .total_memories(CALLS * MEMORIES)
        .total_tables(CALLS * PARTS)
        .total_stacks(CALLS)
        .max_core_instances_per_component(PARTS)
        .max_memories_per_component(MEMORIES)
        .max_tables_per_component(PARTS)
        .max_memory_size(MEMORY)
        .table_elements(TABLE_ENTRIES)
        .linear_memory_keep_resident(KEPT_WARM)
        .table_keep_resident(KEPT_WARM)
        .max_unused_warm_slots(WARM_SLOTS)
        .pagemap_scan(Enabled::Auto);
    let mut config = Config::new();
    config.wasm_backtrace_max_frames(None);
    config.native_unwind_info(false);
    config.generate_address_map(false);
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool)).epoch_interruption(true);
    config
}

impl settings::Host for State {
    fn get(&mut self) -> String {
        self.0.to_string()
    }
}

impl log::Host for State {
    fn write(&mut self, _: log::Level, _: String) {}
}

impl types::Host for State {}
