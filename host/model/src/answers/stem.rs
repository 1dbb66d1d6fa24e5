//! Stems: what the forms of a word have in common.

use frostem::{Algorithm, Stemmer};

use crate::locale::Locale;

/// The stem of a word given in lower case.
pub(super) fn stem(word: &str, locale: Locale) -> String {
    match locale {
        Locale::En => Stemmer::new(Algorithm::English).stem(word).into_owned(),
        Locale::Ru => Stemmer::new(Algorithm::Russian).stem(word).into_owned(),
        Locale::Bg => bulgarian(word),
    }
}

/// An ending that is taken off words of at least so many characters, and what stands in its place afterwards.
type Ending = (usize, &'static str, &'static str);

/// The definite article.
const ARTICLES: &[Ending] =
    &[(7, "ият", ""), (6, "ът", ""), (6, "то", ""), (6, "те", ""), (6, "та", ""), (6, "ия", ""), (5, "ят", "")];

/// Plurals, before the vowel change `е?и` → `я?` is looked at.
const PLURALS: &[Ending] =
    &[(7, "овци", "о"), (7, "ове", ""), (7, "еве", "й"), (6, "ища", ""), (6, "та", ""), (6, "ци", "к"), (6, "зи", "г")];

/// Plurals, after it.
const SHORT_PLURALS: &[Ending] = &[(5, "си", "х"), (5, "и", "")];

/// The light stemmer of J. Savoy, "Searching Strategies for the Bulgarian Language" (2007), with the rule `ен` → `н` once,
/// as his program has it.
fn bulgarian(word: &str) -> String {
    let length = word.chars().count();
    if length < 4 {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ища").filter(|_| length > 5) {
        return stem.to_owned();
    }
    without_fleeting_vowel(without_vowel(without_plural(
        without_any(word, ARTICLES).unwrap_or_else(|| word.to_owned()),
    )))
}

fn without_any(word: &str, endings: &[Ending]) -> Option<String> {
    let length = word.chars().count();
    let (_, ending, instead) = endings.iter().find(|(least, ending, _)| length >= *least && word.ends_with(ending))?;
    Some(format!("{}{instead}", word.strip_suffix(ending)?))
}

fn without_plural(word: String) -> String {
    without_any(&word, PLURALS)
        .or_else(|| with_old_vowel(&word))
        .or_else(|| without_any(&word, SHORT_PLURALS))
        .unwrap_or(word)
}

/// `промени` is the plural of `промяна`.
fn with_old_vowel(word: &str) -> Option<String> {
    let letters: Vec<char> = word.chars().collect();
    match letters.as_slice() {
        [start @ .., 'е', letter, 'и'] if start.len() >= 3 => Some(start.iter().chain(&['я', *letter]).collect()),
        _ => None,
    }
}

fn without_vowel(word: String) -> String {
    if word.chars().count() <= 3 {
        return word;
    }
    let word = word.strip_suffix('я').unwrap_or(&word);
    word.strip_suffix(['а', 'о', 'е']).unwrap_or(word).to_owned()
}

/// `песен` and `песни`, `център` and `центрове` differ by a vowel that comes and goes.
fn without_fleeting_vowel(word: String) -> String {
    let word = without_any(&word, &[(5, "ен", "н")]).unwrap_or(word);
    let letters: Vec<char> = word.chars().collect();
    match letters.as_slice() {
        [start @ .., 'ъ', last] if start.len() >= 4 => start.iter().chain([last]).collect(),
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(locale: Locale, forms: &[&str]) {
        let stems: Vec<String> = forms.iter().map(|form| stem(form, locale)).collect();
        assert!(stems.iter().all(|stem| *stem == stems[0]), "{forms:?} became {stems:?}");
    }

    #[test]
    fn forms_of_an_english_word_agree() {
        agree(Locale::En, &["return", "returns", "returned", "returning"]);
        agree(Locale::En, &["delivery", "deliveries"]);
    }

    #[test]
    fn forms_of_a_russian_word_agree() {
        agree(Locale::Ru, &["доставка", "доставки", "доставку", "доставкой"]);
        agree(Locale::Ru, &["заказ", "заказа", "заказы", "заказов"]);
    }

    #[test]
    fn forms_of_a_bulgarian_word_agree() {
        agree(Locale::Bg, &["поръчка", "поръчката", "поръчки", "поръчките"]);
        agree(Locale::Bg, &["магазин", "магазина", "магазинът", "магазини", "магазините"]);
    }

    #[test]
    fn each_bulgarian_rule_does_its_work() {
        let stems = [
            ("път", "път"),
            ("пътища", "път"),
            ("хубавият", "хубав"),
            ("хубавия", "хубав"),
            ("дядовци", "дяд"),
            ("градове", "град"),
            ("строеве", "строй"),
            ("ученици", "ученик"),
            ("подлози", "подлог"),
            ("кожуси", "кожух"),
            ("промени", "промян"),
            ("промяна", "промян"),
            ("песен", "песн"),
            ("център", "центр"),
            ("братя", "брат"),
            ("морета", "мор"),
        ];
        for (word, expected) in stems {
            assert_eq!(bulgarian(word), expected, "{word}");
        }
    }

    #[test]
    fn nothing_at_all_stays_so() {
        assert_eq!(bulgarian(""), "");
        assert_eq!(bulgarian("1042"), "1042");
    }
}
