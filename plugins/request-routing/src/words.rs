//! Finding words in a text: case and ё do not matter, and a word finds all that begin with it.

/// The words of a text, ready to be searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// Takes a text apart.
    pub fn of(text: &str) -> Self {
        let folded = folded(text);
        Self(folded.split(|char: char| !is_of_word(char)).filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// Whether a word or phrase occurs: its words one after the other, each as the beginning of a word of the text.
    pub fn contain(&self, phrase: &str) -> bool {
        let Self(phrase) = Self::of(phrase);
        !phrase.is_empty()
            && self
                .0
                .windows(phrase.len())
                .any(|window| window.iter().zip(&phrase).all(|(word, wanted)| word.starts_with(wanted)))
    }
}

fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for char in text.chars() {
        if is_plain(char) {
            folded.push(char);
        } else {
            folded.extend(char.to_lowercase().map(|char| if char == 'ё' { 'е' } else { char }));
        }
    }
    folded
}

/// The folded letters and digits that most texts are made of. Finding each of them in the tables of Unicode took a sixth of a
/// call.
fn is_plain(char: char) -> bool {
    matches!(char, 'a'..='z' | '0'..='9' | 'а'..='я')
}

fn is_of_word(char: char) -> bool {
    is_plain(char) || char.is_alphanumeric()
}

/// How many links a text contains: addresses with a scheme, and those that begin with `www.`.
pub fn links(text: &str) -> usize {
    let is_bare = |word: &&str| word.get(..4).is_some_and(|beginning| beginning.eq_ignore_ascii_case("www."));
    text.matches("://").count() + text.split_whitespace().filter(is_bare).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflected_words_are_found_by_their_beginning() {
        let words = Words::of("Как оформить ВОЗВРАТА? Жду счёт!");
        assert!(words.contain("возврат"));
        assert!(words.contain("счет"));
        assert!(Words::of("верните по счету").contain("СЧЁТ"));
        assert!(!words.contain("врат"), "only beginnings count");
    }

    #[test]
    fn a_phrase_needs_its_words_in_a_row() {
        assert!(Words::of("быстрые займы онлайн").contain("займ онлайн"));
        assert!(!Words::of("займы и онлайн").contain("займ онлайн"));
        assert!(!Words::of("").contain("займ"));
    }

    #[test]
    fn an_empty_phrase_finds_nothing() {
        assert!(!Words::of("что угодно").contain(" … "));
    }

    #[test]
    fn links_are_counted_with_and_without_scheme() {
        assert_eq!(links("см. https://a.example и http://b.example,www.c.example"), 2);
        assert_eq!(links("WWW.a.example www.b.example"), 2);
        assert_eq!(links("пишите на почту"), 0);
    }
}
