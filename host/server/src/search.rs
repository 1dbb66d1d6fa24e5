//! Search in answers. The index of two dozen answers takes two megabytes, so one is made when it is first asked for, and only
//! those asked of late are kept.

use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use porchlight_model::{answers::AnswerIndex, locale::Locale};

use crate::sites::LiveSite;

/// How many indexes are kept.
const INDEXES: usize = 32;

/// The indexes asked of late, the latest first.
#[derive(Debug, Default)]
pub struct Indexes(Mutex<Vec<Known>>);

#[derive(Debug)]
struct Known {
    site: Weak<LiveSite>,
    index: Arc<OnceLock<AnswerIndex>>,
}

impl Indexes {
    /// Positions of the answers of a site that fit a query, best first.
    pub fn search(&self, live: &Arc<LiveSite>, query: &str, locale: Locale) -> Vec<usize> {
        // Made outside the lock: only who searches the same site waits for it.
        self.of(live).get_or_init(|| AnswerIndex::new(&live.site.answers)).search(query, locale)
    }

    /// The place of the index over the answers of a site as it is served.
    fn of(&self, live: &Arc<LiveSite>) -> Arc<OnceLock<AnswerIndex>> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|known| known.site.strong_count() > 0);
        let index = match known.iter().position(|known| known.site.as_ptr() == Arc::as_ptr(live)) {
            Some(place) => known.remove(place).index,
            None => Arc::default(),
        };
        known.truncate(INDEXES - 1);
        known.insert(0, Known { site: Arc::downgrade(live), index: index.clone() });
        index
    }
}

#[cfg(test)]
mod tests {
    use porchlight_store::SiteFile;

    use super::*;
    use crate::{
        config::site,
        widget::{CSS, SiteAsset},
    };

    fn live() -> Arc<LiveSite> {
        let text = "key = \"pet-shop\"\nname = \"Пёс и Кот\"\nreference_prefix = \"PS\"\norigins = [\"https://shop.example\"]\n\
                    locale = \"ru\"\ntime_zone = \"Europe/Moscow\"\nhours = \"24/7\"\n[forms.message]\nexpected_reply = \"2h\"\n";
        let file = SiteFile { path: site::SITE_FILE.to_owned(), content: text.into() };
        let site = site::read(&[file]).expect("a site").site;
        let asset = SiteAsset::new(CSS, String::new(), ("", ""));
        Arc::new(LiveSite {
            site,
            version: 1,
            plugins: vec![],
            loader: asset.clone(),
            style: asset,
            history: Mutex::default(),
        })
    }

    #[test]
    fn an_index_is_made_once_for_each_version_of_a_site() {
        let indexes = Indexes::default();
        let (one, other) = (live(), live());
        let first = indexes.of(&one);
        assert!(Arc::ptr_eq(&first, &indexes.of(&one)));
        assert!(!Arc::ptr_eq(&first, &indexes.of(&other)));
    }

    #[test]
    fn only_the_latest_indexes_are_kept_and_none_of_a_site_that_is_gone() {
        let indexes = Indexes::default();
        let sites: Vec<_> = (0..=INDEXES).map(|_| live()).collect();
        let first = indexes.of(&sites[0]);
        sites.iter().skip(1).for_each(|site| drop(indexes.of(site)));
        assert!(!Arc::ptr_eq(&first, &indexes.of(&sites[0])), "it was made anew");
        assert_eq!(indexes.0.lock().expect("no panic").len(), INDEXES);
        drop(sites);
        let last = live();
        drop(indexes.of(&last));
        assert_eq!(indexes.0.lock().expect("no panic").len(), 1);
    }
}
