//! What requests add to reports, and the reports.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::civil::Date;
use porchlight_model::{
    form::FormKind,
    measure::{Cell, Concern, ConcernCount, Measures, Place, Report, Tally},
    request::{Origin, RequestId},
};
use rusqlite::{Connection, OptionalExtension, Row, params, types::Type};

use super::{
    SqliteStore,
    counts::{self, Counts},
    self_help,
};
use crate::{Days, Feedback, MeasureStore, StoreError, Unfound};

/// How many topics of a site are told apart; further ones are counted as none.
const TOPICS: u16 = 100;
/// How many places an hour has among the counts of its day, and a topic among what requests are about.
const HOUR: usize = 256;
const CONCERNS: usize = 4;

#[async_trait]
impl MeasureStore for SqliteStore {
    async fn report(&self, site: &str, days: Days) -> Result<Report, StoreError> {
        let site = site.to_owned();
        self.readers.read(move |connection| report(connection, &site, days)).await
    }

    async fn uncount(&self, request: RequestId) -> Result<(), StoreError> {
        self.write(move |connection| uncount(connection, request)).await
    }

    async fn count_searches(&self, searches: Vec<Unfound>) -> Result<(), StoreError> {
        self.write(move |connection| self_help::count_searches(connection, &searches)).await
    }

    async fn count_feedback(&self, feedback: Feedback) -> Result<(), StoreError> {
        self.write(move |connection| self_help::count_feedback(connection, &feedback)).await
    }
}

/// Keeps what a request with this number adds, instead of what it added before.
pub(super) fn keep(connection: &Connection, site: &str, number: i64, measures: &Measures) -> rusqlite::Result<()> {
    let before = lookup(connection, number)?;
    let next = match &before {
        Some((before, _)) => measures.clone().following(before),
        None => measures.clone(),
    };
    let topic = topic(connection, site, next.place.topic.as_deref())?;
    if before.as_ref().is_some_and(|(before, known)| is_same(before, &next) && *known == topic) {
        return Ok(());
    }
    if let Some((before, topic)) = &before {
        take_away(connection, site, before, *topic)?;
    }
    add_up(connection, site, &next, more)?;
    count_concern(connection, site, &next.place, topic, more)?;
    insert(connection, number, &next, topic)
}

fn take_away(connection: &Connection, site: &str, measures: &Measures, topic: u16) -> rusqlite::Result<()> {
    add_up(connection, site, measures, less)?;
    count_concern(connection, site, &measures.place, topic, less)
}

/// Takes away what a request adds.
fn uncount(connection: &Connection, request: RequestId) -> rusqlite::Result<()> {
    let found: Option<(i64, String)> = connection
        .prepare_cached("SELECT number, site FROM requests WHERE id = ?1")?
        .query_row([request.0.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((number, site)) = found else { return Ok(()) };
    if let Some((measures, topic)) = lookup(connection, number)? {
        take_away(connection, &site, &measures, topic)?;
        connection.prepare_cached("DELETE FROM measures WHERE request = ?1")?.execute([number])?;
    }
    Ok(())
}

/// Whether two are counted alike, whatever their topic.
fn is_same(one: &Measures, other: &Measures) -> bool {
    let bare = |place: &Place| Place { topic: None, ..place.clone() };
    one.tally == other.tally && bare(&one.place) == bare(&other.place)
}

fn insert(connection: &Connection, number: i64, measures: &Measures, topic: u16) -> rusqlite::Result<()> {
    let place = &measures.place;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO measures (request, day, hour, channel, form, concern, topic, counts)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            number,
            day(place.day),
            place.hour,
            place.channel.as_str(),
            place.form.as_str(),
            place.concern.as_str(),
            topic,
            counts::written(measures.tally.entries()),
        ])
        .map(drop)
}

/// What a request adds, and the number of its topic.
fn lookup(connection: &Connection, number: i64) -> rusqlite::Result<Option<(Measures, u16)>> {
    connection
        .prepare_cached("SELECT day, hour, channel, form, concern, topic, counts FROM measures WHERE request = ?1")?
        .query_row([number], |row| {
            let place = Place {
                day: date(row.get(0)?),
                hour: row.get(1)?,
                channel: named(row, 2, &Origin::ALL, Origin::as_str)?,
                form: named(row, 3, &FormKind::ALL, FormKind::as_str)?,
                concern: named(row, 4, &Concern::ALL, Concern::as_str)?,
                topic: None,
            };
            Ok((Measures { place, tally: counts::tally(row.get_ref(6)?.as_blob()?) }, row.get(5)?))
        })
        .optional()
}

/// Adds a request's tally to its hour's, or takes it away again.
fn add_up(connection: &Connection, site: &str, measures: &Measures, change: fn(&mut u32, u32)) -> rusqlite::Result<()> {
    let Place { day: date, hour, channel, form, .. } = &measures.place;
    let (day, channel, form) = (day(*date), channel.as_str(), form.as_str());
    let known = connection
        .prepare_cached("SELECT counts FROM tallies WHERE site = ?1 AND day = ?2 AND channel = ?3 AND form = ?4")?
        .query_row(params![site, day, channel, form], |row| Ok(counts::read(row.get_ref(0)?.as_blob()?).collect()))
        .optional()?;
    let mut sum: Counts = known.unwrap_or_default();
    let first = usize::from(*hour) * HOUR;
    measures.tally.entries().for_each(|(place, count)| change(sum.entry(first + place).or_default(), count));
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO tallies (site, day, channel, form, counts) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![site, day, channel, form, counts::written(sum.into_iter())])
        .map(drop)
}

/// Counts what a request is about, or takes it away again.
fn count_concern(
    connection: &Connection,
    site: &str,
    place: &Place,
    topic: u16,
    change: fn(&mut u32, u32),
) -> rusqlite::Result<()> {
    let day = day(place.day);
    let known = connection
        .prepare_cached("SELECT counts FROM concerns WHERE site = ?1 AND day = ?2")?
        .query_row(params![site, day], |row| Ok(counts::read(row.get_ref(0)?.as_blob()?).collect()))
        .optional()?;
    let mut sum: Counts = known.unwrap_or_default();
    change(sum.entry(usize::from(topic) * CONCERNS + index(place.concern)).or_default(), 1);
    connection
        .prepare_cached("INSERT OR REPLACE INTO concerns (site, day, counts) VALUES (?1, ?2, ?3)")?
        .execute(params![site, day, counts::written(sum.into_iter())])
        .map(drop)
}

fn more(count: &mut u32, by: u32) {
    *count = count.saturating_add(by);
}

fn less(count: &mut u32, by: u32) {
    *count = count.saturating_sub(by);
}

fn index(concern: Concern) -> usize {
    match concern {
        Concern::Question => 0,
        Concern::Complaint => 1,
        Concern::Praise => 2,
    }
}

/// The number of a topic; 0 for none, and where a site has too many.
fn topic(connection: &Connection, site: &str, topic: Option<&str>) -> rusqlite::Result<u16> {
    let Some(topic) = topic else { return Ok(0) };
    let known = connection
        .prepare_cached("SELECT number FROM topics WHERE site = ?1 AND topic = ?2")?
        .query_row([site, topic], |row| row.get(0))
        .optional()?;
    if let Some(number) = known {
        return Ok(number);
    }
    let last: u16 = connection
        .prepare_cached("SELECT count(*) FROM topics WHERE site = ?1")?
        .query_row([site], |row| row.get(0))?;
    if last >= TOPICS {
        return Ok(0);
    }
    connection.prepare_cached("INSERT INTO topics (site, topic, number) VALUES (?1, ?2, ?3)")?.execute(params![
        site,
        topic,
        last + 1
    ])?;
    Ok(last + 1)
}

/// What was counted of a site on these days.
fn report(connection: &Connection, site: &str, days: Days) -> rusqlite::Result<Report> {
    let (from, to) = (day(days.from), day(days.to));
    Ok(Report {
        cells: cells(connection, site, from, to)?,
        concerns: concerns(connection, site, from, to)?,
        searches: self_help::searches(connection, site, from, to)?,
        answers: self_help::answers(connection, site, from, to)?,
    })
}

fn cells(connection: &Connection, site: &str, from: i64, to: i64) -> rusqlite::Result<BTreeMap<Cell, Tally>> {
    let mut select = connection
        .prepare_cached("SELECT channel, form, counts FROM tallies WHERE site = ?1 AND day BETWEEN ?2 AND ?3")?;
    let mut rows = select.query(params![site, from, to])?;
    let mut cells = BTreeMap::<Cell, Tally>::new();
    while let Some(row) = rows.next()? {
        let (channel, form) =
            (named(row, 0, &Origin::ALL, Origin::as_str)?, named(row, 1, &FormKind::ALL, FormKind::as_str)?);
        let mut of_row = counts::read(row.get_ref(2)?.as_blob()?).peekable();
        while let Some((first, _)) = of_row.peek().copied() {
            let hour = first / HOUR;
            let cell = Cell { channel, form, hour: u8::try_from(hour).unwrap_or(u8::MAX) };
            let tally = cells.entry(cell).or_default();
            while let Some((place, count)) = of_row.next_if(|(place, _)| place / HOUR == hour) {
                tally.add_at(place % HOUR, count);
            }
        }
    }
    Ok(cells)
}

fn concerns(connection: &Connection, site: &str, from: i64, to: i64) -> rusqlite::Result<Vec<ConcernCount>> {
    let topics: BTreeMap<u16, String> = connection
        .prepare_cached("SELECT number, topic FROM topics WHERE site = ?1")?
        .query_map([site], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut select =
        connection.prepare_cached("SELECT counts FROM concerns WHERE site = ?1 AND day BETWEEN ?2 AND ?3")?;
    let mut rows = select.query(params![site, from, to])?;
    let mut sum = Counts::new();
    while let Some(row) = rows.next()? {
        counts::read(row.get_ref(0)?.as_blob()?).for_each(|(place, count)| more(sum.entry(place).or_default(), count));
    }
    let told = |(place, requests): (usize, u32)| {
        let concern = Concern::ALL.into_iter().find(|concern| index(*concern) == place % CONCERNS)?;
        let topic = u16::try_from(place / CONCERNS).ok()?;
        Some(ConcernCount { concern, topic: topics.get(&topic).cloned(), requests })
    };
    let mut told: Vec<ConcernCount> = sum.into_iter().filter_map(told).collect();
    told.sort_by_key(|count| std::cmp::Reverse(count.requests));
    Ok(told)
}

/// A value that a column names.
fn named<T: Copy>(row: &Row<'_>, column: usize, all: &[T], name: fn(T) -> &'static str) -> rusqlite::Result<T> {
    let written = row.get_ref(column)?.as_str()?;
    let unknown = || rusqlite::Error::FromSqlConversionFailure(column, Type::Text, "a name that there is not".into());
    all.iter().copied().find(|known| name(*known) == written).ok_or_else(unknown)
}

const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days since 1970.
pub(super) fn day(date: Date) -> i64 {
    date.duration_since(EPOCH).as_hours() / 24
}

fn date(day: i64) -> Date {
    EPOCH.saturating_add(jiff::SignedDuration::from_hours(day.clamp(-3_000_000, 3_000_000) * 24))
}
