//! Proof of work: the `altcha` protocol (version 1, SHA-256), asked for only when something is suspicious.
//!
//! Nothing is kept of a challenge: it is signed, names its site and its end in its salt, and what was solved is spent with the
//! request it came with.

use jiff::{SignedDuration, Timestamp};
use porchlight_store::Spent;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::{
    hexadecimal::hexadecimal,
    keys::{Key, Keys, hmac},
    tokens,
    wire::proof::{ALGORITHM, Challenge, Solution},
};

/// The largest number to be found: 50,000 hashes on average, some tenths of a second in a browser.
const LARGEST: u32 = 100_000;

/// How long a challenge may take.
const LIFE: SignedDuration = SignedDuration::from_mins(10);

/// A challenge of a site, out of random bytes.
pub fn challenge(keys: &Keys, site: &str, now: Timestamp, random: [u8; 16]) -> Challenge {
    let key = keys.current();
    let [a, b, c, d, ref salt @ ..] = random;
    let number = u32::from_be_bytes([a, b, c, d]) % (LARGEST + 1);
    let expires = now.checked_add(LIFE).unwrap_or(Timestamp::MAX).as_second();
    let salt = format!("{}?expires={expires}&site={site}&key={}&", hexadecimal(salt), key.id);
    let challenge = hash(&salt, number);
    let signature = sign(key, &challenge);
    Challenge { algorithm: ALGORITHM, challenge, maxnumber: LARGEST, salt, signature }
}

/// What is spent by a solution, if it is one of a challenge of this site that has not run out.
pub fn solved(keys: &Keys, site: &str, solution: &Solution, now: Timestamp) -> Option<Spent> {
    let salt = Salt::read(&solution.salt)?;
    let challenge = hash(&solution.salt, solution.number);
    let signature = sign(keys.lookup(salt.key)?, &challenge);
    let is_ours = challenge.as_bytes().ct_eq(solution.challenge.as_bytes())
        & signature.as_bytes().ct_eq(solution.signature.as_bytes());
    let holds = solution.algorithm == ALGORITHM && salt.site == site && now < salt.expires;
    (bool::from(is_ours) && holds)
        .then(|| Spent { hash: tokens::spent_hash(challenge.as_bytes()), expires_at: salt.expires })
}

/// What the salt of a challenge of ours says. It ends with `&`, so that no digit of the number passes for a part of it.
struct Salt<'a> {
    expires: Timestamp,
    site: &'a str,
    key: u8,
}

impl<'a> Salt<'a> {
    fn read(written: &'a str) -> Option<Self> {
        let mut said = written.strip_suffix('&')?.split_once('?')?.1.split('&');
        let expires = said.next()?.strip_prefix("expires=")?.parse().ok()?;
        let site = said.next()?.strip_prefix("site=")?;
        let key = said.next()?.strip_prefix("key=")?.parse().ok()?;
        Some(Self { expires: Timestamp::from_second(expires).ok()?, site, key })
    }
}

fn hash(salt: &str, number: u32) -> String {
    hexadecimal(&Sha256::digest(format!("{salt}{number}")))
}

fn sign(key: &Key, challenge: &str) -> String {
    let own = hexadecimal(&key.derived(b"porchlight proof 1"));
    hexadecimal(&hmac(own.as_bytes(), &[challenge.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::proof;

    const NOW: &str = "2026-11-22T19:30:00Z";

    /// Made by `altcha-lib` 2.8.0 of npm: `createChallenge` with our key, salt and number, solved by its `solveChallenge`.
    const CHALLENGE: &str = "4abe15f8191eb40d5d1a2f78f02dc19130465d9b3e59e95b381c7065061015ca";
    const SALT: &str = "000102030405060708090a0b?expires=1795376400&site=pet-shop&key=1&";
    const SIGNATURE: &str = "5fd4c5a545e35b376c13803da3d30a4d6d5e3a960b7a91728789ae8a878c849f";
    const PROOF: &str = concat!(
        "eyJhbGdvcml0aG0iOiJTSEEtMjU2IiwiY2hhbGxlbmdlIjoiNGFiZTE1ZjgxOTFlYjQwZDVkMWEyZjc4ZjAyZGMxOTEzMDQ2NWQ5YjNlNTllOTVi",
        "MzgxYzcwNjUwNjEwMTVjYSIsIm51bWJlciI6MzQ1NjcsInNhbHQiOiIwMDAxMDIwMzA0MDUwNjA3MDgwOTBhMGI/ZXhwaXJlcz0xNzk1Mzc2NDAw",
        "JnNpdGU9cGV0LXNob3Ama2V5PTEmIiwic2lnbmF0dXJlIjoiNWZkNGM1YTU0NWUzNWIzNzZjMTM4MDNkYTNkMzBhNGQ2ZDVlM2E5NjBiN2E5MTcy",
        "ODc4OWFlOGE4NzhjODQ5ZiIsInRvb2siOjMxMTN9",
    );

    fn at(written: &str) -> Timestamp {
        written.parse().expect("a moment")
    }

    fn solution() -> Solution {
        proof::read(PROOF).expect("a solution")
    }

    fn is_taken(solution: &Solution, site: &str, now: &str) -> bool {
        solved(&Keys::fixed(&[2, 1]), site, solution, at(now)).is_some()
    }

    #[test]
    fn challenge_is_what_the_official_library_makes() {
        let random = [0, 0, 0x87, 0x07, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        let made = challenge(&Keys::fixed(&[1]), "pet-shop", at(NOW), random);
        let (challenge, salt, signature) = (CHALLENGE.to_owned(), SALT.to_owned(), SIGNATURE.to_owned());
        assert_eq!(made, Challenge { algorithm: "SHA-256", challenge, maxnumber: 100_000, salt, signature });
    }

    #[test]
    fn solution_of_the_official_library_is_taken_for_its_site_and_time() {
        assert!(is_taken(&solution(), "pet-shop", NOW));
        assert!(is_taken(&solution(), "pet-shop", "2026-11-22T19:39:59Z"));
        assert!(!is_taken(&solution(), "pet-shop", "2026-11-22T19:40:00Z"), "it has run out");
        assert!(!is_taken(&solution(), "cinema", NOW));
        assert!(solved(&Keys::fixed(&[2]), "pet-shop", &solution(), at(NOW)).is_none(), "the key is gone");
    }

    #[test]
    fn whatever_is_changed_is_refused() {
        let other = |change: fn(&mut Solution)| {
            let mut solution = solution();
            change(&mut solution);
            solution
        };
        for forged in [
            other(|it| it.number += 1),
            other(|it| it.algorithm = "SHA-1".to_owned()),
            other(|it| it.challenge = hash(&it.salt, 1)),
            other(|it| it.signature = "0".repeat(64)),
            other(|it| it.salt = it.salt.replace("1795376400", "1895376400")),
            other(|it| it.salt = it.salt.replace("key=1", "key=2")),
            other(|it| (it.salt, it.number) = (format!("{}3", it.salt), 4567)),
            other(|it| it.salt = String::new()),
        ] {
            assert!(!is_taken(&forged, "pet-shop", NOW), "{forged:?}");
        }
    }

    #[test]
    fn every_solved_challenge_is_spent_as_itself_until_it_runs_out() {
        let keys = Keys::fixed(&[1]);
        let spent = solved(&keys, "pet-shop", &solution(), at(NOW)).expect("solved");
        assert_eq!(spent.expires_at, at("2026-11-22T19:40:00Z"));
        let second = challenge(&keys, "pet-shop", at(NOW), [9; 16]);
        assert_ne!(spent.hash, tokens::spent_hash(second.challenge.as_bytes()));
    }

    #[test]
    fn what_is_no_proof_is_none() {
        for field in ["", "e30=", "bnVsbA==", "не base64", "eyJhbGdvcml0aG0iOiJTSEEtMjU2In0="] {
            assert_eq!(proof::read(field), None, "{field}");
        }
    }
}
