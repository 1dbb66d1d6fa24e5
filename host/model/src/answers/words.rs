//! Words of a text, in the form they are compared in.

/// The most characters of a word that count; anything longer is no word of a language.
const LONGEST: usize = 32;

/// The words of a text: runs of letters and digits, in lower case, with `ё` as `е`.
pub(super) fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(folded)
}

fn folded(word: &str) -> String {
    let lower = word.chars().flat_map(char::to_lowercase);
    lower.map(|c| if c == 'ё' { 'е' } else { c }).take(LONGEST).collect()
}

/// Whether a word says so little that a question is not found by it, unless it is all there is.
pub(super) fn is_filler(word: &str) -> bool {
    fillers().any(|filler| filler == word)
}

fn fillers() -> impl Iterator<Item = &'static str> {
    FILLERS.iter().flat_map(|language| language.split(' '))
}

/// The commonest words of questions in English, Russian and Bulgarian, as [`words`] gives them.
const FILLERS: [&str; 3] = [
    "a an and are at be can do does for from get have how i if in is it me my of on or should the there this to was \
     what when where which will with you your",
    "а без бы был в вам вас вы где для до если есть же за и из или к как какие какой ко когда кто ли меня мне мой моя \
     можно мы на нас не нет но о об от по при с свой со то у уже что чтобы это я",
    "ако ви вие да ги го е има каква какво какъв като кога кое кои кой към къде ме ми мога може ни ние през са се си \
     съм със той тя ще защо след",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_and_digits_in_lower_case() {
        let found: Vec<String> = words("Заказ №1042: где ЩЕНОК, ёжик?").collect();
        assert_eq!(found, ["заказ", "1042", "где", "щенок", "ежик"]);
    }

    #[test]
    fn endless_words_are_cut() {
        assert_eq!(words(&"a".repeat(100_000)).next().map(|word| word.len()), Some(LONGEST));
    }

    #[test]
    fn fillers_are_written_as_words_come() {
        for filler in fillers() {
            assert_eq!(words(filler).collect::<Vec<_>>(), [filler]);
        }
    }
}
