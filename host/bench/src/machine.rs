//! On what the figures were measured.

use std::{fs, process::Command};

use anyhow::{Context, Result};

use crate::setting::Setting;

/// How many processes wanted a core lately: what else the machine does disturbs the figures.
pub fn load() -> Result<String> {
    let load = fs::read_to_string("/proc/loadavg").context("the machine's load")?;
    Ok(load.split(' ').next().unwrap_or_default().to_owned())
}

/// Machine, date and versions, as lines of a list in Markdown.
pub fn described(setting: &Setting, load_before: &str) -> Result<String> {
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned());
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    let cores = std::thread::available_parallelism()?;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").context("the kernel's version")?;
    let now = said("date", &["-u", "+%Y-%m-%d %H:%M UTC"])?;
    let commit = said("git", &["-C", &setting.root.to_string_lossy(), "rev-parse", "--short=12", "HEAD"])?;
    Ok(format!(
        "- machine: {cores} × {processor}, {memory} of memory, Linux {}\n- measured: {now}, source {commit}, {}; before it began {load_before} \
         processes wanted a core (load average of one minute)\n- beside: \
         wasmtime 48 with the product's features, hyper 1, SQLite {} through rusqlite, Extism 1.30.0 (the newest for this \
         compiler, with wasmtime 43)\n",
        kernel.split('-').next().unwrap_or_default().trim(),
        said("rustc", &["--version"])?,
        rusqlite::version(),
    ))
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn said(program: &str, arguments: &[&str]) -> Result<String> {
    let output =
        Command::new(program).args(arguments).output().with_context(|| format!("`{program}` did not start"))?;
    anyhow::ensure!(output.status.success(), "`{program}` ended with {}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
