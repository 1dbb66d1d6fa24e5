//! Bytes from hostile clients, sent to the real program: each with the answer it must get.
#![expect(clippy::expect_used, reason = "a test may break off where it is")]

mod bodies;
mod frames;
mod heads;
mod http2;
mod naughty;
mod peers;
mod raw;
mod shop;
mod standstill;
mod texts;
