//! What the worker is tried with: an outbox in memory, a mailer that takes notes, a clock to turn.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicI64, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use porchlight_model::delivery::{Letter, Mail, News, Notice, Payload};
use tokio::{sync::Semaphore, task::JoinHandle, time::timeout};

use super::super::*;
use crate::{LetterError, LetterSender, Letters, Mailer, Sender, message::tests::mail};

const START: i64 = 1_795_000_000;

/// An outbox in memory, with the faults a test asks for.
#[derive(Default)]
pub(super) struct Memory {
    pub(super) waiting: Mutex<BTreeMap<Uuid, Delivery>>,
    pub(super) sent: Mutex<Vec<Uuid>>,
    pub(super) errors: Mutex<Vec<String>>,
    pub(super) dead: Mutex<Vec<(u128, String)>>,
    pub(super) failing_marks: AtomicUsize,
    pub(super) failing_claims: AtomicUsize,
    pub(super) marked: Notify,
}

pub(super) fn fault(left: &AtomicUsize) -> Result<(), OutboxError> {
    let failing = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
    if failing { Err(OutboxError("the disk is full".into())) } else { Ok(()) }
}

impl Memory {
    pub(super) fn with(count: u128) -> Arc<Self> {
        let memory = Self::default();
        memory.put(1..=count);
        Arc::new(memory)
    }

    pub(super) fn put(&self, ids: impl IntoIterator<Item = u128>) {
        let deliveries = ids.into_iter().map(|id| (Uuid::from_u128(id), delivery(id)));
        self.waiting.lock().expect("a lock").extend(deliveries);
    }

    pub(super) fn put_notices(&self, endpoint: &str, ids: impl IntoIterator<Item = u128>) {
        let notices = ids.into_iter().map(|id| (Uuid::from_u128(id), notice(id, endpoint)));
        self.waiting.lock().expect("a lock").extend(notices);
    }

    /// How often what waits was tried.
    pub(super) fn attempts(&self) -> Vec<u32> {
        self.waiting.lock().expect("a lock").values().map(|delivery| delivery.attempts).collect()
    }

    pub(super) fn sent(&self) -> Vec<u128> {
        let mut sent: Vec<u128> = self.sent.lock().expect("a lock").iter().map(Uuid::as_u128).collect();
        sent.sort_unstable();
        sent
    }

    /// Waits for the next mark: sent or failed.
    pub(super) async fn mark(&self) {
        timeout(Duration::from_secs(3_600), self.marked.notified()).await.expect("a mark within an hour");
    }

    pub(super) async fn marks(&self, count: usize) {
        while self.sent().len() < count {
            self.mark().await;
        }
    }
}

#[async_trait]
impl Outbox for Memory {
    async fn claim(&self, now: Timestamp, lease_until: Timestamp, rooms: Rooms) -> Result<Vec<Delivery>, OutboxError> {
        fault(&self.failing_claims)?;
        let mut waiting = self.waiting.lock().expect("a lock");
        let mut taken: BTreeMap<Target, u32> = BTreeMap::new();
        let fits = |delivery: &&mut Delivery| {
            let taken = taken.entry(delivery.target()).or_default();
            *taken += 1;
            *taken <= rooms.of(&delivery.target())
        };
        let due = waiting.values_mut().filter(|delivery| delivery.due_at <= now).filter(fits);
        Ok(due
            .map(|delivery| std::mem::replace(delivery, Delivery { due_at: lease_until, ..delivery.clone() }))
            .collect())
    }

    async fn mark_sent(&self, delivery: Uuid, _: Timestamp) -> Result<(), OutboxError> {
        self.marked.notify_one();
        fault(&self.failing_marks)?;
        self.waiting.lock().expect("a lock").remove(&delivery);
        self.sent.lock().expect("a lock").push(delivery);
        Ok(())
    }

    async fn mark_dead(&self, delivery: Uuid, error: &str, _: Timestamp) -> Result<(), OutboxError> {
        self.marked.notify_one();
        self.waiting.lock().expect("a lock").remove(&delivery).expect("the delivery");
        self.dead.lock().expect("a lock").push((delivery.as_u128(), error.to_owned()));
        Ok(())
    }

    async fn give_up(
        &self,
        target: &Target,
        since: Timestamp,
        error: &str,
        now: Timestamp,
    ) -> Result<u64, OutboxError> {
        let mut waiting = self.waiting.lock().expect("a lock");
        let is_over =
            |delivery: &Delivery| delivery.target() == *target && delivery.since <= since && delivery.due_at <= now;
        let over: Vec<Uuid> =
            waiting.values().filter(|delivery| is_over(delivery)).map(|delivery| delivery.id).collect();
        over.iter().for_each(|id| drop(waiting.remove(id)));
        self.dead.lock().expect("a lock").extend(over.iter().map(|id| (id.as_u128(), error.to_owned())));
        Ok(over.len() as u64)
    }

    async fn mark_failed(&self, delivery: Uuid, error: &str, retry_at: Timestamp) -> Result<(), OutboxError> {
        self.marked.notify_one();
        let mut waiting = self.waiting.lock().expect("a lock");
        let failed = waiting.get_mut(&delivery).expect("the delivery");
        (failed.due_at, failed.attempts) = (retry_at, failed.attempts + 1);
        self.errors.lock().expect("a lock").push(error.to_owned());
        Ok(())
    }
}

pub(super) fn delivery(id: u128) -> Delivery {
    Delivery {
        id: Uuid::from_u128(id),
        site: "pet-shop".to_owned(),
        request: None,
        since: at(0),
        due_at: at(0),
        attempts: 0,
        payload: Payload::Letter { letter: Letter::NewToBusiness },
    }
}

/// A delivery to an endpoint.
pub(super) fn notice(id: u128, endpoint: &str) -> Delivery {
    let notice = Notice { endpoint: endpoint.to_owned(), news: News::Event { place: 0 } };
    Delivery { payload: Payload::Notice(notice), ..delivery(id) }
}

/// Writes every letter, but cannot for the site `nowhere`, and has nothing to say for `silent`.
pub(super) struct Writer;

#[async_trait]
impl Letters for Writer {
    async fn write(&self, delivery: &Delivery, _: Timestamp) -> Result<Option<Mail>, LetterError> {
        match delivery.site.as_str() {
            "nowhere" => Err(LetterError::NoSite),
            "silent" => Ok(None),
            _ => Ok(Some(mail())),
        }
    }
}

/// So many seconds after the start.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(START + seconds).expect("a moment")
}

/// A mailer that notes what it is given, fails as often as asked, and lets through as many as the gate has permits.
pub(super) struct Notes {
    pub(super) given: Mutex<Vec<u128>>,
    pub(super) failing: AtomicUsize,
    pub(super) together: AtomicUsize,
    pub(super) most_together: AtomicUsize,
    pub(super) gate: Semaphore,
}

impl Notes {
    pub(super) fn new(failing: usize, permits: usize) -> Arc<Self> {
        Arc::new(Self {
            given: Mutex::default(),
            failing: AtomicUsize::new(failing),
            together: AtomicUsize::new(0),
            most_together: AtomicUsize::new(0),
            gate: Semaphore::new(permits),
        })
    }

    pub(super) fn given(&self) -> Vec<u128> {
        self.given.lock().expect("a lock").clone()
    }
}

#[async_trait]
impl Mailer for Notes {
    async fn send(&self, delivery: &Delivery, _: &Mail, _: Timestamp) -> Result<(), SendError> {
        self.given.lock().expect("a lock").push(delivery.id.as_u128());
        let together = self.together.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_together.fetch_max(together, Ordering::SeqCst);
        self.gate.acquire().await.expect("a gate").forget();
        self.together.fetch_sub(1, Ordering::SeqCst);
        fault(&self.failing).map_err(|_| SendError::RefusedForNow { code: 451 })
    }
}

/// The endpoints of webhooks: each notice is noted and waits at the gate of its endpoint, if that has one; then it fails, as long as
/// there are failures left.
#[derive(Default)]
pub(super) struct Endpoints {
    pub(super) given: Mutex<Vec<u128>>,
    pub(super) gates: BTreeMap<&'static str, Semaphore>,
    pub(super) failures: Mutex<Vec<SendError>>,
}

impl Endpoints {
    /// One that fails so often, as this says, before it works.
    pub(super) fn failing(times: usize, failure: impl Fn() -> SendError) -> Arc<Self> {
        Arc::new(Self { failures: Mutex::new((0..times).map(|_| failure()).collect()), ..Self::default() })
    }

    pub(super) fn given(&self) -> Vec<u128> {
        self.given.lock().expect("a lock").clone()
    }
}

#[async_trait]
impl Sender for Endpoints {
    async fn send(&self, delivery: &Delivery, _: Timestamp) -> Result<Sent, SendError> {
        self.given.lock().expect("a lock").push(delivery.id.as_u128());
        let Payload::Notice(notice) = &delivery.payload else { panic!("a letter") };
        if let Some(gate) = self.gates.get(notice.endpoint.as_str()) {
            gate.acquire().await.expect("a gate").forget();
        }
        self.failures.lock().expect("a lock").pop().map_or(Ok(Sent::Taken), Err)
    }
}

/// A worker at work, with a clock to turn.
pub(super) struct Bench {
    pub(super) clock: Arc<AtomicI64>,
    pub(super) wake: Arc<Notify>,
    pub(super) stop: CancellationToken,
    pub(super) work: JoinHandle<()>,
}

impl Bench {
    pub(super) fn start(outbox: &Arc<Memory>, mailer: Arc<dyn Mailer>) -> Self {
        let mail = LetterSender::new(Arc::new(Writer), mailer);
        Self::with(outbox, Senders { mail: Some(Arc::new(mail)), webhooks: Arc::new(Endpoints::default()) })
    }

    pub(super) fn with(outbox: &Arc<Memory>, senders: Senders) -> Self {
        let (clock, wake, stop) = (Arc::new(AtomicI64::new(0)), Arc::new(Notify::new()), CancellationToken::new());
        let hands = Arc::clone(&clock);
        let time: Clock = Arc::new(move || at(hands.load(Ordering::SeqCst)));
        let worker = Worker::new(Arc::clone(outbox) as Arc<dyn Outbox>, senders, time, Arc::new(|| 0));
        let work = tokio::spawn(worker.run(Arc::clone(&wake), stop.clone()));
        Self { clock, wake, stop, work }
    }

    pub(super) fn turn_to(&self, seconds: i64) {
        self.clock.store(seconds, Ordering::SeqCst);
        self.wake.notify_one();
    }

    pub(super) async fn end(self) {
        self.stop.cancel();
        timeout(Duration::from_secs(60), self.work).await.expect("an end").expect("no crash");
    }
}
