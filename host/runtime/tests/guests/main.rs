//! The runtime against guests written in the text format: harmless ones, broken ones, hostile ones.

mod hostile;
mod inert;
mod loading;
#[path = "../support/shop.rs"]
mod shop;
mod text;
