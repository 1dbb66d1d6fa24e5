//! Loading: from bytes to a component that can be called.

use std::sync::{Arc, PoisonError};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use wasmtime::component::InstancePre;

use crate::{
    bindings::exports::porchlight::plugin::{describe, receive_request, shape_offer},
    call::{self, Call, Describe, Failed},
    compiler::{self, CompileError},
    contract,
    engine::Engine,
    error::LoadError,
    hook::Hook,
    plugin,
    settings::RuntimeSettings,
    state::{CallState, Whose},
};

/// A compiled plugin, not yet given to a site. Cheap to clone.
#[derive(Clone)]
pub struct Component(Arc<Loaded>);

/// What a component says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// Name in kebab case, `request-routing`.
    pub name: String,
    /// Its own version (semver).
    pub version: String,
    /// What it does, in one sentence for the owner.
    pub summary: String,
    /// JSON Schema of its settings; `None` takes none.
    pub settings_schema: Option<serde_json::Value>,
    /// Name and version of the SDK it was built with.
    pub sdk: String,
}

/// What is known of a component in use.
pub struct Loaded {
    ready: Ready,
    description: Description,
    settings: jsonschema::Validator,
    hooks: Vec<Hook>,
    sha256: String,
}

/// Linked and ready to be instantiated.
#[derive(Clone)]
pub struct Ready {
    /// Makes instances.
    pub instances: InstancePre<CallState>,
    /// Where the hooks are.
    pub exports: Arc<Exports>,
}

/// Where the hooks of a component are.
pub struct Exports {
    /// Of every component.
    pub describe: describe::GuestIndices,
    /// Where it has this hook.
    pub shape_offer: Option<shape_offer::GuestIndices>,
    /// Where it has this hook.
    pub receive_request: Option<receive_request::GuestIndices>,
}

impl std::fmt::Debug for Component {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Component({} {}, {})", self.0.description.name, self.0.description.version, self.0.sha256)
    }
}

impl Component {
    /// What it says of itself.
    pub fn description(&self) -> &Description {
        &self.0.description
    }

    /// The hooks it exports, `describe` among them.
    pub fn hooks(&self) -> &[Hook] {
        &self.0.hooks
    }

    /// SHA-256 of the binary in lower-case hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.0.sha256
    }

    pub(crate) fn ready(&self) -> &Ready {
        &self.0.ready
    }

    pub(crate) fn settings(&self) -> &jsonschema::Validator {
        &self.0.settings
    }
}

/// Checks, compiles and asks a component what it is.
pub async fn load(engine: &Engine, bytes: &[u8]) -> Result<Component, LoadError> {
    require_size(bytes, engine.settings.component_bytes)?;
    let sha256 = sha256(bytes);
    if let Some(loaded) = in_use(engine, &sha256) {
        return Ok(Component(loaded));
    }
    contract::require_component(bytes)?;
    let compiled = compiled(engine, bytes, &sha256).await?;
    let hooks = contract::hooks(&compiled, bytes)?;
    let ready = ready(&compiled, &hooks, bytes)?;
    let (description, settings) = describe(engine, &ready, bytes).await?;
    let ready = untouched(engine, &sha256, &hooks, bytes).await.unwrap_or(ready);
    let loaded = Arc::new(Loaded { ready, description, settings, hooks, sha256: sha256.clone() });
    let mut all = engine.loaded.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|_, loaded| loaded.strong_count() > 0);
    all.insert(sha256, Arc::downgrade(&loaded));
    Ok(Component(loaded))
}

fn in_use(engine: &Engine, sha256: &str) -> Option<Arc<Loaded>> {
    engine.loaded.lock().unwrap_or_else(PoisonError::into_inner).get(sha256)?.upgrade()
}

fn require_size(bytes: &[u8], allowed: usize) -> Result<(), LoadError> {
    if bytes.len() > allowed {
        return Err(LoadError::TooLarge { bytes: bytes.len(), allowed });
    }
    Ok(())
}

/// Opens the compiled form that was kept, or compiles and keeps it.
async fn compiled(engine: &Engine, bytes: &[u8], sha256: &str) -> Result<wasmtime::component::Component, LoadError> {
    let (wasmtime, settings) = (engine.wasmtime.clone(), engine.settings.clone());
    let (bytes, sha256) = (bytes.to_vec(), sha256.to_owned());
    let compiled = tokio::task::spawn_blocking(move || {
        let kept = settings.compiled.as_ref().and_then(|folder| folder.open(&wasmtime, &sha256));
        kept.map_or_else(|| compile(&wasmtime, &settings, &bytes, &sha256), Ok)
    });
    match compiled.await {
        Ok(Ok(component)) => Ok(component),
        Ok(Err(CompileError::Refused(reason))) => Err(LoadError::NotAComponent {
            reason: format!(
                "it cannot be compiled ({reason}): cut off or damaged on its way, or too big for this host; copy or build \
                 it again"
            ),
        }),
        Ok(Err(error)) => Err(LoadError::NotCompiled(error)),
        Err(_) => Err(LoadError::NotCompiled(CompileError::BrokeOff("a panic".to_owned()))),
    }
}

/// The component mapped anew, where it was kept. `describe` goes once through much code that no hook runs (a schema is made
/// there), and what is mapped stays in memory wherever it was touched.
async fn untouched(engine: &Engine, sha256: &str, hooks: &[Hook], bytes: &[u8]) -> Option<Ready> {
    let (wasmtime, folder) = (engine.wasmtime.clone(), engine.settings.compiled.clone()?);
    let sha256 = sha256.to_owned();
    let opened = tokio::task::spawn_blocking(move || folder.open(&wasmtime, &sha256)).await.ok()??;
    ready(&opened, hooks, bytes).ok()
}

fn compile(
    engine: &wasmtime::Engine,
    settings: &RuntimeSettings,
    bytes: &[u8],
    sha256: &str,
) -> Result<wasmtime::component::Component, CompileError> {
    let code = settings.compiler.compile(bytes)?;
    // What is mapped from a file takes less memory than what stands in ours.
    let kept = settings.compiled.as_ref().and_then(|folder| {
        match folder.keep(&code, sha256) {
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "a compiled plugin could not be kept; the next start takes longer"),
        }
        folder.open(engine, sha256)
    });
    kept.map_or_else(|| compiler::open(engine, &code), Ok)
}

fn ready(compiled: &wasmtime::component::Component, hooks: &[Hook], bytes: &[u8]) -> Result<Ready, LoadError> {
    let unfit = |error: wasmtime::Error| contract::wrong(format!("{error:#}"), bytes);
    let instances = contract::linker(compiled)?.instantiate_pre(compiled).map_err(unfit)?;
    let has = |hook| hooks.contains(&hook).then_some(&instances);
    let exports = Exports {
        describe: describe::GuestIndices::new(&instances).map_err(unfit)?,
        shape_offer: has(Hook::ShapeOffer).map(shape_offer::GuestIndices::new).transpose().map_err(unfit)?,
        receive_request: has(Hook::ReceiveRequest)
            .map(receive_request::GuestIndices::new)
            .transpose()
            .map_err(unfit)?,
    };
    Ok(Ready { instances, exports: Arc::new(exports) })
}

async fn describe(
    engine: &Engine,
    ready: &Ready,
    bytes: &[u8],
) -> Result<(Description, jsonschema::Validator), LoadError> {
    let whose = Whose { plugin: "(loading)".to_owned(), site: String::new(), hook: Hook::Describe };
    let memory = engine.settings.memory_bytes;
    let call = Call { ready, whose, settings: "{}".into(), memory, now: Timestamp::UNIX_EPOCH };
    match call::run(engine, call, Describe).await.result {
        Ok(Ok(said)) => read(said).map_err(|message| LoadError::DescribeFailed { message }),
        Ok(Err(difference)) => Err(contract::wrong(difference, bytes)),
        Err(failed @ Failed::Limit { .. }) => Err(LoadError::DescribeLimited { message: failed.to_string() }),
        Err(failed @ Failed::Trap(_)) => Err(LoadError::DescribeFailed { message: failed.to_string() }),
    }
}

fn read(said: describe::Description) -> Result<(Description, jsonschema::Validator), String> {
    require_word("name", &said.name)?;
    require_word("version", &said.version)?;
    require_line("summary", &said.summary)?;
    require_line("sdk", &said.sdk)?;
    let schema = said.settings_schema.map(|schema| serde_json::from_str::<serde_json::Value>(&schema)).transpose();
    let schema = schema.map_err(|error| format!("its settings schema is not JSON: {error}"))?;
    let validator = plugin::validator(schema.as_ref())?;
    let describe::Description { name, version, summary, sdk, .. } = said;
    Ok((Description { name, version, summary, settings_schema: schema, sdk }, validator))
}

/// A name or version: something, but not much, and nothing that would forge log lines.
fn require_word(what: &str, word: &str) -> Result<(), String> {
    let fits = (1..=64).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(()) } else { Err(format!("its {what} is not a word of 1 to 64 ASCII characters")) }
}

/// A line that people read.
fn require_line(what: &str, line: &str) -> Result<(), String> {
    let fits = line.chars().count() <= 500 && !line.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(format!("its {what} is not one line of at most 500 characters")) }
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
