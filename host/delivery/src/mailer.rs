//! The port to whatever takes e-mails.

use std::error::Error;

use async_trait::async_trait;
use jiff::Timestamp;
use porchlight_model::delivery::{Delivery, Mail};

use crate::LetterError;

/// Takes e-mails and passes them on.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Sends one e-mail. The delivery's id becomes its `Message-ID`, its request and reader name its thread, `now` is its date;
    /// the same delivery may come again.
    async fn send(&self, delivery: &Delivery, mail: &Mail, now: Timestamp) -> Result<(), SendError>;
}

/// Why an e-mail was not sent. None of these texts names an address, a person or what was written.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The letter could not be written.
    #[error("the letter could not be written")]
    Unwritten(#[from] LetterError),
    /// An address cannot be written into a message.
    #[error("an address cannot be sent to")]
    Address,
    /// The server could not be reached, or not safely.
    #[error("the mail server could not be reached")]
    Connection(#[source] Box<dyn Error + Send + Sync>),
    /// The server did not answer in time.
    #[error("the mail server did not answer within {seconds} s")]
    Timeout {
        /// How long it had.
        seconds: u64,
    },
    /// The server refused for now (RFC 5321, section 4.2.1: 4yz).
    #[error("the mail server refused for now with {code}")]
    RefusedForNow {
        /// Its reply code.
        code: u16,
    },
    /// The server refused for good (5yz). It is tried again all the same: most such refusals are mended by somebody.
    #[error("the mail server refused with {code}")]
    Refused {
        /// Its reply code.
        code: u16,
    },
    /// The server broke the protocol, or lacks what the message needs.
    #[error("the mail server and the message do not fit")]
    Protocol,
    /// The folder could not be written.
    #[error("the mail folder could not be written")]
    Folder(#[source] std::io::Error),
}

impl SendError {
    /// A short name for logs and metrics: `refused`, `timeout`, …
    pub fn class(&self) -> &'static str {
        match self {
            Self::Unwritten(_) => "unwritten",
            Self::Address => "address",
            Self::Connection(_) => "connection",
            Self::Timeout { .. } => "timeout",
            Self::RefusedForNow { .. } => "refused-for-now",
            Self::Refused { .. } => "refused",
            Self::Protocol => "protocol",
            Self::Folder(_) => "folder",
        }
    }

    /// What happened with its causes, in one line.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text = format!("{text}: {error}");
            cause = error.source();
        }
        text
    }
}
