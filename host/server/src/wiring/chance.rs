//! Chance. Everything else receives bytes.

use std::cell::RefCell;

use uuid::Uuid;

/// Bytes drawn from the operating system at once.
const DRAWN: usize = 512;

thread_local! {
    static STOCK: RefCell<Stock> = const { RefCell::new(Stock { bytes: [0; DRAWN], left: 0 }) };
}

/// Random bytes from the operating system.
pub fn bytes<const N: usize>() -> [u8; N] {
    STOCK.with_borrow_mut(Stock::take)
}

/// A random UUID (version 4, RFC 9562).
pub fn uuid() -> Uuid {
    uuid::Builder::from_random_bytes(bytes()).into_uuid()
}

/// Random bytes of the operating system that nobody has had yet, of one thread. Asking the system costs more than the bytes, so
/// they are drawn for many.
struct Stock {
    bytes: [u8; DRAWN],
    left: usize,
}

impl Stock {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        const { assert!(N <= DRAWN, "more than is drawn at once") };
        if self.left < N {
            self.fill();
        }
        self.left -= N;
        let given = &mut self.bytes[self.left..self.left + N];
        let mut bytes = [0; N];
        bytes.copy_from_slice(given);
        // What was given out may be a secret: it is not left lying here.
        given.fill(0);
        bytes
    }

    #[expect(clippy::disallowed_methods, reason = "this is the edge where chance comes in")]
    fn fill(&mut self) {
        #[expect(clippy::expect_used, reason = "without the system's randomness no token is safe to give out")]
        getrandom::fill(&mut self.bytes).expect("the operating system gives random bytes");
        self.left = DRAWN;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_bytes_are_given_out_twice() {
        let drawn: HashSet<[u8; 16]> = (0..10_000).map(|_| bytes()).collect();
        assert_eq!(drawn.len(), 10_000);
    }

    #[test]
    fn what_was_given_out_is_not_left_lying() {
        let mut stock = Stock { bytes: [0; DRAWN], left: 0 };
        let given: [u8; 32] = stock.take();
        assert_ne!(given, [0; 32]);
        assert_eq!(stock.bytes[DRAWN - 32..], [0; 32]);
        assert_eq!(stock.left, DRAWN - 32);
    }
}
