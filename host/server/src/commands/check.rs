//! `porchlight check`.

use std::path::{Path, PathBuf};

use porchlight_runtime::Runtime;
use porchlight_store::SiteFile;

use super::{read_settings, start_runtime};
use crate::{
    cli::Settings,
    config::{
        diagnostic::Diagnostics,
        host::HostConfig,
        site::{self, SiteConfig},
    },
    folder,
    outgoing::Outgoing,
    plugins,
};

/// Checks settings and sites; says every mistake with its place.
pub async fn check(settings: &Settings, sites: &[PathBuf]) -> anyhow::Result<()> {
    let host = read_settings(settings)?;
    println!("settings: in order");
    let runtime = start_runtime(None)?;
    for folder in sites {
        let (config, _) = read_site(&runtime, &host, folder).await?;
        println!("site `{}` in {}: in order", config.site.key, folder.display());
    }
    Ok(())
}

/// A site's folder, read and checked with its plugins, and with what the host lets out.
pub async fn read_site(
    runtime: &Runtime,
    host: &HostConfig,
    folder: &Path,
) -> Result<(SiteConfig, Vec<SiteFile>), Diagnostics> {
    let files = folder::collect(folder, None)?;
    let config = site::read(&files)?;
    let (_, mut mistakes) = plugins::bind(runtime, &config, &files).await;
    mistakes.extend(Outgoing::new(host).mistakes(&config));
    if mistakes.is_empty() { Ok((config, files)) } else { Err(Diagnostics(mistakes)) }
}
