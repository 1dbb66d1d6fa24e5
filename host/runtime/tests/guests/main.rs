//! The runtime against guests written in the text format: harmless ones, broken ones, hostile ones.

#![expect(clippy::expect_used, reason = "a test that cannot go on says why and ends")]

mod hostile;
mod inert;
mod loading;
#[path = "../support/shop.rs"]
mod shop;
mod text;
