//! Secrets that the host makes and keeps only a hash of: sessions' tokens, recovery codes, invitations.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use porchlight_store::TokenHash;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{hexadecimal::hexadecimal, wiring::chance};

/// How many recovery codes an agent gets.
const RECOVERY_CODES: usize = 10;

/// A session's token: 256 random bits.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(chance::bytes::<32>())
}

/// What is kept of a token.
pub fn token_hash(token: &str) -> TokenHash {
    Sha256::digest(token).into()
}

/// Fresh recovery codes, `7kq2m-x4wpa` or so: 50 random bits each.
pub fn recovery_codes() -> Vec<String> {
    (0..RECOVERY_CODES).map(|_| recovery_code(chance::bytes())).collect()
}

fn recovery_code(random: [u8; 10]) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let letters: String = random.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect();
    format!("{}-{}", &letters[..5], &letters[5..])
}

/// What is kept of a recovery code, however it is typed: case, blanks and hyphens do not matter.
pub fn recovery_hash(written: &str) -> String {
    let letters: String = written.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    code_hash(&letters.to_lowercase())
}

/// What is kept of a code, in hexadecimal.
pub fn code_hash(code: &str) -> String {
    hexadecimal(&Sha256::digest(code))
}

/// Whether two hashes are the same, in a time that says nothing of where they differ.
pub fn is_same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn recovery_codes_differ_and_are_read_as_people_type_them() {
        let codes = recovery_codes();
        assert_eq!(codes.iter().collect::<HashSet<_>>().len(), RECOVERY_CODES);
        let code = recovery_code([0, 1, 2, 31, 30, 29, 0xff, 8, 9, 10]);
        assert_eq!(code, "012zy-xz89a");
        for typed in ["012ZY-XZ89A", " 012zy xz89a ", "012zyxz89a"] {
            assert_eq!(recovery_hash(typed), recovery_hash(&code), "{typed}");
        }
        assert_ne!(recovery_hash("012zy-xz89b"), recovery_hash(&code));
    }

    #[test]
    fn tokens_are_long_and_differ() {
        let (one, other) = (token(), token());
        assert_ne!(one, other);
        assert_eq!(one.len(), 43);
        assert!(is_same(&code_hash(&one), &code_hash(&one)) && !is_same(&code_hash(&one), &code_hash(&other)));
    }
}
