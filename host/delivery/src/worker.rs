//! The worker: claims what is due, has it written, sends it, marks it, waits.
//!
//! Each target has a queue of its own: one that is slow or fails keeps its own deliveries waiting and no other's. While it is left
//! to rest they cost no attempt.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use porchlight_model::delivery::{Delivery, Rooms, Target};
use tokio::{
    sync::Notify,
    task::{JoinError, JoinSet},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

pub use self::targets::Circuits;
use self::targets::{Place, Targets};
use crate::{
    Outbox, OutboxError, SendError, Senders, Sent,
    backoff::{PATIENCE, retry_at},
};

mod circuit;
mod targets;

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Gives 64 random bits.
pub type Chance = Arc<dyn Fn() -> u64 + Send + Sync>;

/// How long a claimed delivery is ours; much longer than any attempt may take.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// How often the outbox is looked at when nobody wakes the worker.
const POLL: Duration = Duration::from_secs(5);

/// Sends what waits in the outbox, until it is stopped.
pub struct Worker {
    outbox: Arc<dyn Outbox>,
    senders: Senders,
    targets: Arc<Targets>,
    clock: Clock,
    chance: Chance,
    /// Sent, but not marked so: the outbox failed. They are not sent again, only marked when they come back.
    unmarked: Mutex<HashSet<Uuid>>,
}

impl std::fmt::Debug for Worker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Worker")
    }
}

impl Worker {
    /// A worker that takes from `outbox` and gives to `senders`.
    pub fn new(outbox: Arc<dyn Outbox>, senders: Senders, clock: Clock, chance: Chance) -> Self {
        Self { outbox, senders, targets: Arc::default(), clock, chance, unmarked: Mutex::default() }
    }

    /// The same worker, which lets others see which targets rest.
    pub fn seen_by(self, circuits: &Circuits) -> Self {
        Self { targets: circuits.targets(), ..self }
    }

    /// Works until `stop` is cancelled, then finishes what is under way and returns.
    ///
    /// `wake` is notified when something new was put into the outbox; without it that is found within five seconds.
    pub async fn run(self, wake: Arc<Notify>, stop: CancellationToken) {
        let worker = Arc::new(self);
        let mut under_way = JoinSet::new();
        while !stop.is_cancelled() {
            worker.take_up(&mut under_way).await;
            tokio::select! {
                () = stop.cancelled() => break,
                Some(ended) = under_way.join_next() => report(ended),
                () = wake.notified() => {}
                () = sleep(POLL) => {}
            }
        }
        while let Some(ended) = under_way.join_next().await {
            report(ended);
        }
    }

    /// Claims as many deliveries as may be begun to each target, and begins them.
    ///
    /// One that is under way here is not begun again, though its lease be over: the clock was turned, or the machine slept.
    async fn take_up(self: &Arc<Self>, under_way: &mut JoinSet<()>) {
        let (now, at_hand) = ((self.clock)(), self.targets.under_way());
        let lease_until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        match self.outbox.claim(now, lease_until, self.rooms(now)).await {
            Ok(claimed) => {
                let new = claimed.into_iter().filter(|delivery| !at_hand.contains(&delivery.id));
                new.for_each(|delivery| self.begin(delivery, under_way));
            }
            Err(error) => tracing::error!(error = chain(&error), "the outbox could not be read"),
        }
    }

    fn rooms(&self, now: Timestamp) -> Rooms {
        let mut rooms = self.targets.rooms(now);
        if self.senders.mail.is_none() {
            rooms.others.insert(Target::mail(), 0);
        }
        rooms
    }

    fn begin(self: &Arc<Self>, delivery: Delivery, under_way: &mut JoinSet<()>) {
        let (worker, place) = (Arc::clone(self), self.targets.begin(&delivery));
        under_way.spawn(async move { worker.deliver(delivery, &place).await });
    }

    async fn deliver(&self, delivery: Delivery, place: &Place) {
        let sent = if self.is_unmarked(delivery.id) { Ok(Sent::Taken) } else { self.send(&delivery).await };
        let marked = match sent {
            Ok(sent) => {
                if sent == Sent::Taken {
                    place.worked((self.clock)());
                }
                self.succeed(&delivery).await
            }
            Err(error) => self.fail(&delivery, place, &error).await,
        };
        if let Err(error) = marked {
            tracing::error!(delivery = %delivery.id, site = delivery.site, error = chain(&error), "a delivery could not be marked");
        }
    }

    async fn send(&self, delivery: &Delivery) -> Result<Sent, SendError> {
        let sender = self.senders.of(delivery).ok_or(SendError::NoSender)?;
        let sent = sender.send(delivery, (self.clock)()).await?;
        if sent == Sent::NothingToSay {
            tracing::info!(delivery = %delivery.id, site = delivery.site, "nobody is left to be told");
        }
        Ok(sent)
    }

    async fn succeed(&self, delivery: &Delivery) -> Result<(), OutboxError> {
        self.remember(delivery.id);
        self.outbox.mark_sent(delivery.id, (self.clock)()).await?;
        self.forget(delivery.id);
        tracing::info!(delivery = %delivery.id, site = delivery.site, attempts = delivery.attempts + 1, "delivery sent");
        Ok(())
    }

    async fn fail(&self, delivery: &Delivery, place: &Place, error: &SendError) -> Result<(), OutboxError> {
        let (attempts, now) = (delivery.attempts.saturating_add(1), (self.clock)());
        let rests = error.blames_target() && place.failed(error.rest(), (self.chance)(), now);
        match self.next_try(delivery, error, attempts, now) {
            Some(retry_at) => {
                log_failure(delivery, attempts, error, retry_at);
                self.outbox.mark_failed(delivery.id, &error.chain(), retry_at).await?;
            }
            None => {
                log_death(delivery, attempts, error);
                self.outbox.mark_dead(delivery.id, &error.chain(), now).await?;
            }
        }
        if rests { self.rest(place.target(), error, now).await } else { Ok(()) }
    }

    /// When a delivery is tried again, if it is: not before the target wants to be asked.
    fn next_try(&self, delivery: &Delivery, error: &SendError, attempts: u32, now: Timestamp) -> Option<Timestamp> {
        let next = retry_at(delivery.since, attempts, (self.chance)(), now).filter(|_| !error.is_final())?;
        let asked = error.rest().and_then(|rest| now.checked_add(rest).ok());
        Some(asked.map_or(next, |asked| asked.max(next)))
    }

    /// What waits for a target that is left to rest costs no attempt; three days are enough for it all the same.
    async fn rest(&self, target: &Target, error: &SendError, now: Timestamp) -> Result<(), OutboxError> {
        tracing::warn!(to = %target, "a target keeps failing and is left to rest; its deliveries wait");
        let since = now.saturating_sub(PATIENCE).unwrap_or(Timestamp::MIN);
        let count = self.outbox.give_up(target, since, &error.chain(), now).await?;
        if count > 0 {
            tracing::error!(
                to = %target, count,
                "deliveries given up after three days; send them again with `porchlight deliveries resend --all`"
            );
        }
        Ok(())
    }

    fn is_unmarked(&self, id: Uuid) -> bool {
        self.unmarked.lock().unwrap_or_else(PoisonError::into_inner).contains(&id)
    }

    fn remember(&self, id: Uuid) {
        self.unmarked.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    }

    fn forget(&self, id: Uuid) {
        self.unmarked.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }
}

/// What waits for the operator is an error, what mends itself a warning.
fn log_failure(delivery: &Delivery, attempts: u32, error: &SendError, retry_at: Timestamp) {
    let (id, site, class, error_text) = (delivery.id, &delivery.site, error.class(), error.chain());
    let to = delivery.target();
    match error {
        SendError::Refused { .. } | SendError::Address | SendError::NoticeUnwritten(_) => {
            tracing::error!(delivery = %id, site, attempts, %to, class, error = error_text, %retry_at, "delivery failed");
        }
        _ => {
            tracing::warn!(delivery = %id, site, attempts, %to, class, error = error_text, %retry_at, "delivery failed")
        }
    }
}

fn log_death(delivery: &Delivery, attempts: u32, error: &SendError) {
    let (id, site, class, to) = (delivery.id, &delivery.site, error.class(), delivery.target());
    let why = if error.is_final() { "at once" } else { "after three days" };
    tracing::error!(
        delivery = %id, site, attempts, %to, class, error = error.chain(),
        "delivery given up {why}; send it again with `porchlight deliveries resend {id}`"
    );
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended {
        // Its lease ends, and it is tried again.
        tracing::error!(panicked = error.is_panic(), "a delivery crashed");
    }
}

fn chain(error: &OutboxError) -> String {
    format!("{error}: {}", error.0)
}

#[cfg(test)]
mod tests;
