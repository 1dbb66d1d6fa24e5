//! Requests on their way out: where they go, where they never go, and what is cut off.

#![expect(clippy::expect_used, reason = "a test that cannot go on has failed, and says so by panicking")]

mod addresses;
mod answers;
mod bench;
mod limits;
mod tls;
