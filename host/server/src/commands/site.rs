//! `porchlight site`.

use std::path::Path;

use anyhow::{Context, bail};

use super::{check::read_site, compiled, open_keys, open_store, read_settings, start_runtime};
use crate::{
    cli::{Settings, SiteCommand},
    config::host::HostConfig,
    folder,
    wiring::clock::Clock,
};

/// Puts sites into the store, and gets them back.
pub async fn site(settings: &Settings, command: SiteCommand) -> anyhow::Result<()> {
    let host = read_settings(settings)?;
    let data = host.data.clone();
    match command {
        SiteCommand::Apply { folder } => apply(&host, &folder).await,
        SiteCommand::Export { key, folder } => export(&data, &key, &folder).await,
        SiteCommand::List => list(&data).await,
    }
}

async fn apply(host: &HostConfig, folder: &Path) -> anyhow::Result<()> {
    let data = &host.data;
    let store = open_store(data)?;
    let runtime = start_runtime(Some(compiled(data, &open_keys(data)?)))?;
    let (config, files) = read_site(&runtime, host, folder).await?;
    let version = store.apply_site(&config.site.key, files, Clock::real().now()).await?;
    println!("site `{}`: version {}", version.key, version.version);
    Ok(())
}

async fn export(data: &Path, key: &str, folder: &Path) -> anyhow::Result<()> {
    let Some(version) = open_store(data)?.lookup_site(key).await? else {
        bail!("there is no site `{key}`: `porchlight site list` names them");
    };
    folder::write(folder, &version.files).with_context(|| format!("writing into `{}`", folder.display()))?;
    println!("site `{key}`, version {}: {} files in {}", version.version, version.files.len(), folder.display());
    Ok(())
}

async fn list(data: &Path) -> anyhow::Result<()> {
    for (key, version) in open_store(data)?.site_versions().await? {
        println!("{key}\tversion {version}");
    }
    Ok(())
}
