//! Why a delivery was not sent.

use std::error::Error;

use jiff::SignedDuration;
use porchlight_egress::EgressError;

use crate::{LetterError, NoticeError};

/// Why a delivery was not sent. None of these texts names an address, a person or what was written.
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
    /// The notice could not be written.
    #[error("the notice could not be written")]
    NoticeUnwritten(#[from] NoticeError),
    /// Nobody is there to send it.
    #[error("nothing is set up to send it")]
    NoSender,
    /// It could not be signed.
    #[error("the notice could not be signed")]
    Unsigned,
    /// The endpoint gave no answer.
    #[error("the endpoint gave no answer")]
    Endpoint(#[from] EgressError),
    /// The endpoint answered that it did not take the notice.
    #[error("the endpoint answered with {status}")]
    Answered {
        /// Its status.
        status: u16,
        /// How long it wants to be left alone (`Retry-After`; RFC 9110, section 10.2.3).
        rest: Option<SignedDuration>,
    },
    /// The endpoint answered that it is gone for good.
    #[error("the endpoint answered with 410: it is gone; take it out of the site file")]
    Gone,
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
            Self::NoticeUnwritten(_) | Self::Unsigned => "unwritten",
            Self::NoSender => "no-sender",
            Self::Endpoint(error) => error.class(),
            Self::Answered { .. } => "answered",
            Self::Gone => "gone",
        }
    }

    /// Whether another try is pointless.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Gone)
    }

    /// Whether it is the target that failed, and not this one delivery: another would fail there as well.
    pub(crate) fn blames_target(&self) -> bool {
        match self {
            Self::Connection(_)
            | Self::Timeout { .. }
            | Self::Folder(_)
            | Self::Endpoint(_)
            | Self::Answered { .. } => true,
            // "Service not available, closing transmission channel" (RFC 5321, section 4.2.3).
            Self::RefusedForNow { code } => *code == 421,
            Self::Unwritten(_)
            | Self::NoticeUnwritten(_)
            | Self::Unsigned
            | Self::NoSender
            | Self::Address
            | Self::Refused { .. }
            | Self::Protocol
            | Self::Gone => false,
        }
    }

    /// How long the target wants to be left alone.
    pub(crate) fn rest(&self) -> Option<SignedDuration> {
        match self {
            Self::Answered { rest, .. } => *rest,
            _ => None,
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
