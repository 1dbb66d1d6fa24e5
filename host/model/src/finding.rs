//! Finding requests: what an agent may look for, and whether a request is one of those.

use crate::{
    contact::{EmailAddress, Phone},
    reference::Reference,
    request::Request,
};

/// The most characters that are looked for.
const LONGEST: usize = 100;

/// The fewest digits that are taken for a piece of a telephone number.
const DIGITS: usize = 4;

/// What an agent looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One request, by its name.
    Reference(Reference),
    /// Those of whoever left this address.
    Email(EmailAddress),
    /// Those of whoever left this number.
    Phone(Phone),
    /// Those in whose name, telephone number, address or conversation this stands.
    Text(Sought),
}

/// A piece of text that is looked for: whole words or not, in any case, `ё` as `е`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    folded: String,
    digits: Option<String>,
}

impl Wanted {
    /// What somebody looks for who writes this; a number without a country code is read in `region` (ISO 3166-1 alpha-2). `None`
    /// where nothing is written, or far too much.
    pub fn read(written: &str, region: Option<&str>) -> Option<Self> {
        let written = written.trim();
        if written.is_empty() || written.chars().nth(LONGEST).is_some() {
            return None;
        }
        if let Some(reference) = Reference::parse(written) {
            return Some(Self::Reference(reference));
        }
        if let Ok(email) = EmailAddress::parse(written) {
            return Some(Self::Email(email));
        }
        if let Ok(phone) = Phone::parse(written, region) {
            return Some(Self::Phone(phone));
        }
        Some(Self::Text(Sought { folded: folded(written), digits: digits(written) }))
    }
}

impl Sought {
    /// Whether a request kept as this JSON may be one of those looked for; [`is_in`](Self::is_in) has the last word. Much cheaper than
    /// to read it: what is written as it is in a string stands so in the JSON, but for quotes, backslashes and control characters.
    pub fn may_be_in(&self, document: &str) -> bool {
        let is_escaped = |c: char| c.is_control() || matches!(c, '"' | '\\');
        let has_digits = self.digits.as_deref().is_some_and(|digits| document.contains(digits));
        has_digits || self.folded.contains(is_escaped) || folded(document).contains(&self.folded)
    }

    /// Whether a request is one of those looked for.
    pub fn is_in(&self, request: &Request) -> bool {
        let requester = &request.requester;
        let left = requester.name.as_deref().into_iter().chain(requester.email.as_ref().map(EmailAddress::as_str));
        let said = request.entries.iter().map(|entry| entry.text.as_str());
        let handled = request.handling.notes.iter().map(|note| note.text.as_str());
        let tags = request.handling.tags.iter().map(String::as_str);
        let mut texts = left.chain(said).chain(handled).chain(tags);
        texts.any(|text| folded(text).contains(&self.folded)) || self.is_of_number(requester.phone.as_ref())
    }

    fn is_of_number(&self, phone: Option<&Phone>) -> bool {
        let digits = self.digits.as_deref().zip(phone);
        digits.is_some_and(|(digits, phone)| phone.as_str().contains(digits))
    }
}

fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            _ if c.is_ascii() => folded.push(c.to_ascii_lowercase()),
            'ё' | 'Ё' => folded.push('е'),
            _ => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// The digits of what may be a piece of a telephone number; none where anything else stands in it.
fn digits(written: &str) -> Option<String> {
    let between =
        |c: char| c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}');
    if !written.chars().all(|c| c.is_ascii_digit() || between(c)) {
        return None;
    }
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= DIGITS).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{callback_request, message_request};

    fn sought(written: &str) -> Sought {
        match Wanted::read(written, Some("RU")) {
            Some(Wanted::Text(sought)) => sought,
            other => panic!("`{written}` is {other:?}"),
        }
    }

    fn finds(written: &str, request: &Request) -> bool {
        sought(written).is_in(request)
    }

    #[test]
    fn whole_references_addresses_and_numbers_are_told_from_text() {
        let read = |written| Wanted::read(written, Some("RU"));
        assert!(matches!(read("ps 79jdp5c"), Some(Wanted::Reference(name)) if name.as_str() == "PS-79JDP5C"));
        assert!(matches!(read(" ANNA@example.com "), Some(Wanted::Email(_))));
        for number in ["+7 916 123-45-67", "8 (916) 123-45-67"] {
            assert!(matches!(read(number), Some(Wanted::Phone(phone)) if phone.as_str() == "+79161234567"), "{number}");
        }
        for text in ["анна", "anna@", "123-45", "PS-0"] {
            assert!(matches!(read(text), Some(Wanted::Text(_))), "{text}");
        }
    }

    #[test]
    fn request_is_found_by_pieces_of_what_is_known_of_it() {
        let request = callback_request();
        for written in ["Анна", "анн", "anna@", "EXAMPLE.COM", "123-45", "4567"] {
            assert!(finds(written, &request), "{written}");
        }
        for written in ["Борис", "boris@", "999-99", "456"] {
            assert!(!finds(written, &request), "{written}");
        }
    }

    #[test]
    fn conversation_notes_and_tags_are_looked_through_in_any_case() {
        let request = message_request().tagged(vec!["Возврат-2".to_owned()]).expect("a tag");
        assert!(finds("ЩЕНОК боится", &request));
        assert!(finds("щёнок", &request), "ё is е");
        assert!(finds("возврат-2", &request));
        assert!(!finds("кошка", &request));
    }

    proptest::proptest! {
        #[test]
        fn what_is_in_a_request_may_be_in_its_document(name: String, text: String, sought in "\\PC{1,20}|[a-zё\"\\\\\n\t ]{1,4}|[0-9 +-]{4,9}") {
            let mut request = callback_request();
            request.requester.name = Some(name.clone());
            request.entries = message_request().entries;
            request.entries[0].text = format!("{text} {sought} {name}");
            let document = serde_json::to_string(&request).expect("written");
            for written in [sought, name, text] {
                let Some(Wanted::Text(sought)) = Wanted::read(&written, Some("RU")) else { continue };
                proptest::prop_assert!(!sought.is_in(&request) || sought.may_be_in(&document), "{written:?}");
            }
        }
    }

    #[test]
    fn nothing_and_far_too_much_are_not_looked_for() {
        assert_eq!(Wanted::read("  ", None), None);
        assert_eq!(Wanted::read(&"x".repeat(101), None), None);
    }
}
