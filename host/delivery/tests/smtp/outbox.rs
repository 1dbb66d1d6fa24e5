//! An outbox in memory, with what its letters say.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_delivery::{LetterError, Letters, Outbox, OutboxError};
use porchlight_model::{
    contact::EmailAddress,
    delivery::{Delivery, Letter, Mail, Payload, Rooms, Target},
};
use tokio::{sync::Notify, time::timeout};
use uuid::Uuid;

#[derive(Clone, Default)]
pub struct SharedOutbox(Arc<State>);

#[derive(Default)]
struct State {
    waiting: Mutex<BTreeMap<Uuid, Delivery>>,
    mails: Mutex<BTreeMap<Uuid, Mail>>,
    sent: Mutex<usize>,
    failed: Mutex<usize>,
    marked: Notify,
}

pub fn email(written: &str) -> EmailAddress {
    serde_json::from_value(serde_json::Value::from(written)).expect("an address")
}

impl SharedOutbox {
    pub fn with(mails: Vec<Mail>) -> Self {
        let outbox = Self::default();
        for (id, mail) in (1..).map(Uuid::from_u128).zip(mails) {
            outbox.0.waiting.lock().expect("a lock").insert(id, delivery(id));
            outbox.0.mails.lock().expect("a lock").insert(id, mail);
        }
        outbox
    }

    pub async fn until_sent(&self, count: usize) {
        self.until(|state| *state.sent.lock().expect("a lock") >= count).await;
    }

    pub async fn until_failed(&self, count: usize) {
        self.until(|state| *state.failed.lock().expect("a lock") >= count).await;
    }

    async fn until(&self, reached: impl Fn(&State) -> bool) {
        let waiting = async {
            while !reached(&self.0) {
                self.0.marked.notified().await;
            }
        };
        timeout(Duration::from_secs(60), waiting).await.expect("it is marked within a minute");
    }
}

fn delivery(id: Uuid) -> Delivery {
    Delivery {
        id,
        site: "pet-shop".to_owned(),
        request: None,
        since: Timestamp::from_second(super::START).expect("a moment"),
        due_at: Timestamp::UNIX_EPOCH,
        attempts: 0,
        payload: Payload::Letter { letter: Letter::NewToBusiness },
    }
}

#[async_trait]
impl Outbox for SharedOutbox {
    async fn claim(&self, now: Timestamp, lease_until: Timestamp, rooms: Rooms) -> Result<Vec<Delivery>, OutboxError> {
        let mut waiting = self.0.waiting.lock().expect("a lock");
        let due =
            waiting.values_mut().filter(|delivery| delivery.due_at <= now).take(rooms.of(&Target::mail()) as usize);
        Ok(due
            .map(|delivery| std::mem::replace(delivery, Delivery { due_at: lease_until, ..delivery.clone() }))
            .collect())
    }

    async fn mark_sent(&self, delivery: Uuid, _: Timestamp) -> Result<(), OutboxError> {
        self.0.waiting.lock().expect("a lock").remove(&delivery);
        *self.0.sent.lock().expect("a lock") += 1;
        self.0.marked.notify_one();
        Ok(())
    }

    async fn mark_dead(&self, _: Uuid, error: &str, _: Timestamp) -> Result<(), OutboxError> {
        panic!("no test goes on for three days, and yet: {error}");
    }

    async fn give_up(&self, _: &Target, _: Timestamp, _: &str, _: Timestamp) -> Result<u64, OutboxError> {
        Ok(0)
    }

    async fn mark_failed(&self, delivery: Uuid, _: &str, retry_at: Timestamp) -> Result<(), OutboxError> {
        let mut waiting = self.0.waiting.lock().expect("a lock");
        let failed = waiting.get_mut(&delivery).expect("the delivery");
        (failed.due_at, failed.attempts) = (retry_at, failed.attempts + 1);
        *self.0.failed.lock().expect("a lock") += 1;
        self.0.marked.notify_one();
        Ok(())
    }
}

#[async_trait]
impl Letters for SharedOutbox {
    async fn write(&self, delivery: &Delivery, _: Timestamp) -> Result<Option<Mail>, LetterError> {
        Ok(self.0.mails.lock().expect("a lock").get(&delivery.id).cloned())
    }
}
