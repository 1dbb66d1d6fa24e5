//! The sites being served: read from the store, compiled once, swapped whole when a new version is applied.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use porchlight_model::{answers::AnswerIndex, site::Site};
use porchlight_runtime::Runtime;
use porchlight_store::{SiteVersion, Store, StoreError};

use crate::{
    config::{diagnostic::Diagnostics, site},
    http::page,
    plugins::{self, SitePlugin},
    widget::{self, SiteAsset},
};

/// One site as it is served.
pub struct LiveSite {
    /// The site.
    pub site: Site,
    /// Which version of it.
    pub version: u32,
    /// Its plugins, in the order they are asked.
    pub plugins: Vec<SitePlugin>,
    /// Search in its answers.
    pub index: AnswerIndex,
    /// Its script.
    pub loader: SiteAsset,
    /// The style of its hosted pages.
    pub style: SiteAsset,
}

impl LiveSite {
    /// Makes a site ready to be served. Plugins that cannot be used are reported and marked, never in the way.
    pub async fn prepare(version: &SiteVersion, runtime: &Runtime, public_url: &str) -> Result<Self, Diagnostics> {
        let config = site::read(&version.files)?;
        let (plugins, mistakes) = plugins::bind(runtime, &config, &version.files).await;
        for mistake in &mistakes {
            tracing::error!(site = %version.key, mistake = %mistake, "a plugin cannot be used; the site is served without it");
        }
        let index = AnswerIndex::new(&config.site.answers);
        let loader = widget::loader(&config.site, public_url);
        let style = SiteAsset::new(widget::CSS, page::style(&config.site));
        Ok(Self { site: config.site, version: version.version, plugins, index, loader, style })
    }
}

/// All sites being served, by key.
#[derive(Default)]
pub struct Sites {
    live: RwLock<HashMap<String, Arc<LiveSite>>>,
    /// Versions that could not be read: told of once, and not read again.
    unreadable: Mutex<HashMap<String, u32>>,
}

impl Sites {
    /// The site of a key.
    pub fn lookup(&self, key: &str) -> Option<Arc<LiveSite>> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Whether any site has this origin.
    pub fn have_origin(&self, origin: &str) -> bool {
        let sites = self.live.read().unwrap_or_else(PoisonError::into_inner);
        sites.values().any(|live| live.site.origins.iter().any(|known| known == origin))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.live.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Takes up every version in the store that is not served yet. A version that cannot be read leaves the one before it
    /// serving, and says why.
    pub async fn refresh(&self, store: &dyn Store, runtime: &Runtime, public_url: &str) -> Result<(), StoreError> {
        for (key, version) in store.site_versions().await? {
            if self.lookup(&key).is_some_and(|live| live.version == version) || self.is_unreadable(&key, version) {
                continue;
            }
            let Some(files) = store.lookup_site(&key).await? else { continue };
            match LiveSite::prepare(&files, runtime, public_url).await {
                Ok(live) => {
                    tracing::info!(site = %key, version, "site taken up");
                    self.live.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::new(live));
                }
                Err(mistakes) => {
                    tracing::error!(site = %key, version, %mistakes, "site version cannot be read");
                    self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).insert(key, version);
                }
            }
        }
        Ok(())
    }

    fn is_unreadable(&self, key: &str, version: u32) -> bool {
        self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).get(key) == Some(&version)
    }
}
