//! The worker: claims what is due, has it written, sends it, marks it, waits.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use porchlight_model::delivery::Delivery;
use tokio::{
    sync::Notify,
    task::{JoinError, JoinSet},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Letters, Mailer, Outbox, OutboxError, SendError, backoff::retry_at};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Gives 64 random bits.
pub type Chance = Arc<dyn Fn() -> u64 + Send + Sync>;

/// Deliveries under way at the same time.
const CONCURRENCY: usize = 8;

/// How long a claimed delivery is ours; much longer than any attempt may take.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// How often the outbox is looked at when nobody wakes the worker.
const POLL: Duration = Duration::from_secs(5);

/// Sends what waits in the outbox, until it is stopped.
pub struct Worker {
    outbox: Arc<dyn Outbox>,
    letters: Arc<dyn Letters>,
    mailer: Arc<dyn Mailer>,
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
    /// A worker that takes from `outbox`, has `letters` written and gives them to `mailer`.
    pub fn new(
        outbox: Arc<dyn Outbox>,
        letters: Arc<dyn Letters>,
        mailer: Arc<dyn Mailer>,
        clock: Clock,
        chance: Chance,
    ) -> Self {
        Self { outbox, letters, mailer, clock, chance, unmarked: Mutex::default() }
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

    /// Claims as many deliveries as may still be under way together, and begins them.
    async fn take_up(self: &Arc<Self>, under_way: &mut JoinSet<()>) {
        let free = CONCURRENCY.saturating_sub(under_way.len());
        if free == 0 {
            return;
        }
        let now = (self.clock)();
        let lease_until = now.saturating_add(LEASE).unwrap_or(Timestamp::MAX);
        match self.outbox.claim(now, lease_until, u32::try_from(free).unwrap_or(u32::MAX)).await {
            Ok(claimed) => claimed.into_iter().for_each(|delivery| self.begin(delivery, under_way)),
            Err(error) => tracing::error!(error = chain(&error), "the outbox could not be read"),
        }
    }

    fn begin(self: &Arc<Self>, delivery: Delivery, under_way: &mut JoinSet<()>) {
        let worker = Arc::clone(self);
        under_way.spawn(async move { worker.deliver(delivery).await });
    }

    async fn deliver(&self, delivery: Delivery) {
        let sent = if self.is_unmarked(delivery.id) { Ok(()) } else { self.send(&delivery).await };
        let marked = match sent {
            Ok(()) => self.succeed(&delivery).await,
            Err(error) => self.fail(&delivery, &error).await,
        };
        if let Err(error) = marked {
            tracing::error!(delivery = %delivery.id, site = delivery.site, error = chain(&error), "a delivery could not be marked");
        }
    }

    async fn send(&self, delivery: &Delivery) -> Result<(), SendError> {
        let now = (self.clock)();
        match self.letters.write(delivery, now).await? {
            Some(mail) => self.mailer.send(delivery, &mail, now).await,
            None => {
                tracing::info!(delivery = %delivery.id, site = delivery.site, "nobody is left to be told");
                Ok(())
            }
        }
    }

    async fn succeed(&self, delivery: &Delivery) -> Result<(), OutboxError> {
        self.remember(delivery.id);
        self.outbox.mark_sent(delivery.id, (self.clock)()).await?;
        self.forget(delivery.id);
        tracing::info!(delivery = %delivery.id, site = delivery.site, attempts = delivery.attempts + 1, "delivery sent");
        Ok(())
    }

    async fn fail(&self, delivery: &Delivery, error: &SendError) -> Result<(), OutboxError> {
        let (attempts, now) = (delivery.attempts.saturating_add(1), (self.clock)());
        let Some(retry_at) = retry_at(delivery.since, attempts, (self.chance)(), now) else {
            log_death(delivery, attempts, error);
            return self.outbox.mark_dead(delivery.id, &error.chain(), now).await;
        };
        log_failure(delivery, attempts, error, retry_at);
        self.outbox.mark_failed(delivery.id, &error.chain(), retry_at).await
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
    match error {
        SendError::Refused { .. } | SendError::Address => {
            tracing::error!(delivery = %id, site, attempts, class, error = error_text, %retry_at, "delivery failed");
        }
        _ => tracing::warn!(delivery = %id, site, attempts, class, error = error_text, %retry_at, "delivery failed"),
    }
}

fn log_death(delivery: &Delivery, attempts: u32, error: &SendError) {
    let (id, site, class, error) = (delivery.id, &delivery.site, error.class(), error.chain());
    tracing::error!(
        delivery = %id, site, attempts, class, error,
        "delivery given up after three days; send it again with `porchlight deliveries resend {id}`"
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
