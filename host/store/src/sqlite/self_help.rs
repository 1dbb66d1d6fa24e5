//! What visitors looked for in vain, and what they said of answers.

use std::collections::BTreeMap;

use porchlight_model::measure::{AnswerCount, SearchCount};
use rusqlite::{Connection, OptionalExtension, params};

use super::{columns::Json, measures::day};
use crate::{Feedback, Unfound};

/// How many different searches of a site are counted a day, and how many days they are kept.
const SEARCHES: usize = 100;
const KEPT: i64 = 92;
/// How many searches are reported, and how often each was looked for at least: what only one visitor looks for may say who that is.
const REPORTED: usize = 100;
const OFTEN: u32 = 3;

type Words = BTreeMap<String, u32>;

/// Searches without result, the most frequent first.
pub(super) fn searches(connection: &Connection, site: &str, from: i64, to: i64) -> rusqlite::Result<Vec<SearchCount>> {
    let mut select =
        connection.prepare_cached("SELECT words FROM searches WHERE site = ?1 AND day BETWEEN ?2 AND ?3")?;
    let mut rows = select.query(params![site, from, to])?;
    let mut sum = Words::new();
    while let Some(row) = rows.next()? {
        let Json(words): Json<Words> = row.get(0)?;
        for (words, searches) in words {
            let known = sum.entry(words).or_default();
            *known = known.saturating_add(searches);
        }
    }
    let often = sum.into_iter().filter(|(_, searches)| *searches >= OFTEN);
    let mut counted: Vec<_> = often.map(|(words, searches)| SearchCount { words, searches }).collect();
    counted.sort_by_key(|count| std::cmp::Reverse(count.searches));
    counted.truncate(REPORTED);
    Ok(counted)
}

/// What visitors said of answers.
pub(super) fn answers(connection: &Connection, site: &str, from: i64, to: i64) -> rusqlite::Result<Vec<AnswerCount>> {
    connection
        .prepare_cached(
            "SELECT answer, sum(helped), sum(unhelped) FROM feedback WHERE site = ?1 AND day BETWEEN ?2 AND ?3
             GROUP BY answer ORDER BY answer",
        )?
        .query_map(params![site, from, to], |row| {
            Ok(AnswerCount { answer: row.get(0)?, helped: row.get(1)?, unhelped: row.get(2)? })
        })?
        .collect()
}

/// Counts searches without result, of which a site has so many different ones a day, and forgets old ones.
pub(super) fn count_searches(connection: &Connection, mut unfound: &[Unfound]) -> rusqlite::Result<()> {
    while let Some(first) = unfound.first() {
        let is_of_another = |it: &Unfound| (&it.site, it.day) != (&first.site, first.day);
        let (of_day, others) = unfound.split_at(unfound.iter().position(is_of_another).unwrap_or(unfound.len()));
        count_day(connection, &first.site, day(first.day), of_day)?;
        unfound = others;
    }
    Ok(())
}

fn count_day(connection: &Connection, site: &str, day: i64, unfound: &[Unfound]) -> rusqlite::Result<()> {
    let known = connection
        .prepare_cached("SELECT words FROM searches WHERE site = ?1 AND day = ?2")?
        .query_row(params![site, day], |row| row.get(0).map(|Json(words)| words))
        .optional()?;
    let mut sum: Words = known.unwrap_or_default();
    for Unfound { words, searches, .. } in unfound {
        let known = sum.entry(words.clone()).or_default();
        *known = known.saturating_add(*searches);
        if sum.len() > SEARCHES {
            forget_rarest(&mut sum, words);
        }
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO searches (site, day, words) VALUES (?1, ?2, ?3)")?
        .execute(params![site, day, Json(sum)])?;
    connection
        .prepare_cached("DELETE FROM searches WHERE site = ?1 AND day < ?2")?
        .execute(params![site, day - KEPT])
        .map(drop)
}

/// Forgets what was looked for least, but for `words`, which came last.
fn forget_rarest(sum: &mut Words, words: &str) {
    let others = sum.iter().filter(|(known, _)| *known != words);
    if let Some(rarest) = others.min_by_key(|(_, searches)| **searches).map(|(known, _)| known.clone()) {
        sum.remove(&rarest);
    }
}

/// Counts what one visitor said of an answer.
pub(super) fn count_feedback(connection: &Connection, feedback: &Feedback) -> rusqlite::Result<()> {
    let Feedback { site, day: date, answer, helped } = feedback;
    connection
        .prepare_cached(
            "INSERT INTO feedback (site, day, answer, helped, unhelped) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO UPDATE SET helped = helped + excluded.helped, unhelped = unhelped + excluded.unhelped",
        )?
        .execute(params![site, day(*date), answer, i64::from(*helped), i64::from(!*helped)])
        .map(drop)
}
