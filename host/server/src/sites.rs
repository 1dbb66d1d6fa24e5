//! The sites being served: read from the store, compiled once, swapped whole when a new version is applied.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use porchlight_model::{reply::ReplyHistory, site::Site};
use porchlight_runtime::Runtime;
use porchlight_store::{SiteVersion, Store, StoreError};

use crate::{
    config::{diagnostic::Diagnostics, site},
    http::page,
    outgoing::Outgoing,
    plugins::{self, SitePlugin},
    replies,
    widget::{self, SiteAsset},
    wiring::memory,
};

/// One site as it is served.
#[derive(Debug)]
pub struct LiveSite {
    /// The site.
    pub site: Site,
    /// Which version of it.
    pub version: u32,
    /// Its plugins, in the order they are asked.
    pub plugins: Vec<SitePlugin>,
    /// Its script.
    pub loader: SiteAsset,
    /// The style of its hosted pages.
    pub style: SiteAsset,
    /// What its measured promises stand on.
    pub history: Mutex<ReplyHistory>,
}

impl LiveSite {
    /// Makes a site ready to be served. Plugins that cannot be used are reported and marked, never in the way.
    pub async fn prepare(version: &SiteVersion, runtime: &Runtime, public_url: &str) -> Result<Self, Diagnostics> {
        let config = site::read(&version.files)?;
        let (plugins, mistakes) = plugins::bind(runtime, &config, &version.files).await;
        for mistake in &mistakes {
            tracing::error!(site = %version.key, mistake = %mistake, "a plugin cannot be used; the site is served without it");
        }
        let loader = widget::loader(&config.site, public_url);
        let style = page::style(&config.site);
        Ok(Self { site: config.site, version: version.version, plugins, loader, style, history: Mutex::default() })
    }

    /// What its measured promises stand on.
    pub fn history(&self) -> ReplyHistory {
        *self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets its measured promises stand on this from now on.
    pub fn learn(&self, history: ReplyHistory) {
        *self.history.lock().unwrap_or_else(PoisonError::into_inner) = history;
    }
}

/// All sites being served, by key.
pub struct Sites {
    outgoing: Arc<Outgoing>,
    live: RwLock<HashMap<String, Arc<LiveSite>>>,
    /// Versions that could not be read: told of once, and not read again.
    unreadable: Mutex<HashMap<String, u32>>,
    /// Sites with a plugin that was too slow to say what it is.
    waits: Mutex<HashMap<String, Wait>>,
}

/// How many more refreshes a site waits until its slow plugins are tried again: twice as many each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Wait {
    left: u32,
    whole: u32,
}

/// Refreshes to wait for at most: a quarter of an hour.
const LONGEST_WAIT: u32 = 450;

impl Wait {
    const FIRST: Self = Self { left: 1, whole: 1 };

    /// One refresh later, and whether it is over now.
    fn shorter(self) -> (Self, bool) {
        if self.left > 1 {
            return (Self { left: self.left - 1, ..self }, false);
        }
        let whole = (self.whole * 2).min(LONGEST_WAIT);
        (Self { left: whole, whole }, true)
    }
}

impl Sites {
    /// None yet. What keeps a site's webhooks from going out is said when it is taken up.
    pub fn new(outgoing: Arc<Outgoing>) -> Self {
        Self { outgoing, live: RwLock::default(), unreadable: Mutex::default(), waits: Mutex::default() }
    }

    /// The site of a key.
    pub fn lookup(&self, key: &str) -> Option<Arc<LiveSite>> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Whether any site has this origin.
    pub fn have_origin(&self, origin: &str) -> bool {
        let sites = self.live.read().unwrap_or_else(PoisonError::into_inner);
        sites.values().any(|live| live.site.origins.iter().any(|known| known == origin))
    }

    /// All of them, by key.
    pub fn all(&self) -> Vec<Arc<LiveSite>> {
        let sites = self.live.read().unwrap_or_else(PoisonError::into_inner);
        let mut all: Vec<_> = sites.values().cloned().collect();
        all.sort_by(|one, other| one.site.key.cmp(&other.site.key));
        all
    }

    /// The site that takes requests at an e-mail address, however its letters are cased.
    pub fn of_inbox(&self, address: &str) -> Option<Arc<LiveSite>> {
        let address = replies::folded(address)?;
        let sites = self.live.read().unwrap_or_else(PoisonError::into_inner);
        let takes = |live: &&Arc<LiveSite>| {
            live.site
                .inbox
                .as_ref()
                .and_then(|inbox| replies::folded(inbox.as_str()))
                .is_some_and(|inbox| inbox == address)
        };
        sites.values().filter(takes).min_by(|one, other| one.site.key.cmp(&other.site.key)).cloned()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.live.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Takes up every version in the store that is not served yet. A version that cannot be read leaves the one before it
    /// serving, and says why.
    pub async fn refresh(&self, store: &dyn Store, runtime: &Runtime, public_url: &str) -> Result<(), StoreError> {
        let mut taken_up = false;
        for (key, version) in store.site_versions().await? {
            if self.is_served(&key, version) || self.is_unreadable(&key, version) {
                continue;
            }
            let Some(files) = store.lookup_site(&key).await? else { continue };
            match LiveSite::prepare(&files, runtime, public_url).await {
                Ok(live) => {
                    tracing::info!(site = %key, version, "site taken up");
                    taken_up = true;
                    self.outgoing.report(&live.site);
                    live.learn(self.lookup(&key).map(|before| before.history()).unwrap_or_default());
                    self.live.write().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::new(live));
                }
                Err(mistakes) => {
                    tracing::error!(site = %key, version, %mistakes, "site version cannot be read");
                    self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).insert(key, version);
                }
            }
        }
        if taken_up {
            memory::give_back();
        }
        Ok(())
    }

    /// Whether a version is served as well as it can be now.
    fn is_served(&self, key: &str, version: u32) -> bool {
        let Some(live) = self.lookup(key).filter(|live| live.version == version) else { return false };
        let mut waits = self.waits.lock().unwrap_or_else(PoisonError::into_inner);
        if !live.plugins.iter().any(SitePlugin::may_come) {
            waits.remove(key);
            return true;
        }
        let (wait, over) = waits.get(key).copied().unwrap_or(Wait::FIRST).shorter();
        waits.insert(key.to_owned(), wait);
        !over
    }

    fn is_unreadable(&self, key: &str, version: u32) -> bool {
        self.unreadable.lock().unwrap_or_else(PoisonError::into_inner).get(key) == Some(&version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_plugin_is_tried_again_after_ever_longer_waits() {
        let mut wait = Wait::FIRST;
        let mut tries = Vec::new();
        for refresh in 1..=2_000 {
            let (next, over) = wait.shorter();
            wait = next;
            tries.extend(over.then_some(refresh));
        }
        assert_eq!(tries, [1, 3, 7, 15, 31, 63, 127, 255, 511, 961, 1_411, 1_861]);
    }
}
