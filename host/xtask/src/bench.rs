//! `cargo xtask bench`: one table of figures.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    guests,
    manifests::Workspace,
    run::{cargo, run},
    tools::rustup,
};

/// Extism runs core modules alone.
const EXTISM_TARGET: &str = "wasm32-unknown-unknown";

/// Builds host, plugins and benchmarks for release, then measures all parts, or the ones named.
pub fn bench(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    eprintln!("Building the plugins …");
    let plugins = guests::build(workspace)?;
    eprintln!("Building for release (the first time takes many minutes) …");
    run(cargo(&["build", "--release", "--package", "porchlight"]).current_dir(workspace.path("")))?;
    let measurer = porchlight_bench(workspace)?;
    let (extism, guest) = extism(workspace)?;
    let mut command = Command::new(measurer);
    command.arg("--root").arg(workspace.path(""));
    command.arg("--porchlight").arg(workspace.target().join("release/porchlight"));
    command.arg("--guests").arg(plugins).arg("--extism").arg(extism).arg("--extism-guest").arg(guest);
    run(command.args(arguments))
}

/// In the folder where the product's release is built: most of what both depend on is compiled once.
fn porchlight_bench(workspace: &Workspace) -> Result<PathBuf> {
    let target = workspace.target();
    build(workspace, &target, &["--release", "--package", "porchlight-bench"])?;
    Ok(target.join("release/porchlight-bench"))
}

/// In a folder of its own: Extism has another wasmtime, with other features. Returns its host and its guest.
fn extism(workspace: &Workspace) -> Result<(PathBuf, PathBuf)> {
    rustup(&["target", "add", EXTISM_TARGET])
        .with_context(|| format!("the Rust target {EXTISM_TARGET} is missing and rustup could not add it"))?;
    let target = workspace.target().join("bench-extism");
    build(workspace, &target, &["--release", "--package", "porchlight-bench-extism"])?;
    let guest = ["--profile", "guest", "--target", EXTISM_TARGET, "--package", "porchlight-bench-extism-guest"];
    build(workspace, &target, &guest)?;
    let built = target.join(EXTISM_TARGET).join("guest/porchlight_bench_extism_guest.wasm");
    Ok((target.join("release/porchlight-bench-extism"), built))
}

/// The benchmarks are a workspace of their own, with a lock file of their own.
fn build(workspace: &Workspace, target: &Path, arguments: &[&str]) -> Result<()> {
    let mut command = cargo(&["build", "--locked"]);
    command.args(arguments).current_dir(workspace.path("host/bench"));
    run(command.env("CARGO_TARGET_DIR", target))
}
