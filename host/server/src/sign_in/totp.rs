//! One-time codes of an authenticator: TOTP (RFC 6238) with HMAC-SHA-1, six digits, steps of 30 seconds, as every app has it.

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// Length of a step, in seconds.
const STEP: u64 = 30;

/// How many steps a code may be early or late (RFC 6238, section 5.2).
const DRIFT: u64 = 1;

/// A new secret in base 32, of as many bits as the hash has (RFC 4226, section 4, requirement 6).
pub fn secret(random: [u8; 20]) -> String {
    BASE32_NOPAD.encode(&random)
}

/// What an authenticator reads from a QR code: the secret and whose it is.
pub fn uri(secret: &str, email: &str) -> String {
    let email = utf8_percent_encode(email, NON_ALPHANUMERIC);
    format!("otpauth://totp/Porchlight:{email}?secret={secret}&issuer=Porchlight")
}

/// The step of a code that is right now, if it is later than the last one taken: a code is taken once.
pub fn step_of(secret: &str, written: &str, last_step: u64, now: Timestamp) -> Option<u64> {
    let secret = BASE32_NOPAD.decode(secret.as_bytes()).ok()?;
    let code: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    let current = u64::try_from(now.as_second()).ok()? / STEP;
    let steps = current.saturating_sub(DRIFT)..=current + DRIFT;
    let right = |step: &u64| bool::from(self::code(&secret, *step).as_bytes().ct_eq(code.as_bytes()));
    // Every step is looked at, so that the time says nothing.
    let found = steps.fold(None, |found, step| if right(&step) { Some(step) } else { found });
    found.filter(|step| *step > last_step)
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104)")]
fn code(secret: &[u8], step: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("any key length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[digest.len() - 1] & 0xf);
    let number = u32::from_be_bytes([digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238, appendix B.
    fn rfc() -> String {
        secret(*b"12345678901234567890")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("a moment")
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(super::code(b"12345678901234567890", seconds / STEP), code);
            assert!(step_of(&rfc(), code, 0, at(seconds as i64)).is_some(), "{seconds}");
        }
    }

    #[test]
    fn code_holds_one_step_early_and_one_late() {
        let moment = 1_234_567_890;
        let taken = |seconds: i64| step_of(&rfc(), "005924", 0, at(moment + seconds)).is_some();
        assert_eq!([taken(-30), taken(0), taken(30), taken(-60), taken(60)], [true, true, true, false, false]);
    }

    #[test]
    fn code_is_taken_once() {
        let step = step_of(&rfc(), " 005 924", 0, at(1_234_567_890)).expect("right, with blanks too");
        assert_eq!(step_of(&rfc(), "005924", step, at(1_234_567_890)), None);
        assert_eq!(step_of(&rfc(), "005924", step - 1, at(1_234_567_890)), Some(step));
    }

    #[test]
    fn what_is_no_code_is_none() {
        for written in ["", "5924", "00592４", "005924\0", "0059240", &"0".repeat(100_000)] {
            assert_eq!(step_of(&rfc(), written, 0, at(1_234_567_890)), None);
        }
        assert_eq!(step_of("not base 32!", "005924", 0, at(1_234_567_890)), None);
    }

    #[test]
    fn uri_names_whose_it_is() {
        let uri = uri(&rfc(), "vera+1@shop.example");
        assert_eq!(
            uri,
            "otpauth://totp/Porchlight:vera%2B1%40shop%2Eexample?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Porchlight"
        );
    }
}
