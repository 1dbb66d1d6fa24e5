//! Plugins built to WebAssembly.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

/// Path of a built plugin by its package name, `request-routing`. Fails where `cargo xtask test` has not built it.
pub fn built_guest(package: &str) -> Result<PathBuf> {
    let folder = std::env::var_os("PORCHLIGHT_GUESTS").context(
        "PORCHLIGHT_GUESTS is not set: run `cargo xtask test`, or set it to what `cargo xtask build-guests` prints",
    )?;
    let path = PathBuf::from(folder).join(format!("{}.wasm", package.replace('-', "_")));
    if !path.is_file() {
        bail!("`{}` is missing: run `cargo xtask build-guests`", path.display());
    }
    Ok(path)
}
