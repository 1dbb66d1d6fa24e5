//! What each command does.

mod agent;
mod backup;
mod check;
mod compile;
mod deliveries;
mod demo;
mod doctor;
mod person;
mod requests;
mod serve;
mod site;
mod tenancy;

use std::{fs, io, path::Path, sync::Arc};

use anyhow::Context;
use porchlight_runtime::{CompiledFolder, Runtime, RuntimeSettings};
use porchlight_store::{Settings as StoreSettings, SqliteStore, Store};

use crate::{
    cli::{Cli, Command, Settings},
    config::host::{self, HostConfig},
    keys::Keys,
    wiring::{chance, compiler::ChildCompiler},
};

/// Name of the database within the data folder.
const DATABASE: &str = "porchlight.db";

/// Does what the command line says.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads")?;
    threads.block_on(async {
        match cli.command {
            Command::CompilePlugin => compile::compile_plugin(),
            Command::Serve { settings, watch } => serve::serve(&settings, watch).await,
            Command::Demo { listen, data, clock } => demo::demo(listen, data, clock).await,
            Command::Backup { settings, folder } => backup::backup(&settings, &folder).await,
            Command::Restore { settings, folder } => backup::restore(&settings, &folder).await,
            Command::Check { settings, sites } => check::check(&settings, &sites).await,
            Command::Site { settings, command } => site::site(&settings, command).await,
            Command::Deliveries { settings, command } => deliveries::deliveries(&settings, command).await,
            Command::Agent { settings, command } => agent::agent(&settings, command).await,
            Command::Doctor { settings, options } => doctor::doctor(&settings, &options).await,
            Command::Requests { settings, command } => requests::requests(&settings, command).await,
        }
    })
}

/// The host's settings: file, environment, and what the command line says.
fn read_settings(settings: &Settings) -> anyhow::Result<HostConfig> {
    let path = settings.config.clone().unwrap_or_else(|| "porchlight.toml".into());
    let name = path.display().to_string();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && settings.config.is_none() => String::new(),
        Err(error) => return Err(host::unreadable(&name, &error).into()),
    };
    let mut config = host::read(&name, &text, std::env::vars())?;
    if let Some(data) = &settings.data {
        config.data.clone_from(data);
    }
    Ok(config)
}

/// Opens the store in a folder, which is made if it is not there.
fn open_store(data: &Path) -> anyhow::Result<Arc<dyn Store>> {
    fs::create_dir_all(data).with_context(|| format!("the folder `{}` could not be made", data.display()))?;
    let path = data.join(DATABASE);
    let store = SqliteStore::open(&path, StoreSettings::default())
        .with_context(|| format!("the database `{}`", path.display()))?;
    Ok(Arc::new(store))
}

/// The keys in a folder, made where there are none.
fn open_keys(data: &Path) -> anyhow::Result<Keys> {
    Keys::open(data).context("the keys")
}

/// Where the plugins of a host are kept compiled.
fn compiled(data: &Path, keys: &Keys) -> CompiledFolder {
    CompiledFolder { folder: data.join("compiled"), key: keys.current().derived(b"porchlight compiled 1") }
}

/// Where plugins run; with a folder to keep them compiled in from one start to the next.
fn start_runtime(compiled: Option<CompiledFolder>) -> anyhow::Result<Runtime> {
    let compiler = ChildCompiler::new().context("our own program is not found, to compile plugins with")?;
    let settings = RuntimeSettings {
        entropy: chance::bytes(),
        compiler: Arc::new(compiler),
        compiled,
        ..RuntimeSettings::default()
    };
    Runtime::new(settings).context("plugins cannot be run on this machine")
}
