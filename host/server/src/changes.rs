//! Changes: tells whoever follows a request live that it has changed.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use porchlight_model::request::RequestId;
use tokio::sync::broadcast::{
    self,
    error::RecvError::{Closed, Lagged},
};
use tokio_util::sync::CancellationToken;

/// How many changes a follower may be behind before it has to look for itself.
const BEHIND: usize = 256;

/// How many follow at once: all requests, and one.
const FOLLOWERS: usize = 1_024;
const OF_ONE: usize = 8;

/// What has changed in this process, as it changes.
pub struct Changes {
    told: broadcast::Sender<RequestId>,
    followed: Arc<Mutex<HashMap<RequestId, usize>>>,
    stop: CancellationToken,
}

impl Changes {
    /// Changes until `stop` is cancelled.
    pub fn until(stop: CancellationToken) -> Self {
        Self { told: broadcast::Sender::new(BEHIND), followed: Arc::default(), stop }
    }

    /// A request has changed, or is gone.
    pub fn tell(&self, request: RequestId) {
        // Nobody may be following: that is no error.
        let _followers = self.told.send(request);
    }

    /// Follows one request from now on; `None` where as many do already as there may be.
    pub fn follow(&self, request: RequestId) -> Option<Follower> {
        let mut followed = locked(&self.followed);
        let count = followed.get(&request).copied().unwrap_or(0);
        if count >= OF_ONE || self.told.receiver_count() >= FOLLOWERS {
            return None;
        }
        followed.insert(request, count + 1);
        let (told, stop) = (self.told.subscribe(), self.stop.clone());
        Some(Follower { request, told, followed: Arc::clone(&self.followed), stop })
    }
}

fn locked(followed: &Mutex<HashMap<RequestId, usize>>) -> MutexGuard<'_, HashMap<RequestId, usize>> {
    followed.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Follows one request.
pub struct Follower {
    request: RequestId,
    told: broadcast::Receiver<RequestId>,
    followed: Arc<Mutex<HashMap<RequestId, usize>>>,
    stop: CancellationToken,
}

impl Drop for Follower {
    fn drop(&mut self) {
        let mut followed = locked(&self.followed);
        match followed.get(&self.request).copied().unwrap_or(0) {
            0 | 1 => followed.remove(&self.request),
            count => followed.insert(self.request, count - 1),
        };
    }
}

/// Why there is nothing more to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopping;

impl Follower {
    /// Returns once the request may have changed; an error once the host stops.
    pub async fn changed(&mut self) -> Result<(), Stopping> {
        loop {
            let told = tokio::select! {
                told = self.told.recv() => told,
                () = self.stop.cancelled() => return Err(Stopping),
            };
            match told {
                Ok(request) if request != self.request => {}
                Ok(_) | Err(Lagged(_)) => return Ok(()),
                Err(Closed) => return Err(Stopping),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn request(number: u128) -> RequestId {
        RequestId(Uuid::from_u128(number))
    }

    #[tokio::test]
    async fn a_follower_hears_of_its_own_request_alone() {
        let changes = Changes::until(CancellationToken::new());
        let mut follower = changes.follow(request(1)).expect("there is room");
        changes.tell(request(2));
        changes.tell(request(1));
        assert_eq!(follower.changed().await, Ok(()));
        assert!(follower.told.is_empty(), "the other one's was passed over");
    }

    #[tokio::test]
    async fn a_follower_who_fell_behind_looks_for_itself() {
        let changes = Changes::until(CancellationToken::new());
        let mut follower = changes.follow(request(1)).expect("there is room");
        (0..1_000).for_each(|_| changes.tell(request(2)));
        assert_eq!(follower.changed().await, Ok(()));
    }

    #[tokio::test]
    async fn followers_are_let_go_when_the_host_stops() {
        let stop = CancellationToken::new();
        let mut follower = Changes::until(stop.clone()).follow(request(1)).expect("there is room");
        stop.cancel();
        assert_eq!(follower.changed().await, Err(Stopping));
    }

    #[tokio::test]
    async fn eight_follow_one_request_and_who_leaves_makes_room() {
        let changes = Changes::until(CancellationToken::new());
        let mut followers: Vec<Follower> = (0..8).filter_map(|_| changes.follow(request(1))).collect();
        assert!(followers.len() == 8 && changes.follow(request(1)).is_none());
        assert!(changes.follow(request(2)).is_some(), "another request has its own");
        followers.pop();
        assert!(changes.follow(request(1)).is_some());
    }
}
