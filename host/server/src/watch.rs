//! Watching a site's folder: what changes is applied at once, and a mistake leaves the version before it serving.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Context;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{app::App, config::site, folder, logs::chain};

/// How long a folder has to be quiet before it is read: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(200);

/// A site's folder that is applied whenever it changes.
pub struct Watched {
    /// The folder, with its `site.toml`.
    pub folder: PathBuf,
    /// Where components are that are not in the folder.
    pub built: Option<PathBuf>,
}

/// Applies the folder as it is now. Plugins that cannot be used are told of when the site is taken up.
pub async fn apply(app: &App, watched: &Watched) -> anyhow::Result<()> {
    let files = folder::collect(&watched.folder, watched.built.as_deref())?;
    let config = site::read(&files)?;
    app.store.apply_site(&config.site.key, files, app.now()).await?;
    Ok(())
}

/// Applies the folder again whenever it changes, until told to stop.
pub async fn watching(app: App, watched: Watched, stop: CancellationToken) {
    let (changed, mut changes) = mpsc::channel(1);
    let _watcher = match watcher(&watched, changed) {
        Ok(watcher) => watcher,
        Err(error) => {
            tracing::error!(
                error = format!("{error:#}"),
                "the site's folder cannot be watched; changes need `site apply`"
            );
            return;
        }
    };
    while stop.run_until_cancelled(changes.recv()).await.flatten().is_some() {
        settle(&mut changes).await;
        match apply(&app, &watched).await {
            Ok(()) => {
                if let Err(error) = app.sites.refresh(app.store.as_ref(), &app.runtime, &app.public_url).await {
                    tracing::error!(error = %chain(&error), "the changed site could not be taken up");
                }
            }
            Err(error) => tracing::error!("the changed site is not applied, the one before it goes on:\n{error:#}"),
        }
    }
}

fn watcher(watched: &Watched, changed: mpsc::Sender<()>) -> anyhow::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let counts = event.map_or(true, |event| !matches!(event.kind, EventKind::Access(_)));
        if counts {
            // A full channel already holds the news.
            changed.try_send(()).ok();
        }
    })?;
    watch(&mut watcher, &watched.folder)?;
    if let Some(built) = watched.built.as_deref().filter(|built| built.is_dir()) {
        watch(&mut watcher, built)?;
    }
    Ok(watcher)
}

fn watch(watcher: &mut RecommendedWatcher, folder: &Path) -> anyhow::Result<()> {
    watcher.watch(folder, RecursiveMode::Recursive).with_context(|| format!("`{}`", folder.display()))
}

async fn settle(changes: &mut mpsc::Receiver<()>) {
    while let Ok(Some(())) = tokio::time::timeout(QUIET, changes.recv()).await {}
}
