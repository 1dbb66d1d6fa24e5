//! Files on their way in: each is held in memory until it is kept, so there are few at a time, and one of each request.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use porchlight_model::request::RequestId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::config::attachments::AttachmentsConfig;

/// Files on their way in, and how much may come.
pub struct Uploads {
    /// How much may be attached.
    pub limits: AttachmentsConfig,
    places: Arc<Semaphore>,
    under_way: Arc<Mutex<HashSet<RequestId>>>,
}

/// A file on its way in; its place is free again once this is dropped.
pub struct Upload {
    request: RequestId,
    under_way: Arc<Mutex<HashSet<RequestId>>>,
    _place: OwnedSemaphorePermit,
}

impl Uploads {
    /// Uploads within these limits.
    pub fn new(limits: AttachmentsConfig) -> Self {
        let places = Arc::new(Semaphore::new(limits.at_once));
        Self { limits, places, under_way: Arc::default() }
    }

    /// A place for a file of a request; `None` where one of it is on its way already, or too many are.
    pub fn begin(&self, request: RequestId) -> Option<Upload> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let is_first = self.under_way.lock().unwrap_or_else(PoisonError::into_inner).insert(request);
        is_first.then(|| Upload { request, under_way: Arc::clone(&self.under_way), _place: place })
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.request);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn places_are_few_and_one_for_each_request() {
        let uploads = Uploads::new(AttachmentsConfig { at_once: 2, ..AttachmentsConfig::default() });
        let id = |number| RequestId(Uuid::from_u128(number));
        let first = uploads.begin(id(1));
        assert!(first.is_some() && uploads.begin(id(1)).is_none());
        let second = uploads.begin(id(2));
        assert!(second.is_some() && uploads.begin(id(3)).is_none());
        drop(first);
        assert!(uploads.begin(id(2)).is_none() && uploads.begin(id(1)).is_some());
    }
}
