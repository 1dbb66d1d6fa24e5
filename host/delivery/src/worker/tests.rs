mod bench;
mod targets;

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use porchlight_model::delivery::Mail;

use super::*;
use crate::Mailer;
use bench::{Bench, Memory, Notes, at};

#[tokio::test(start_paused = true)]
async fn what_is_due_is_sent_once_and_marked() {
    let (outbox, mailer) = (Memory::with(20), Notes::new(0, 100));
    let bench = Bench::start(&outbox, mailer.clone());
    outbox.marks(20).await;
    bench.turn_to(100_000);
    bench.end().await;
    assert_eq!(outbox.sent(), (1..=20).collect::<Vec<_>>());
    assert_eq!(mailer.given().len(), 20);
}

#[tokio::test(start_paused = true)]
async fn at_most_eight_are_under_way_together() {
    let (outbox, mailer) = (Memory::with(30), Notes::new(0, 0));
    let bench = Bench::start(&outbox, mailer.clone());
    while mailer.together.load(Ordering::SeqCst) < 8 {
        tokio::task::yield_now().await;
    }
    mailer.gate.add_permits(30);
    outbox.marks(30).await;
    bench.end().await;
    assert_eq!(mailer.most_together.load(Ordering::SeqCst), 8);
}

#[tokio::test(start_paused = true)]
async fn a_slow_delivery_does_not_hold_up_the_others() {
    let (outbox, mailer) = (Memory::with(30), Notes::new(0, 29));
    let bench = Bench::start(&outbox, mailer.clone());
    outbox.marks(29).await;
    mailer.gate.add_permits(1);
    outbox.marks(30).await;
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_is_not_begun_again_after_a_leap_of_the_clock() {
    let (outbox, mailer) = (Memory::with(4), Notes::new(0, 0));
    let bench = Bench::start(&outbox, mailer.clone());
    while mailer.together.load(Ordering::SeqCst) < 4 {
        tokio::task::yield_now().await;
    }
    bench.turn_to(3_600);
    outbox.put([5]);
    bench.turn_to(7_200);
    while mailer.together.load(Ordering::SeqCst) < 5 {
        tokio::task::yield_now().await;
    }
    mailer.gate.add_permits(10);
    outbox.marks(5).await;
    bench.end().await;
    assert_eq!(mailer.given(), [1, 2, 3, 4, 5]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_delivery_waits_longer_each_time_and_is_sent_in_the_end() {
    let (outbox, mailer) = (Memory::with(1), Notes::new(2, 100));
    let bench = Bench::start(&outbox, mailer.clone());
    outbox.mark().await;
    let due = || outbox.waiting.lock().expect("a lock")[&Uuid::from_u128(1)].due_at;
    assert_eq!(due(), at(15));
    bench.turn_to(15);
    outbox.mark().await;
    assert_eq!(due(), at(15 + 30));
    bench.turn_to(45);
    outbox.mark().await;
    bench.end().await;
    assert_eq!((outbox.sent(), mailer.given()), (vec![1], vec![1, 1, 1]));
    assert_eq!(*outbox.errors.lock().expect("a lock"), ["the mail server refused for now with 451"; 2]);
}

#[tokio::test(start_paused = true)]
async fn a_letter_that_cannot_be_written_is_tried_again_and_one_that_has_nothing_to_say_is_done() {
    let (outbox, mailer) = (Memory::with(2), Notes::new(0, 100));
    let set_site = |id, site: &str| {
        let mut waiting = outbox.waiting.lock().expect("a lock");
        waiting.get_mut(&Uuid::from_u128(id)).expect("the delivery").site = site.to_owned();
    };
    set_site(1, "nowhere");
    set_site(2, "silent");
    let bench = Bench::start(&outbox, mailer.clone());
    outbox.marks(1).await;
    while outbox.errors.lock().expect("a lock").is_empty() {
        outbox.mark().await;
    }
    set_site(1, "pet-shop");
    bench.turn_to(15);
    outbox.marks(2).await;
    bench.end().await;
    assert_eq!((outbox.sent(), mailer.given()), (vec![1, 2], vec![1]));
    assert_eq!(*outbox.errors.lock().expect("a lock"), ["the letter could not be written: its site is not served"]);
}

#[tokio::test(start_paused = true)]
async fn a_delivery_that_fails_for_three_days_is_given_up() {
    let (outbox, mailer) = (Memory::with(1), Notes::new(1_000, 1_000));
    let bench = Bench::start(&outbox, mailer.clone());
    let mut hours = 0;
    while outbox.dead.lock().expect("a lock").is_empty() {
        outbox.mark().await;
        hours += 7;
        assert!(hours < 4 * 24, "it is tried for ever");
        bench.turn_to(hours * 3_600);
    }
    bench.end().await;
    assert_eq!(*outbox.dead.lock().expect("a lock"), [(1, "the mail server refused for now with 451".to_owned())]);
    assert_eq!(outbox.sent(), [0_u128; 0]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_it_is_due() {
    let (outbox, mailer) = (Memory::with(1), Notes::new(1, 100));
    let bench = Bench::start(&outbox, mailer.clone());
    outbox.mark().await;
    bench.turn_to(14);
    sleep(Duration::from_secs(600)).await;
    bench.end().await;
    assert_eq!(mailer.given(), [1]);
}

#[tokio::test(start_paused = true)]
async fn what_was_sent_but_not_marked_is_only_marked_again() {
    let (outbox, mailer) = (Memory::with(1), Notes::new(0, 100));
    outbox.failing_marks.store(2, Ordering::SeqCst);
    let bench = Bench::start(&outbox, mailer.clone());
    for lease in 1..=3 {
        outbox.mark().await;
        bench.turn_to(lease * 301);
    }
    bench.end().await;
    assert_eq!((outbox.sent(), mailer.given()), (vec![1], vec![1]));
}

#[tokio::test(start_paused = true)]
async fn an_outbox_that_fails_is_asked_again() {
    let (outbox, mailer) = (Memory::with(1), Notes::new(0, 100));
    outbox.failing_claims.store(3, Ordering::SeqCst);
    let bench = Bench::start(&outbox, mailer.clone());
    outbox.marks(1).await;
    bench.end().await;
    assert_eq!(mailer.given(), [1]);
}

#[tokio::test(start_paused = true)]
async fn the_worker_is_woken_by_what_is_put_in() {
    let (outbox, mailer) = (Memory::with(0), Notes::new(0, 100));
    let bench = Bench::start(&outbox, mailer.clone());
    tokio::task::yield_now().await;
    let before = tokio::time::Instant::now();
    outbox.put([1]);
    bench.wake.notify_one();
    outbox.marks(1).await;
    assert_eq!(before.elapsed(), Duration::ZERO, "it was woken, and did not wait for the next look");
    bench.end().await;
}

#[tokio::test(start_paused = true)]
async fn without_being_woken_the_worker_looks_by_itself() {
    let (outbox, mailer) = (Memory::with(0), Notes::new(0, 100));
    let bench = Bench::start(&outbox, mailer.clone());
    tokio::task::yield_now().await;
    outbox.put([1]);
    outbox.marks(1).await;
    bench.end().await;
    assert_eq!(mailer.given(), [1]);
}

#[tokio::test(start_paused = true)]
async fn a_stop_finishes_what_is_under_way_and_begins_nothing_new() {
    let (outbox, mailer) = (Memory::with(20), Notes::new(0, 0));
    let bench = Bench::start(&outbox, mailer.clone());
    while mailer.given().len() < 8 {
        tokio::task::yield_now().await;
    }
    bench.stop.cancel();
    mailer.gate.add_permits(100);
    bench.end().await;
    assert_eq!((outbox.sent().len(), mailer.given().len()), (8, 8));
}

/// Crashes at the first delivery.
struct Crashing(Arc<Notes>, AtomicUsize);

#[async_trait]
impl Mailer for Crashing {
    async fn send(&self, delivery: &Delivery, mail: &Mail, now: Timestamp) -> Result<(), SendError> {
        assert!(self.1.fetch_add(1, Ordering::SeqCst) > 0, "a crash");
        self.0.send(delivery, mail, now).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_costs_one_attempt_and_not_the_worker() {
    let (outbox, notes) = (Memory::with(3), Notes::new(0, 100));
    let bench = Bench::start(&outbox, Arc::new(Crashing(notes.clone(), AtomicUsize::new(0))));
    outbox.marks(2).await;
    bench.turn_to(301);
    outbox.marks(3).await;
    bench.end().await;
    assert_eq!(notes.given().len(), 3);
}

/// Log lines, kept.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("a lock").extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn the_log_tells_deliveries_by_their_id_and_nobody_by_anything() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let logging = tracing::subscriber::set_default(subscriber);
    let (outbox, mailer) = (Memory::with(2), Notes::new(1, 100));
    let bench = Bench::start(&outbox, mailer);
    outbox.marks(1).await;
    bench.turn_to(15);
    outbox.marks(2).await;
    bench.end().await;
    drop(logging);
    let log = String::from_utf8(lines.0.lock().expect("a lock").clone()).expect("text");
    assert!(
        log.contains(
            "delivery failed delivery=00000000-0000-0000-0000-000000000001 site=\"pet-shop\" attempts=1 to=mail"
        ),
        "{log}"
    );
    assert!(log.contains("class=\"refused-for-now\""), "{log}");
    assert!(log.contains("delivery sent delivery=00000000-0000-0000-0000-000000000001"), "{log}");
    for private in ["anna", "owner", "Анна", "Пёс", "PS-7K4Q2MX"] {
        assert!(!log.contains(private), "`{private}` in {log}");
    }
}
