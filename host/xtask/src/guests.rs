//! Building the plugins to WebAssembly.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{
    manifests::Workspace,
    run::{cargo, output, run},
    tools::rustup,
};

const TARGET: &str = "wasm32-wasip2";

/// Builds every plugin of the workspace, adding the WebAssembly target if it is missing. Returns the folder of the `.wasm` files.
pub fn build(workspace: &Workspace) -> Result<PathBuf> {
    require_target()?;
    let mut command = cargo(&["build", "--profile", "guest", "--target", TARGET]);
    for plugin in workspace.plugins()? {
        command.args(["--package", &plugin]);
    }
    run(command.current_dir(workspace.path("")))?;
    Ok(workspace.target().join(TARGET).join("guest"))
}

fn require_target() -> Result<()> {
    if target_is_there() {
        return Ok(());
    }
    rustup(&["target", "add", TARGET])
        .with_context(|| format!("the Rust target {TARGET} is missing and rustup could not add it"))
}

/// Whether the standard library of the target is installed, rustup or not.
fn target_is_there() -> bool {
    let folder = output(std::process::Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    folder.is_ok_and(|folder| PathBuf::from(folder.trim()).is_dir())
}
