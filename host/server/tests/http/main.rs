//! The HTTP contract, against the real program serving the pet shop.
#![expect(clippy::expect_used, reason = "a test may break off where it is")]

mod abuse;
mod attachments;

mod bad_input;
mod broken_disk;
mod careful;
mod console;
mod conversation;
mod cors;
mod desk;
mod doors;
mod hosted;
mod inbound;
mod live;
mod mine;
mod offers;
mod openapi;
mod own;
mod proof;
mod requests;
mod retention;
#[cfg(feature = "openapi-tests")]
mod schemathesis;
mod shop;
mod surroundings;
mod widget;
