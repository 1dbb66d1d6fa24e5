//! `porchlight compile-plugin`: compiles one component for the host that started it.

use std::{
    io::{self, Read, Write},
    process,
};

use anyhow::Context;
use porchlight_runtime::{Compiler, InProcess};
use rlimit::Resource;

use crate::cli::PLUGIN_REFUSED;

/// Memory that compiling may use, in bytes. A component of a third of a MiB needs some 20 MiB; the largest that is taken, with 8
/// MiB, would at that rate need half of this.
const MEMORY: u64 = 1 << 30;
/// Computing time in seconds, over all threads, should nobody be left to end it.
const CPU_SECONDS: u64 = 120;

/// Reads a component from standard input; writes its machine code to standard output, or there why it is refused.
pub fn compile_plugin() -> anyhow::Result<()> {
    limit_ourselves().context("the compiler's limits")?;
    let mut component = Vec::new();
    io::stdin().lock().read_to_end(&mut component)?;
    match InProcess.compile(&component) {
        Ok(code) => Ok(io::stdout().lock().write_all(&code)?),
        Err(refused) => {
            let mut told = io::stdout().lock();
            write!(told, "{refused}")?;
            told.flush()?;
            process::exit(PLUGIN_REFUSED)
        }
    }
}

/// From here on there is so much memory and time; nothing is written to a file, not even a core dump.
fn limit_ourselves() -> io::Result<()> {
    for (resource, most) in
        [(Resource::DATA, MEMORY), (Resource::CPU, CPU_SECONDS), (Resource::FSIZE, 0), (Resource::CORE, 0)]
    {
        let most = most.min(rlimit::getrlimit(resource)?.1);
        rlimit::setrlimit(resource, most, most)?;
    }
    Ok(())
}
