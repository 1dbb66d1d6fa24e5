//! Why requests have a `margin` column.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use crate::sqlite::{open, schema::MIGRATIONS};

/// Numbers in a fixed order that looks like none (a linear congruential generator, constants of Knuth's MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % limit
    }
}

fn mark(number: u32) -> String {
    format!("canary{number:05} ")
}

/// Keeps, changes and deletes requests at random, and counts those deleted whose text is still in the file.
fn left_behind(seed: u64, margin: &str) -> usize {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kept.db");
    let mut connection = Connection::open(&path).expect("made");
    MIGRATIONS.to_latest(&mut connection).expect("migrated");
    let connection = open::writer(&path).expect("opened");
    connection.pragma_update(None, "synchronous", "off").expect("faster");

    let mut dice = Dice(seed);
    let (mut alive, mut gone) = (vec![], vec![]);
    connection.execute_batch("BEGIN").expect("begun");
    for number in 0..600 {
        insert(&connection, number, margin, &mark(number).repeat(2 + dice.below(150)));
        alive.push(number);
        if dice.below(10) < 4 {
            let changed = alive[dice.below(alive.len())];
            update(&connection, changed, margin, &mark(changed).repeat(2 + dice.below(150)));
        }
        if dice.below(10) < 3 {
            let number = alive.swap_remove(dice.below(alive.len()));
            connection.execute("DELETE FROM requests WHERE received_at = ?1", [number]).expect("deleted");
            gone.push(number);
        }
    }
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)").expect("written");
    let found = marked(&std::fs::read(&path).expect("read"));
    assert!(alive.iter().all(|number| found.contains(number)), "what is there is found");
    gone.iter().filter(|number| found.contains(number)).count()
}

/// The numbers of all requests whose text is in the file.
fn marked(file: &[u8]) -> HashSet<u32> {
    let text = String::from_utf8_lossy(file);
    text.split("canary").skip(1).filter_map(|rest| rest.get(..5)?.parse().ok()).collect()
}

fn insert(connection: &Connection, number: u32, margin: &str, document: &str) {
    let insert = format!(
        "INSERT INTO requests (id, site, reference, kind, status, received_at, revision, margin, document, provenance)
         VALUES (randomblob(16), 's', ?1, 'message', 'received', ?1, 0, zeroblob({margin}), ?2, '[]')"
    );
    connection.execute(&insert, params![number, document]).expect("inserted");
}

fn update(connection: &Connection, number: u32, margin: &str, document: &str) {
    let update = format!("UPDATE requests SET margin = zeroblob({margin}), document = ?2 WHERE received_at = ?1");
    connection.execute(&update, params![number, document]).expect("updated");
}

/// What the store writes.
const MARGIN: &str = "margin(octet_length(?2))";

/// Of the first forty, those that leave a text behind where there is no margin.
const SEEDS: [u64; 4] = [4, 22, 25, 33];

#[test]
fn without_margins_deleting_leaves_texts_behind() {
    let left: usize = SEEDS.into_iter().map(|seed| left_behind(seed, "0")).sum();
    assert!(left > 0, "has SQLite learned to clear the free space of rebalanced pages? then the margins can go");
}

#[test]
fn with_margins_deleting_leaves_nothing_behind() {
    let left: usize = SEEDS.into_iter().map(|seed| left_behind(seed, MARGIN)).sum();
    assert_eq!(left, 0);
}
