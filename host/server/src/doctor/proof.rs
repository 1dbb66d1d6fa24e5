//! The proof of work, as a browser gives it.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::hexadecimal::hexadecimal;

/// The most hashes that are tried.
const MOST: u64 = 10_000_000;

/// The field `proof` that answers a challenge.
pub fn of(challenge: &Value) -> Option<String> {
    let (salt, wanted) = (challenge["salt"].as_str()?, challenge["challenge"].as_str()?);
    let most = challenge["maxnumber"].as_u64()?.min(MOST);
    let number = (0..=most).find(|number| hexadecimal(&Sha256::digest(format!("{salt}{number}"))) == wanted)?;
    let solution = json!({
        "algorithm": challenge["algorithm"], "challenge": wanted, "number": number, "salt": salt,
        "signature": challenge["signature"],
    });
    Some(STANDARD.encode(solution.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{abuse::proof, keys::Keys, wire};

    #[test]
    fn challenge_of_ours_is_solved_as_we_want_it() {
        let (keys, now) = (Keys::fixed(&[1]), "2026-11-22T19:30:00Z".parse().expect("a moment"));
        let challenge = proof::challenge(&keys, "shop", now, [7; 16]);
        let answer = of(&serde_json::to_value(&challenge).expect("JSON")).expect("a proof");
        let solution = wire::proof::read(&answer).expect("a solution");
        assert!(proof::solved(&keys, "shop", &solution, now).is_some());
        assert_eq!(of(&json!({})), None);
    }
}
