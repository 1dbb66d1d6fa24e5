//! Words that were looked for: what is kept of them, so that it tells what is missing and not who missed it.

/// The fewest and the most characters that are kept, and the most words.
const SHORTEST: usize = 3;
const LONGEST: usize = 60;
const WORDS: usize = 6;

/// The fewest digits that may be a number of somebody's: of a telephone, an order, a card.
const DIGITS: usize = 4;

/// The words of a search as they are counted: in lower case, `ё` as `е`, single blanks between. `None` where they are too few or too
/// many to say what is missing, or may say whose they are: an e-mail address, an address on the web, many digits.
pub fn search_words(query: &str) -> Option<String> {
    let folded: String = query.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let folded = folded.to_lowercase().replace('ё', "е");
    let words: Vec<&str> = folded.split_whitespace().take(WORDS + 1).collect();
    let joined = words.join(" ");
    let length = joined.chars().count();
    let is_long = words.len() > WORDS || !(SHORTEST..=LONGEST).contains(&length);
    (!is_long && !may_name(&joined)).then_some(joined)
}

/// Whether a text may say who somebody is, as far as its characters can tell.
pub(super) fn may_name(text: &str) -> bool {
    let is_address = text.contains(['@', '＠']) || text.contains("://") || text.contains("www.");
    is_address || text.chars().filter(|c| c.is_numeric()).count() >= DIGITS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_however_they_are_written() {
        let written = ["возврат щенка", "  Возврат\t ЩЕНКА ", "ВОЗВРАТ\u{a0}щенка", "возврат\0щенка"];
        assert!(written.iter().all(|query| search_words(query).as_deref() == Some("возврат щенка")));
        assert_eq!(search_words("Щётка 3 в 1").as_deref(), Some("щетка 3 в 1"));
    }

    #[test]
    fn what_may_name_somebody_is_not_kept() {
        for query in [
            "anna@example.com",
            "где заказ anna＠example.com",
            "+7 916 123-45-67",
            "заказ 1042",
            "заказ ١٠٤٢",
            "4111 1111 1111 1111",
            "https://vk.example/anna",
            "www.anna.example",
        ] {
            assert_eq!(search_words(query), None, "{query}");
        }
    }

    #[test]
    fn what_says_nothing_or_too_much_is_not_kept() {
        let long = "я".repeat(61);
        for query in ["", "  ", "во", "а б в г д е ж", long.as_str(), "\u{0}\u{1}"] {
            assert_eq!(search_words(query), None, "{query:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_kept_is_short_and_its_own_form(query in "\\PC{0,80}|[a-zЁё \t0-9@]{0,70}") {
            if let Some(words) = search_words(&query) {
                proptest::prop_assert!(words.chars().count() <= LONGEST && !words.chars().any(char::is_control));
                proptest::prop_assert!(!words.contains('@'));
            }
        }
    }
}
