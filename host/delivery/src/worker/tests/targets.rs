//! One target that is slow or gone keeps its own deliveries waiting, and no other's.

use porchlight_egress::EgressError;
use tokio::{sync::Semaphore, task::yield_now};

use super::bench::{Bench, Endpoints, Memory, Notes, at};
use crate::{LetterSender, SendError, Senders, worker::tests::bench::Writer};

use super::super::*;

fn unreachable() -> SendError {
    SendError::Endpoint(EgressError::NoAddress)
}

fn senders(endpoints: &Arc<Endpoints>) -> Senders {
    Senders { mail: None, webhooks: endpoints.clone() }
}

/// Lets the worker go on until it has nothing to do at this moment.
async fn settle() {
    for _ in 0..1_000 {
        yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_deliveries_for_a_slow_target_delay_no_other() {
    let outbox = Memory::with(20);
    outbox.put_notices("slow", 1_000..11_000);
    outbox.put_notices("quick", 20_000..20_020);
    let gates = [("slow", Semaphore::new(0))].into();
    let endpoints = Arc::new(Endpoints { gates, ..Endpoints::default() });
    let mail = LetterSender::new(Arc::new(Writer), Notes::new(0, 100));
    let bench = Bench::with(&outbox, Senders { mail: Some(Arc::new(mail)), webhooks: endpoints.clone() });
    let before = tokio::time::Instant::now();
    outbox.marks(40).await;
    assert_eq!(before.elapsed(), Duration::ZERO, "nobody waited");
    assert_eq!(outbox.sent(), (1..=20).chain(20_000..20_020).collect::<Vec<_>>());
    assert_eq!(endpoints.given().iter().filter(|id| (1_000..11_000).contains(*id)).count(), 8, "to the slow one");
    endpoints.gates["slow"].add_permits(20);
    outbox.marks(60).await;
    endpoints.gates["slow"].add_permits(20_000);
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn target_that_keeps_failing_rests_and_costs_its_deliveries_no_attempt() {
    let outbox = Memory::with(0);
    outbox.put_notices("gone", 1..=100);
    let endpoints = Endpoints::failing(10, unreachable);
    let bench = Bench::with(&outbox, senders(&endpoints));
    settle().await;
    assert_eq!(endpoints.given(), (1..=8).collect::<Vec<_>>(), "those that were begun together");
    bench.turn_to(14);
    settle().await;
    assert_eq!(endpoints.given().len(), 8, "it rests");
    for (seconds, asking) in [(15, 9), (15 + 30, 10)] {
        bench.turn_to(seconds);
        settle().await;
        assert_eq!(endpoints.given().len(), asking, "one asks at {seconds}");
    }
    assert_eq!(outbox.attempts().iter().sum::<u32>(), 10, "no attempt but those ten");
    bench.turn_to(15 + 30 + 60);
    outbox.marks(100).await;
    bench.end().await;
    assert_eq!(outbox.sent(), (1..=100).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_resting_target_is_given_up_after_three_days() {
    let outbox = Memory::with(0);
    outbox.put_notices("gone", 1..=20);
    let endpoints = Endpoints::failing(1_000, unreachable);
    let bench = Bench::with(&outbox, senders(&endpoints));
    settle().await;
    for hour in 1..=73 {
        bench.turn_to(hour * 3_600);
        settle().await;
    }
    assert!(outbox.waiting.lock().expect("a lock").is_empty(), "nothing waits for ever");
    let dead = outbox.dead.lock().expect("a lock").clone();
    assert_eq!(dead.len(), 20);
    assert_eq!(dead[0].1, "the endpoint gave no answer: the host's name has no address");
    assert!(endpoints.given().len() < 100, "{} tries", endpoints.given().len());
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn endpoint_that_is_gone_for_good_is_not_asked_again() {
    let outbox = Memory::with(0);
    outbox.put_notices("gone", 1..=2);
    let endpoints = Endpoints::failing(1, || SendError::Gone);
    let bench = Bench::with(&outbox, senders(&endpoints));
    outbox.marks(1).await;
    bench.turn_to(100_000);
    settle().await;
    bench.end().await;
    assert_eq!((endpoints.given().len(), outbox.sent().len()), (2, 1));
    let dead = outbox.dead.lock().expect("a lock");
    assert_eq!(dead.len(), 1);
    assert!(dead[0].1.contains("take it out of the site file"), "{dead:?}");
}

#[tokio::test(start_paused = true)]
async fn target_that_asks_for_a_rest_gets_it() {
    let outbox = Memory::with(0);
    outbox.put_notices("busy", [1]);
    let rest = Some(SignedDuration::from_mins(10));
    let endpoints = Endpoints::failing(1, || SendError::Answered { status: 429, rest });
    let bench = Bench::with(&outbox, senders(&endpoints));
    settle().await;
    assert_eq!(outbox.waiting.lock().expect("a lock")[&Uuid::from_u128(1)].due_at, at(600));
    outbox.put_notices("busy", [2]);
    bench.turn_to(599);
    settle().await;
    assert_eq!(endpoints.given(), [1], "the others are kept from it too");
    bench.turn_to(600);
    outbox.marks(2).await;
    bench.end().await;
    assert_eq!(endpoints.given(), [1, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn without_a_mail_server_letters_wait_and_notices_go_out() {
    let outbox = Memory::with(3);
    outbox.put_notices("crm", 10..13);
    let endpoints = Arc::new(Endpoints::default());
    let bench = Bench::with(&outbox, senders(&endpoints));
    outbox.marks(3).await;
    settle().await;
    bench.end().await;
    assert_eq!((outbox.sent(), outbox.attempts()), (vec![10, 11, 12], vec![0, 0, 0]));
}
