//! Canned replies: texts written beforehand, with places for what differs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::submission::{Problem, ProblemCode};

/// The most characters of a title, and of a text.
const TITLE: usize = 100;
const TEXT: usize = 5_000;

/// Identifies a canned reply. Random (UUID v4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct ReplyId(pub Uuid);

/// A text written beforehand, for one site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CannedReply {
    /// Its identity.
    pub id: ReplyId,
    /// What agents choose it by.
    pub title: String,
    /// Plain text, with variables such as `{name}`.
    pub text: String,
}

/// What differs from one use of a canned reply to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variable {
    /// How the requester is called.
    Name,
    /// The request's reference.
    Reference,
    /// When an answer was promised, in words.
    Promise,
    /// How the agent is called.
    Agent,
}

impl Variable {
    /// Every variable.
    pub const ALL: [Self; 4] = [Self::Name, Self::Reference, Self::Promise, Self::Agent];

    /// Its name, as it stands between braces.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Reference => "reference",
            Self::Promise => "promise",
            Self::Agent => "agent",
        }
    }
}

/// What variables stand for in one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spoken<'a> {
    /// How the requester is called, if they said.
    pub name: Option<&'a str>,
    /// The request's reference.
    pub reference: &'a str,
    /// When an answer was promised, if it was and nobody has answered yet.
    pub promise: Option<&'a str>,
    /// How the agent is called.
    pub agent: &'a str,
}

impl Spoken<'_> {
    fn of(&self, variable: Variable) -> Option<&str> {
        match variable {
            Variable::Name => self.name,
            Variable::Reference => Some(self.reference),
            Variable::Promise => self.promise,
            Variable::Agent => Some(self.agent),
        }
    }
}

/// A canned reply with its variables filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The text. A variable that stands for nothing here is left as it is, for the agent to write something instead.
    pub text: String,
    /// The variables that were left.
    pub missing: Vec<Variable>,
}

impl CannedReply {
    /// Its text for one request. What is filled in is never read again: a requester called `{agent}` stays so.
    pub fn rendered(&self, spoken: &Spoken<'_>) -> Rendered {
        let mut rendered = Rendered::default();
        for piece in pieces(&self.text) {
            let said = match piece {
                Piece::Text(text) => Some(text),
                Piece::Named(name) => known(name).and_then(|variable| spoken.of(variable)),
            };
            match (piece, said) {
                (_, Some(said)) => rendered.text.push_str(said),
                (Piece::Named(name) | Piece::Text(name), None) => {
                    rendered.text.push_str(&format!("{{{name}}}"));
                    rendered.missing.extend(known(name).filter(|it| !rendered.missing.contains(it)));
                }
            }
        }
        rendered
    }
}

/// Checks title and text of a canned reply, and says of each what is wrong.
pub fn check_reply(title: &str, text: &str) -> Result<(), Vec<Problem>> {
    let title = limited(title, TITLE).err().map(|code| Problem { field: "title".to_owned(), code });
    let text = limited(text, TEXT).and_then(|()| variables(text)).err();
    let problems: Vec<Problem> =
        title.into_iter().chain(text.map(|code| Problem { field: "text".to_owned(), code })).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

fn limited(text: &str, limit: usize) -> Result<(), ProblemCode> {
    if text.trim().is_empty() {
        return Err(ProblemCode::Required);
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(ProblemCode::ControlCharacter);
    }
    if text.chars().nth(limit).is_some() { Err(ProblemCode::TooLong(limit)) } else { Ok(()) }
}

/// A word between braces that is no variable is a slip: nobody wants `{nmae}` sent.
fn variables(text: &str) -> Result<(), ProblemCode> {
    let unknown = |piece: &Piece<'_>| matches!(piece, Piece::Named(name) if known(name).is_none());
    if pieces(text).iter().any(unknown) { Err(ProblemCode::UnknownVariable) } else { Ok(()) }
}

fn known(name: &str) -> Option<Variable> {
    Variable::ALL.into_iter().find(|variable| variable.as_str() == name)
}

#[derive(Clone, Copy)]
enum Piece<'a> {
    Text(&'a str),
    Named(&'a str),
}

/// A text cut into what stands between braces, if that is one word, and the rest.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let (before, after) = rest.split_at(open);
        pieces.push(Piece::Text(before));
        match after[1..].split_once('}') {
            Some((name, behind)) if !name.is_empty() && name.chars().all(char::is_alphanumeric) => {
                pieces.push(Piece::Named(name));
                rest = behind;
            }
            _ => {
                pieces.push(Piece::Text("{"));
                rest = &after[1..];
            }
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANNA: Spoken<'static> =
        Spoken {
            name: Some("Анна"), reference: "PS-7K4Q2MX", promise: Some("завтра до 12:00"), agent: "Вера"
        };

    fn rendered(text: &str, spoken: &Spoken<'_>) -> Rendered {
        let (id, title) = (ReplyId(Uuid::nil()), "Здравствуйте".to_owned());
        CannedReply { id, title, text: text.to_owned() }.rendered(spoken)
    }

    #[test]
    fn variables_are_filled_in() {
        let text = "{name}, по {reference} ответим {promise}. — {agent} {agent}";
        let expected = "Анна, по PS-7K4Q2MX ответим завтра до 12:00. — Вера Вера";
        assert_eq!(rendered(text, &ANNA), Rendered { text: expected.to_owned(), missing: vec![] });
    }

    #[test]
    fn variable_that_stands_for_nothing_is_left_and_named() {
        let nameless = Spoken { name: None, ..ANNA };
        let expected = Rendered { text: "{name}, {name}! Вера".to_owned(), missing: vec![Variable::Name] };
        assert_eq!(rendered("{name}, {name}! {agent}", &nameless), expected);
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        let sly = Spoken { name: Some("{agent} {promise}"), ..ANNA };
        assert_eq!(rendered("{name}", &sly).text, "{agent} {promise}");
    }

    #[test]
    fn braces_that_hold_no_word_are_text() {
        for text in ["{", "}", "{}", "{ }", "a { b", "{{", "{\n}", "смайлик :-{"] {
            assert_eq!(rendered(text, &ANNA).text, text);
            assert_eq!(check_reply("t", text), Ok(()), "{text:?}");
        }
        assert_eq!(rendered("{{name}}", &ANNA).text, "{Анна}");
    }

    #[test]
    fn slips_are_refused_at_their_field() {
        let said = |title: &str, text: &str| {
            let problems = check_reply(title, text).expect_err("a slip");
            problems.into_iter().map(|it| format!("{} {}", it.field, it.code.as_str())).collect::<Vec<_>>()
        };
        assert_eq!(said("", " "), ["title required", "text required"]);
        assert_eq!(said("t", "Здравствуйте, {nmae}"), ["text unknown-variable"]);
        assert_eq!(said("t\0", &"x".repeat(5_001)), ["title control-character", "text too-long"]);
    }
}
