//! Chance. Everything else receives bytes.

use uuid::Uuid;

/// Random bytes from the operating system.
#[expect(clippy::disallowed_methods, reason = "this is the edge where chance comes in")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "without the system's randomness no token is safe to give out")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A random UUID (version 4, RFC 9562).
pub fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(bytes()).into_uuid()
}
