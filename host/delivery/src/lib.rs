//! The outbox worker: takes what is due, has it written, sends it, marks it. And incoming e-mail: read from a mailbox (`imap`), and
//! for what it says (`inbox`).
//!
//! At least once, and the same id each time: what was sent but could not be marked is sent again only after a crash. Nothing
//! here logs an address, a name or a text: a delivery is told by its id.

mod backoff;
mod error;
mod folder;
mod html;
mod imap;
pub mod inbox;
mod mailer;
mod message;
mod outbox;
mod sender;
mod smtp;
mod webhook;
mod worker;

pub use error::SendError;
pub use folder::MailFolder;
pub use imap::{ImapInbox, ImapUrlError, Intake, Received};
pub use mailer::Mailer;
pub use outbox::{LetterError, Letters, Outbox, OutboxError};
pub use sender::{LetterSender, Sender, Senders, Sent};
pub use smtp::{SmtpMailer, SmtpUrlError};
pub use webhook::{BadSecret, NoticeError, Notices, SigningSecret, WebhookSender, WrittenNotice};
pub use worker::{Chance, Circuits, Clock, Worker};
