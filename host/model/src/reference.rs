//! References: short names of requests, to read out loud.

use serde::{Deserialize, Serialize};

/// Crockford's base 32: the digits and letters that are not mistaken for one another; no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Six characters and the check character.
const LENGTH: usize = 7;

/// `PS-7K4Q2MX`: the site's prefix, six characters of Crockford's base 32 and a check character of the same alphabet.
///
/// The seven characters are numbers of GF(32), made with x⁵ + x² + 1; weighted by the powers x⁶ … x⁰ they add up to nothing.
/// As those weights are neither zero nor alike, any one wrong character and any two that changed places are noticed.
///
/// Read from our own store it is taken as it is; what a person wrote goes through [`Reference::parse`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reference(String);

impl Reference {
    /// A reference out of four random bytes, of which the first thirty bits are used. `prefix`: two to four letters `A`–`Z`.
    pub fn from_random(prefix: &str, random: [u8; 4]) -> Self {
        let bits = u32::from_be_bytes(random) >> 2;
        let six = [25, 20, 15, 10, 5, 0].map(|shift| (bits >> shift) as u8 & 31);
        Self::written(prefix, six.into_iter().chain([check_of(six)]))
    }

    /// Reads a reference as a person wrote it down: case, spaces and hyphens do not matter, `O` is 0, `I` and `L` are 1.
    /// `None` where the check character does not fit, or where it does not begin with two to four letters.
    ///
    /// The prefix has no check of its own: with a wrong one it is a reference that no request has.
    pub fn parse(written: &str) -> Option<Self> {
        let letters = letters_of(written)?;
        let (prefix, code) = letters.split_at_checked(letters.len().checked_sub(LENGTH)?)?;
        let prefixed = (2..=4).contains(&prefix.len()) && prefix.bytes().all(|letter| letter.is_ascii_uppercase());
        let code: Vec<_> = code.bytes().map(value_of).collect::<Option<_>>()?;
        (prefixed && weighted_sum(&code) == 0).then(|| Self::written(prefix, code.into_iter()))
    }

    /// The reference as shown.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn written(prefix: &str, values: impl Iterator<Item = u8>) -> Self {
        let code: String = values.map(|value| char::from(ALPHABET[usize::from(value & 31)])).collect();
        Self(format!("{prefix}-{code}"))
    }
}

/// The ASCII letters and digits of a text in capitals, spaces and hyphens of all kinds left out; `None` where anything else
/// is in it, or more than a reference has.
fn letters_of(written: &str) -> Option<String> {
    let hyphen = |letter: char| matches!(letter, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let mut letters = String::new();
    for letter in written.chars().filter(|letter| !hyphen(*letter) && !letter.is_whitespace()) {
        if !letter.is_ascii_alphanumeric() || letters.len() == 4 + LENGTH {
            return None;
        }
        letters.push(letter.to_ascii_uppercase());
    }
    Some(letters)
}

fn value_of(letter: u8) -> Option<u8> {
    let letter = match letter {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        letter => letter,
    };
    ALPHABET.iter().position(|known| *known == letter).and_then(|value| u8::try_from(value).ok())
}

fn check_of(six: [u8; 6]) -> u8 {
    times_x(weighted_sum(&six))
}

/// The sum of all values, the last taken once, each before it weighted by one more power of x.
fn weighted_sum(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_x(sum) ^ value)
}

/// Multiplication by x in GF(32) = GF(2)[x] / (x⁵ + x² + 1).
fn times_x(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 == 0 { shifted } else { shifted ^ 0b10_0101 }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reference_reads_as_the_contract_shows_it() {
        let reference = Reference::from_random("PS", [0x3a, 0x64, 0xdb, 0x14]);
        assert_eq!(reference.as_str(), "PS-79JDP5C");
        assert_eq!(Reference::from_random("SHOP", [0; 4]).as_str(), "SHOP-0000000");
        assert_eq!(Reference::from_random("PS", [0xff; 4]).as_str().len(), 10);
    }

    #[test]
    fn weights_are_neither_zero_nor_alike() {
        let powers: HashSet<_> = (0..31).scan(1, |power, _| Some(std::mem::replace(power, times_x(*power)))).collect();
        assert_eq!(powers.len(), 31);
        assert!(!powers.contains(&0));
    }

    #[test]
    fn misread_letters_are_mended_and_those_of_the_prefix_left() {
        let shown = Reference::from_random("LO", [0x00, 0x42, 0x30, 0x84]);
        assert_eq!(shown.as_str(), "LO-011311B");
        for written in
            ["lo-011311b", "LO OlI3iLb", " L O 0 1 1 3 1 1 B ", "LO–011311B", "LO011311B", "L-O-0-1-1-3-1-1-B\n"]
        {
            assert_eq!(Reference::parse(written).as_ref(), Some(&shown), "{written:?}");
        }
    }

    #[test]
    fn what_is_no_reference_is_none() {
        for written in [
            "",
            "PS",
            "PS-",
            "PS-0000001",
            "P-0000000",
            "0000000",
            "SHOPS-0000000",
            "P1-0000000",
            "PS-U000000",
            "PS-000000",
            "PS-00000000",
            "PS_0000000",
            "ПС-0000000",
            "PS-0000000\0",
            "PS-000000０",
        ] {
            assert_eq!(Reference::parse(written), None, "{written:?}");
        }
        assert_eq!(Reference::parse(&"PS-0000000".repeat(100_000)), None);
    }

    fn code(reference: &Reference) -> Vec<u8> {
        reference.as_str()[3..].bytes().collect()
    }

    fn parse(code: &[u8]) -> Option<Reference> {
        Reference::parse(&format!("PS-{}", String::from_utf8(code.to_vec()).expect("ASCII")))
    }

    proptest! {
        #[test]
        fn reference_reads_back_the_same(random: [u8; 4], prefix in "[A-Z]{2,4}") {
            let reference = Reference::from_random(&prefix, random);
            prop_assert_eq!(Reference::parse(&reference.as_str().to_lowercase()), Some(reference.clone()));
            prop_assert!(reference.as_str()[prefix.len() + 1..].bytes().all(|letter| ALPHABET.contains(&letter)));
        }

        #[test]
        fn thirty_bits_make_the_difference(one: [u8; 4], other: [u8; 4]) {
            let bits = |random: [u8; 4]| u32::from_be_bytes(random) >> 2;
            prop_assert_eq!(Reference::from_random("PS", one) == Reference::from_random("PS", other), bits(one) == bits(other));
        }

        #[test]
        fn every_single_wrong_character_is_noticed(random: [u8; 4]) {
            let right = code(&Reference::from_random("PS", random));
            for place in 0..LENGTH {
                for letter in ALPHABET.iter().filter(|letter| **letter != right[place]) {
                    let mut wrong = right.clone();
                    wrong[place] = *letter;
                    prop_assert_eq!(parse(&wrong), None);
                }
            }
        }

        #[test]
        fn every_two_characters_that_changed_places_are_noticed(random: [u8; 4]) {
            let right = code(&Reference::from_random("PS", random));
            for (one, other) in (0..LENGTH).flat_map(|one| (0..one).map(move |other| (one, other))) {
                let mut wrong = right.clone();
                wrong.swap(one, other);
                prop_assert_eq!(parse(&wrong).is_none(), right[one] != right[other]);
            }
        }
    }
}
