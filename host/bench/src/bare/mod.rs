//! The bare things: no more than is needed for the same bytes, rows and calls, as fast as they go.

pub mod hyper;
pub mod sqlite;
pub mod wasm;
