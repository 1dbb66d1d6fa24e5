//! Deliveries against a real SMTP server: `aiosmtpd` from PyPI, keeping what it gets in a Maildir.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says so by panicking")]

mod outbox;
mod server;

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use jiff::Timestamp;
use mail_parser::MessageParser;
use porchlight_delivery::{LetterSender, SendError, Sender, Senders, Sent, SmtpMailer, Worker};
use porchlight_model::delivery::{Delivery, Mail};
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use outbox::{SharedOutbox, email};
use server::{MailServer, free_port};

const SUBJECT: &str =
    "PS-7K4Q2MX: посетитель изменил обращение, позвонить в понедельник, 23 ноября в 10:30 — или позже, как получится";

/// No test here has webhooks.
struct NoWebhooks;

#[async_trait]
impl Sender for NoWebhooks {
    async fn send(&self, delivery: &Delivery, _: Timestamp) -> Result<Sent, SendError> {
        panic!("no letter: {delivery:?}");
    }
}

/// When the clock begins, in seconds since 1970.
const START: i64 = 1_795_000_000;

fn mail() -> Mail {
    Mail {
        to: email("anna@example.com"),
        reply_to: Some(email("owner@shop.example")),
        from_name: "Пёс и Кот".to_owned(),
        subject: SUBJECT.to_owned(),
        text: "Здравствуйте, Анна!\n\n.\n..\nFrom нас\n".to_owned(),
    }
}

/// A worker on its outbox, with a clock to turn.
struct Post {
    outbox: SharedOutbox,
    clock: Arc<AtomicI64>,
    wake: Arc<Notify>,
    stop: CancellationToken,
    work: tokio::task::JoinHandle<()>,
}

impl Post {
    fn to(port: u16, mails: Vec<Mail>) -> Self {
        let outbox = SharedOutbox::with(mails);
        let mailer = SmtpMailer::new(&format!("smtp://127.0.0.1:{port}"), &email("help@пёс.рф")).expect("a mailer");
        let (clock, wake, stop) = (Arc::new(AtomicI64::new(0)), Arc::new(Notify::new()), CancellationToken::new());
        let hands = Arc::clone(&clock);
        let now = move || Timestamp::from_second(START + hands.load(Ordering::SeqCst)).expect("a moment");
        let port = Arc::new(outbox.clone());
        let mail = LetterSender::new(port.clone(), Arc::new(mailer));
        let senders = Senders { mail: Some(Arc::new(mail)), webhooks: Arc::new(NoWebhooks) };
        let worker = Worker::new(port, senders, Arc::new(now), Arc::new(|| 0));
        let work = tokio::spawn(worker.run(Arc::clone(&wake), stop.clone()));
        Self { outbox, clock, wake, stop, work }
    }

    fn turn_by(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
        self.wake.notify_one();
    }

    async fn end(self) {
        self.stop.cancel();
        timeout(Duration::from_secs(30), self.work).await.expect("an end").expect("no crash");
    }
}

#[tokio::test]
async fn a_letter_arrives_whole() {
    let server = MailServer::start(free_port().await).await;
    let post = Post::to(server.port(), vec![mail()]);
    post.outbox.until_sent(1).await;
    post.end().await;
    let letters = server.letters();
    assert_eq!(letters.len(), 1);
    let letter = MessageParser::default().parse(&letters[0]).expect("a message");
    assert_eq!(letter.subject(), Some(SUBJECT));
    assert_eq!(letter.message_id(), Some("00000000-0000-0000-0000-000000000001@xn--o1ae1c.xn--p1ai"));
    assert_eq!(letter.body_text(0).expect("a text").replace("\r\n", "\n"), mail().text);
    let from = letter.from().and_then(|from| from.first()).expect("a sender");
    assert_eq!((from.name(), from.address()), (Some("Пёс и Кот"), Some("help@xn--o1ae1c.xn--p1ai")));
    assert_eq!(letter.header_raw("X-RcptTo").map(str::trim), Some("anna@example.com"));
}

#[tokio::test]
async fn with_the_server_down_at_first_a_letter_arrives_later_once() {
    let port = free_port().await;
    let post = Post::to(port, vec![mail()]);
    post.outbox.until_failed(1).await;
    post.turn_by(60);
    post.outbox.until_failed(2).await;
    let server = MailServer::start(port).await;
    assert_eq!(server.letters().len(), 0);
    post.turn_by(120);
    post.outbox.until_sent(1).await;
    post.turn_by(100_000);
    post.end().await;
    assert_eq!(server.letters().len(), 1);
}

#[tokio::test]
async fn nothing_can_be_written_into_the_header() {
    let injected = "x\r\nBcc: all@evil.example\r\n.\r\nRCPT TO:<all@evil.example>\r\n";
    let hostile = Mail {
        subject: injected.to_owned(),
        from_name: injected.to_owned(),
        text: format!("{injected}\r\n.\r\nMAIL FROM:<x@evil.example>\r\n"),
        ..mail()
    };
    let server = MailServer::start(free_port().await).await;
    let post = Post::to(server.port(), vec![hostile]);
    post.outbox.until_sent(1).await;
    post.end().await;
    let letters = server.letters();
    assert_eq!(letters.len(), 1, "one letter, not two");
    let letter = MessageParser::default().parse(&letters[0]).expect("a message");
    assert!(letter.bcc().is_none());
    assert_eq!(letter.header_raw("X-RcptTo").map(str::trim), Some("anna@example.com"));
    assert!(letter.body_text(0).expect("a text").contains("MAIL FROM:<x@evil.example>"));
}

#[tokio::test]
async fn a_hundred_letters_arrive_each_once() {
    let server = MailServer::start(free_port().await).await;
    let post = Post::to(server.port(), vec![mail(); 100]);
    post.outbox.until_sent(100).await;
    post.end().await;
    let letters = server.letters();
    let ids: std::collections::BTreeSet<String> = letters.iter().map(|letter| message_id(letter)).collect();
    assert_eq!((letters.len(), ids.len()), (100, 100));
    assert!(ids.iter().all(|id| Uuid::parse_str(id.split('@').next().unwrap_or_default()).is_ok()));
}

fn message_id(letter: &[u8]) -> String {
    let letter = MessageParser::default().parse(letter).expect("a message");
    letter.message_id().expect("an id").to_owned()
}
