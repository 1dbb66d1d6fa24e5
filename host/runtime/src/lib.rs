//! Plugins: engine, limits, capabilities, hooks. This crate alone knows wasmtime.
