//! Searches without result: counted in memory, and kept once a minute, so that who only looks makes the disk no work.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::civil::Date;
use porchlight_model::{measure, site::Site};
use porchlight_store::Unfound;
use tokio_util::sync::CancellationToken;

use crate::{app::App, logs::chain};

const INTERVAL: Duration = Duration::from_secs(60);

/// How many different ones of a site wait to be kept.
const WAITING: usize = 200;

/// Searches that found nothing, of the last minute.
#[derive(Debug, Default)]
pub struct Searches(Mutex<BTreeMap<(String, Date, String), u32>>);

impl Searches {
    /// Counts a search that found nothing, unless its words may say whose it was. Who is still typing searches for the beginning of
    /// a word first: that is not counted again.
    pub fn count(&self, site: &Site, day: Date, query: &str) {
        let Some(words) = measure::search_words(query) else { return };
        let mut waiting = self.waiting();
        let of_today = |words: &str| (site.key.clone(), day, words.to_owned());
        let ends = words.char_indices().map(|(end, _)| end).skip(1);
        let begun: Vec<_> = ends.map(|end| of_today(&words[..end])).filter(|key| waiting.contains_key(key)).collect();
        for key in begun {
            let count = waiting.entry(key.clone()).or_default();
            *count = count.saturating_sub(1);
            if *count == 0 {
                waiting.remove(&key);
            }
        }
        let key = of_today(&words);
        let of_site = waiting.range(first_of(&site.key)..).take_while(|((of, ..), _)| *of == site.key);
        if of_site.take(WAITING).count() < WAITING || waiting.contains_key(&key) {
            let count = waiting.entry(key).or_default();
            *count = count.saturating_add(1);
        }
    }

    fn taken(&self) -> Vec<Unfound> {
        let taken = std::mem::take(&mut *self.waiting());
        let unfound = |((site, day, words), searches)| Unfound { site, day, words, searches };
        taken.into_iter().map(unfound).collect()
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<(String, Date, String), u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Before all of a site.
fn first_of(site: &str) -> (String, Date, String) {
    (site.to_owned(), Date::MIN, String::new())
}

impl App {
    /// Keeps the searches that were counted. Where that fails they are not counted, and nothing else suffers.
    pub async fn keep_searches(&self) {
        let taken = self.searches.taken();
        if taken.is_empty() {
            return;
        }
        if let Err(error) = self.store.count_searches(taken).await {
            tracing::warn!(error = %chain(&error), "searches without result could not be counted");
        }
    }
}

/// Keeps them every minute, and when the host stops.
pub async fn keeping(app: App, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(INTERVAL)).await.is_some() {
        app.keep_searches().await;
    }
    app.keep_searches().await;
}
