//! Where the demo's example and the built plugins are.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The example, and the folder of built plugins.
#[derive(Debug)]
pub struct Place {
    /// The pet shop's folder.
    pub example: PathBuf,
    /// Where `cargo xtask build-guests` puts components.
    pub built: PathBuf,
}

impl Place {
    /// Looks upwards from here, then from where the program is, for a folder that holds the example.
    pub fn find() -> Option<Self> {
        let here = env::current_dir().ok();
        let program = env::current_exe().ok();
        let starts = [here.as_deref(), program.as_deref()];
        let root = starts.into_iter().flatten().flat_map(Path::ancestors).find(|folder| holds_example(folder))?;
        Some(Self { example: root.join("examples/pet-shop"), built: root.join("target/wasm32-wasip2/guest") })
    }
}

fn holds_example(folder: &Path) -> bool {
    folder.join("examples/pet-shop/site.toml").is_file()
}
