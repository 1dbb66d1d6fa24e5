//! Calls the request-routing rule as an Extism plugin, when told to.
//!
//! Started with the guest, its settings and a question (three files), it answers each line of standard input: `answer` with
//! what the guest says, `fresh MS`, `reused MS` or `kept MS` with the nanoseconds of one call, measured for so many
//! milliseconds. A process of its own, because Extism needs another version of wasmtime, with other features.

use std::{
    fs,
    io::{BufRead, Write, stdin, stdout},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use extism::{CompiledPlugin, Manifest, Plugin, PluginBuilder, Wasm};
use wasmtime::{Config, InstanceAllocationStrategy, PoolingAllocationConfig};

/// Calls between two looks at the clock. The median batch counts: one in which another process had the core does not.
const BATCH: u32 = 4;

/// Reads its settings in every call.
const RECEIVE: &str = "receive";
/// Reads them once, and keeps them as long as its instance lives.
const KEEPING: &str = "receive_keeping_settings";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [guest, settings, question] = arguments.as_slice() else {
        bail!("needs three files: guest, settings, question")
    };
    let read = |path: &String| fs::read_to_string(path).with_context(|| format!("`{path}` cannot be read"));
    let compiled = compiled(fs::read(guest).with_context(|| format!("`{guest}` cannot be read"))?, read(settings)?)?;
    let question = read(question)?;
    let mut reused = Plugin::new_from_compiled(&compiled)?;
    for line in stdin().lock().lines() {
        let line = line?;
        let said = match line.split_once(' ') {
            None if line == "answer" => called(&mut reused, RECEIVE, &question)?,
            Some(("fresh", time)) => {
                nanoseconds(time, || called(&mut Plugin::new_from_compiled(&compiled)?, RECEIVE, &question))?
            }
            Some(("reused", time)) => nanoseconds(time, || called(&mut reused, RECEIVE, &question))?,
            Some(("kept", time)) => nanoseconds(time, || called(&mut reused, KEEPING, &question))?,
            _ => bail!("`{line}` is none of `answer`, `fresh MS`, `reused MS`, `kept MS`"),
        };
        println!("{said}");
        stdout().flush()?;
    }
    Ok(())
}

fn compiled(guest: Vec<u8>, settings: String) -> Result<CompiledPlugin> {
    let manifest = Manifest::new([Wasm::data(guest)]).with_config_key("settings", settings);
    let mut config = Config::new();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    PluginBuilder::new(manifest).with_wasi(false).with_wasmtime_config(config).with_cache_disabled().compile()
}

/// A fresh plugin is quicker out of a pool, here as in the product.
fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.linear_memory_keep_resident(128 << 10).table_keep_resident(128 << 10).pagemap_scan(wasmtime::Enabled::Auto);
    pool
}

fn called(plugin: &mut Plugin, export: &str, question: &str) -> Result<String> {
    Ok(plugin.call::<&str, &str>(export, question)?.to_owned())
}

fn nanoseconds(milliseconds: &str, mut call: impl FnMut() -> Result<String>) -> Result<String> {
    let time = Duration::from_millis(milliseconds.parse()?);
    let (begun, mut batches) = (Instant::now(), Vec::new());
    while begun.elapsed() < time {
        let batch = Instant::now();
        for _ in 0..BATCH {
            call()?;
        }
        batches.push(batch.elapsed().as_nanos() / u128::from(BATCH));
    }
    batches.sort_unstable();
    let median = batches.get(batches.len() / 2).context("no time was given")?;
    Ok(median.to_string())
}
