//! Passwords: hashed with argon2id (RFC 9106), of which few run at once.

use argon2::{
    Argon2,
    password_hash::{
        PasswordHasher, PasswordVerifier,
        phc::{PasswordHash, Salt},
    },
};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How many guesses of strangers are checked at once: each takes 19 MiB and some 50 ms of a core.
const AT_ONCE: usize = 2;

/// How many of them may wait for that. With more, there is no telling when a turn would come.
const WAITING: usize = 64;

/// The hash that a guess for nobody's account is checked against, so that it takes as long as any. No password has it: it was
/// written, not made.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$dGhlIG5vYm9keSBzYWx0IQ$bm8gcGFzc3dvcmQgaGFzIHRoaXMuIEd1ZXNzIG9uISE";

/// Checks passwords, few at once. Whoever comes from a device that its agent signed in from before waits in a line of its own,
/// so that strangers cannot keep the owner out.
#[derive(Debug)]
pub struct Passwords {
    strangers: Semaphore,
    waiting: Semaphore,
    known: Semaphore,
}

/// Who tries a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Anybody.
    Strangers,
    /// A device that signed in before, or a session.
    Known,
}

/// Too many are being checked; none was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked")]
pub struct Busy;

impl Default for Passwords {
    fn default() -> Self {
        Self { strangers: Semaphore::new(AT_ONCE), waiting: Semaphore::new(WAITING), known: Semaphore::new(1) }
    }
}

impl Passwords {
    /// Whether a password is the one with this hash; without a hash it is not, and that takes as long.
    pub async fn verify(&self, line: Line, password: &str, hash: Option<&str>) -> Result<bool, Busy> {
        let _place = self.place(line)?;
        let _turn = self.turn(line).await?;
        let (password, exists) = (password.to_owned(), hash.is_some());
        let hash = hash.unwrap_or(NOBODY).to_owned();
        Ok(blocking(move || is_password(&password, &hash)).await && exists)
    }

    /// The hash of a new password, as a PHC string.
    pub async fn hash(&self, password: &str, salt: [u8; 16]) -> Result<String, Busy> {
        let _turn = self.turn(Line::Known).await?;
        let password = password.to_owned();
        blocking(move || hashed(&password, salt)).await.ok_or(Busy)
    }

    fn place(&self, line: Line) -> Result<Option<SemaphorePermit<'_>>, Busy> {
        match line {
            Line::Strangers => self.waiting.try_acquire().map(Some).map_err(|_| Busy),
            Line::Known => Ok(None),
        }
    }

    async fn turn(&self, line: Line) -> Result<SemaphorePermit<'_>, Busy> {
        let turns = match line {
            Line::Strangers => &self.strangers,
            Line::Known => &self.known,
        };
        turns.acquire().await.map_err(|_| Busy)
    }
}

async fn blocking<T: Default + Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
        // The host stops: nobody hears the answer.
        Err(_) => T::default(),
    }
}

/// The hash of a password, as a PHC string. `None` only where argon2 refuses its input, which is longer than any we take.
pub fn hashed(password: &str, salt: [u8; 16]) -> Option<String> {
    let salt = Salt::new(&salt).ok()?;
    let hash: PasswordHash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt.as_ref()).ok()?;
    Some(hash.to_string())
}

fn is_password(password: &str, hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn password_is_known_again_and_no_other_is() {
        let passwords = Passwords::default();
        let hash = passwords.hash("correct horse battery", [7; 16]).await.expect("hashed");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let mut right = vec![];
        for guess in ["correct horse battery", "correct horse batterY", "", "correct horse battery\0"] {
            right.push(passwords.verify(Line::Strangers, guess, Some(&hash)).await.expect("a turn"));
        }
        assert_eq!(right, [true, false, false, false]);
    }

    #[tokio::test]
    async fn guess_for_nobody_is_checked_with_the_same_cost_and_never_right() {
        let nobody = PasswordHash::new(NOBODY).expect("a hash that is checked");
        let somebody = hashed("correct horse battery", [7; 16]).expect("hashed");
        let somebody = PasswordHash::new(&somebody).expect("a hash");
        assert_eq!((nobody.algorithm, &nobody.params), (somebody.algorithm, &somebody.params));
        let length = |hash: &PasswordHash| hash.hash.as_ref().map(|output| output.as_ref().len());
        assert_eq!(length(&nobody), length(&somebody));
        let passwords = Passwords::default();
        assert_eq!(passwords.verify(Line::Strangers, "anything", None).await, Ok(false));
    }

    #[tokio::test]
    async fn strangers_in_any_number_leave_a_turn_to_known_devices() {
        let passwords = Passwords::default();
        let _all = passwords.strangers.acquire_many(AT_ONCE as u32).await.expect("all turns");
        let _line = passwords.waiting.acquire_many(WAITING as u32).await.expect("the whole line");
        assert_eq!(passwords.verify(Line::Strangers, "guess", None).await, Err(Busy));
        assert_eq!(passwords.verify(Line::Known, "guess", None).await, Ok(false));
    }
}
