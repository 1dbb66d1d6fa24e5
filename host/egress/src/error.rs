//! What can go wrong on the way out.

use std::io;

use hyper::StatusCode;

use crate::{UrlRefused, vetting::Refused};

/// Why there is no answer. None of these texts shows path, query, fields or body.
#[derive(Debug, thiserror::Error)]
pub enum EgressError {
    /// The address is none that a request may go to.
    #[error("the address is refused")]
    Url(#[from] UrlRefused),
    /// It is `http:`, and the operator does not allow its address.
    #[error("without `https:` only addresses that `[egress] allow` of `porchlight.toml` names are connected to")]
    Insecure,
    /// The host's name was not resolved.
    #[error("the host's name was not resolved")]
    Unresolved(#[source] io::Error),
    /// The host's name has no address.
    #[error("the host's name has no address")]
    NoAddress,
    /// The host, or one of its addresses, is not out in the world.
    #[error("nothing is sent there; where that is meant, name its block in `[egress] allow` of `porchlight.toml`")]
    Refused(#[from] Refused),
    /// No connection was made.
    #[error("no connection was made")]
    Connect(#[source] io::Error),
    /// There is no safe connection: a certificate that nobody trusts, another name's, none at all.
    #[error("the connection is not safe")]
    Tls(#[source] io::Error),
    /// Something took too long.
    #[error("{phase} took more than {seconds} s")]
    TimedOut {
        /// What took so long.
        phase: Phase,
        /// How long it had.
        seconds: u64,
    },
    /// The connection broke, or what came over it is not HTTP.
    #[error("the connection broke or does not speak HTTP")]
    Http(#[source] hyper::Error),
    /// The answer leads elsewhere. Nobody follows it there.
    #[error("the answer ({status}) leads elsewhere, and that is not followed: write the address that it leads to")]
    Redirected {
        /// A status of 3xx.
        status: StatusCode,
    },
    /// The answer's body is too long.
    #[error("the answer is longer than {bytes} bytes")]
    TooLong {
        /// The most that is taken.
        bytes: usize,
    },
}

/// A stretch of the way to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Finding the host's addresses.
    Resolving,
    /// Making a connection.
    Connecting,
    /// Making it safe.
    Securing,
    /// From the request to the end of the answer's head.
    Head,
    /// The answer's body.
    Body,
    /// All of it.
    Whole,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Resolving => "finding the host",
            Self::Connecting => "connecting",
            Self::Securing => "the TLS handshake",
            Self::Head => "the head of the answer",
            Self::Body => "the body of the answer",
            Self::Whole => "the whole request",
        })
    }
}

impl EgressError {
    /// A short name for logs and metrics: `refused`, `timeout`, …
    pub fn class(&self) -> &'static str {
        match self {
            Self::Url(_) | Self::Insecure => "url",
            Self::Unresolved(_) | Self::NoAddress => "unresolved",
            Self::Refused(_) => "refused-address",
            Self::Connect(_) => "connection",
            Self::Tls(_) => "tls",
            Self::TimedOut { .. } => "timeout",
            Self::Http(_) => "protocol",
            Self::Redirected { .. } => "redirected",
            Self::TooLong { .. } => "too-long",
        }
    }
}
