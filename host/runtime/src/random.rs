//! Random numbers for guests, from the entropy the host was given: SHA-256 of it and a counter.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// A source of random bytes. Each draw differs from all before it.
#[derive(Debug)]
pub struct Random {
    entropy: [u8; 32],
    drawn: AtomicU64,
}

impl Random {
    /// A source over this entropy.
    pub fn new(entropy: [u8; 32]) -> Self {
        Self { entropy, drawn: AtomicU64::new(0) }
    }

    /// As many random bytes as asked for.
    pub fn bytes(&self, count: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(count + 31);
        while bytes.len() < count {
            bytes.extend_from_slice(&self.block());
        }
        bytes.truncate(count);
        bytes
    }

    /// A random number.
    pub fn number(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.block();
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }

    fn block(&self) -> [u8; 32] {
        let counter = self.drawn.fetch_add(1, Ordering::Relaxed);
        Sha256::new().chain_update(self.entropy).chain_update(counter.to_le_bytes()).finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_differ_and_follow_from_the_entropy() {
        let (one, same, other) = (Random::new([1; 32]), Random::new([1; 32]), Random::new([2; 32]));
        let first = one.bytes(70);
        assert_eq!(first.len(), 70);
        assert_eq!(first, same.bytes(70));
        assert_ne!(first, one.bytes(70));
        assert_ne!(one.number(), other.number());
    }
}
