//! The runtime against guests written in the text format: harmless ones, broken ones, hostile ones.
#![expect(clippy::expect_used, reason = "a test may break off where it is")]

mod hostile;
mod inert;
mod loading;
#[path = "../support/shop.rs"]
mod shop;
mod text;
