//! The search in answers: BM25 over the stems of words, and over the beginning of the word being typed.

use std::{borrow::Cow, collections::HashMap};

use probly_search::{Index, score::bm25};

use super::{
    Answer,
    stem::stem,
    words::{is_filler, words},
};
use crate::locale::Locale;

/// Characters of a query that are looked at.
const LONGEST_QUERY: usize = 200;

/// Letters of a word being typed from which on its beginning is looked for.
const SHORTEST_BEGINNING: usize = 2;

/// How much more the question weighs than the answer's text.
const WEIGHTS: [f64; 2] = [3.0, 1.0];

/// A search index over the answers of one site.
///
/// Each word is indexed twice: as its stem, which finds the forms of a word, and whole, which finds what begins like the word
/// still being typed. The index takes every term for a beginning: an end mark makes stems match nothing but themselves, and
/// a mark in front keeps whole words apart from them.
pub struct AnswerIndex {
    by_locale: HashMap<Locale, Index<usize>>,
}

impl std::fmt::Debug for AnswerIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AnswerIndex({:?})", self.by_locale.keys())
    }
}

impl AnswerIndex {
    /// Indexes answers by the stems of their words.
    pub fn new(answers: &[Answer]) -> Self {
        let mut by_locale = HashMap::new();
        for (position, answer) in answers.iter().enumerate() {
            let index = by_locale.entry(answer.locale).or_insert_with(|| Index::new(WEIGHTS.len()));
            index.add_document(
                &[|entry: &Entry| vec![&entry.question], |entry| vec![&entry.text]],
                terms,
                position,
                &{
                    Entry {
                        question: indexed(&answer.question, answer.locale),
                        text: indexed(&answer.text, answer.locale),
                    }
                },
            );
        }
        Self { by_locale }
    }

    /// Positions (in the slice indexed) of the answers in `locale` that fit `query`, best first.
    ///
    /// Any word may fit; the commonest ones count only where there is no other. The last word may be unfinished. Only the
    /// first 200 characters are looked at.
    pub fn search(&self, query: &str, locale: Locale) -> Vec<usize> {
        let Some(index) = self.by_locale.get(&locale) else { return Vec::new() };
        let query: String = query.chars().take(LONGEST_QUERY).collect();
        let mut found = index.query(&wanted(&query, locale), &mut bm25::new(), terms, &WEIGHTS);
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.key.cmp(&b.key)));
        found.into_iter().map(|result| result.key).collect()
    }
}

/// An answer as it is indexed: terms with a blank between them.
struct Entry {
    question: String,
    text: String,
}

fn terms(joined: &str) -> Vec<Cow<'_, str>> {
    joined.split(' ').map(Cow::from).collect()
}

fn exactly(word: &str, locale: Locale) -> String {
    format!("{}$", stem(word, locale))
}

fn beginning(word: &str) -> String {
    format!("={word}")
}

/// Each term once: the index counts an answer for a term as often as the term stands in it, which would make it look common.
fn indexed(text: &str, locale: Locale) -> String {
    let mut terms: Vec<String> = words(text).flat_map(|word| [exactly(&word, locale), beginning(&word)]).collect();
    terms.sort_unstable();
    terms.dedup();
    terms.join(" ")
}

fn wanted(query: &str, locale: Locale) -> String {
    let all: Vec<String> = words(query).collect();
    let telling: Vec<&String> = all.iter().filter(|word| !is_filler(word)).collect();
    let counted = if telling.is_empty() { all.iter().collect() } else { telling };
    let stems = counted.into_iter().map(|word| exactly(word, locale));
    stems.chain(unfinished(query, &all)).collect::<Vec<_>>().join(" ")
}

fn unfinished(query: &str, all: &[String]) -> Option<String> {
    let last = all.last().filter(|_| query.ends_with(char::is_alphanumeric))?;
    (last.chars().count() >= SHORTEST_BEGINNING && !is_filler(last)).then(|| beginning(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(locale: Locale, question: &str, text: &str) -> Answer {
        let (question, text) = (question.to_owned(), text.to_owned());
        Answer { id: question.clone(), question, locale, pages: vec![], url: None, html: String::new(), text }
    }

    fn answers() -> Vec<Answer> {
        vec![
            answer(Locale::Ru, "Как вернуть товар?", "Возврат принимаем 14 дней, чек не нужен."),
            answer(Locale::Ru, "Сколько стоит доставка?", "Курьером по Москве 300 рублей, в пункты выдачи дешевле."),
            answer(Locale::Ru, "Где мой заказ?", "Номер заказа есть в письме. Ещё его видно в личном кабинете."),
            answer(Locale::Ru, "Как восстановить пароль?", "Нажмите «Забыли пароль» на странице входа."),
            answer(Locale::En, "How do I return a product?", "Returns are taken for 14 days."),
            answer(Locale::En, "How much is delivery?", "By courier 300 roubles."),
            answer(Locale::Bg, "Как да върна стока?", "Връщане в рамките на 14 дни."),
            answer(Locale::Bg, "Колко струва доставката?", "С куриер 300 рубли."),
        ]
    }

    fn found(query: &str, locale: Locale) -> Vec<String> {
        let answers = answers();
        let positions = AnswerIndex::new(&answers).search(query, locale);
        positions.into_iter().map(|position| answers[position].question.clone()).collect()
    }

    #[test]
    fn a_noun_finds_the_question_asked_with_a_verb_by_its_answer() {
        assert_eq!(found("возврат", Locale::Ru), ["Как вернуть товар?"]);
    }

    #[test]
    fn inflected_words_find() {
        assert_eq!(found("стоимость доставки", Locale::Ru), ["Сколько стоит доставка?"]);
        assert_eq!(found("ПАРОЛИ", Locale::Ru), ["Как восстановить пароль?"]);
        assert_eq!(found("returned products", Locale::En), ["How do I return a product?"]);
        assert_eq!(found("доставки", Locale::Bg), ["Колко струва доставката?"]);
        assert_eq!(found("стоки", Locale::Bg), ["Как да върна стока?"]);
    }

    #[test]
    fn the_word_being_typed_finds_what_begins_so() {
        assert_eq!(found("восст", Locale::Ru), ["Как восстановить пароль?"]);
        assert_eq!(found("где мой зак", Locale::Ru), ["Где мой заказ?"]);
        assert_eq!(found("deli", Locale::En), ["How much is delivery?"]);
    }

    #[test]
    fn a_finished_word_does_not_find_by_its_beginning() {
        assert_eq!(found("deli ", Locale::En), Vec::<String>::new());
        assert_eq!(found("deli now", Locale::En), Vec::<String>::new());
    }

    #[test]
    fn one_letter_is_no_beginning() {
        assert_eq!(found("з", Locale::Ru), Vec::<String>::new());
    }

    #[test]
    fn nonsense_finds_nothing() {
        assert_eq!(found("абракадабра", Locale::Ru), Vec::<String>::new());
        assert_eq!(found("", Locale::Ru), Vec::<String>::new());
        assert_eq!(found("?!=$ «»", Locale::Ru), Vec::<String>::new());
    }

    #[test]
    fn the_commonest_words_count_only_when_there_is_nothing_else() {
        assert_eq!(found("как приручить дракона", Locale::Ru), Vec::<String>::new());
        assert_eq!(found("как", Locale::Ru), ["Как вернуть товар?", "Как восстановить пароль?"]);
    }

    #[test]
    fn yo_is_e() {
        assert_eq!(found("еще", Locale::Ru), ["Где мой заказ?"]);
        assert_eq!(found("письмё", Locale::Ru), ["Где мой заказ?"]);
    }

    #[test]
    fn a_hit_in_the_question_comes_before_one_in_the_text() {
        let answers = [
            answer(Locale::En, "How do I pay?", "Delivery is paid to the courier."),
            answer(Locale::En, "How much is delivery?", "That depends on the distance."),
        ];
        assert_eq!(AnswerIndex::new(&answers).search("delivery", Locale::En), [1, 0]);
    }

    #[test]
    fn languages_do_not_mix() {
        assert_eq!(found("delivery", Locale::Ru), Vec::<String>::new());
    }

    #[test]
    fn only_the_beginning_of_an_endless_query_is_read() {
        let late = format!("{} пароль", "ы".repeat(200));
        assert_eq!(found(&late, Locale::Ru), Vec::<String>::new());
    }

    #[test]
    fn an_endless_word_in_an_answer_is_indexed() {
        let answers = [answer(Locale::En, &"x".repeat(300_000), "")];
        assert_eq!(AnswerIndex::new(&answers).search("xxx", Locale::En), [0]);
    }
}
