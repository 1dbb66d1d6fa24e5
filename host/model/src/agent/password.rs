//! Which passwords are taken: long ones, that are not simply what everybody knows of the agent (NIST SP 800-63B, section 3.1.1).

use super::Agent;

/// The fewest characters.
const SHORTEST: usize = 12;

/// The most bytes: what is longer costs time to hash, and nobody types it.
const LONGEST: usize = 1_024;

/// Why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// It has fewer characters than it needs.
    #[error("a password needs at least {SHORTEST} characters")]
    TooShort,
    /// It has more bytes than are read.
    #[error("a password may have at most {LONGEST} bytes")]
    TooLong,
    /// It is a name, an address or a site that everybody knows, one letter over and over, or has no letter.
    #[error("this password is easily guessed: do not take a name, an address or a site for it")]
    Obvious,
}

/// Checks a password that an agent chose; `sites` are keys and names of the sites there are. Nothing else is asked of it: no
/// digits, no signs, no change every month.
pub fn check_password(password: &str, agent: &Agent, sites: &[&str]) -> Result<(), PasswordRefused> {
    if password.chars().nth(SHORTEST - 1).is_none() {
        return Err(PasswordRefused::TooShort);
    }
    if password.len() > LONGEST {
        return Err(PasswordRefused::TooLong);
    }
    if is_obvious(password, agent, sites) { Err(PasswordRefused::Obvious) } else { Ok(()) }
}

fn is_obvious(password: &str, agent: &Agent, sites: &[&str]) -> bool {
    let password = letters(password);
    let email = agent.email.as_str();
    let (name, domain) = email.rsplit_once('@').unwrap_or((email, ""));
    let known = [email, name, domain, agent.name.as_str(), "porchlight"];
    let known: Vec<String> = known.into_iter().chain(sites.iter().copied()).map(letters).collect();
    let is_repeated = |word: &String| !word.is_empty() && password.replace(word.as_str(), "").is_empty();
    let first = password.chars().next();
    known.iter().any(is_repeated) || password.chars().all(|letter| Some(letter) == first)
}

/// Letters in lower case and nothing else: `Vera.Shop-2026` is `verashop` for who guesses.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        agent::{AgentId, Reach, Role},
        contact::EmailAddress,
    };

    fn refused(password: &str) -> Option<PasswordRefused> {
        let agent = Agent {
            id: AgentId(Uuid::nil()),
            email: EmailAddress::parse("vera.ilina@pet-shop.example").expect("an address"),
            name: "Вера Ильина".to_owned(),
            role: Role::Agent,
            reach: Reach::All,
        };
        check_password(password, &agent, &["dog-and-cat", "Пёс и Кот"]).err()
    }

    #[test]
    fn long_password_is_taken_whatever_its_characters() {
        for password in ["correct horse battery staple", "щенок боится будки", "vera ilina has a dog", "        xy  "]
        {
            assert_eq!(refused(password), None, "{password}");
        }
    }

    #[test]
    fn length_is_counted_in_characters_and_bounded_in_bytes() {
        assert_eq!(refused("щенокбудкаа"), Some(PasswordRefused::TooShort));
        assert_eq!(refused("щенокбудкаав"), None);
        assert_eq!(refused(&"ab".repeat(513)), Some(PasswordRefused::TooLong));
        assert_eq!(refused(""), Some(PasswordRefused::TooShort));
    }

    #[test]
    fn what_everybody_knows_is_no_password() {
        for password in [
            "vera.ilina@pet-shop.example",
            "Vera.Ilina 1984",
            "pet-shop.example",
            "ВераИльина2026",
            "Dog-And-Cat!",
            "пёс и кот 2026",
            "dogandcatdogandcat",
            "porchlight123",
            "aaaaaaaaaaaaaaa",
            "123456789012",
        ] {
            assert_eq!(refused(password), Some(PasswordRefused::Obvious), "{password}");
        }
    }
}
