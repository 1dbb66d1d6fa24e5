//! How much room there is: connections in all, and from one subscriber.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Peer;
use crate::{abuse::subscriber, config::host::LimitsConfig};

/// Room for connections.
pub struct Room {
    places: Arc<Semaphore>,
    per_address: usize,
    trusted: Vec<IpAddr>,
    taken: Arc<Taken>,
}

/// A place in the room, for one connection; free again when dropped.
pub struct Place {
    _permit: Option<OwnedSemaphorePermit>,
    _share: Option<Share>,
}

/// How many places each subscriber has. Those without any are not remembered.
#[derive(Default)]
struct Taken(Mutex<HashMap<IpAddr, usize>>);

/// One of a subscriber's places.
struct Share {
    taken: Arc<Taken>,
    subscriber: IpAddr,
}

impl Room {
    /// As much room as the settings say. Trusted proxies are many people's, so they may take all of it.
    pub fn new(limits: &LimitsConfig, trusted: &[IpAddr]) -> Self {
        Self {
            places: Arc::new(Semaphore::new(limits.connections)),
            per_address: limits.connections_per_address,
            trusted: trusted.to_vec(),
            taken: Arc::default(),
        }
    }

    /// Waits until there is room for one more.
    pub async fn vacancy(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed, so there is always a place in the end.
        self.places.clone().acquire_owned().await.ok()
    }

    /// A place for this peer's connection; none where its subscriber has as many as one may have.
    pub fn place(&self, permit: Option<OwnedSemaphorePermit>, peer: Peer) -> Option<Place> {
        if peer.is_proxy(&self.trusted) {
            return Some(Place { _permit: permit, _share: None });
        }
        let share = self.taken.clone().share(subscriber(peer.0), self.per_address)?;
        Some(Place { _permit: permit, _share: Some(share) })
    }
}

impl Taken {
    fn share(self: Arc<Self>, subscriber: IpAddr, most: usize) -> Option<Share> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(subscriber).or_insert(0);
        if *count >= most {
            return None;
        }
        *count += 1;
        drop(taken);
        Some(Share { taken: self, subscriber })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.taken.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.subscriber) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.subscriber);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(connections: usize, connections_per_address: usize) -> Room {
        let limits = LimitsConfig { connections, connections_per_address, ..LimitsConfig::default() };
        Room::new(&limits, &[IpAddr::from([10, 0, 0, 1])])
    }

    fn v6(network: u16, last: u16) -> Peer {
        Peer(IpAddr::from([0x2001, 0xdb8, 0, network, 0, 0, 0, last]))
    }

    #[test]
    fn a_subscriber_has_so_many_places_and_gets_them_back() {
        let room = room(100, 2);
        let places = [room.place(None, v6(7, 1)), room.place(None, v6(7, 2))];
        assert!(places.iter().all(Option::is_some));
        assert!(room.place(None, v6(7, 3)).is_none(), "one /64 is one subscriber");
        assert!(room.place(None, v6(8, 1)).is_some());
        drop(places);
        assert!(room.place(None, v6(7, 3)).is_some());
        assert!(room.taken.0.lock().expect("not poisoned").is_empty(), "who is gone is forgotten");
    }

    #[test]
    fn an_address_written_as_ipv6_is_the_same_subscriber() {
        let room = room(100, 1);
        let _place = room.place(None, Peer("192.0.2.1".parse().expect("an address"))).expect("the first");
        assert!(room.place(None, Peer("::ffff:192.0.2.1".parse().expect("an address"))).is_none());
    }

    #[test]
    fn a_trusted_proxy_takes_as_many_as_there_are() {
        let room = room(100, 1);
        let places: Vec<Place> = (0..50).filter_map(|_| room.place(None, Peer(IpAddr::from([10, 0, 0, 1])))).collect();
        assert_eq!(places.len(), 50);
    }

    #[tokio::test]
    async fn a_full_room_lets_nobody_in_until_somebody_leaves() {
        let room = room(1, 1);
        let permit = room.vacancy().await;
        let place = room.place(permit, v6(7, 1)).expect("room");
        assert_eq!(room.places.available_permits(), 0);
        drop(place);
        assert_eq!(room.places.available_permits(), 1);
    }
}
