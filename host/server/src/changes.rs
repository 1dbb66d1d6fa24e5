//! Changes: tells whoever follows a request live that it has changed.

use porchlight_model::request::RequestId;
use tokio::sync::broadcast::{
    self,
    error::RecvError::{Closed, Lagged},
};
use tokio_util::sync::CancellationToken;

/// How many changes a follower may be behind before it has to look for itself.
const BEHIND: usize = 256;

/// What has changed in this process, as it changes.
pub struct Changes {
    told: broadcast::Sender<RequestId>,
    stop: CancellationToken,
}

impl Changes {
    /// Changes until `stop` is cancelled.
    pub fn until(stop: CancellationToken) -> Self {
        Self { told: broadcast::Sender::new(BEHIND), stop }
    }

    /// A request has changed, or is gone.
    pub fn tell(&self, request: RequestId) {
        // Nobody may be following: that is no error.
        let _followers = self.told.send(request);
    }

    /// How many follow a request now.
    pub fn followers(&self) -> usize {
        self.told.receiver_count()
    }

    /// Follows one request from now on.
    pub fn follow(&self, request: RequestId) -> Follower {
        Follower { request, told: self.told.subscribe(), stop: self.stop.clone() }
    }
}

/// Follows one request.
pub struct Follower {
    request: RequestId,
    told: broadcast::Receiver<RequestId>,
    stop: CancellationToken,
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
        let mut follower = changes.follow(request(1));
        changes.tell(request(2));
        changes.tell(request(1));
        assert_eq!(follower.changed().await, Ok(()));
        assert!(follower.told.is_empty(), "the other one's was passed over");
    }

    #[tokio::test]
    async fn a_follower_who_fell_behind_looks_for_itself() {
        let changes = Changes::until(CancellationToken::new());
        let mut follower = changes.follow(request(1));
        (0..1_000).for_each(|_| changes.tell(request(2)));
        assert_eq!(follower.changed().await, Ok(()));
    }

    #[tokio::test]
    async fn followers_are_let_go_when_the_host_stops() {
        let stop = CancellationToken::new();
        let mut follower = Changes::until(stop.clone()).follow(request(1));
        stop.cancel();
        assert_eq!(follower.changed().await, Err(Stopping));
    }
}
