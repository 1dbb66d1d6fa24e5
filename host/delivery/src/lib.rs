//! The outbox worker: takes what is due, has it written, sends it, marks it.
//!
//! At least once, and the same id each time: what was sent but could not be marked is sent again only after a crash. Nothing
//! here logs an address, a name or a text: a delivery is told by its id.

mod backoff;
mod folder;
mod html;
pub mod inbox;
mod mailer;
mod message;
mod outbox;
mod smtp;
mod worker;

pub use folder::MailFolder;
pub use mailer::{Mailer, SendError};
pub use outbox::{LetterError, Letters, Outbox, OutboxError};
pub use smtp::{SmtpMailer, SmtpUrlError};
pub use worker::{Chance, Clock, Worker};
