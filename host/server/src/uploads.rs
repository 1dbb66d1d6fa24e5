//! Files on their way in: each is held in memory until it is kept, so there are few at a time, two of each subscriber, and one of
//! each side of a request.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use porchlight_model::{delivery::Reader, request::RequestId};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{abuse::subscriber, config::attachments::AttachmentsConfig};

/// The most files of one subscriber that are on their way in: however slowly they come, others find a place.
const SHARE: usize = 2;

/// How long files that came by mail wait for a place.
const PATIENCE: Duration = Duration::from_secs(30);

/// Files on their way in, and how much may come.
pub struct Uploads {
    /// How much may be attached.
    pub limits: AttachmentsConfig,
    places: Arc<Semaphore>,
    under_way: Arc<Mutex<UnderWay>>,
}

/// Whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uploader {
    /// The requester's, from this address.
    Requester(IpAddr),
    /// An agent's, who has signed in: no share holds them back.
    Agent,
}

#[derive(Default)]
struct UnderWay {
    requests: HashSet<(RequestId, Reader)>,
    subscribers: HashMap<IpAddr, usize>,
}

/// A file on its way in; its place is free again once this is dropped.
pub struct Upload {
    side: (RequestId, Reader),
    subscriber: Option<IpAddr>,
    under_way: Arc<Mutex<UnderWay>>,
    _place: OwnedSemaphorePermit,
}

/// A place for the files of a mail; it is free again once this is dropped.
pub struct MailPlace {
    _place: OwnedSemaphorePermit,
}

impl Uploads {
    /// Uploads within these limits.
    pub fn new(limits: AttachmentsConfig) -> Self {
        let places = Arc::new(Semaphore::new(limits.at_once));
        Self { limits, places, under_way: Arc::default() }
    }

    /// A place for a file of a request; `None` where one of this side of it is on its way already, or too many are: of all, or of
    /// whoever stands behind the address.
    pub fn begin(&self, request: RequestId, uploader: Uploader) -> Option<Upload> {
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let (side, subscriber) = match uploader {
            Uploader::Requester(address) => ((request, Reader::Requester), Some(subscriber(address))),
            Uploader::Agent => ((request, Reader::Business), None),
        };
        let begun = locked(&self.under_way).begin(side, subscriber);
        begun.then(|| Upload { side, subscriber, under_way: Arc::clone(&self.under_way), _place: place })
    }

    /// A place for the files of a mail, as soon as there is one; `None` where that takes too long.
    pub async fn wait(&self) -> Option<MailPlace> {
        let place = timeout(PATIENCE, Arc::clone(&self.places).acquire_owned()).await.ok()?.ok()?;
        Some(MailPlace { _place: place })
    }
}

impl UnderWay {
    fn begin(&mut self, side: (RequestId, Reader), subscriber: Option<IpAddr>) -> bool {
        let of_subscriber = subscriber.and_then(|subscriber| self.subscribers.get(&subscriber)).copied();
        if of_subscriber.unwrap_or_default() >= SHARE || !self.requests.insert(side) {
            return false;
        }
        if let Some(subscriber) = subscriber {
            *self.subscribers.entry(subscriber).or_default() += 1;
        }
        true
    }

    fn end(&mut self, side: (RequestId, Reader), subscriber: Option<IpAddr>) {
        self.requests.remove(&side);
        let Some(subscriber) = subscriber else { return };
        let left = self.subscribers.get(&subscriber).map_or(0, |count| count.saturating_sub(1));
        match left {
            0 => self.subscribers.remove(&subscriber),
            left => self.subscribers.insert(subscriber, left),
        };
    }
}

fn locked(under_way: &Mutex<UnderWay>) -> MutexGuard<'_, UnderWay> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Upload {
    fn drop(&mut self) {
        locked(&self.under_way).end(self.side, self.subscriber);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use uuid::Uuid;

    use super::*;

    fn uploads(at_once: usize) -> Uploads {
        Uploads::new(AttachmentsConfig { at_once, ..AttachmentsConfig::default() })
    }

    fn id(number: u128) -> RequestId {
        RequestId(Uuid::from_u128(number))
    }

    fn from(last: u8) -> Uploader {
        Uploader::Requester(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)))
    }

    #[test]
    fn places_are_few_and_one_for_each_request() {
        let uploads = uploads(2);
        let first = uploads.begin(id(1), from(1));
        assert!(first.is_some() && uploads.begin(id(1), from(2)).is_none());
        let second = uploads.begin(id(2), from(2));
        assert!(second.is_some() && uploads.begin(id(3), from(3)).is_none());
        drop(first);
        assert!(uploads.begin(id(2), from(2)).is_none() && uploads.begin(id(1), from(1)).is_some());
    }

    #[test]
    fn one_subscriber_leaves_places_to_others_and_to_agents() {
        let uploads = uploads(8);
        let of = |last| Uploader::Requester(IpAddr::from([0x2001, 0xdb8, 0, 7, 0, 0, 0, last]));
        let begun = [uploads.begin(id(1), of(1)), uploads.begin(id(2), of(2))];
        assert!(begun.iter().all(Option::is_some) && uploads.begin(id(3), of(3)).is_none());
        assert!(uploads.begin(id(3), from(1)).is_some());
        let agents: Vec<Upload> = (3..9).filter_map(|number| uploads.begin(id(number), Uploader::Agent)).collect();
        assert_eq!(agents.len(), 6);
        drop(begun);
        assert!(uploads.begin(id(3), of(3)).is_some());
    }

    #[test]
    fn neither_side_of_a_request_keeps_the_other_waiting() {
        let uploads = uploads(8);
        let theirs = uploads.begin(id(1), from(1));
        let agents = uploads.begin(id(1), Uploader::Agent);
        assert!(theirs.is_some() && agents.is_some() && uploads.begin(id(1), Uploader::Agent).is_none());
        drop(theirs);
        assert!(uploads.begin(id(1), Uploader::Agent).is_none() && uploads.begin(id(1), from(2)).is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn mail_waits_for_a_place_and_not_for_ever() {
        let uploads = uploads(1);
        let first = uploads.begin(id(1), from(1));
        assert!(uploads.wait().await.is_none());
        drop(first);
        assert!(uploads.wait().await.is_some() && uploads.begin(id(1), from(1)).is_some());
    }
}
