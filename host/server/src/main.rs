//! The binary `porchlight`.
fn main() {}
