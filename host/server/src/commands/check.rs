//! `porchlight check`.

use std::path::{Path, PathBuf};

use porchlight_runtime::Runtime;
use porchlight_store::SiteFile;

use super::{read_settings, start_runtime};
use crate::{
    cli::Settings,
    config::{
        diagnostic::Diagnostics,
        site::{self, SiteConfig},
    },
    folder, plugins,
};

/// Checks settings and sites; says every mistake with its place.
pub async fn check(settings: &Settings, sites: &[PathBuf]) -> anyhow::Result<()> {
    read_settings(settings)?;
    println!("settings: in order");
    let runtime = start_runtime(None)?;
    for folder in sites {
        let (config, _) = read_site(&runtime, folder).await?;
        println!("site `{}` in {}: in order", config.site.key, folder.display());
    }
    Ok(())
}

/// A site's folder, read and checked with its plugins.
pub async fn read_site(runtime: &Runtime, folder: &Path) -> Result<(SiteConfig, Vec<SiteFile>), Diagnostics> {
    let files = folder::collect(folder, None)?;
    let config = site::read(&files)?;
    let (_, mistakes) = plugins::bind(runtime, &config, &files).await;
    if mistakes.is_empty() { Ok((config, files)) } else { Err(Diagnostics(mistakes)) }
}
