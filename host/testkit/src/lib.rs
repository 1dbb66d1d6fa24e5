//! What tests use: a running host, a browser, a mail server, a receiver of webhooks, samples. For tests only, never in the product.
//!
//! Everything started here ends with the value that stands for it, however the test ends. Nothing sleeps for a fixed time:
//! [`wait_until`] looks again until a thing is so, or fails with what it waited for.

pub mod browser;
pub mod clock;
pub mod disk;
pub mod guests;
pub mod host;
pub mod imap;
pub mod mail;
mod process;
pub mod samples;
pub mod strace;
mod wait;
pub mod webhooks;

pub use browser::{Browser, Scheme, Screen};
pub use clock::TurnableClock;
pub use disk::SmallDisk;
pub use host::{Host, HostOptions, Readiness};
pub use mail::SmtpSink;
pub use strace::Strace;
pub use wait::{PATIENCE, wait_until};
pub use webhooks::WebhookSink;
